//! RP-initiated logout.

use identity_harness::app::App;
use identity_harness::seed::ALICE;
use std::time::Duration;

#[tokio::test]
async fn oau_18_logout_asks_without_a_hint_and_returns_only_to_registered_addresses() {
    let app = App::start().await;
    let (rp, other) = (app.client("web1").await, app.client("webB").await);
    let browser = app.browser();
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let signed_in = async || {
        let attempt = rp.attempt().with("prompt", "none");
        let page = browser.open(&attempt.url()).await;
        rp.code(&attempt, &page).is_ok()
    };
    let foreign = other
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let bye = "https://web1.rp.test/bye";
    for parameters in [
        vec![],
        vec![("post_logout_redirect_uri", bye)],
        vec![
            ("id_token_hint", foreign.id_token.as_str()),
            ("post_logout_redirect_uri", bye),
        ],
        vec![
            ("id_token_hint", "nonsense"),
            ("post_logout_redirect_uri", bye),
        ],
        vec![
            ("id_token_hint", tokens.id_token.as_str()),
            ("post_logout_redirect_uri", "https://evil.test/"),
        ],
        vec![
            ("id_token_hint", tokens.id_token.as_str()),
            ("post_logout_redirect_uri", "https://web1.rp.test/bye/"),
        ],
        vec![
            ("client_id", "webB"),
            ("id_token_hint", tokens.id_token.as_str()),
            ("post_logout_redirect_uri", bye),
        ],
    ] {
        let page = browser.open(&rp.logout_url(&parameters)).await;
        assert_eq!(page.location(), None, "{parameters:?}: {}", page.summary());
        assert!(
            page.status < 500 && signed_in().await,
            "{parameters:?}: {}",
            page.summary()
        );
    }
    app.clock.advance(Duration::from_secs(3500));
    let page = browser
        .open(&rp.logout_url(&[
            ("id_token_hint", &tokens.id_token),
            ("post_logout_redirect_uri", bye),
            ("state", "s 1"),
        ]))
        .await;
    let page = match page.forms().into_iter().find(|form| form.method == "post") {
        Some(form) => browser.send(&form).await,
        None => page,
    };
    assert_eq!(
        page.redirect().as_str(),
        "https://web1.rp.test/bye?state=s+1",
        "{}",
        page.summary()
    );
    assert!(!signed_in().await);
    rp.refresh(tokens.refresh())
        .await
        .expect_error(400, "invalid_grant");
}
