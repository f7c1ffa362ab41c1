//! When a person is asked again, and when nobody is asked.

use identity_harness::app::App;
use identity_harness::relying_party::{Attempt, Rejected, RelyingParty};
use identity_harness::seed::{ADAM, ALICE, WEB1_SECRET};
use std::time::Duration;

#[tokio::test]
async fn oau_14_prompt_none_shows_no_page() {
    let mut careful = identity_harness::seed::web("careful", Some(WEB1_SECRET));
    careful["require_consent"] = true.into();
    let app = App::setup()
        .seed(identity_harness::seed::Seed::common().client(careful))
        .start()
        .await;
    let (web1, careful) = (
        app.client("web1").await,
        app.relying_party(identity_harness::seed::registration(
            "careful",
            Some(WEB1_SECRET),
        ))
        .await,
    );
    let browser = app.browser();
    let refused =
        |rp: &RelyingParty, attempt: &Attempt, page: &identity_harness::page::Page| match rp
            .code(attempt, page)
        {
            Err(Rejected::Provider(error)) => error,
            other => panic!("{other:?}"),
        };
    let ask = async |rp: &RelyingParty| {
        let attempt = rp.attempt().with("prompt", "none");
        let page = browser.open(&attempt.url()).await;
        refused(rp, &attempt, &page)
    };
    assert_eq!(ask(&web1).await, "login_required");
    web1.sign_in(&browser, ALICE.email, ALICE.password).await;
    assert_eq!(ask(&careful).await, "consent_required");
    // The application of an organization that she is no member of. (A level that she has not reached: MFA-10.)
    let foreign = web1.attempt().with("prompt", "none");
    let foreign = foreign.with("organization", "b");
    let page = browser.open(&foreign.url()).await;
    assert_eq!(refused(&web1, &foreign, &page), "access_denied");
    app.clock.advance(Duration::from_hours(25));
    assert_eq!(ask(&web1).await, "login_required");
}

#[tokio::test]
async fn oau_15_max_age_and_prompt_login_ask_again_and_cancelling_yields_no_code() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let first = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    app.clock.advance(Duration::from_mins(30));
    for (name, value) in [("max_age", "60"), ("prompt", "login"), ("max_age", "0")] {
        let attempt = rp.attempt().with(name, value);
        let page = browser.open(&attempt.url()).await;
        assert!(
            page.has("input[name=password]"),
            "{name}={value}: {}",
            page.summary()
        );
        // Walking away and coming back gives no code for the old sign-in.
        let again = browser.open(page.url.as_str()).await;
        assert!(
            again.location().is_none(),
            "{name}={value}: {}",
            again.summary()
        );
        let page = browser.enter(again, ALICE.email, ALICE.password).await;
        let tokens = rp.tokens(&attempt, &page).await.expect("tokens");
        assert_eq!(
            tokens.claims["auth_time"],
            app.clock.seconds(),
            "{name}={value}"
        );
        assert_eq!(tokens.claims["sub"], first.claims["sub"]);
        app.clock.advance(Duration::from_secs(61));
    }
    let attempt = rp.attempt().with("max_age", "3600");
    let page = browser.open(&attempt.url()).await;
    assert!(
        rp.tokens(&attempt, &page).await.is_ok(),
        "a fresh enough sign-in is enough"
    );
    let attempt = rp.attempt().with("prompt", "none login");
    let page = browser.open(&attempt.url()).await;
    assert_eq!(
        rp.code(&attempt, &page),
        Err(Rejected::Provider("invalid_request".to_owned()))
    );
}

#[tokio::test]
async fn oau_15_another_person_never_completes_a_sign_in_that_was_meant_for_one() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    // OIDC Core §3.1.2.1: with id_token_hint of another person the provider must not answer with this one.
    let other = rp.sign_in(&app.browser(), ADAM.email, ADAM.password).await;
    let attempt = rp
        .attempt()
        .with("prompt", "none")
        .with("id_token_hint", &other.id_token);
    let page = browser.open(&attempt.url()).await;
    assert_eq!(
        rp.code(&attempt, &page),
        Err(Rejected::Provider("login_required".to_owned()))
    );
    let attempt = rp
        .attempt()
        .with("prompt", "none")
        .with("id_token_hint", &tokens.id_token);
    let page = browser.open(&attempt.url()).await;
    assert!(rp.tokens(&attempt, &page).await.is_ok());
}
