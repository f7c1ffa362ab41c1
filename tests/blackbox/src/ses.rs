//! SES: pages, sessions, cookies.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::{ALICE, BOB};
use reqwest::Method;

/// Whether a browser still has a session, as an app would ask.
async fn signed_in(rp: &RelyingParty, browser: &Browser) -> bool {
    let attempt = rp.attempt().with("prompt", "none");
    let page = browser.open(&attempt.url()).await;
    rp.code(&attempt, &page).is_ok()
}

/// Signs a browser out by the confirmation page.
pub async fn sign_out(rp: &RelyingParty, browser: &Browser) {
    let page = browser.open(&rp.logout_url(&[])).await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.method == "post")
        .expect("a form that confirms");
    browser.send(&form).await;
}

#[tokio::test]
async fn ses_01_a_sign_in_that_somebody_else_started_gives_them_nothing() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (attacker, victim) = (app.browser(), app.browser());
    let attempt = rp.attempt();
    let started = attacker.open(&attempt.url()).await;
    let opened = victim.open(started.url.as_str()).await;
    let ended = victim.enter(opened, ALICE.email, ALICE.password).await;
    assert!(
        rp.code(&attempt, &ended).is_err(),
        "the victim completed a foreign sign-in: {}",
        ended.summary()
    );
    let back = attacker.open(started.url.as_str()).await;
    assert!(
        back.location().is_none() && !back.text().contains(ALICE.name),
        "{}",
        back.summary()
    );
    assert!(!signed_in(&rp, &attacker).await);
    // The victim posting the attacker's form itself, as a cross-site trick would, is refused too.
    let form = started
        .form("password")
        .fill("identifier", ALICE.email)
        .fill("password", ALICE.password);
    let ended = app.browser().unchecked().submit(&form).await;
    assert!(
        ended
            .location()
            .is_none_or(|target| target.origin() == app.origin.origin()),
        "{}",
        ended.summary()
    );
}

#[tokio::test]
async fn ses_02_the_session_cookie_changes_with_every_sign_in_and_the_old_one_is_dead() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    browser.open(&rp.attempt().url()).await;
    let before: Vec<String> = browser
        .cookies()
        .into_iter()
        .map(|cookie| cookie.value)
        .collect();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let first = browser.cookie("session").expect("a session");
    assert!(
        !before.contains(&first.value),
        "the session took over an earlier cookie"
    );
    let attempt = rp.attempt().with("prompt", "login");
    browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let second = browser.cookie("session").expect("a session");
    assert_ne!(first.value, second.value);
    let thief = app.browser();
    thief.plant(first);
    assert!(
        !signed_in(&rp, &thief).await,
        "the old cookie still opens the session"
    );
    assert!(signed_in(&rp, &browser).await);
    crate::pwd::change_password(&browser, ALICE.password, "granite-meadow-owls-93")
        .await
        .expect("changed");
    let third = browser.cookie("session").expect("a session");
    assert_ne!(second.value, third.value, "a new password, a new cookie");
    let thief = app.browser();
    thief.plant(second);
    assert!(!signed_in(&rp, &thief).await);
}

#[tokio::test]
async fn ses_04_a_form_from_elsewhere_is_refused() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser().unchecked();
    let page = browser.open(&rp.attempt().url()).await;
    let form = page
        .form("password")
        .fill("identifier", ALICE.email)
        .fill("password", ALICE.password);
    let path = form.action.path().to_owned();
    let owned = form.data();
    let fields: Vec<(&str, &str)> = owned
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let without_token: Vec<(&str, &str)> = fields
        .iter()
        .copied()
        .filter(|(name, _)| *name != "csrf")
        .collect();
    let own = app.origin.origin().ascii_serialization();
    for (what, fields, headers) in [
        (
            "no token",
            &without_token,
            vec![("origin", own.as_str()), ("sec-fetch-site", "same-origin")],
        ),
        (
            "foreign origin",
            &fields,
            vec![("origin", "https://evil.test")],
        ),
        (
            "null origin of a frame",
            &fields,
            vec![("origin", "null"), ("sec-fetch-site", "cross-site")],
        ),
        (
            "null origin, old browser",
            &fields,
            vec![("origin", "null")],
        ),
        (
            "cross-site",
            &fields,
            vec![("sec-fetch-site", "cross-site")],
        ),
        (
            "sibling site",
            &fields,
            vec![
                ("origin", "http://evil.127.0.0.1"),
                ("sec-fetch-site", "same-site"),
            ],
        ),
    ] {
        let page = browser
            .request_raw(Method::POST, &path, fields, &headers)
            .await;
        assert_eq!(
            (page.status, page.location()),
            (403, None),
            "{what}: {}",
            page.summary()
        );
    }
    // Without any header a browser never posts; somebody else's cookie jar does not have the token's twin.
    let stranger = app
        .browser()
        .unchecked()
        .request_raw(Method::POST, &path, &fields, &[])
        .await;
    assert!(
        stranger.status >= 400 && stranger.location().is_none(),
        "{}",
        stranger.summary()
    );
    assert!(!signed_in(&rp, &browser).await);

    let body = fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    let request = app
        .network
        .client()
        .post(app.origin.join(&path).unwrap())
        .header("content-type", "text/plain")
        .body(body);
    assert!([400, 403, 415].contains(&request.send().await.unwrap().status().as_u16()));
}

