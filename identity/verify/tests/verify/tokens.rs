//! Good tokens, their claims, and time.

use std::time::Duration;

use identity_verify::claims::{Audience, Confirmation};
use identity_verify::jwk::Algorithm;
use identity_verify::verifier::{BuildError, Kind, Verifier};
use identity_verify::{Organization, VerifyError};
use serde_json::json;

use crate::{AUDIENCE, World};

#[tokio::test]
async fn a_good_token_of_every_algorithm_is_accepted() {
    let world = World::new().await;
    let verifier = world
        .builder()
        .refetch_cooldown(Duration::ZERO)
        .build()
        .unwrap();
    for algorithm in Algorithm::ALL {
        world.issuer.rotate(algorithm);
        assert!(verifier.verify(&world.good()).await.is_ok(), "{algorithm}");
    }
}

#[tokio::test]
async fn a_verified_token_tells_who_may_do_what() {
    let world = World::new().await;
    let token = world.verifier().verify(&world.good()).await.unwrap();
    assert_eq!((token.subject(), token.client_id()), ("ana", "client"));
    assert_eq!(token.session(), Some("session-1"));
    assert_eq!(
        token.organization(),
        Some(Organization {
            id: "org-1",
            slug: Some("acme")
        })
    );
    assert!(token.has_scope("openid") && !token.has_scope("open"));
    assert!(token.has_role("admin") && !token.has_role("viewer"));
    assert!(token.has_permission("chat:read") && token.require_permission("chat:write").is_err());
    assert!(!format!("{token:?}").contains("ana"));
}

#[tokio::test]
async fn times_are_judged_with_a_small_leeway() {
    let world = World::new().await;
    let verifier = world.verifier();
    let good = world.issuer.claims(AUDIENCE);
    let now = good.iat;
    let times = [
        (now - 600, now - 4, None, Ok(())),
        (now - 600, now - 5, None, Err(VerifyError::Expired)),
        (now - 600, now - 100, None, Err(VerifyError::Expired)),
        (now + 10, now + 600, None, Ok(())),
        (now + 11, now + 600, None, Err(VerifyError::IssuedInFuture)),
        (now, now + 600, Some(now + 10), Ok(())),
        (
            now,
            now + 600,
            Some(now + 11),
            Err(VerifyError::NotYetValid),
        ),
        (now, now, None, Err(VerifyError::NoLifetime)),
        (now, now - 1, None, Err(VerifyError::NoLifetime)),
        (-1, now + 600, None, Err(VerifyError::NoLifetime)),
        (now, i64::MAX, Some(i64::MIN), Ok(())),
        (
            i64::MAX - 1,
            i64::MAX,
            None,
            Err(VerifyError::IssuedInFuture),
        ),
        (i64::MIN, i64::MIN + 1, None, Err(VerifyError::NoLifetime)),
    ];
    for (iat, exp, nbf, expected) in times {
        let mut claims = good.clone();
        (claims.iat, claims.exp, claims.nbf) = (iat, exp, nbf);
        let verdict = verifier.verify(&world.issuer.mint(&claims)).await.map(drop);
        assert_eq!(verdict, expected, "iat {iat} exp {exp} nbf {nbf:?}");
    }
}

#[tokio::test]
async fn tok_07_a_token_for_another_resource_is_refused() {
    let world = World::new().await;
    let verifier = world.verifier();
    for other in [
        "https://analysis.acme.test",
        "https://chat.acme.test/",
        "https://CHAT.acme.test",
        "",
    ] {
        let token = world.issuer.mint(&world.issuer.claims(other));
        assert_eq!(
            verifier.verify(&token).await.unwrap_err(),
            VerifyError::WrongAudience,
            "{other}"
        );
    }
    let mut claims = world.issuer.claims(AUDIENCE);
    claims.aud = Audience::many(vec!["https://x.test".into(), AUDIENCE.into()]).unwrap();
    assert!(verifier.verify(&world.issuer.mint(&claims)).await.is_ok());
}

#[tokio::test]
async fn tok_12_a_bound_token_is_not_a_bearer_token() {
    let world = World::new().await;
    let mut claims = world.issuer.claims(AUDIENCE);
    claims.cnf = Some(Confirmation {
        jkt: Some("thumbprint".into()),
        x5t_s256: None,
    });
    let token = world.issuer.mint(&claims);
    assert_eq!(
        world.verifier().verify(&token).await.unwrap_err(),
        VerifyError::SenderConstrained
    );
    let aware = world.builder().accept_sender_constrained().build().unwrap();
    assert!(aware.verify(&token).await.is_ok());
}

