//! The issuer's metadata (OpenID Connect Discovery 1.0 §4, RFC 8414).

use serde::Deserialize;

use crate::address;
use crate::fetch::{Fetch, FetchError, FetchRequest};

const MAX_BYTES: usize = 128 * 1024;

#[derive(Debug, Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

/// Where the keys of the issuer are.
pub(crate) async fn jwks_uri(fetch: &dyn Fetch, issuer: &str) -> Result<String, FetchError> {
    let request = FetchRequest {
        url: format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        ),
        accept: "application/json",
        if_none_match: None,
        max_bytes: MAX_BYTES,
    };
    let response = fetch.get(request).await?;
    if response.status != 200 {
        return Err(FetchError(format!(
            "discovery answered {}",
            response.status
        )));
    }
    let metadata: Metadata = crate::json::from_slice(&response.body)
        .map_err(|error| FetchError(format!("discovery unreadable: {error}")))?;
    // OpenID Connect Discovery §4.3, RFC 8414 §3.3: identical, or it is somebody else's.
    if metadata.issuer != issuer {
        return Err(FetchError("discovery names another issuer".to_owned()));
    }
    if !address::is_acceptable(&metadata.jwks_uri) {
        return Err(FetchError(
            "jwks_uri is neither https nor on this machine".to_owned(),
        ));
    }
    Ok(metadata.jwks_uri)
}
