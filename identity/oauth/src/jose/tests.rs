#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "tests"
)]

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://idp.test";

fn key(algorithm: Algorithm) -> SigningKey {
    // Making RSA keys is slow, and one serves both RSA algorithms here.
    static RSA: OnceLock<Pkcs8> = OnceLock::new();
    let pkcs8 = match algorithm {
        Algorithm::RS256 | Algorithm::PS256 => RSA
            .get_or_init(|| SigningKey::generate_rsa(RsaSize::Bits2048).unwrap())
            .clone(),
        _ => SigningKey::generate(algorithm).unwrap(),
    };
    SigningKey::from_pkcs8(algorithm, &pkcs8).unwrap()
}

fn public(key: &SigningKey) -> VerificationKey {
    VerificationKey::from_jwk(key.public_jwk(), None).unwrap()
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "sub": "u", "aud": ["a", "b"], "iat": NOW, "exp": NOW + 600, "jti": "j" })
}

const EXPECTED: Expected<'static> = Expected {
    typ: &[typ::ACCESS_TOKEN],
    issuer: Some(ISSUER),
    audience: Some("b"),
    lifetime: Lifetime::Checked {
        now: NOW,
        leeway: 0,
    },
};

fn check(token: &str, keys: &[VerificationKey]) -> Result<Verified<Value>, JoseError> {
    verify(token, keys, &EXPECTED)
}

/// A token with any header and payload, genuinely signed by an ES256 key.
fn forge(key: &SigningKey, header: &str, payload: &str) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    format!(
        "{signed}.{}",
        URL_SAFE_NO_PAD.encode(key.sign_bytes(signed.as_bytes()).unwrap())
    )
}

#[test]
fn every_algorithm_round_trips_and_is_bound_to_its_key() {
    let keys: Vec<_> = Algorithm::ALL.into_iter().map(key).collect();
    let all: Vec<_> = keys.iter().map(public).collect();
    for (index, key) in keys.iter().enumerate() {
        for typ in [typ::ACCESS_TOKEN, typ::JWT, "secevent+jwt"] {
            let token = key.sign(typ, &claims()).unwrap();
            let expected = Expected {
                typ: &[typ],
                ..EXPECTED
            };
            let verified = verify::<Value>(&token, &all, &expected).unwrap();
            assert_eq!(verified.claims, claims());
            assert_eq!(verified.header.alg, key.algorithm());
            assert_eq!(verified.header.kid.as_deref(), Some(key.kid()));
            let others: Vec<_> = all
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
                .map(|(_, key)| key.clone())
                .collect();
            assert!(verify::<Value>(&token, &others, &expected).is_err());
        }
    }
}

#[test]
fn stored_keys_keep_their_name() {
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
        let pkcs8 = SigningKey::generate(algorithm).unwrap();
        let first = SigningKey::from_pkcs8(algorithm, &pkcs8).unwrap();
        let again =
            SigningKey::from_pkcs8(algorithm, &Pkcs8::new(pkcs8.expose().to_vec())).unwrap();
        assert_eq!(first.kid(), again.kid());
        assert_eq!(first.public_jwk(), again.public_jwk());
        assert!(SigningKey::from_pkcs8(Algorithm::RS256, &pkcs8).is_err());
        assert_eq!(format!("{pkcs8:?}"), "Pkcs8([redacted])");
    }
}