#[tokio::test]
async fn tok_03_other_tokens_of_the_issuer_are_opened_only_as_what_they_are() {
    let world = World::new().await;
    let verifier = world.verifier();
    let payload = br#"{"sub":"ana"}"#;
    let id_token = world.issuer.sign(&world.issuer.header("JWT"), payload);
    let logout = world
        .issuer
        .sign(&world.issuer.header("logout+jwt"), payload);
    assert_eq!(
        verifier.verify(&id_token).await.unwrap_err(),
        VerifyError::WrongType
    );
    assert_eq!(
        verifier.verify(&logout).await.unwrap_err(),
        VerifyError::WrongType
    );
    assert_eq!(
        verifier
            .signed_payload(&id_token, Kind::IdToken)
            .await
            .unwrap(),
        payload
    );
    assert_eq!(
        verifier
            .signed_payload(&logout, Kind::Typed("logout+jwt"))
            .await
            .unwrap(),
        payload
    );
    for (token, kind) in [
        (&id_token, Kind::Typed("logout+jwt")),
        (&logout, Kind::IdToken),
    ] {
        assert_eq!(
            verifier.signed_payload(token, kind).await.unwrap_err(),
            VerifyError::WrongType
        );
    }
    assert!(
        verifier
            .signed_payload(&world.good(), Kind::IdToken)
            .await
            .is_err()
    );
    let mut untyped = world.issuer.header("JWT");
    untyped.as_object_mut().unwrap().remove("typ");
    let untyped = world.issuer.sign(&untyped, payload);
    assert!(
        verifier
            .signed_payload(&untyped, Kind::IdToken)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn claims_of_the_services_own_are_readable() {
    #[derive(serde::Deserialize)]
    struct Own {
        plan: String,
    }
    let world = World::new().await;
    let mut claims = serde_json::to_value(world.issuer.claims(AUDIENCE)).unwrap();
    claims["plan"] = json!("gold");
    let token = world.issuer.sign(
        &world.issuer.header("at+jwt"),
        claims.to_string().as_bytes(),
    );
    let token = world.verifier().verify(&token).await.unwrap();
    assert_eq!(token.read::<Own>().unwrap().plan, "gold");
}

#[tokio::test]
async fn remembered_tokens_still_expire_and_lose_their_key() {
    let world = World::new().await;
    let verifier = world.builder().remember_verified(8).build().unwrap();
    let token = world.good();
    for _ in 0..3 {
        assert!(verifier.verify(&token).await.is_ok());
    }
    let mut other = token.clone();
    other.pop();
    assert!(verifier.verify(&other).await.is_err());
    world.clock.advance(Duration::from_secs(604));
    assert!(verifier.verify(&token).await.is_ok());
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(
        verifier.verify(&token).await.unwrap_err(),
        VerifyError::Expired
    );

    let token = world.good();
    assert!(verifier.verify(&token).await.is_ok());
    let old = world.issuer.key();
    world.issuer.rotate(Algorithm::EdDsa);
    world.issuer.withdraw(old.kid());
    world.clock.advance(Duration::from_mins(10));
    assert_eq!(
        verifier.verify(&token).await.unwrap_err(),
        VerifyError::UnknownKey
    );
    for _ in 0..200 {
        assert!(verifier.verify(&world.good()).await.is_ok());
    }
}

#[test]
fn a_verifier_needs_an_issuer_and_an_audience() {
    let build = |issuer: &str| Verifier::builder(issuer).audience("a").build().map(drop);
    assert_eq!(build("http://idp.test").unwrap_err(), BuildError::Issuer);
    assert_eq!(build("https://idp.test?x").unwrap_err(), BuildError::Issuer);
    assert!(build("https://idp.test").is_ok());
    let none = Verifier::builder("https://idp.test").build().map(drop);
    assert_eq!(none.unwrap_err(), BuildError::Audience);
    let slack = Verifier::builder("https://idp.test")
        .audience("a")
        .leeway(Duration::from_mins(2));
    assert_eq!(slack.build().map(drop).unwrap_err(), BuildError::Leeway);
    let none = Verifier::builder("https://idp.test")
        .audience("a")
        .algorithms([])
        .build();
    assert_eq!(none.map(drop).unwrap_err(), BuildError::Algorithms);
}
