//! Revocation through the status list.

use std::time::Duration;

use identity_verify::VerifyError;
use identity_verify::claims::{AccessTokenClaims, StatusClaim, StatusReference};
use identity_verify::jwk::Algorithm;
use identity_verify::revocation::WhenUnknown;
use identity_verify::status_list::{Compression, StatusList, StatusListClaims};
use identity_verify::testing::SigningKey;
use serde_json::Value;

use crate::{AUDIENCE, World};

fn long_lived(world: &World) -> (AccessTokenClaims, String) {
    let mut claims = world.issuer.claims(AUDIENCE);
    claims.exp += 100_000;
    let token = world.issuer.mint(&claims);
    (claims, token)
}

const POLL: Duration = Duration::from_secs(2);

#[tokio::test]
async fn s35_a_revoked_token_is_refused_within_one_poll() {
    let world = World::new().await;
    for remembered in [0, 100] {
        let verifier = world
            .builder()
            .remember_verified(remembered)
            .build()
            .unwrap();
        let ((claims, token), (_, other)) = (long_lived(&world), long_lived(&world));
        assert!(verifier.verify(&token).await.is_ok());
        world.issuer.revoke(&claims);
        world.clock.advance(POLL);
        assert_eq!(
            verifier.verify(&token).await.unwrap_err(),
            VerifyError::Revoked
        );
        assert!(verifier.verify(&other).await.is_ok());
    }
}

#[tokio::test]
async fn lists_are_fetched_once_per_poll_and_by_entity_tag() {
    let world = World::new().await;
    let verifier = world.verifier();
    let (_, token) = long_lived(&world);
    for poll in 1..=5 {
        for _ in 0..20 {
            assert!(verifier.verify(&token).await.is_ok());
        }
        assert_eq!(
            (
                world.issuer.status_requests(),
                world.issuer.status_unchanged()
            ),
            (poll, poll - 1)
        );
        world.clock.advance(POLL);
    }
}

