//! Tokens that must not get in, each one step away from a good one.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_verify::VerifyError;
use identity_verify::jwk::Algorithm;
use identity_verify::testing::SigningKey;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{AUDIENCE, World};

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn with(mut header: Value, member: &str, value: Value) -> Value {
    header[member] = value;
    header
}

fn changed(world: &World, member: &str, value: Value) -> String {
    let payload = serde_json::to_vec(&world.issuer.claims(AUDIENCE)).unwrap();
    world.issuer.sign(
        &with(world.issuer.header("at+jwt"), member, value),
        &payload,
    )
}

#[tokio::test]
async fn tok_01_headers_cannot_choose_how_they_are_checked() {
    use VerifyError as E;
    let world = World::new().await;
    let verifier = world.verifier();
    let refused = [
        ("alg", json!("none"), E::AlgorithmNotAllowed),
        ("alg", json!("nOnE"), E::AlgorithmNotAllowed),
        ("alg", json!("es256"), E::AlgorithmNotAllowed),
        ("alg", json!("ES384"), E::AlgorithmNotAllowed),
        ("alg", json!("RS256"), E::AlgorithmMismatch),
        ("kid", json!("../../dev/null"), E::UnknownKey),
        ("kid", json!("x' UNION SELECT 'k"), E::UnknownKey),
        ("kid", json!(""), E::UnknownKey),
        ("x5c", json!([]), E::ForbiddenHeader("x5c")),
        ("crit", json!(["exp"]), E::ForbiddenHeader("crit")),
        ("crit", json!(null), E::ForbiddenHeader("crit")),
        ("b64", json!(false), E::ForbiddenHeader("b64")),
        ("zip", json!("DEF"), E::ForbiddenHeader("zip")),
        ("typ", json!("JWT"), E::WrongType),
        ("typ", json!("logout+jwt"), E::WrongType),
        ("typ", json!("at+jwt "), E::WrongType),
    ];
    for (member, value, expected) in refused {
        let token = changed(&world, member, value.clone());
        assert_eq!(
            verifier.verify(&token).await.unwrap_err(),
            expected,
            "{member} {value}"
        );
    }
    assert_eq!(
        world.issuer.jwks_requests(),
        2,
        "the first load, and one for all unknown names"
    );
}

#[tokio::test]
async fn tok_01_headers_have_their_members_and_types() {
    use VerifyError as E;
    let world = World::new().await;
    let verifier = world.verifier();
    for (member, value) in [
        ("alg", json!(1)),
        ("typ", json!(null)),
        ("kid", json!(1)),
        ("kid", json!(null)),
    ] {
        let refused = verifier
            .verify(&changed(&world, member, value))
            .await
            .unwrap_err();
        assert!(matches!(refused, E::Header(_)), "{member}");
    }
    for typ in [
        "at+jwt",
        "application/at+jwt",
        "AT+JWT",
        "Application/at+JWT",
    ] {
        assert!(
            verifier
                .verify(&changed(&world, "typ", json!(typ)))
                .await
                .is_ok(),
            "{typ}"
        );
    }
    let payload = serde_json::to_vec(&world.issuer.claims(AUDIENCE)).unwrap();
    for missing in ["alg", "typ", "kid"] {
        let mut less = world.issuer.header("at+jwt");
        less.as_object_mut().unwrap().remove(missing);
        assert!(
            verifier
                .verify(&world.issuer.sign(&less, &payload))
                .await
                .is_err(),
            "{missing}"
        );
    }
}

#[tokio::test]
async fn tok_01_tokens_cannot_bring_their_own_key() {
    use VerifyError as E;
    let world = World::new().await;
    let verifier = world.verifier();
    let payload = serde_json::to_vec(&world.issuer.claims(AUDIENCE)).unwrap();
    let header = world.issuer.header("at+jwt");
    let own = SigningKey::generate(Algorithm::Es256, "own");
    let canary = json!("http://127.0.0.1:1/");
    assert_eq!(
        verifier
            .verify(&own.jws(&header, &payload))
            .await
            .unwrap_err(),
        E::BadSignature
    );
    for (member, value) in [("jwk", own.jwk()), ("jku", canary.clone()), ("x5u", canary)] {
        let refused = verifier
            .verify(&own.jws(&with(header.clone(), member, value), &payload))
            .await;
        assert_eq!(refused.unwrap_err(), E::ForbiddenHeader(member));
    }
}

