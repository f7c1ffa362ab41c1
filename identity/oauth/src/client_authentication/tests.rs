#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "tests"
)]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::assertion::{AssertionError, ExpectedAssertion, verify_assertion};
use super::*;
use crate::jose::{Algorithm, JoseError, JwkSet, SigningKey, typ};
use crate::parameters::form_encode;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://idp.test";

fn parse(authorization: Option<&str>, body: &str) -> Result<PresentedClient, OAuthError> {
    PresentedClient::parse(authorization, &Parameters::parse(body.as_bytes()).unwrap())
}

fn basic_header(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

#[test]
fn each_method_is_read() {
    let header = basic_header("chat%3Aapp:p%2Bw+d%25");
    match parse(Some(&header), "grant_type=x").unwrap() {
        PresentedClient::Basic {
            client_id,
            client_secret,
        } => {
            assert_eq!(client_id, "chat:app");
            assert!(client_secret.equals("p+w d%"));
        }
        other => panic!("{other:?}"),
    }
    match parse(None, "client_id=chat&client_secret=p%2Bw").unwrap() {
        PresentedClient::Post {
            client_id,
            client_secret,
        } => {
            assert_eq!(client_id, "chat");
            assert!(client_secret.equals("p+w"));
        }
        other => panic!("{other:?}"),
    }
    let none = parse(None, "client_id=spa").unwrap();
    assert_eq!(
        (none.client_id(), none.method()),
        ("spa", TokenEndpointAuthMethod::None)
    );
    // The name again in the body is no second method.
    assert!(parse(Some(&basic_header("chat:s")), "client_id=chat").is_ok());
}

#[test]
fn oau_10_more_than_one_method_is_an_invalid_request() {
    let header = basic_header("chat:s");
    let assertion = format!("client_assertion=a.b.c&client_assertion_type={JWT_BEARER}");
    for (authorization, body) in [
        (
            Some(header.as_str()),
            "client_id=chat&client_secret=s".to_owned(),
        ),
        (Some(header.as_str()), "client_secret=s".to_owned()),
        (Some(header.as_str()), assertion.clone()),
        (None, format!("client_id=chat&client_secret=s&{assertion}")),
        (Some(header.as_str()), "client_id=other".to_owned()),
    ] {
        let error = parse(authorization, &body).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidRequest, "{body}");
    }
}

#[test]
fn malformed_credentials_are_an_invalid_client() {
    let long = basic_header(&format!("{}:s", "x".repeat(257)));
    for header in [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Bearer abc",
        "Basic Y2hhdA==",
        &basic_header(":secret"),
        &basic_header("chat:%zz"),
        &basic_header("chat:%00"),
        &long,
    ] {
        let error = parse(Some(header), "").unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidClient, "{header}");
    }
    assert_eq!(parse(None, "").unwrap_err().code, ErrorCode::InvalidClient);
    let not_ours = "client_assertion=a.b.c&client_assertion_type=saml2-bearer";
    assert_eq!(
        parse(None, not_ours).unwrap_err().code,
        ErrorCode::InvalidRequest
    );
}

#[test]
fn debug_and_errors_show_no_secret() {
    let presented = parse(None, "client_id=chat&client_secret=hunter2").unwrap();
    assert!(!format!("{presented:?}").contains("hunter2"));
    let header = basic_header("chat:hunter2");
    let error = parse(Some(&header), "client_id=other").unwrap_err();
    assert!(!error.to_string().contains("hunter2"));
}

fn claims() -> Value {
    json!({ "iss": "pk1", "sub": "pk1", "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "jti": "j1" })
}

fn keys_of(key: &SigningKey) -> JwkSet {
    JwkSet {
        keys: vec![key.public_jwk().clone()],
    }
}

fn new_key(algorithm: Algorithm) -> SigningKey {
    SigningKey::from_pkcs8(algorithm, &SigningKey::generate(algorithm).unwrap()).unwrap()
}

const EXPECTED: ExpectedAssertion<'static> = ExpectedAssertion {
    client_id: "pk1",
    issuer: ISSUER,
    algorithm: None,
    now: NOW,
};

#[test]
fn a_genuine_assertion_is_accepted() {
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
        let key = new_key(algorithm);
        for typ in [typ::JWT, typ::CLIENT_AUTHENTICATION] {
            let token = key.sign(typ, &claims()).unwrap();
            let body = form_encode([
                ("client_assertion", token.as_str()),
                ("client_assertion_type", JWT_BEARER),
            ]);
            let PresentedClient::Assertion {
                client_id,
                assertion,
            } = parse(None, &body).unwrap()
            else {
                panic!("not an assertion")
            };
            assert_eq!(client_id, "pk1");
            let verified = verify_assertion(&assertion, &keys_of(&key), &EXPECTED).unwrap();
            assert_eq!((verified.client_id(), verified.jti()), ("pk1", "j1"));
            assert_eq!(verified.expires_at(), NOW + 60 + assertion::LEEWAY);
        }
    }
}