#[tokio::test]
async fn an_outage_is_bridged_until_the_list_expires_and_then_the_choice_counts() {
    let world = World::new().await;
    let closed = world.verifier();
    let open = world
        .builder()
        .when_status_unknown(WhenUnknown::Accept)
        .build()
        .unwrap();
    let (claims, revoked) = long_lived(&world);
    let (_, token) = long_lived(&world);
    world.issuer.revoke(&claims);
    for verifier in [&closed, &open] {
        assert!(verifier.verify(&token).await.is_ok());
        assert_eq!(
            verifier.verify(&revoked).await.unwrap_err(),
            VerifyError::Revoked
        );
    }
    world.issuer.set_down(true);
    for _ in 0..5 {
        world.clock.advance(Duration::from_mins(1));
        for verifier in [&closed, &open] {
            assert!(verifier.verify(&token).await.is_ok());
            assert_eq!(
                verifier.verify(&revoked).await.unwrap_err(),
                VerifyError::Revoked
            );
        }
    }
    world.clock.advance(Duration::from_secs(6));
    let refused = closed.verify(&token).await.unwrap_err();
    assert!(refused == VerifyError::StatusUnavailable && refused.is_unavailable());
    assert!(open.verify(&token).await.is_ok());
    world.issuer.set_down(false);
    world.clock.advance(POLL);
    // While failing, requests do not wait: the list comes back beside them.
    while closed.verify(&token).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn status_can_be_left_alone() {
    let world = World::new().await;
    let (claims, token) = long_lived(&world);
    world.issuer.revoke(&claims);
    let careless = world.builder().without_status_list().build().unwrap();
    assert!(careless.verify(&token).await.is_ok());
    assert_eq!(world.issuer.status_requests(), 0);
}

#[tokio::test]
async fn s35_references_outside_the_list_or_the_issuer_are_refused() {
    let world = World::new().await;
    let verifier = world.verifier();
    let ours = format!("{}/oauth2/status/1", world.issuer.issuer());
    let cases = [
        (1024, ours.clone()),
        (u64::MAX, ours),
        (0, "http://127.0.0.1:1/oauth2/status/1".into()),
        (0, format!("{}.evil.test/1", world.issuer.issuer())),
        (0, "file:///etc/passwd".into()),
        (0, String::new()),
    ];
    for (idx, uri) in cases {
        let (mut claims, _) = long_lived(&world);
        claims.status = Some(StatusClaim {
            status_list: StatusReference {
                idx,
                uri: uri.clone(),
            },
        });
        let token = world.issuer.mint(&claims);
        assert_eq!(
            verifier.verify(&token).await.unwrap_err(),
            VerifyError::StatusReference,
            "{uri}"
        );
    }
}

type Change<'a> = &'a dyn Fn(&mut StatusListClaims, &mut Value);

#[tokio::test]
async fn lists_that_are_not_the_issuers_word_are_not_believed() {
    let world = World::new().await;
    let own = || SigningKey::generate(Algorithm::Es256, "x").jwk();
    let changes: [(&str, Change); 9] = [
        ("typ", &|_, header| header["typ"] = "at+jwt".into()),
        ("kid", &|_, header| header["kid"] = "other".into()),
        ("jwk", &|_, header| header["jwk"] = own()),
        ("sub", &|claims, _| claims.sub.push('1')),
        ("iss", &|claims, _| claims.iss = Some("evil".into())),
        ("exp", &|claims, _| claims.exp = Some(claims.iat - 5)),
        ("iat", &|claims, _| claims.iat += 11),
        ("bits", &|claims, _| claims.status_list.bits = 3),
        ("lst", &|claims, _| claims.status_list.lst.push('!')),
    ];
    for (name, change) in changes {
        let mut claims = world.issuer.list_claims();
        let mut header = world.issuer.header("statuslist+jwt");
        change(&mut claims, &mut header);
        let list = world
            .issuer
            .sign(&header, &serde_json::to_vec(&claims).unwrap());
        world.issuer.serve_list(Some(list));
        let (_, token) = long_lived(&world);
        let verdict = world.verifier().verify(&token).await.unwrap_err();
        assert_eq!(verdict, VerifyError::StatusUnavailable, "{name}");
    }
    let stranger = SigningKey::generate(Algorithm::Es256, "key-1");
    let claims = serde_json::to_vec(&world.issuer.list_claims()).unwrap();
    let forged = stranger.jws(&world.issuer.header("statuslist+jwt"), &claims);
    world.issuer.serve_list(Some(forged));
    let (_, token) = long_lived(&world);
    assert_eq!(
        world.verifier().verify(&token).await.unwrap_err(),
        VerifyError::StatusUnavailable
    );
}

#[tokio::test]
async fn an_older_list_does_not_bring_a_revoked_token_back() {
    let world = World::new().await;
    let verifier = world.verifier();
    let (claims, token) = long_lived(&world);
    let old = world.issuer.list_claims();
    world.clock.advance(Duration::from_secs(1));
    world.issuer.revoke(&claims);
    assert_eq!(
        verifier.verify(&token).await.unwrap_err(),
        VerifyError::Revoked
    );
    let header = world.issuer.header("statuslist+jwt");
    world.issuer.serve_list(Some(
        world
            .issuer
            .sign(&header, &serde_json::to_vec(&old).unwrap()),
    ));
    world.clock.advance(POLL);
    assert_eq!(
        verifier.verify(&token).await.unwrap_err(),
        VerifyError::Revoked
    );
}

#[tokio::test]
async fn a_suspended_token_is_refused_too() {
    let world = World::new().await;
    let (claims, token) = long_lived(&world);
    let mut list = StatusList::new(2, 1024).unwrap();
    list.set(claims.status.unwrap().status_list.idx, 2).unwrap();
    let mut claims = world.issuer.list_claims();
    claims.status_list = list.encode(Compression::Best);
    let header = world.issuer.header("statuslist+jwt");
    world.issuer.serve_list(Some(
        world
            .issuer
            .sign(&header, &serde_json::to_vec(&claims).unwrap()),
    ));
    assert_eq!(
        world.verifier().verify(&token).await.unwrap_err(),
        VerifyError::Revoked
    );
}
