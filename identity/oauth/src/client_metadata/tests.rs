#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "tests"
)]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn parse(value: &Value) -> Result<ClientMetadata, Vec<MetadataError>> {
    ClientMetadata::parse(value.as_object().unwrap())
}

fn web() -> Value {
    json!({ "client_id": "chat", "client_name": "Chat", "client_secret": {"env": "CHAT"}, "redirect_uris": ["https://rp.test/cb"] })
}

/// Errors of a registration that differs from a good one by some members; null takes one away.
fn errors(changes: &Value) -> Vec<String> {
    let mut client = web();
    for (name, value) in changes.as_object().unwrap() {
        client[name] = value.clone();
    }
    match parse(&client) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

fn only_error(changes: &Value) -> String {
    let errors = errors(changes);
    assert_eq!(errors.len(), 1, "{changes}: {errors:?}");
    errors[0].clone()
}

#[test]
fn the_client_of_the_contract_is_read() {
    let client = parse(&json!({
        "client_id": "chat", "client_name": "Chat", "client_secret": "…",
        "redirect_uris": ["http://localhost:8081/callback"], "post_logout_redirect_uris": [],
        "backchannel_logout_uri": "https://chat.acme.test/logout",
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "client_secret_basic",
        "scope": "openid profile email offline_access", "require_consent": false, "require_pkce": true,
        "id_token_signed_response_alg": "ES256", "access_token_signed_response_alg": "EdDSA",
        "audience": ["https://chat.acme.test"],
    }))
    .unwrap();
    assert!(client.uses_code() && client.allows(GrantType::RefreshToken) && !client.is_public());
    assert!(!client.require_consent && client.require_pkce);
    assert_eq!(client.access_token_signed_response_alg, Algorithm::EdDSA);
    assert_eq!(client.response_types, [ResponseType::Code]);

    let written = serde_json::to_value(&client).unwrap();
    assert_eq!(parse(&written).unwrap(), client);
    assert_eq!(
        serde_json::from_value::<ClientMetadata>(written).unwrap(),
        client
    );
}

#[test]
fn defaults_are_those_of_the_standards() {
    let client = parse(&web()).unwrap();
    assert_eq!(client.grant_types, [GrantType::AuthorizationCode]);
    assert_eq!(
        client.token_endpoint_auth_method,
        TokenEndpointAuthMethod::ClientSecretBasic
    );
    assert_eq!(client.scope.to_string(), "openid profile email");
    assert!(client.require_pkce && client.require_consent);
    let machine = parse(&json!({ "grant_types": ["client_credentials"], "scope": "x" })).unwrap();
    assert!(machine.response_types.is_empty());
}

#[test]
fn unknown_keys_get_a_suggestion_and_unsupported_ones_are_named() {
    for (key, expected) in [
        (
            "redirect_uri",
            "redirect_uri: is unknown; did you mean redirect_uris?",
        ),
        (
            "redirectUris",
            "redirectUris: is unknown; did you mean redirect_uris?",
        ),
        (
            "client_nmae",
            "client_nmae: is unknown; did you mean client_name?",
        ),
        (
            "require_pcke",
            "require_pcke: is unknown; did you mean require_pkce?",
        ),
        ("colour", "colour: is unknown"),
        (
            "frontchannel_logout_uri",
            "frontchannel_logout_uri: is not supported by this provider",
        ),
        (
            "dpop_bound_access_tokens",
            "dpop_bound_access_tokens: is not supported by this provider",
        ),
        (
            "sector_identifier_uri",
            "sector_identifier_uri: is not supported by this provider",
        ),
        (
            "client_name#de",
            "client_name#de: language tags are not supported",
        ),
    ] {
        assert_eq!(only_error(&json!({ key: "x" })), expected);
    }
}

#[test]
fn a_misspelt_scope_of_openid_is_no_interface() {
    let with = |scope: &str| json!({ "redirect_uris": ["https://rp.test/cb"], "scope": scope });
    for (given, meant) in [
        ("offline_acess", "offline_access"),
        ("offline-access", "offline_access"),
        ("openID", "openid"),
        ("opneid", "openid"),
    ] {
        assert_eq!(
            only_error(&with(&format!("profile {given}"))),
            format!("scope: has {given}, which is unknown; did you mean {meant}?")
        );
    }
    for scope in [
        "openid profile offline_access",
        "emails messages:read open",
        "offline",
    ] {
        assert!(parse(&with(scope)).is_ok(), "{scope}");
    }
}

#[test]
fn wrong_types_and_values_are_named_by_their_key() {
    for (key, value) in [
        ("redirect_uris", json!("https://rp.test/cb")),
        ("grant_types", json!(["password"])),
        ("response_types", json!(["token"])),
        ("token_endpoint_auth_method", json!("client_secret_jwt")),
        ("application_type", json!("desktop")),
        ("subject_type", json!("pairwise")),
        ("id_token_signed_response_alg", json!("none")),
        ("id_token_signed_response_alg", json!("HS256")),
        ("scope", json!("a\"b")),
        ("require_pkce", json!("yes")),
        ("default_max_age", json!(-1)),
        ("jwks", json!({"keys": [{"kty": "oct", "k": "AA"}]})),
        ("logo_uri", json!("javascript:alert(1)")),
        ("client_uri", json!("http://rp.test")),
        ("policy_uri", json!("data:text/html,x")),
        ("jwks_uri", json!("http://10.0.0.1/jwks")),
        ("backchannel_logout_uri", json!("https://rp.test/out#x")),
        ("contacts", json!(["nobody"])),
        ("audience", json!([""])),
        ("client_name", json!(" ")),
        ("client_name", json!("a\u{0}b")),
    ] {
        let errors = errors(&json!({ key: value }));
        assert!(
            errors.iter().any(|error| error.starts_with(key)),
            "{key}: {value}: {errors:?}"
        );
    }
    assert!(
        errors(&json!({ "tos_uri": "https://rp.test/legal#terms", "logo_uri": null })).is_empty()
    );
}

#[test]
fn members_must_fit_together() {
    let jwks = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }] });
    for (changes, field) in [
        (json!({ "redirect_uris": [] }), "redirect_uris"),
        (json!({ "redirect_uris": null }), "redirect_uris"),
        (
            json!({ "redirect_uris": ["https://rp.test/cb", "https://rp.test/cb"] }),
            "redirect_uris[1]",
        ),
        (
            json!({ "redirect_uris": ["com.example.app:/cb"] }),
            "redirect_uris[0]",
        ),
        (
            json!({ "post_logout_redirect_uris": ["http://rp.test/"] }),
            "post_logout_redirect_uris[0]",
        ),
        (
            json!({ "grant_types": ["authorization_code"], "response_types": [] }),
            "response_types",
        ),
        (
            json!({ "grant_types": ["client_credentials"], "response_types": ["code"] }),
            "response_types",
        ),
        (json!({ "grant_types": ["refresh_token"] }), "grant_types"),
        (
            json!({ "token_endpoint_auth_method": "none", "require_pkce": false }),
            "require_pkce",
        ),
        (
            json!({ "token_endpoint_auth_method": "none", "grant_types": ["client_credentials"] }),
            "grant_types",
        ),
        (
            json!({ "token_endpoint_auth_method": "private_key_jwt" }),
            "token_endpoint_auth_method",
        ),
        (
            json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": []} }),
            "jwks",
        ),
        (
            json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": jwks.clone(), "token_endpoint_auth_signing_alg": "ES256" }),
            "token_endpoint_auth_signing_alg",
        ),
        (
            json!({ "token_endpoint_auth_signing_alg": "ES256" }),
            "token_endpoint_auth_signing_alg",
        ),
        (
            json!({ "jwks": jwks, "jwks_uri": "https://rp.test/jwks" }),
            "jwks",
        ),
        (
            json!({ "backchannel_logout_session_required": true }),
            "backchannel_logout_session_required",
        ),
    ] {
        assert!(
            only_error(&changes).starts_with(&format!("{field}:")),
            "{changes}"
        );
    }
    assert!(
        errors(&json!({ "grant_types": [] }))
            .iter()
            .any(|error| error.starts_with("grant_types:"))
    );
    let native = json!({ "application_type": "native", "redirect_uris": ["com.example.app:/cb"], "token_endpoint_auth_method": "none" });
    assert!(errors(&native).is_empty());
}

#[test]
fn every_error_is_reported_at_once() {
    assert_eq!(
        errors(&json!({ "redirect_uris": [], "colour": 1, "scope": 7 })).len(),
        3
    );
}

#[test]
fn client_ids_are_visible_ascii() {
    assert!(is_client_id("chat") && is_client_id("https://rp.test/"));
    for text in ["", "a b", "\u{e9}", "a\n", &"x".repeat(257)] {
        assert!(!is_client_id(text), "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(key in "\\PC{0,40}", text in "\\PC{0,40}") {
        let _ = parse(&json!({ key.as_str(): text }));
        let _ = parse(&json!({ "redirect_uris": [text], "client_uri": text, "scope": text }));
    }
}
