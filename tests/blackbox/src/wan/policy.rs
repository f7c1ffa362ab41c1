//! WAN-03 and WAN-04: which credentials may be registered and used.

use identity_harness::app::App;
use identity_harness::authenticator::{Authenticator, BE, BS, Parts, Passkeys, UP, UV};
use identity_harness::seed::{ALICE, BOB};
use serde_json::json;
use url::Url;

use super::{ADD, LIST, Waiting, add, add_with, assert_refused, enrolled, options, sign_in};

#[tokio::test]
async fn wan_03_nobody_registers_a_credential_id_that_exists() {
    let app = App::start().await;
    let mut alice = Authenticator::new(&app.origin);
    let hers = enrolled(&app, ALICE, &mut alice).await;
    let taken = alice.keys[0].id.clone();
    let as_hers = |parts: &mut Parts| {
        use base64::Engine as _;
        let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&taken);
        parts.attested_id.clone_from(&taken);
        parts.raw_id.clone_from(&id);
        parts.id = id;
    };
    let his = app.browser();
    his.sign_in("/account", BOB.email, BOB.password).await;
    let page = add_with(&his, &mut Authenticator::new(&app.origin), as_hers).await;
    assert_eq!(page.status, 422, "{}", page.summary());
    assert!(!his.open(LIST).await.has("[data-part=passkeys]"));
    // Nor does she herself, a second time: a browser is told by excludeCredentials, the server checks.
    let page = hers.open(ADD).await;
    let asked = options(&hers, &page).await;
    assert_eq!(
        asked["publicKey"]["excludeCredentials"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    let page = add_with(&hers, &mut Authenticator::new(&app.origin), as_hers).await;
    assert_eq!(page.status, 422, "{}", page.summary());
    assert_eq!(sign_in(&app, &mut alice).await["email"], ALICE.email);
}

#[tokio::test]
async fn wan_04_a_registration_against_the_rules_is_refused_on_the_server() {
    every_changed_registration_is_refused(Authenticator::new).await;
}

pub async fn every_changed_registration_is_refused<P: Passkeys>(make: fn(&Url) -> P) {
    type Change = fn(&mut Parts);
    let app = App::start().await;
    let browser = app.browser();
    browser
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    let changes: [(&str, Change); 14] = [
        ("nobody verified", |p| p.flags &= !UV),
        ("nobody present", |p| p.flags &= !UP),
        ("backed up, not eligible", |p| {
            p.flags = p.flags & !BE | BS;
        }),
        ("an algorithm nobody asked for", |p| p.algorithm = -8),
        ("another algorithm", |p| p.algorithm = -9),
        ("an assertion", |p| p.client_type = "webauthn.get".into()),
        ("another origin", |p| {
            p.origin = "https://badidp.test".into();
        }),
        ("another relying party", |p| p.rp_id = "badidp.test".into()),
        ("in a frame", |p| p.more = json!({"crossOrigin": true})),
        ("an invented challenge", |p| {
            p.challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into();
        }),
        ("id and rawId differ", |p| p.id = "AAAA".into()),
        ("an id beside the attested one", |p| {
            p.id = "AAAAAAAAAAAAAAAAAAAAAA".into();
            p.raw_id.clone_from(&p.id);
        }),
        ("no public key", |p| p.kind = "password".into()),
        ("an endless id", |p| p.attested_id = vec![7; 1024]),
    ];
    for (what, change) in changes {
        let page = add_with(&browser, &mut make(&app.origin), change).await;
        assert_eq!(page.status, 422, "{what}: {}", page.summary());
    }
    assert!(!browser.open(LIST).await.has("[data-part=passkeys]"));
    let page = add(&browser, &mut make(&app.origin)).await;
    assert_eq!(page.status, 200, "{}", page.summary());
    let page = add_with(&browser, &mut make(&app.origin), super::proof::allowed).await;
    assert_eq!(page.status, 200, "{}", page.summary());
}

#[tokio::test]
async fn wan_04_where_keys_must_not_be_copied_those_that_can_are_refused() {
    let app = App::start().await;
    let (mut manager, mut key) = (
        Authenticator::synced(&app.origin),
        Authenticator::new(&app.origin),
    );
    enrolled(&app, ALICE, &mut manager).await;
    enrolled(&app, BOB, &mut key).await;
    let app = app
        .restart_with(|config| config.mfa.device_bound_only = true)
        .await;
    let waiting = Waiting::new(&app).await;
    let page = waiting.answer(&manager.get(&waiting.options().await)).await;
    assert_refused(&waiting, &page, "a key that can be copied");
    assert_eq!(sign_in(&app, &mut key).await["email"], BOB.email);

    let browser = app.browser();
    browser
        .sign_in("/account", "adam@a.test", "copper-window-sails-31")
        .await;
    let page = add(&browser, &mut Authenticator::synced(&app.origin)).await;
    assert_eq!(page.status, 422, "{}", page.summary());
    let page = add(&browser, &mut Authenticator::new(&app.origin)).await;
    assert_eq!(page.status, 200, "{}", page.summary());
}

#[tokio::test]
async fn wan_04_where_passkeys_are_not_allowed_there_are_none() {
    let app = App::start().await;
    let mut key = Authenticator::new(&app.origin);
    enrolled(&app, ALICE, &mut key).await;
    let waiting = Waiting::new(&app).await;
    let credential = key.get(&waiting.options().await);
    let path = waiting.page.form("credential").action.path().to_owned();
    let app = app
        .restart_with(|config| {
            config.mfa.methods.remove(0);
        })
        .await;
    let page = waiting.answer(&credential).await;
    assert_eq!(page.status, 422, "{}", page.summary());
    assert!(!page.has("form[data-passkey]"));
    assert!(waiting.browser.cookie("session").is_none());
    assert!(path.ends_with("/passkey"));
    assert_eq!(
        super::ask(&waiting.browser, &waiting.page).await.status,
        404
    );
    assert_eq!(app.get("/.well-known/passkey-endpoints").await.status, 404);
}