#[tokio::test]
async fn tok_01_public_keys_are_no_secrets_for_hs256() {
    let world = World::new().await;
    let verifier = world.verifier();
    let rsa = world.issuer.rotate(Algorithm::Rs256);
    let payload = serde_json::to_vec(&world.issuer.claims(AUDIENCE)).unwrap();
    let jwk = rsa.jwk();
    let n = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    for secret in [
        jwk.to_string().into_bytes(),
        n,
        b"-----BEGIN PUBLIC KEY-----".to_vec(),
        vec![],
    ] {
        let header = with(world.issuer.header("at+jwt"), "alg", json!("HS256"));
        let message = format!("{}.{}", b64(header.to_string()), b64(&payload));
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let token = format!("{message}.{}", b64(hmac::sign(&key, message.as_bytes())));
        assert_eq!(
            verifier.verify(&token).await.unwrap_err(),
            VerifyError::AlgorithmNotAllowed
        );
    }
}

#[tokio::test]
async fn tok_01_a_token_is_three_parts_with_a_signature() {
    let world = World::new().await;
    let verifier = world.verifier();
    let good = world.good();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let flipped = if signature.starts_with('A') { 'B' } else { 'A' };
    for bad in [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        message.into(),
        format!("{message}."),
        format!("{good}."),
        format!("{good}.{signature}"),
        format!("{good}="),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{message}.{flipped}{}", &signature[1..]),
        format!("{message}.{}", b64([0_u8; 64])),
        format!("{message}.{}", b64([0_u8; 63])),
        good.replace('.', ".."),
        good.to_uppercase(),
    ] {
        assert!(verifier.verify(&bad).await.is_err(), "{bad}");
    }
    assert_eq!(
        verifier.verify(&"a".repeat(20_000)).await.unwrap_err(),
        VerifyError::TooLong
    );
    assert!(verifier.verify(&good).await.is_ok());
}

#[tokio::test]
async fn tok_02_signed_claims_of_the_wrong_type_are_refused() {
    let world = World::new().await;
    let verifier = world.verifier();
    let good = serde_json::to_value(world.issuer.claims(AUDIENCE)).unwrap();
    let header = world.issuer.header("at+jwt");
    let wrong = [
        ("exp", json!("9999999999")),
        ("exp", json!(9e300)),
        ("nbf", json!({})),
        ("nbf", json!("0")),
        ("nbf", json!(null)),
        ("aud", json!(5)),
        ("iat", json!(1e300)),
        ("sub", json!(["ana"])),
        ("iss", json!([world.issuer.issuer()])),
    ];
    for (member, value) in wrong {
        let payload = with(good.clone(), member, value).to_string();
        let token = world.issuer.sign(&header, payload.as_bytes());
        let refused = verifier.verify(&token).await.unwrap_err();
        assert!(
            matches!(refused, VerifyError::Claims(_)),
            "{member}: {refused}"
        );
    }
    let twice = good.to_string().replacen('{', r#"{"sub":"admin","#, 1);
    let token = world.issuer.sign(&header, twice.as_bytes());
    assert!(matches!(
        verifier.verify(&token).await.unwrap_err(),
        VerifyError::Claims(_)
    ));
    for issuer in [
        "https://evil.test",
        "",
        &format!("{}/", world.issuer.issuer()),
    ] {
        let payload = with(good.clone(), "iss", json!(issuer)).to_string();
        let token = world.issuer.sign(&header, payload.as_bytes());
        assert_eq!(
            verifier.verify(&token).await.unwrap_err(),
            VerifyError::WrongIssuer
        );
    }
}

#[tokio::test]
async fn duplicate_header_members_are_refused() {
    let world = World::new().await;
    let payload = serde_json::to_vec(&world.issuer.claims(AUDIENCE)).unwrap();
    let header = world
        .issuer
        .header("at+jwt")
        .to_string()
        .replacen('{', r#"{"alg":"none","#, 1);
    let message = format!("{}.{}", b64(header), b64(&payload));
    let signature = b64(world.issuer.key().sign(message.as_bytes()));
    let token = format!("{message}.{signature}");
    assert!(matches!(
        world.verifier().verify(&token).await.unwrap_err(),
        VerifyError::Header(_)
    ));
}

#[test]
fn no_text_makes_the_verifier_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (verifier, good) = runtime.block_on(async {
        let world = World::new().await;
        (world.verifier(), world.good())
    });
    let mut runner = proptest::test_runner::TestRunner::default();
    let arbitrary = prop_oneof![
        any::<String>(),
        "[A-Za-z0-9_.-]{0,300}",
        (0..good.len(), any::<char>()).prop_map(move |(at, with)| {
            let mut token: Vec<char> = good.chars().collect();
            token[at] = with;
            token.into_iter().collect()
        }),
    ];
    runner
        .run(&arbitrary, |token| {
            let _ = runtime.block_on(verifier.verify(&token));
            Ok(())
        })
        .unwrap();
}