#[tokio::test]
async fn ses_05_what_a_stranger_writes_is_never_markup() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\r\nX-Injected: 1";
    for name in [
        "login_hint",
        "ui_locales",
        "state",
        "nonce",
        "acr_values",
        "claims",
        "display",
        "id_token_hint",
        "organization",
        "scope",
    ] {
        let page = app
            .browser()
            .open(&rp.attempt().with(name, evil).url())
            .await;
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("<img src=x"),
            "{name}: {}",
            page.summary()
        );
        assert_eq!(page.header("x-injected"), "", "{name}");
    }
    for (name, value) in [
        ("client_id", evil),
        ("redirect_uri", evil),
        ("response_type", evil),
    ] {
        let page = app
            .browser()
            .open(&rp.attempt().with(name, value).url())
            .await;
        assert!(!page.body.contains("<script>alert"), "{name}");
    }
    let printable = evil.split('\r').next().expect("a first line");
    let back = rp.attempt().with("prompt", "none").with("state", printable);
    let page = app.browser().open(&back.url()).await;
    assert_eq!(
        page.redirect_param("state").as_deref(),
        Some(printable),
        "state comes back unchanged and encoded"
    );
    // RFC 6749 Appendix A.5: a state has no control characters, and one that has is not passed on.
    let page = app
        .browser()
        .open(
            &rp.attempt()
                .with("prompt", "none")
                .with("state", evil)
                .url(),
        )
        .await;
    assert_eq!(page.status, 400, "{}", page.summary());
    for target in [
        "//evil.test",
        "/\\evil.test",
        "https://evil.test",
        "javascript:alert(1)",
        "/\u{9}/evil.test",
    ] {
        for name in ["return_to", "next", "continue", "redirect"] {
            let path = format!("/account/security?{name}={}", urlencode(target));
            let page = app.browser().open(&path).await;
            let page = app.browser().enter(page, ALICE.email, ALICE.password).await;
            assert!(
                page.location()
                    .is_none_or(|to| to.origin() == app.origin.origin()),
                "{name}={target}: {}",
                page.summary()
            );
        }
    }
}

fn urlencode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn ses_06_after_signing_out_the_old_cookie_is_worth_nothing() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let cookie = browser.cookie("session").expect("a session");
    let account = browser.open("/account/security").await;
    assert_eq!(account.status, 200, "{}", account.summary());
    assert!(account.header("cache-control").contains("no-store"));
    sign_out(&rp, &browser).await;
    assert!(!signed_in(&rp, &browser).await);
    let thief = app.browser();
    thief.plant(cookie);
    assert!(!signed_in(&rp, &thief).await);
    let page = thief.open("/account/security").await;
    assert!(!page.text().contains(ALICE.email), "{}", page.summary());
}

#[tokio::test]
async fn ses_07_a_session_ends_when_idle_and_at_its_absolute_limit() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let idle = app.browser();
    rp.sign_in(&idle, ALICE.email, ALICE.password).await;
    app.clock.advance(Duration::from_mins(59));
    assert!(signed_in(&rp, &idle).await);
    app.clock.advance(Duration::from_mins(59));
    assert!(signed_in(&rp, &idle).await, "use moves the idle limit");
    app.clock.advance(Duration::from_mins(61));
    assert!(!signed_in(&rp, &idle).await);

    let busy = app.browser();
    rp.sign_in(&busy, ALICE.email, ALICE.password).await;
    for _ in 0..47 {
        app.clock.advance(Duration::from_mins(30));
        assert!(signed_in(&rp, &busy).await);
    }
    app.clock.advance(Duration::from_mins(31));
    assert!(
        !signed_in(&rp, &busy).await,
        "24 hours are the most, however busy"
    );
}