#[test]
fn oau_11_every_flaw_of_an_assertion_is_refused() {
    let key = new_key(Algorithm::ES256);
    let refused = |name: &str, value: Value| {
        let mut claims = claims();
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value,
        }
        let token = Sensitive::new(key.sign(typ::JWT, &claims).unwrap());
        verify_assertion(&token, &keys_of(&key), &EXPECTED).unwrap_err()
    };
    for audience in [
        json!("https://idp.test/oauth2/token"),
        json!("https://idp.test/oauth2/par"),
        json!("https://idp.test/"),
        json!("https://other.test"),
        json!([ISSUER]),
        json!([ISSUER, "https://other.test"]),
    ] {
        assert_eq!(
            refused("aud", audience.clone()),
            AssertionError::Audience,
            "{audience}"
        );
    }
    for (name, value, error) in [
        ("aud", Value::Null, AssertionError::Token(JoseError::Claims)),
        (
            "aud",
            json!(7),
            AssertionError::Token(JoseError::ClaimType("aud")),
        ),
        ("iss", json!("other"), AssertionError::NotTheClient),
        ("sub", json!("other"), AssertionError::NotTheClient),
        ("iss", Value::Null, AssertionError::Token(JoseError::Claims)),
        (
            "exp",
            Value::Null,
            AssertionError::Token(JoseError::MissingClaim("exp")),
        ),
        ("exp", json!(NOW + 3600), AssertionError::TooLong),
        (
            "exp",
            json!(NOW - 60),
            AssertionError::Token(JoseError::Expired),
        ),
        (
            "exp",
            json!("soon"),
            AssertionError::Token(JoseError::ClaimType("exp")),
        ),
        (
            "iat",
            json!(NOW + 60),
            AssertionError::Token(JoseError::NotYetValid),
        ),
        (
            "nbf",
            json!(NOW + 60),
            AssertionError::Token(JoseError::NotYetValid),
        ),
        ("jti", Value::Null, AssertionError::Token(JoseError::Claims)),
        ("jti", json!(""), AssertionError::Jti),
        ("jti", json!("x".repeat(257)), AssertionError::Jti),
    ] {
        assert_eq!(refused(name, value.clone()), error, "{name}: {value}");
    }
}

#[test]
fn oau_11_keys_and_types_of_others_are_refused() {
    let key = new_key(Algorithm::ES256);
    let other = new_key(Algorithm::ES256);
    let token = Sensitive::new(other.sign(typ::JWT, &claims()).unwrap());
    let result = verify_assertion(&token, &keys_of(&key), &EXPECTED);
    assert_eq!(result, Err(AssertionError::Token(JoseError::UnknownKey)));

    for typ in [typ::ACCESS_TOKEN, typ::LOGOUT_TOKEN, "dpop+jwt"] {
        let token = Sensitive::new(key.sign(typ, &claims()).unwrap());
        let result = verify_assertion(&token, &keys_of(&key), &EXPECTED);
        assert_eq!(result, Err(AssertionError::Token(JoseError::Typ)), "{typ}");
    }

    let token = Sensitive::new(key.sign(typ::JWT, &claims()).unwrap());
    let registered = ExpectedAssertion {
        algorithm: Some(Algorithm::EdDSA),
        ..EXPECTED
    };
    assert!(verify_assertion(&token, &keys_of(&key), &registered).is_err());
    assert!(verify_assertion(&token, &JwkSet::default(), &EXPECTED).is_err());
}

proptest! {
    #[test]
    fn nothing_panics(header in "\\PC{0,60}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(parameters) = Parameters::parse(&body) {
            let _ = PresentedClient::parse(None, &parameters);
            let _ = PresentedClient::parse(Some(&header), &parameters);
        }
    }

    #[test]
    fn basic_credentials_round_trip(id in "[ -~]{1,40}", secret in "[^\\p{C}]{0,40}") {
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let header = basic_header(&format!("{}:{}", encode(&id), encode(&secret)));
        match parse(Some(&header), "").unwrap() {
            PresentedClient::Basic { client_id, client_secret } => {
                prop_assert_eq!(client_id, id);
                prop_assert!(client_secret.equals(&secret));
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
