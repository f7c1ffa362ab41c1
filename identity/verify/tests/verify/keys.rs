//! Keys: outages, rotation, unknown names.

use std::time::Duration;

use identity_verify::VerifyError;
use identity_verify::jwk::{Algorithm, KeySet};
use identity_verify::testing::SigningKey;
use serde_json::{Value, json};

use crate::{AUDIENCE, World};

fn long_lived(world: &World) -> String {
    let mut claims = world.issuer.claims(AUDIENCE);
    claims.exp += 1_000_000;
    claims.status = None;
    world.issuer.mint(&claims)
}

#[tokio::test]
async fn an_outage_of_the_issuer_keeps_the_last_good_keys() {
    let world = World::new().await;
    let verifier = world.verifier();
    let token = long_lived(&world);
    assert!(verifier.verify(&token).await.is_ok());
    world.issuer.set_down(true);
    for _ in 0..48 {
        world.clock.advance(Duration::from_hours(1));
        assert!(verifier.verify(&token).await.is_ok());
    }
    world.issuer.set_down(false);
    world.clock.advance(Duration::from_hours(1));
    assert!(verifier.verify(&token).await.is_ok());
}

#[tokio::test]
async fn without_keys_tokens_wait_for_the_issuer_instead_of_being_called_invalid() {
    let world = World::new().await;
    let verifier = world.verifier();
    let token = long_lived(&world);
    world.issuer.set_down(true);
    assert!(!verifier.ready().await);
    let refused = verifier.verify(&token).await.unwrap_err();
    assert!(refused == VerifyError::KeysUnavailable && refused.is_unavailable());
    world.issuer.set_down(false);
    assert!(
        verifier.verify(&token).await.is_err(),
        "no storm: one attempt a second"
    );
    world.clock.advance(Duration::from_secs(1));
    assert!(verifier.verify(&token).await.is_ok());
}

