//! The keys of a registration: supported, known but not supported, or a slip of the pen.

use serde_json::{Map, Value};

use super::MetadataError;

/// Kept by the caller, not part of the metadata.
const APART: &[&str] = &["client_id", "client_secret"];

const SUPPORTED: &[&str] = &[
    "client_name",
    "application_type",
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "grant_types",
    "response_types",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "scope",
    "client_uri",
    "logo_uri",
    "policy_uri",
    "tos_uri",
    "contacts",
    "jwks",
    "jwks_uri",
    "subject_type",
    "id_token_signed_response_alg",
    "default_max_age",
    "require_auth_time",
    "require_consent",
    "require_pkce",
    "access_token_signed_response_alg",
    "audience",
];

/// Registered in the IANA registry of OAuth Dynamic Client Registration Metadata, and not supported.
const UNSUPPORTED: &[&str] = &[
    "authorization_details_types",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "authorization_signed_response_alg",
    "backchannel_authentication_request_signing_alg",
    "backchannel_client_notification_endpoint",
    "backchannel_token_delivery_mode",
    "backchannel_user_code_parameter",
    "claims_redirect_uris",
    "client_id_issued_at",
    "client_registration_types",
    "client_secret_expires_at",
    "default_acr_values",
    "dpop_bound_access_tokens",
    "frontchannel_logout_session_required",
    "frontchannel_logout_uri",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "initiate_login_uri",
    "introspection_encrypted_response_alg",
    "introspection_encrypted_response_enc",
    "introspection_signed_response_alg",
    "nfv_token_encrypted_response_alg",
    "nfv_token_encrypted_response_enc",
    "nfv_token_signed_response_alg",
    "organization_name",
    "registration_access_token",
    "registration_client_uri",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "request_object_signing_alg",
    "request_uris",
    "require_pushed_authorization_requests",
    "require_signed_request_object",
    "response_modes",
    "sector_identifier_uri",
    "signed_jwks_uri",
    "software_id",
    "software_statement",
    "software_version",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_email",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_uri",
    "tls_client_auth_subject_dn",
    "tls_client_certificate_bound_access_tokens",
    "use_mtls_endpoint_aliases",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "vp_formats",
];

pub(super) fn is_supported(name: &str) -> bool {
    SUPPORTED.contains(&name)
}

/// An error for every key that will not have the effect its author expects.
pub(super) fn check(members: &Map<String, Value>) -> Vec<MetadataError> {
    members
        .keys()
        .filter_map(|name| problem(name).map(|problem| MetadataError::new(name.as_str(), problem)))
        .collect()
}

fn problem(name: &str) -> Option<String> {
    if is_supported(name) || APART.contains(&name) {
        return None;
    }
    if UNSUPPORTED.contains(&name) {
        return Some("is not supported by this provider".to_owned());
    }
    // RFC 7591 §2.2: client_name#de
    if name
        .split_once('#')
        .is_some_and(|(base, _)| is_supported(base))
    {
        return Some("language tags are not supported".to_owned());
    }
    Some(match suggestion(name) {
        Some(suggestion) => format!("is unknown; did you mean {suggestion}?"),
        None => "is unknown".to_owned(),
    })
}

/// The supported key most like `name`, if any is like it.
fn suggestion(name: &str) -> Option<&'static str> {
    // No key is longer than this, and the comparison is quadratic.
    if name.len() > 64 {
        return None;
    }
    SUPPORTED
        .iter()
        .chain(APART)
        .map(|key| (strsim::damerau_levenshtein(key, name), *key))
        .min()
        .filter(|(distance, key)| *distance <= (key.len() / 3).clamp(1, 4))
        .map(|(_, key)| key)
}
