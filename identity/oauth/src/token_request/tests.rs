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

fn parse(body: &str) -> Result<TokenRequest, OAuthError> {
    TokenRequest::parse(&Parameters::parse(body.as_bytes()).unwrap())
}

#[test]
fn each_grant_is_read() {
    let code = parse(
        "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Frp.test%2Fcb&code_verifier=v",
    );
    match code.unwrap() {
        TokenRequest::AuthorizationCode {
            code,
            redirect_uri,
            code_verifier,
            resource,
        } => {
            assert!(
                code.equals("c0de") && code_verifier.unwrap().equals("v") && resource.is_empty()
            );
            assert_eq!(redirect_uri.as_deref(), Some("https://rp.test/cb"));
        }
        other => panic!("{other:?}"),
    }
    match parse("grant_type=refresh_token&refresh_token=r&scope=openid").unwrap() {
        TokenRequest::RefreshToken {
            refresh_token,
            scope,
            ..
        } => {
            assert!(refresh_token.equals("r"));
            assert_eq!(scope, Some(Scope::parse("openid").unwrap()));
        }
        other => panic!("{other:?}"),
    }
    match parse("grant_type=client_credentials&resource=https%3A%2F%2Fa.test&audience=b").unwrap() {
        TokenRequest::ClientCredentials { scope, resource } => {
            assert_eq!(scope, None);
            assert_eq!(resource, ["https://a.test", "b"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn oau_07_other_grants_are_unsupported() {
    for grant in [
        "password",
        "implicit",
        "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer",
        "Authorization_Code",
    ] {
        let error = parse(&format!("grant_type={grant}&username=a&password=hunter2")).unwrap_err();
        assert_eq!(error.code, ErrorCode::UnsupportedGrantType, "{grant}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn what_is_missing_is_named() {
    for (body, name) in [
        ("", "grant_type"),
        ("grant_type=authorization_code", "code"),
        ("grant_type=authorization_code&code=", "code"),
        ("grant_type=refresh_token", "refresh_token"),
    ] {
        let error = parse(body).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest);
        assert_eq!(error.description(), format!("parameter {name} is missing"));
    }
}

#[test]
fn over_long_secrets_and_bad_targets_are_refused() {
    let long = format!(
        "grant_type=authorization_code&code={}",
        "x".repeat(MAX_SECRET + 1)
    );
    assert_eq!(parse(&long).unwrap_err().code, ErrorCode::InvalidGrant);
    let verifier = format!(
        "grant_type=authorization_code&code=c&code_verifier={}",
        "x".repeat(257)
    );
    assert_eq!(parse(&verifier).unwrap_err().code, ErrorCode::InvalidGrant);
    let target = "grant_type=client_credentials&resource=nowhere";
    assert_eq!(parse(target).unwrap_err().code, ErrorCode::InvalidTarget);
    let resources: Vec<_> = (0..17)
        .map(|n| format!("resource=https%3A%2F%2Fa.test%2F{n}"))
        .collect();
    let many = format!("&{}", resources.join("&"));
    assert_eq!(
        parse(&format!("grant_type=client_credentials{many}"))
            .unwrap_err()
            .code,
        ErrorCode::InvalidTarget
    );
}

#[test]
fn debug_shows_no_secret() {
    let request =
        parse("grant_type=authorization_code&code=s3cret&code_verifier=v3rifier").unwrap();
    let shown = format!("{request:?}");
    assert!(
        !shown.contains("s3cret") && !shown.contains("v3rifier"),
        "{shown}"
    );
}

proptest! {
    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(parameters) = Parameters::parse(&bytes) {
            let _ = TokenRequest::parse(&parameters);
        }
    }
}
