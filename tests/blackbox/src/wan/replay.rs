//! WAN-02, and PWD-03 for passkeys.

use std::sync::Arc;

use identity_harness::app::App;
use identity_harness::authenticator::{Authenticator, Passkeys};
use identity_harness::page::parameter;
use identity_harness::seed::ALICE;
use reqwest::Method;
use url::Url;

use super::{ADD, Waiting, assert_refused, enrolled, filled, options, sign_in};

const TRIES: usize = 50;

#[tokio::test]
async fn wan_02_an_assertion_works_once() {
    an_assertion_works_once(Authenticator::new).await;
}

pub async fn an_assertion_works_once<P: Passkeys>(make: fn(&Url) -> P) {
    let app = App::start().await;
    let mut alice = make(&app.origin);
    enrolled(&app, ALICE, &mut alice).await;
    let waiting = Waiting::new(&app).await;
    let credential = alice.get(&waiting.options().await);
    let page = waiting.answer(&credential).await;
    waiting.claims(&page).await;

    // In the same login, which is over.
    let again = waiting.answer(&credential).await;
    assert!(again.status >= 400, "{}", again.summary());
    assert!(again.location().is_none(), "{}", again.summary());
    // In another one.
    waiting.browser.forget("session");
    let other = Waiting::at(&app, app.browser()).await;
    other.options().await;
    let page = other.answer(&credential).await;
    assert_refused(&other, &page, "replayed");
}

#[tokio::test]
async fn wan_02_of_many_who_bring_the_same_assertion_one_gets_through() {
    let app = App::start().await;
    for counts in [false, true] {
        let mut alice = Authenticator::new(&app.origin);
        alice.counts = counts;
        enrolled_again(&app, &mut alice).await;
        let waiting = Waiting::new(&app).await;
        let credential = alice.get(&waiting.options().await);
        let form = filled(&waiting.page, &credential);
        let browser = Arc::new(waiting.browser);
        let tries: Vec<_> = (0..TRIES)
            .map(|_| {
                let (browser, data, path) = (
                    Arc::clone(&browser),
                    form.data(),
                    form.action.path().to_owned(),
                );
                let origin = app.origin.origin().ascii_serialization();
                tokio::spawn(async move {
                    let fields: Vec<(&str, &str)> = data
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.as_str()))
                        .collect();
                    let headers = [
                        ("origin", origin.as_str()),
                        ("sec-fetch-site", "same-origin"),
                    ];
                    browser
                        .request_raw(Method::POST, &path, &fields, &headers)
                        .await
                })
            })
            .collect();
        let mut through = 0;
        for tried in tries {
            let page = tried.await.unwrap();
            let code = page.location().and_then(|url| parameter(&url, "code"));
            through += usize::from(code.is_some());
            assert!(page.status < 500, "{}", page.summary());
        }
        assert_eq!(through, 1, "counts: {counts}");
    }
}

/// The person may have a passkey already, which a fresh proof needs then.
async fn enrolled_again(app: &App, authenticator: &mut Authenticator) {
    let person = if authenticator.counts {
        identity_harness::seed::BOB
    } else {
        ALICE
    };
    enrolled(app, person, authenticator).await;
}

#[tokio::test]
async fn wan_02_a_registration_works_once() {
    let app = App::start().await;
    let browser = app.browser();
    browser
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    let page = browser.open(ADD).await;
    let mut alice = Authenticator::new(&app.origin);
    let credential = alice.create(&options(&browser, &page).await["publicKey"]);
    let first = browser.send(&filled(&page, &credential)).await;
    assert_eq!(first.status, 200, "{}", first.summary());
    let again = browser.send(&filled(&page, &credential)).await;
    assert_eq!(again.status, 422, "{}", again.summary());
    sign_in(&app, &mut alice).await;
}

#[tokio::test]
async fn pwd_03_a_flood_of_guesses_does_not_shut_a_passkey_out() {
    let app = App::start().await;
    let mut alice = Authenticator::new(&app.origin);
    enrolled(&app, ALICE, &mut alice).await;
    let attacker = app.browser();
    let rp = app.client("web1").await;
    let mut throttled = false;
    for _ in 0..10 {
        let url = rp.attempt().url();
        let page = attacker
            .sign_in(&url, ALICE.email, "not her password")
            .await;
        throttled |= page.status == 429;
    }
    assert!(throttled, "the flood was felt");
    assert_eq!(sign_in(&app, &mut alice).await["email"], ALICE.email);
}
