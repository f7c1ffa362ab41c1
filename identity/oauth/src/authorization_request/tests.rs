#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "tests"
)]

use proptest::prelude::*;

use super::*;
use crate::parameters::form_encode;
use crate::prompt::Prompt;

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn parse(query: &str) -> Result<AuthorizationRequest, RequestError> {
    let parameters = Parameters::parse(query.as_bytes()).unwrap();
    let target = RequestTarget::parse(&parameters).unwrap();
    AuthorizationRequest::parse(&parameters, target)
}

fn with(extra: &str) -> Result<AuthorizationRequest, RequestError> {
    parse(&format!(
        "client_id=chat&redirect_uri=https%3A%2F%2Frp.test%2Fcb&response_type=code&state=s{extra}"
    ))
}

fn code_of(extra: &str) -> ErrorCode {
    let error = with(extra).unwrap_err();
    assert_eq!(
        error.state.as_deref(),
        Some("s"),
        "state is sent back: {extra}"
    );
    error.error.code
}

#[test]
fn every_parameter_is_read() {
    let request = with(&format!(
        "&scope=openid+email&nonce=n&response_mode=form_post&code_challenge={CHALLENGE}&code_challenge_method=S256\
         &prompt=login+consent&max_age=60&login_hint=ana%40acme.test&ui_locales=de-CH+en+!!&acr_values=b+a\
         &id_token_hint=x.y.z&claims=%7B%22id_token%22%3A%7B%22acr%22%3Anull%7D%7D&resource=https%3A%2F%2Fa.test\
         &resource=https%3A%2F%2Fb.test&audience=https%3A%2F%2Fc.test&organization=acme&connection=acme-oidc&unknown=1"
    ))
    .unwrap();
    assert_eq!(request.client_id, "chat");
    assert_eq!(request.redirect_uri.as_deref(), Some("https://rp.test/cb"));
    assert!(request.scope.is_openid());
    assert_eq!(request.nonce.as_deref(), Some("n"));
    assert_eq!(request.response_mode, ResponseMode::FormPost);
    assert_eq!(request.code_challenge.as_ref().unwrap().as_str(), CHALLENGE);
    assert!(request.prompt.contains(Prompt::Login));
    assert_eq!(request.max_age, Some(60));
    assert_eq!(request.login_hint.as_deref(), Some("ana@acme.test"));
    assert_eq!(request.ui_locales, ["de-CH", "en"]);
    assert!(request.acr_values.contains("a"));
    assert_eq!(request.id_token_hint.as_ref().unwrap().as_str(), "x.y.z");
    assert!(request.claims.id_token.contains_key("acr"));
    assert_eq!(request.resource, ["https://a.test", "https://b.test"]);
    assert_eq!(request.organization.as_deref(), Some("acme"));
    assert_eq!(request.connection.as_deref(), Some("acme-oidc"));
    assert!(request.require_pkce().is_ok());
    assert!(!format!("{request:?}").contains("x.y.z"));

    let stored = serde_json::to_string(&request).unwrap();
    assert_eq!(
        serde_json::from_str::<AuthorizationRequest>(&stored).unwrap(),
        request
    );
}

#[test]
fn the_smallest_request_has_defaults() {
    let request = parse("client_id=chat&response_type=code").unwrap();
    assert_eq!(request.response_mode, ResponseMode::Query);
    assert!(
        request.redirect_uri.is_none() && request.scope.is_empty() && request.prompt.is_empty()
    );
    assert_eq!(
        request.require_pkce().unwrap_err().code,
        ErrorCode::InvalidRequest
    );
}

#[test]
fn phase_one_needs_a_client_and_openid_needs_a_redirect_uri() {
    for query in [
        "",
        "client_id=",
        "client_id=chat&scope=openid+x",
        &format!("client_id={}", "x".repeat(257)),
    ] {
        let parameters = Parameters::parse(query.as_bytes()).unwrap();
        let error = RequestTarget::parse(&parameters).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest, "{query}");
    }
}