#[tokio::test]
async fn discovery_of_another_issuer_is_not_believed() {
    let world = World::new().await;
    world.issuer.claim_to_be("https://evil.test");
    assert_eq!(
        world.verifier().verify(&world.good()).await.unwrap_err(),
        VerifyError::KeysUnavailable
    );
    assert_eq!(world.issuer.jwks_requests(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_key_names_cause_one_fetch_per_cool_down() {
    let world = World::new().await;
    let verifier = world.verifier();
    assert!(verifier.verify(&long_lived(&world)).await.is_ok());
    assert_eq!(world.issuer.jwks_requests(), 1);
    let stranger = SigningKey::generate(Algorithm::Es256, "stranger");
    let header = json!({"alg": "ES256", "typ": "at+jwt", "kid": "stranger"});
    let token = stranger.jws(
        &header,
        &serde_json::to_vec(&world.issuer.claims(AUDIENCE)).unwrap(),
    );
    for round in 1..=3 {
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let (verifier, token) = (verifier.clone(), token.clone());
            asking.spawn(async move { verifier.verify(&token).await.unwrap_err() });
        }
        for refused in asking.join_all().await {
            assert_eq!(refused, VerifyError::UnknownKey);
        }
        assert_eq!(world.issuer.jwks_requests(), 1 + round);
        world.clock.advance(Duration::from_secs(30));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_tokens_share_one_fetch() {
    let world = World::new().await;
    let verifier = world.verifier();
    let token = long_lived(&world);
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let (verifier, token) = (verifier.clone(), token.clone());
        asking.spawn(async move { verifier.verify(&token).await.is_ok() });
    }
    assert!(asking.join_all().await.into_iter().all(|good| good));
    assert_eq!(world.issuer.jwks_requests(), 1);
}

#[tokio::test]
async fn tok_09_a_new_key_is_found_at_once_and_an_old_one_lasts_until_withdrawn() {
    let world = World::new().await;
    let verifier = world.verifier();
    let before = long_lived(&world);
    assert!(verifier.verify(&before).await.is_ok());
    let old = world.issuer.key();
    world.issuer.rotate(Algorithm::EdDsa);
    assert!(verifier.verify(&long_lived(&world)).await.is_ok());
    assert!(verifier.verify(&before).await.is_ok());
    world.issuer.withdraw(old.kid());
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(
        verifier.verify(&before).await.unwrap_err(),
        VerifyError::UnknownKey
    );
}

#[tokio::test]
async fn keys_are_kept_for_their_max_age_and_then_asked_for_by_entity_tag() {
    let world = World::new().await;
    let verifier = world.verifier();
    let token = long_lived(&world);
    for _ in 0..50 {
        assert!(verifier.verify(&token).await.is_ok());
    }
    world.clock.advance(Duration::from_secs(479));
    assert!(verifier.verify(&token).await.is_ok());
    assert_eq!(world.issuer.jwks_requests(), 1);
    world.clock.advance(Duration::from_mins(3));
    assert!(verifier.verify(&token).await.is_ok());
    assert_eq!(world.issuer.jwks_requests(), 2);
}

#[tokio::test]
async fn a_clock_that_jumps_back_does_not_stop_refreshing() {
    let world = World::new().await;
    let verifier = world.verifier();
    let token = long_lived(&world);
    assert!(verifier.verify(&token).await.is_ok());
    world.clock.set_back(Duration::from_secs(8));
    assert!(verifier.verify(&token).await.is_ok());
    assert_eq!(world.issuer.jwks_requests(), 2);
}

#[test]
fn only_public_signature_keys_of_known_kinds_are_taken() {
    let es = SigningKey::generate(Algorithm::Es256, "k").jwk();
    let ed = SigningKey::generate(Algorithm::EdDsa, "k").jwk();
    let rsa = SigningKey::generate(Algorithm::Ps256, "k").jwk();
    let taken = |jwk: &Value| {
        !KeySet::from_json(json!({"keys": [jwk]}).to_string().as_bytes())
            .unwrap()
            .is_empty()
    };
    for good in [&es, &ed, &rsa] {
        assert!(taken(good));
    }
    let cases = [
        (&es, "use", json!("enc")),
        (&es, "key_ops", json!(["sign"])),
        (&es, "alg", json!("RS256")),
        (&es, "alg", json!("HS256")),
        (&es, "crv", json!("P-384")),
        (&es, "crv", json!("secp256k1")),
        (&es, "x", json!("AAAA")),
        (&es, "x", es["y"].clone()),
        (&es, "d", json!("AAAA")),
        (&es, "kid", json!(1)),
        (&ed, "alg", json!("ES256")),
        (&ed, "x", json!("")),
        (&ed, "kty", json!("oct")),
        (&rsa, "alg", json!("ES256")),
        (&rsa, "n", json!("AQAB")),
        (&rsa, "e", json!("AA")),
        (&rsa, "kty", json!("EC")),
    ];
    for (jwk, member, value) in cases {
        let mut jwk = jwk.clone();
        jwk[member] = value.clone();
        assert!(!taken(&jwk), "{member}: {value}");
    }
    let secret = json!({"kty": "oct", "k": "AAAA", "kid": "k", "alg": "HS256"});
    assert!(!taken(&secret));
    for broken in ["", "{}", "[]", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#] {
        assert!(KeySet::from_json(broken.as_bytes()).is_err(), "{broken}");
    }
}

#[test]
fn a_second_key_of_the_same_name_does_not_replace_the_first() {
    let first = SigningKey::generate(Algorithm::EdDsa, "k");
    let second = SigningKey::generate(Algorithm::EdDsa, "k");
    let set = json!({"keys": [first.jwk(), second.jwk()]}).to_string();
    let set = KeySet::from_json(set.as_bytes()).unwrap();
    assert!(set.get("k").unwrap().verify(b"m", &first.sign(b"m")));
    assert!(!set.get("k").unwrap().verify(b"m", &second.sign(b"m")));
}
