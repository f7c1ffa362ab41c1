//! TOK: what a token says, and the keys that sign it.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::forge;
use identity_harness::seed::ALICE;
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::{Value, json};

/// Claims with one name twice, which no map can hold.
struct Twice<'a>(&'a Value, &'a str, Value);

impl Serialize for Twice<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.0.as_object().expect("claims") {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry(self.1, &self.2)?;
        map.end()
    }
}

fn kids(keys: &Value) -> Vec<String> {
    let keys = keys["keys"].as_array().expect("keys");
    keys.iter()
        .map(|key| key["kid"].as_str().expect("a kid").to_owned())
        .collect()
}

#[tokio::test]
async fn tok_02_a_claim_of_another_type_is_no_claim() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let good = tokens.access_claims();
    let untouched = app.sign("at+jwt", &good);
    assert_eq!(rp.userinfo(&untouched).await.status, 200);
    let soon = app.clock.seconds() + 300;
    for (name, value) in [
        ("exp", json!(soon.to_string())),
        ("exp", json!(null)),
        ("exp", json!(true)),
        ("exp", json!(-1)),
        ("exp", json!(1e300)),
        ("exp", json!(app.clock.seconds() - 3600)),
        ("nbf", json!({"at": 0})),
        ("nbf", json!(soon + 3600)),
        ("iat", json!(1e300)),
        ("iat", json!("now")),
        ("aud", json!(7)),
        ("aud", json!([])),
        ("iss", json!(["x"])),
        ("iss", json!("https://elsewhere.test")),
        ("sub", json!(["a"])),
        ("sub", json!("nobody")),
        ("sub", json!("018f0000-0000-7000-8000-000000000000")),
        ("client_id", json!(1)),
        ("scope", json!(["openid"])),
        ("scope", json!("")),
    ] {
        let mut claims = good.clone();
        claims[name] = value.clone();
        let answer = rp.userinfo(&app.sign("at+jwt", &claims)).await;
        // Without a scope the token is good, and not good enough.
        let expected = if value == "" { 403 } else { 401 };
        assert_eq!(answer.status, expected, "{name}={value}: {answer:?}");
    }
    for name in ["exp", "iss", "aud", "sub", "client_id", "iat", "jti"] {
        let mut claims = good.clone();
        claims.as_object_mut().expect("claims").remove(name);
        let answer = rp.userinfo(&app.sign("at+jwt", &claims)).await;
        assert_eq!(answer.status, 401, "without {name}: {answer:?}");
    }
    for (name, value) in [("sub", good["sub"].clone()), ("exp", json!(soon))] {
        let token = app.sign("at+jwt", &Twice(&good, name, value));
        assert_eq!(rp.userinfo(&token).await.status, 401, "{name} twice");
    }
    for typ in ["JWT", "logout+jwt", "", "at+JWT+x"] {
        let answer = rp.userinfo(&app.sign(typ, &good)).await;
        assert_eq!(answer.status, 401, "typ {typ:?}");
    }
}

#[tokio::test]
async fn tok_09_a_rotation_is_announced_before_it_and_remembered_after_it() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let before = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let old = forge::header(&before.id_token)["kid"]
        .as_str()
        .expect("a kid")
        .to_owned();
    let known = kids(&rp.keys().await);
    app.rotate_keys(false).await;
    let announced = kids(&rp.keys().await);
    assert!(announced.len() > known.len(), "{known:?} {announced:?}");
    let still = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    assert_eq!(
        forge::header(&still.id_token)["kid"],
        old,
        "nobody has the new key yet"
    );
    app.clock
        .advance(Duration::from_hours(24) + Duration::from_mins(1));
    app.run_jobs().await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let new = forge::header(&tokens.id_token)["kid"]
        .as_str()
        .expect("a kid")
        .to_owned();
    assert_ne!(new, old);
    assert!(announced.contains(&new), "it was announced");
    assert!(
        kids(&rp.keys().await).contains(&old),
        "tokens of the old key are still out there"
    );
    rp.refresh(tokens.refresh()).await.expect_ok();
    app.clock
        .advance(Duration::from_hours(24) + Duration::from_mins(1));
    app.run_jobs().await;
    assert!(!kids(&rp.keys().await).contains(&old));
}

#[tokio::test]
async fn tok_10_a_revoked_key_is_worth_nothing_at_once() {
    let (app, other) = App::two_nodes().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let kid = forge::header(&tokens.access_token)["kid"]
        .as_str()
        .expect("a kid")
        .to_owned();
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 200);
    app.revoke_key(&kid).await;
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 401);
    assert!(!kids(&rp.keys().await).contains(&kid));
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    assert_ne!(forge::header(&tokens.access_token)["kid"], kid);
    if let Some(node) = other {
        node.run_jobs().await;
        let rp = node.client("web1").await;
        assert!(!kids(&rp.keys().await).contains(&kid), "the other node too");
        assert_eq!(rp.userinfo(&tokens.access_token).await.status, 200);
    }
}

#[tokio::test]
async fn log_06_the_encryption_key_rotates_and_everything_stays_readable() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let column = |rows: &[Value]| -> Vec<String> {
        rows.iter()
            .filter_map(|row| row["private_sealed"].as_str().map(str::to_owned))
            .collect()
    };
    let before = column(&app.database.rows("signing_keys").await);
    app.rotate_encryption().await;
    let after = column(&app.database.rows("signing_keys").await);
    assert!(
        after.iter().all(|sealed| !before.contains(sealed)),
        "a private key is still under the old key"
    );
    let told = told(&app, "encryption").await;
    assert_eq!(told, ["operator"], "who rotated it");
    let app = app.restart().await;
    let rp = app.relying_party(rp.registration.clone()).await;
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 200);
    rp.refresh(tokens.refresh()).await.expect_ok();
    rp.sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
}

/// Who changed the keys whose names contain `part`, in no order.
async fn told(app: &App, part: &str) -> Vec<String> {
    let all = crate::aud::records(app).await;
    let about = all.iter().filter(|record| {
        record["action"]
            .as_str()
            .is_some_and(|action| action.starts_with("key."))
            && record.to_string().contains(part)
    });
    about
        .map(|record| record["actor"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn aud_01_what_operators_do_to_keys_is_recorded_as_theirs() {
    let app = App::start().await;
    let by_operators = async |app: &App| {
        let all = told(app, "").await;
        all.iter().filter(|actor| *actor == "operator").count()
    };
    assert_eq!(by_operators(&app).await, 0, "first keys are the system's");
    app.rotate_keys(false).await;
    let forced = by_operators(&app).await;
    assert!(forced >= 1, "a rotation that an operator asked for");
    app.rotate_keys(true).await;
    let at_once = by_operators(&app).await;
    assert!(at_once > forced, "one that could not wait");
    let keys = app.client("web1").await.keys().await;
    let kid = keys["keys"][0]["kid"].as_str().expect("a key").to_owned();
    app.revoke_key(&kid).await;
    assert!(by_operators(&app).await > at_once, "a revocation");
    // The schedule is nobody's wish.
    let before = by_operators(&app).await;
    app.clock.advance(Duration::from_hours(24 * 100));
    app.run_jobs().await;
    assert_eq!(by_operators(&app).await, before);
}