#[test]
fn oau_07_other_response_types_are_unsupported() {
    for response_type in [
        "token",
        "id_token",
        "id_token+token",
        "code+token",
        "code+id_token",
        "none",
        "Code",
    ] {
        let error = parse(&format!(
            "client_id=chat&state=s&response_type={response_type}"
        ))
        .unwrap_err();
        assert_eq!(
            error.error.code,
            ErrorCode::UnsupportedResponseType,
            "{response_type}"
        );
        let expected = if response_type.contains("token") {
            ResponseMode::Fragment
        } else {
            ResponseMode::Query
        };
        assert_eq!(error.response_mode, expected, "{response_type}");
    }
    let missing = parse("client_id=chat&state=s").unwrap_err();
    assert_eq!(missing.error.code, ErrorCode::InvalidRequest);
}

#[test]
fn errors_have_the_code_of_their_kind() {
    for (extra, code) in [
        ("&request=x.y.z", ErrorCode::RequestNotSupported),
        (
            "&request_uri=https%3A%2F%2Frp.test%2Fr",
            ErrorCode::RequestUriNotSupported,
        ),
        ("&registration=%7B%7D", ErrorCode::RegistrationNotSupported),
        ("&scope=a%22b", ErrorCode::InvalidScope),
        ("&resource=relative", ErrorCode::InvalidTarget),
        (
            "&resource=https%3A%2F%2Fa.test%23f",
            ErrorCode::InvalidTarget,
        ),
        ("&response_mode=query.jwt", ErrorCode::InvalidRequest),
        ("&prompt=none+login", ErrorCode::InvalidRequest),
        ("&prompt=maybe", ErrorCode::InvalidRequest),
        ("&max_age=-1", ErrorCode::InvalidRequest),
        ("&max_age=%2B1", ErrorCode::InvalidRequest),
        ("&max_age=1.5", ErrorCode::InvalidRequest),
        ("&max_age=99999999999", ErrorCode::InvalidRequest),
        ("&claims=%5B%5D", ErrorCode::InvalidRequest),
        ("&organization=..%2Fx", ErrorCode::InvalidRequest),
        ("&connection=A", ErrorCode::InvalidRequest),
        ("&code_challenge_method=S256", ErrorCode::InvalidRequest),
        (
            "&code_challenge=short&code_challenge_method=S256",
            ErrorCode::InvalidRequest,
        ),
    ] {
        assert_eq!(code_of(extra), code, "{extra}");
    }
}

#[test]
fn oau_04_plain_challenges_are_refused() {
    for extra in [
        format!("&code_challenge={CHALLENGE}"),
        format!("&code_challenge={CHALLENGE}&code_challenge_method=plain"),
    ] {
        assert_eq!(code_of(&extra), ErrorCode::InvalidRequest);
    }
}

#[test]
fn the_response_mode_of_the_request_carries_its_errors() {
    assert_eq!(
        with("&response_mode=form_post&prompt=x")
            .unwrap_err()
            .response_mode,
        ResponseMode::FormPost
    );
    assert_eq!(
        with("&response_mode=bogus").unwrap_err().response_mode,
        ResponseMode::Query
    );
    let long = format!(
        "client_id=chat&response_type=code&state={}",
        "x".repeat(MAX_STATE + 1)
    );
    assert_eq!(parse(&long).unwrap_err().state, None);
}

proptest! {
    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(parameters) = Parameters::parse(&bytes)
            && let Ok(target) = RequestTarget::parse(&parameters)
        {
            let _ = AuthorizationRequest::parse(&parameters, target);
        }
    }

    #[test]
    fn whatever_is_accepted_can_be_stored(
        scope in "[a-z :]{0,20}", prompt in "(login|consent|none| ){0,3}", max_age in "[0-9]{0,4}",
        state in "[ -~]{0,20}", acr in "[a-z ]{0,10}", mode in "(query|fragment|form_post|jwt)?",
        resource in "(https://a\\.test/[a-z]{0,3})?",
    ) {
        let query = form_encode([
            ("client_id", "chat"), ("redirect_uri", "https://rp.test/cb"), ("response_type", "code"),
            ("scope", &scope), ("prompt", &prompt), ("max_age", &max_age), ("state", &state),
            ("acr_values", &acr), ("response_mode", &mode), ("resource", &resource),
        ]);
        if let Ok(request) = parse(&query) {
            let stored = serde_json::to_string(&request).unwrap();
            prop_assert_eq!(serde_json::from_str::<AuthorizationRequest>(&stored).unwrap(), request);
        }
    }
}