#[test]
fn the_thumbprint_of_rfc_7638_section_3_1() {
    let jwk = json!({
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    });
    let jwk = PublicJwk::parse(jwk.as_object().unwrap()).unwrap();
    assert_eq!(
        jwk.thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
    assert_eq!(jwk.kid(), Some("2011-04-29"));
}

#[test]
fn the_examples_of_rfc_8037_appendix_a() {
    // A.1: the seed, here in the PKCS#8 frame of RFC 8410 §7.
    let seed = URL_SAFE_NO_PAD
        .decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
        .unwrap();
    let mut pkcs8 = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    pkcs8.extend(seed);
    let key = SigningKey::from_pkcs8(Algorithm::EdDSA, &Pkcs8::new(pkcs8)).unwrap();
    let jwk = serde_json::to_value(key.public_jwk()).unwrap();
    assert_eq!(jwk["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    // A.3
    assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    // A.4
    let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(
        URL_SAFE_NO_PAD.encode(key.sign_bytes(signed.as_bytes()).unwrap()),
        signature
    );
    public(&key).check(signed, signature).unwrap();
    assert!(public(&key).check("x", signature).is_err());
}

#[test]
fn tok_01_headers_that_choose_key_or_algorithm_are_refused() {
    let key = key(Algorithm::ES256);
    let keys = [public(&key)];
    let kid = key.kid();
    let payload = claims().to_string();
    let good = forge(
        &key,
        &format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}"}}"#),
        &payload,
    );
    check(&good, &keys).unwrap();
    for (header, error) in [
        (r#"{"alg":"none","typ":"at+jwt"}"#, JoseError::Algorithm),
        (r#"{"alg":"None","typ":"at+jwt"}"#, JoseError::Algorithm),
        (r#"{"alg":"HS256","typ":"at+jwt"}"#, JoseError::Algorithm),
        (r#"{"alg":"es256","typ":"at+jwt"}"#, JoseError::Algorithm),
        (r#"{"alg":"ES384","typ":"at+jwt"}"#, JoseError::Algorithm),
        (
            r#"{"alg":"EdDSA","typ":"at+jwt"}"#,
            JoseError::AlgorithmMismatch,
        ),
        (
            r#"{"alg":"RS256","typ":"at+jwt"}"#,
            JoseError::AlgorithmMismatch,
        ),
        (r#"{"alg":["ES256"],"typ":"at+jwt"}"#, JoseError::Header),
        (r#"{"typ":"at+jwt"}"#, JoseError::Header),
        (
            r#"{"alg":"none","alg":"ES256","typ":"at+jwt"}"#,
            JoseError::Header,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","kid":7}"#,
            JoseError::Header,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","kid":"a\u0000b"}"#,
            JoseError::Header,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","kid":"../../etc/passwd"}"#,
            JoseError::UnknownKey,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","kid":"' OR 1=1 --"}"#,
            JoseError::UnknownKey,
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","jwk":{"kty":"EC"}}"#,
            JoseError::RefusedHeader("jwk"),
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","jku":"https://x.test"}"#,
            JoseError::RefusedHeader("jku"),
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","x5u":"https://x.test"}"#,
            JoseError::RefusedHeader("x5u"),
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","x5c":["a"]}"#,
            JoseError::RefusedHeader("x5c"),
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","crit":["exp"]}"#,
            JoseError::RefusedHeader("crit"),
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","crit":[]}"#,
            JoseError::RefusedHeader("crit"),
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","b64":false}"#,
            JoseError::RefusedHeader("b64"),
        ),
        (
            r#"{"alg":"ES256","typ":"at+jwt","zip":"DEF"}"#,
            JoseError::RefusedHeader("zip"),
        ),
        (r#"{"alg":"ES256"}"#, JoseError::Typ),
        (r#"{"alg":"ES256","typ":"JWT"}"#, JoseError::Typ),
        (r#"{"alg":"ES256","typ":"application/JWT"}"#, JoseError::Typ),
        (r#"{"alg":"ES256","typ":""}"#, JoseError::Typ),
        (r#"{"alg":"ES256","typ":"logout+jwt"}"#, JoseError::Typ),
        (r#"{"alg":"ES256","typ":["at+jwt"]}"#, JoseError::Header),
        ("[]", JoseError::Header),
        ("", JoseError::NotCompact),
    ] {
        assert_eq!(
            check(&forge(&key, header, &payload), &keys).unwrap_err(),
            error,
            "{header}"
        );
    }
    for typ in ["AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        let header = format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#);
        assert!(
            check(&forge(&key, &header, &payload), &keys).is_ok(),
            "{typ}"
        );
    }
}

#[test]
fn tok_02_claims_of_the_wrong_type_are_refused() {
    let key = key(Algorithm::ES256);
    let keys = [public(&key)];
    let header = r#"{"alg":"ES256","typ":"at+jwt"}"#;
    for (name, value, error) in [
        ("exp", json!("1900000000"), JoseError::ClaimType("exp")),
        ("exp", json!(null), JoseError::ClaimType("exp")),
        ("exp", json!(1e300), JoseError::ClaimType("exp")),
        ("exp", json!(1_900_000_000.5), JoseError::ClaimType("exp")),
        ("exp", json!(u64::MAX), JoseError::ClaimType("exp")),
        ("exp", json!(-1), JoseError::ClaimType("exp")),
        ("exp", json!(NOW), JoseError::Expired),
        ("exp", json!(0), JoseError::Expired),
        ("nbf", json!({}), JoseError::ClaimType("nbf")),
        ("nbf", json!("0"), JoseError::ClaimType("nbf")),
        ("nbf", json!(NOW + 1), JoseError::NotYetValid),
        ("iat", json!(1e20), JoseError::ClaimType("iat")),
        ("iat", json!(NOW + 1), JoseError::NotYetValid),
        ("aud", json!(7), JoseError::ClaimType("aud")),
        ("aud", json!([]), JoseError::ClaimType("aud")),
        ("aud", json!(["b", 7]), JoseError::ClaimType("aud")),
        ("aud", json!(null), JoseError::ClaimType("aud")),
        ("aud", json!("B"), JoseError::ClaimMismatch("aud")),
        ("aud", json!(["a", "c"]), JoseError::ClaimMismatch("aud")),
        ("sub", json!(["u"]), JoseError::ClaimType("sub")),
        ("jti", json!(1), JoseError::ClaimType("jti")),
        ("iss", json!([ISSUER]), JoseError::ClaimType("iss")),
        (
            "iss",
            json!("https://idp.test/"),
            JoseError::ClaimMismatch("iss"),
        ),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        let result = check(&forge(&key, header, &claims.to_string()), &keys);
        assert_eq!(result.unwrap_err(), error, "{name}: {value}");
    }
    for (name, error) in [("exp", "exp"), ("iss", "iss"), ("aud", "aud")] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        let result = check(&forge(&key, header, &claims.to_string()), &keys);
        assert_eq!(result.unwrap_err(), JoseError::MissingClaim(error));
    }
    let doubled = claims().to_string().replacen('{', r#"{"sub":"root","#, 1);
    assert_eq!(
        check(&forge(&key, header, &doubled), &keys).unwrap_err(),
        JoseError::Payload
    );
    assert_eq!(
        check(&forge(&key, header, "[1]"), &keys).unwrap_err(),
        JoseError::Payload
    );
    assert_eq!(
        check(&forge(&key, header, "not json"), &keys).unwrap_err(),
        JoseError::Payload
    );
}

#[test]
fn malformed_compact_forms_are_refused() {
    let key = key(Algorithm::ES256);
    let keys = [public(&key)];
    let token = key.sign(typ::ACCESS_TOKEN, &claims()).unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    for (mutant, error) in [
        (String::new(), JoseError::NotCompact),
        (signed.to_owned(), JoseError::NotCompact),
        (format!("{signed}."), JoseError::NotCompact),
        (format!("{header}..{signature}"), JoseError::NotCompact),
        (format!("{token}.x"), JoseError::NotCompact),
        (format!("{token}="), JoseError::Encoding),
        (format!("{token} "), JoseError::Encoding),
        (
            format!("{header}=.{payload}.{signature}"),
            JoseError::Encoding,
        ),
        (format!("{signed}.AAAA"), JoseError::Signature),
        (
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
            JoseError::Signature,
        ),
        (
            format!("{signed}.{}", signature.get(..84).unwrap()),
            JoseError::Signature,
        ),
        ("a".repeat(MAX_TOKEN + 1), JoseError::TooLarge),
    ] {
        assert_eq!(check(&mutant, &keys).unwrap_err(), error, "{mutant}");
    }
    // The last character of a 64-byte signature carries four unused bits.
    let last = signature.chars().last().unwrap();
    for other in ["A", "Q", "g", "w"]
        .into_iter()
        .filter(|other| !other.starts_with(last))
    {
        let mutant = format!("{signed}.{}{other}", signature.get(..85).unwrap());
        assert!(check(&mutant, &keys).is_err());
    }
}

#[test]
fn tok_01_a_public_key_is_no_hmac_secret() {
    let key = key(Algorithm::RS256);
    let keys = [public(&key)];
    let jwk = serde_json::to_string(key.public_jwk()).unwrap();
    let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, jwk.as_bytes());
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(format!(
            r#"{{"alg":"HS256","typ":"at+jwt","kid":"{}"}}"#,
            key.kid()
        )),
        URL_SAFE_NO_PAD.encode(claims().to_string())
    );
    let tag = aws_lc_rs::hmac::sign(&secret, signed.as_bytes());
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()));
    assert_eq!(check(&token, &keys).unwrap_err(), JoseError::Algorithm);
}

#[test]
fn lifetimes_can_be_ignored_for_hints_only() {
    let key = key(Algorithm::ES256);
    let mut claims = claims();
    claims["exp"] = json!(1);
    let token = key.sign(typ::JWT, &claims).unwrap();
    let expected = Expected {
        typ: &[typ::JWT],
        lifetime: Lifetime::Ignored,
        ..EXPECTED
    };
    assert!(verify::<Value>(&token, &[public(&key)], &expected).is_ok());
    let expected = Expected {
        typ: &[typ::JWT],
        ..EXPECTED
    };
    assert_eq!(
        verify::<Value>(&token, &[public(&key)], &expected).unwrap_err(),
        JoseError::Expired
    );
    assert_eq!(decode_unverified(&token).unwrap().text("sub"), Some("u"));
}

#[test]
fn sets_skip_what_is_unknown_and_refuse_what_is_private() {
    let own = serde_json::to_value(key(Algorithm::ES256).public_jwk()).unwrap();
    let set = json!({ "keys": [own, {"kty": "EC", "crv": "P-384"}, {"kty": "AKP", "alg": "ML-DSA-44"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, {"kty": "RSA", "n": "AQAB", "e": "AQAB"}] });
    assert_eq!(JwkSet::parse(&set).unwrap().keys.len(), 1);
    for private in ["d", "p", "k"] {
        let mut set = set.clone();
        set["keys"][0][private] = json!("AA");
        assert_eq!(JwkSet::parse(&set), Err(JoseError::PrivateKey));
    }
    for malformed in [
        json!({}),
        json!({"keys": {}}),
        json!({"keys": [1]}),
        json!([]),
    ] {
        assert!(JwkSet::parse(&malformed).is_err());
    }
    let written = serde_json::to_string(&JwkSet::parse(&set).unwrap()).unwrap();
    assert_eq!(
        serde_json::from_str::<JwkSet>(&written).unwrap().keys.len(),
        1
    );
}

#[test]
fn keys_of_the_wrong_form_are_refused() {
    let ec = serde_json::to_value(key(Algorithm::ES256).public_jwk()).unwrap();
    let rsa = serde_json::to_value(key(Algorithm::RS256).public_jwk()).unwrap();
    let even = URL_SAFE_NO_PAD.encode([2]);
    for (base, name, value) in [
        (&ec, "use", json!("enc")),
        (&ec, "alg", json!("RS256")),
        (&ec, "alg", json!("none")),
        (&ec, "kid", json!(1)),
        (&ec, "kid", json!("x".repeat(257))),
        (&ec, "crv", json!("secp256k1")),
        (&rsa, "e", json!(even)),
        (&rsa, "e", json!("AQ")),
        (&rsa, "n", json!(URL_SAFE_NO_PAD.encode([255; 128]))),
        (&rsa, "n", json!(URL_SAFE_NO_PAD.encode([127; 256]))),
    ] {
        let mut jwk: Map<String, Value> = base.as_object().cloned().unwrap();
        jwk.insert(name.to_owned(), value.clone());
        assert!(PublicJwk::parse(&jwk).is_err(), "{name}: {value}");
    }
    let rsa = PublicJwk::parse(rsa.as_object().unwrap()).unwrap();
    assert!(VerificationKey::from_jwk(&rsa, Some(Algorithm::PS256)).is_err());
    assert!(VerificationKey::from_jwk(&rsa, Some(Algorithm::ES256)).is_err());
}

proptest! {
    #[test]
    fn reading_never_panics(token in "[A-Za-z0-9_.=-]{0,200}", any in "\\PC{0,60}") {
        let _ = decode_unverified(&token);
        let _ = decode_unverified(&any);
    }

    /// One flipped character anywhere is one invalid token.
    #[test]
    fn no_mutant_of_a_token_is_accepted(position in 0usize..1000, replacement in "[A-Za-z0-9_.-]") {
        static KEY: OnceLock<(SigningKey, VerificationKey, String)> = OnceLock::new();
        let (_, public, token) = KEY.get_or_init(|| {
            let key = key(Algorithm::EdDSA);
            let public = public(&key);
            let token = key.sign(typ::ACCESS_TOKEN, &claims()).unwrap();
            (key, public, token)
        });
        let position = position % token.len();
        let mut mutant = token.clone();
        mutant.replace_range(position..=position, &replacement);
        let accepted = check(&mutant, std::slice::from_ref(public)).is_ok();
        prop_assert_eq!(accepted, mutant == *token);
    }
}
