//! Provider metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2): only what this provider does.

use serde::Serialize;

use crate::client_metadata::TokenEndpointAuthMethod;
use crate::jose::Algorithm;
use crate::pkce;
use crate::prompt::Prompt;
use crate::response_mode::ResponseMode;
use crate::token_request::GrantType;

/// Paths below the issuer.
pub mod path {
    pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
    pub const OAUTH_AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";
    pub const JWKS: &str = "/oauth2/jwks";
    pub const AUTHORIZE: &str = "/oauth2/authorize";
    pub const TOKEN: &str = "/oauth2/token";
    pub const USERINFO: &str = "/oauth2/userinfo";
    pub const INTROSPECT: &str = "/oauth2/introspect";
    pub const REVOKE: &str = "/oauth2/revoke";
    pub const LOGOUT: &str = "/oauth2/logout";
    /// Followed by the name of a list.
    pub const STATUS: &str = "/oauth2/status/";
}

/// What depends on configuration.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    pub scopes: Vec<String>,
    pub claims: Vec<String>,
    pub acr_values: Vec<String>,
    pub ui_locales: Vec<String>,
    /// Whether `prompt=create` leads to a sign-up page.
    pub registration: bool,
    pub service_documentation: Option<String>,
}

/// The metadata document. Lists are in a fixed order, so that the document has one form.
#[derive(Clone, Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the members are those of the standard"
)]
pub struct ProviderMetadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub userinfo_endpoint: String,
    pub jwks_uri: String,
    pub introspection_endpoint: String,
    pub revocation_endpoint: String,
    pub end_session_endpoint: String,
    pub scopes_supported: Vec<String>,
    pub response_types_supported: Vec<&'static str>,
    pub response_modes_supported: Vec<ResponseMode>,
    pub grant_types_supported: Vec<GrantType>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acr_values_supported: Vec<String>,
    pub subject_types_supported: Vec<&'static str>,
    pub id_token_signing_alg_values_supported: Vec<Algorithm>,
    pub token_endpoint_auth_methods_supported: Vec<TokenEndpointAuthMethod>,
    pub token_endpoint_auth_signing_alg_values_supported: Vec<Algorithm>,
    pub introspection_endpoint_auth_methods_supported: Vec<TokenEndpointAuthMethod>,
    pub introspection_endpoint_auth_signing_alg_values_supported: Vec<Algorithm>,
    pub revocation_endpoint_auth_methods_supported: Vec<TokenEndpointAuthMethod>,
    pub revocation_endpoint_auth_signing_alg_values_supported: Vec<Algorithm>,
    pub claim_types_supported: Vec<&'static str>,
    pub claims_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ui_locales_supported: Vec<String>,
    pub claims_parameter_supported: bool,
    pub request_parameter_supported: bool,
    /// Its default is true (OpenID Connect Discovery §3), so it must be said.
    pub request_uri_parameter_supported: bool,
    pub code_challenge_methods_supported: Vec<&'static str>,
    pub prompt_values_supported: Vec<Prompt>,
    /// RFC 9207 §3
    pub authorization_response_iss_parameter_supported: bool,
    pub backchannel_logout_supported: bool,
    pub backchannel_logout_session_supported: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_documentation: Option<String>,
}

impl ProviderMetadata {
    /// `issuer` as configured; every endpoint follows from it.
    pub fn new(issuer: &str, offered: Offered) -> Self {
        let endpoint = |path: &str| format!("{}{path}", issuer.trim_end_matches('/'));
        let confidential: Vec<_> = TokenEndpointAuthMethod::ALL
            .into_iter()
            .filter(|method| *method != TokenEndpointAuthMethod::None)
            .collect();
        let algorithms = Algorithm::ALL.to_vec();
        Self {
            issuer: issuer.to_owned(),
            authorization_endpoint: endpoint(path::AUTHORIZE),
            token_endpoint: endpoint(path::TOKEN),
            userinfo_endpoint: endpoint(path::USERINFO),
            jwks_uri: endpoint(path::JWKS),
            introspection_endpoint: endpoint(path::INTROSPECT),
            revocation_endpoint: endpoint(path::REVOKE),
            end_session_endpoint: endpoint(path::LOGOUT),
            scopes_supported: offered.scopes,
            response_types_supported: vec!["code"],
            response_modes_supported: ResponseMode::ALL.to_vec(),
            grant_types_supported: GrantType::ALL.to_vec(),
            acr_values_supported: offered.acr_values,
            subject_types_supported: vec!["public"],
            id_token_signing_alg_values_supported: algorithms.clone(),
            token_endpoint_auth_methods_supported: TokenEndpointAuthMethod::ALL.to_vec(),
            token_endpoint_auth_signing_alg_values_supported: algorithms.clone(),
            introspection_endpoint_auth_methods_supported: confidential,
            introspection_endpoint_auth_signing_alg_values_supported: algorithms.clone(),
            revocation_endpoint_auth_methods_supported: TokenEndpointAuthMethod::ALL.to_vec(),
            revocation_endpoint_auth_signing_alg_values_supported: algorithms,
            claim_types_supported: vec!["normal"],
            claims_supported: offered.claims,
            ui_locales_supported: offered.ui_locales,
            claims_parameter_supported: true,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            code_challenge_methods_supported: vec![pkce::METHOD],
            prompt_values_supported: Prompt::ALL
                .into_iter()
                .filter(|prompt| *prompt != Prompt::Create || offered.registration)
                .collect(),
            authorization_response_iss_parameter_supported: true,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
            service_documentation: offered.service_documentation,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn endpoints_follow_from_the_issuer_and_only_what_is_supported_is_listed() {
        let metadata = ProviderMetadata::new("https://idp.test", Offered::default());
        let value = serde_json::to_value(metadata).unwrap();
        assert_eq!(value["issuer"], "https://idp.test");
        assert_eq!(value["token_endpoint"], "https://idp.test/oauth2/token");
        assert_eq!(value["response_types_supported"], json!(["code"]));
        assert_eq!(
            value["grant_types_supported"],
            json!(["authorization_code", "refresh_token", "client_credentials"])
        );
        assert_eq!(
            value["id_token_signing_alg_values_supported"],
            json!(["ES256", "EdDSA", "RS256", "PS256"])
        );
        assert_eq!(value["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(
            value["authorization_response_iss_parameter_supported"],
            true
        );
        assert_eq!(value["request_uri_parameter_supported"], false);
        assert_eq!(
            value["prompt_values_supported"],
            json!(["none", "login", "consent", "select_account"])
        );
        assert_eq!(
            value["token_endpoint_auth_methods_supported"],
            json!([
                "client_secret_basic",
                "client_secret_post",
                "private_key_jwt",
                "none"
            ])
        );
        assert!(value.get("registration_endpoint").is_none());
    }
}
