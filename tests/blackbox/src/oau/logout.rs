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
    let page = browser
        .open(&rp.logout_url(&[
            ("id_token_hint", &tokens.id_token),
            ("post_logout_redirect_uri", bye),
            ("state", "s 1"),
        ]))
        .await;
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

#[tokio::test]
async fn oau_18_an_expired_hint_is_asked_about_and_ends_nothing_by_itself() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let signed_in = async || {
        let attempt = rp.attempt().with("prompt", "none");
        let page = browser.open(&attempt.url()).await;
        rp.code(&attempt, &page).is_ok()
    };
    let bye = "https://web1.rp.test/bye";
    let expired = rp.logout_url(&[
        ("id_token_hint", &tokens.id_token),
        ("post_logout_redirect_uri", bye),
        ("state", "s 1"),
    ]);
    // The second in which it is over counts as over; the session has an hour.
    let exp = tokens.claims["exp"].as_i64().expect("an instant");
    let left = exp.checked_sub(app.clock.seconds()).expect("a difference");
    app.clock
        .advance(Duration::from_secs(left.try_into().expect("the future")));
    let page = browser.open(&expired).await;
    assert_eq!((page.status, page.location()), (200, None));
    assert!(signed_in().await, "ended by a link: {}", page.summary());
    let elsewhere = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
    ];
    let cross_site = browser
        .request_raw(reqwest::Method::GET, &expired, &[], &elsewhere)
        .await;
    assert_eq!(cross_site.status, 200, "{}", cross_site.summary());
    assert!(signed_in().await, "ended by a link of another site");

    let done = browser.send(&page.form("return")).await;
    assert_eq!(done.status, 200, "{}", done.summary());
    assert_eq!(done.location(), None, "the way back is offered, not taken");
    assert_eq!(
        done.link("/bye").as_str(),
        "https://web1.rp.test/bye?state=s+1"
    );
    assert!(!signed_in().await);
    rp.refresh(tokens.refresh())
        .await
        .expect_error(400, "invalid_grant");

    // Nobody is signed in any more, so nothing is left to ask.
    let page = browser.open(&expired).await;
    assert_eq!(
        page.redirect().as_str(),
        "https://web1.rp.test/bye?state=s+1"
    );
    // A hint that is none of ours vouches for nobody: then the address is a link.
    let page = browser
        .open(&rp.logout_url(&[
            ("client_id", "web1"),
            ("id_token_hint", "nonsense"),
            ("post_logout_redirect_uri", bye),
        ]))
        .await;
    assert_eq!((page.status, page.location()), (200, None));
}
