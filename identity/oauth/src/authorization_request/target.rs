//! Phase one of an authorization request.

use serde::{Deserialize, Serialize};

use super::MAX_CLIENT_ID;
use crate::error::OAuthError;
use crate::parameters::Parameters;

/// Phase one: who asks, and where the answer shall go. Nothing of it is verified yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestTarget {
    pub client_id: String,
    pub redirect_uri: Option<String>,
}

impl RequestTarget {
    /// Errors are shown on a page: there is nowhere to redirect to.
    pub fn parse(parameters: &Parameters) -> Result<Self, OAuthError> {
        let client_id = parameters.required("client_id")?;
        if client_id.len() > MAX_CLIENT_ID {
            return Err(OAuthError::invalid_request("client_id is too long"));
        }
        let redirect_uri = parameters.get("redirect_uri").map(str::to_owned);
        // OpenID Connect Core §3.1.2.1: REQUIRED, where OAuth 2.0 lets a client with one registered URI omit it.
        let openid = parameters
            .get("scope")
            .is_some_and(|scope| scope.split(' ').any(|token| token == "openid"));
        if openid && redirect_uri.is_none() {
            return Err(OAuthError::invalid_request(
                "parameter redirect_uri is missing",
            ));
        }
        Ok(Self {
            client_id: client_id.to_owned(),
            redirect_uri,
        })
    }
}