#[tokio::test]
async fn ses_07_keep_me_signed_in_lasts_and_is_a_choice() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (kept, usual) = (app.browser(), app.browser());
    rp.sign_in(&usual, ALICE.email, ALICE.password).await;
    assert!(
        !usual.cookie("session").expect("a session").is_persistent(),
        "off by default"
    );
    let attempt = rp.attempt();
    let page = kept.open(&attempt.url()).await;
    let form = page
        .form("password")
        .fill("identifier", ALICE.email)
        .fill("password", ALICE.password)
        .tick("remember");
    let page = kept.send(&form).await;
    rp.tokens(&attempt, &page).await.expect("tokens");
    assert!(kept.cookie("session").expect("a session").is_persistent());
    app.clock.advance(Duration::from_hours(24 * 7));
    assert!(signed_in(&rp, &kept).await && !signed_in(&rp, &usual).await);
    app.clock.advance(Duration::from_hours(24 * 24));
    assert!(!signed_in(&rp, &kept).await, "thirty days are the most");
}

#[tokio::test]
async fn ses_08_sessions_are_listed_and_ended_one_by_one_or_all_others() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browsers = [
        app.browser(),
        app.browser().with_header(
            "user-agent",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0",
        ),
        app.browser(),
    ];
    for browser in &browsers {
        rp.sign_in(browser, ALICE.email, ALICE.password).await;
    }
    let here = &browsers[0];
    let page = here.open("/account/sessions").await;
    assert!(
        page.text().contains("127.0.0.1")
            && page.text().contains("Windows")
            && page.text().contains("Firefox"),
        "{}",
        page.summary()
    );
    let ends: Vec<_> = page
        .forms()
        .into_iter()
        .filter(|form| form.has("session"))
        .collect();
    assert_eq!(ends.len(), 2, "one button for each other session");
    here.send(&ends[0]).await;
    let mut left = 0;
    for browser in &browsers {
        left += usize::from(signed_in(&rp, browser).await);
    }
    assert_eq!(left, 2, "one session was ended");
    assert!(signed_in(&rp, here).await);
    rp.sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let page = here.open("/account/sessions").await;
    let others = page
        .forms()
        .into_iter()
        .find(|form| form.action.path().contains("other"))
        .expect("a button for all others");
    here.send(&others).await;
    assert!(
        signed_in(&rp, here).await
            && !signed_in(&rp, &browsers[1]).await
            && !signed_in(&rp, &browsers[2]).await
    );
    // A session of somebody else cannot be named.
    let bob = app.browser();
    app.client("webB")
        .await
        .sign_in(&bob, BOB.email, BOB.password)
        .await;
    bob.send(
        &ends[1].clone().forge(
            "csrf",
            bob.open("/account/sessions").await.forms()[0]
                .value("csrf")
                .unwrap_or_default(),
        ),
    )
    .await;
    assert!(signed_in(&rp, here).await);
}

#[tokio::test]
async fn ses_09_two_people_at_one_browser_stay_two() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let alice = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    browser.forget("browser");
    browser.forget("csrf");
    browser.forget("session");
    let bob = rp.sign_in(&browser, BOB.email, BOB.password).await;
    assert_ne!(alice.claims["sub"], bob.claims["sub"]);
    assert_ne!(alice.access_claims()["sid"], bob.access_claims()["sid"]);
    let page = browser.open("/account/security").await;
    assert!(
        !page.body.contains(ALICE.email) && !page.body.contains(ALICE.name),
        "{}",
        page.summary()
    );
    let second = rp.attempt().with("prompt", "login");
    let page = browser
        .sign_in(&second.url(), ALICE.email, ALICE.password)
        .await;
    let again = rp.tokens(&second, &page).await.expect("tokens");
    assert_eq!(
        again.claims["sub"], alice.claims["sub"],
        "prompt=login serves the one who signed in now"
    );
}

#[tokio::test]
async fn ses_12_reading_methods_change_nothing_and_trace_is_off() {
    let app = App::start().await;
    for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
            Method::TRACE,
        ] {
            let answer = app.request(method.clone(), path, &[]).await;
            assert_eq!(answer.status, 405, "{method} {path}");
        }
    }
    for path in [
        "/",
        "/oauth2/authorize",
        "/oauth2/jwks",
        "/recover",
        "/account/security",
        "/no-such-page",
    ] {
        let answer = app
            .request(Method::TRACE, path, &[("x-secret", "echo")])
            .await;
        assert!(
            [404, 405].contains(&answer.status) && !answer.text.contains("echo"),
            "{path}: {answer:?}"
        );
    }
    let rp = app.client("web1").await;
    let browser = app.browser();
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    browser
        .get(rp.endpoint("end_session_endpoint").path())
        .await;
    assert!(signed_in(&rp, &browser).await, "a GET signs nobody out");
}
