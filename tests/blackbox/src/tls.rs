//! The same pages over TLS under a real name: `__Host-` cookies, HSTS (SES-03), and the address that X-04 explains.

use identity_harness::app::App;
use identity_harness::seed::ALICE;

#[tokio::test]
async fn ses_03_over_tls_every_page_and_cookie_is_strict() {
    let app = App::setup().tls("https://idp.test").start().await;
    let rp = app.client("web1").await;
    // The browser checks headers and cookies of every answer by the scheme.
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    assert_eq!(app.issuer, "https://idp.test");
    let session = browser.cookie("session").expect("a session");
    assert!(session.name.starts_with("__Host-"), "{}", session.name);
    for path in [
        "/",
        "/recover",
        "/register",
        "/account/security",
        "/account/sessions",
        "/no-such-page",
        "/oauth2/authorize",
        "/oauth2/logout",
    ] {
        browser.open(path).await;
    }
}

#[tokio::test]
async fn x_04_another_host_is_told_which_address_to_open() {
    let app = App::start().await;
    let answer = app
        .request(reqwest::Method::GET, "/", &[("host", "10.0.0.5:8080")])
        .await;
    assert_eq!(answer.status, 421);
    assert!(
        answer.text.contains("public_url")
            && answer
                .text
                .contains(app.origin.as_str().trim_end_matches('/')),
        "{}",
        answer.text
    );
}
