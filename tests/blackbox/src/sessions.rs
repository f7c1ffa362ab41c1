//! SES-07 and SES-08 to the minute: limits, warnings, reasons, and what the end of a session reaches at once.

mod raised;
mod roles;

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::canary::Canary;
use identity_harness::page::{Form, Page};
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::{ALICE, Seed, WEB1_SECRET, registration, web};
use serde_json::{Value, json};

use crate::devices::{CHROME, FIREFOX, behind_proxy, browser, read, sign_in, signed_in};

const MINUTE: Duration = Duration::from_mins(1);

/// What the sign-in page says when the account is opened.
async fn reason(browser: &Browser) -> String {
    let page = browser.open("/account").await;
    assert!(page.has("input[name=password]"), "{}", page.summary());
    let alerts = page.select("[data-part=alert]");
    alerts
        .first()
        .map(|alert| alert.text.clone())
        .unwrap_or_default()
}

fn form(page: &Page, action: &str) -> Form {
    page.forms()
        .into_iter()
        .find(|form| form.action.path().ends_with(action))
        .unwrap_or_else(|| panic!("no form {action}: {}", page.summary()))
}

#[tokio::test]
async fn ses_07_the_idle_limit_is_met_to_the_minute_and_the_page_says_so() {
    let app = App::start().await;
    let (used, unused) = (app.browser(), app.browser());
    sign_in(&app, &used, ALICE).await;
    sign_in(&app, &unused, ALICE).await;
    app.clock.advance(Duration::from_mins(59));
    assert!(signed_in(&app, &used).await, "a minute before");
    app.clock.advance(MINUTE);
    assert!(!signed_in(&app, &unused).await, "at the limit");
    assert!(reason(&unused).await.contains("for a while"));
    app.clock.advance(Duration::from_mins(58));
    assert!(
        signed_in(&app, &used).await,
        "59 minutes after its last use"
    );
    assert!(
        reason(&app.browser()).await.is_empty(),
        "who was never here"
    );
}

#[tokio::test]
async fn ses_07_the_absolute_limit_is_met_to_the_minute_and_the_page_says_so() {
    let app = App::start().await;
    let busy = app.browser();
    sign_in(&app, &busy, ALICE).await;
    for _ in 0..(23 * 2) {
        app.clock.advance(Duration::from_mins(30));
        assert!(signed_in(&app, &busy).await);
    }
    app.clock.advance(Duration::from_mins(59));
    assert!(signed_in(&app, &busy).await, "a minute before");
    let page = busy.open("/account").await;
    assert!(!page.has("dialog"), "staying would not help any more");
    app.clock.advance(MINUTE);
    assert!(!signed_in(&app, &busy).await, "at the limit");
    assert!(reason(&busy).await.contains("run out"));
}

#[tokio::test]
async fn ses_07_tightening_the_policy_reaches_sessions_that_exist() {
    let app = App::start().await;
    let (usual, kept) = (app.browser(), app.browser());
    sign_in(&app, &usual, ALICE).await;
    let rp = app.client("web1").await;
    let attempt = rp.attempt();
    let page = kept.open(&attempt.url()).await;
    let form = page
        .form("password")
        .fill("identifier", ALICE.email)
        .fill("password", ALICE.password)
        .tick("remember");
    let page = kept.send(&form).await;
    rp.code(&attempt, &page).expect("a code");
    let app = app
        .restart_with(|config| {
            config.session.idle = "15m".parse().expect("a period");
            config.session.absolute = "2h".parse().expect("a period");
            config.session.remember = "0s".parse().expect("a period");
        })
        .await;
    app.clock.advance(Duration::from_mins(14));
    assert!(signed_in(&app, &usual).await && signed_in(&app, &kept).await);
    app.clock.advance(Duration::from_mins(15));
    assert!(!signed_in(&app, &usual).await, "fifteen minutes unused");
    assert!(
        !signed_in(&app, &kept).await,
        "nobody is remembered any more"
    );
    assert!(reason(&kept).await.contains("for a while"));
    let busy = app.browser();
    sign_in(&app, &busy, ALICE).await;
    for _ in 0..11 {
        app.clock.advance(Duration::from_mins(10));
        assert!(signed_in(&app, &busy).await);
    }
    app.clock.advance(Duration::from_mins(10));
    assert!(!signed_in(&app, &busy).await, "two hours are the most");
}

#[tokio::test]
async fn ses_07_a_page_warns_before_the_idle_end_and_staying_moves_it() {
    let app = App::start().await;
    let here = app.browser();
    sign_in(&app, &here, ALICE).await;
    let page = here.open("/account").await;
    let dialog = page.select("dialog#idle").remove(0);
    let instant = |name: &str| dialog.attr(name).parse::<i64>().expect("an instant");
    assert_eq!(instant("data-ends") - instant("data-now"), 60 * 60 * 1000);
    assert!(page.body.contains("js/idle"), "{}", page.summary());
    let stay = form(&page, "/account/stay");
    app.clock.advance(Duration::from_mins(59));
    let answer = here.send(&stay.clone().forge("answer", "json")).await;
    assert_eq!(
        serde_json::from_str::<Value>(&answer.body).expect("JSON"),
        json!({"milliseconds": 60 * 60 * 1000})
    );
    app.clock.advance(Duration::from_mins(59));
    let back = here.send(&stay).await;
    assert_eq!((back.status, back.url.path()), (200, "/account"));
    app.clock.advance(Duration::from_hours(1));
    let gone = here.submit(&stay.forge("answer", "json")).await;
    assert_eq!(gone.status, 303, "too late: {}", gone.summary());
    assert!(!signed_in(&app, &here).await);
    assert_eq!(here.get("/account/stay").await.status, 405);
}

#[tokio::test]
async fn inv_02_signing_out_everywhere_else_is_the_end_of_a_copied_cookie_too() {
    let app = App::start().await;
    for path in ["/account/sessions", "/account/secure"] {
        let (here, copy) = (app.browser(), app.browser());
        sign_in(&app, &here, ALICE).await;
        sign_in(&app, &app.browser(), ALICE).await;
        copy.plant(here.cookie("session").expect("a session"));
        assert!(signed_in(&app, &copy).await);
        let page = here.open(path).await;
        let button = if path.ends_with("secure") {
            "secure/sign_out"
        } else {
            "end_others"
        };
        here.send(&form(&page, button)).await;
        assert!(!signed_in(&app, &copy).await, "{path}");
        assert!(signed_in(&app, &here).await, "{path}");
    }
}

#[tokio::test]
async fn ses_08_whoever_was_signed_out_from_elsewhere_is_told_why() {
    let app = App::start().await;
    let (here, other) = (app.browser(), app.browser());
    sign_in(&app, &here, ALICE).await;
    sign_in(&app, &other, ALICE).await;
    let page = here.open("/account/sessions").await;
    here.send(&form(&page, "end_others")).await;
    assert!(reason(&other).await.contains("from another one"));
    sign_in(&app, &other, ALICE).await;
    crate::pwd::change_password(&here, ALICE.password, "granite-meadow-owls-93")
        .await
        .expect("changed");
    assert!(reason(&other).await.contains("password was changed"));
    // Whoever signed out here knows.
    let page = here.open("/account").await;
    here.send(&form(&page, "/account/sign_out")).await;
    assert_eq!(reason(&here).await, "");
}

#[tokio::test]
async fn ses_08_the_list_has_applications_addresses_and_times() {
    let app = behind_proxy().start().await;
    let (here, other) = (
        browser(&app, CHROME, "192.0.2.10"),
        browser(&app, FIREFOX, "198.51.100.20"),
    );
    sign_in(&app, &here, ALICE).await;
    sign_in(&app, &other, ALICE).await;
    app.clock.advance(Duration::from_mins(5));
    let text = read(&here.open("/account/sessions").await);
    for fact in [
        "Chrome on Windows",
        "Firefox on Linux",
        "198.51.100.20",
        "App web1",
        "5 minutes ago",
        "UTC",
        "This device",
        "Unknown place",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
}

/// A client that is told of sign-outs, with where it is told.
async fn told_client(canary: &Canary) -> (App, RelyingParty) {
    let mut client = web("told", Some(WEB1_SECRET));
    client["backchannel_logout_uri"] = json!(canary.url("/backchannel"));
    let app = App::setup()
        .seed(Seed::common().client(client))
        .fetch_allow(&["127.0.0.0/8"])
        .start()
        .await;
    let rp = app
        .relying_party(registration("told", Some(WEB1_SECRET)))
        .await;
    (app, rp)
}

async fn status_list(app: &App, claims: &Value) -> String {
    let list = &claims["status"]["status_list"]["uri"];
    let url = url::Url::parse(list.as_str().expect("an address")).expect("an address");
    app.get(url.path()).await.text
}

#[tokio::test]
async fn ses_08_the_end_of_a_session_reaches_tokens_status_and_applications_at_once() {
    for way in ["end", "end_others", "too_many"] {
        let canary = Canary::start().await;
        let (app, rp) = told_client(&canary).await;
        let (here, other) = (app.browser(), app.browser());
        let tokens = rp.sign_in(&other, ALICE.email, ALICE.password).await;
        app.clock.advance(Duration::from_secs(2));
        sign_in(&app, &here, ALICE).await;
        let before = status_list(&app, &tokens.access_claims()).await;
        if way == "too_many" {
            app.more_sessions(ALICE.email, 98).await;
            sign_in(&app, &app.browser(), ALICE).await;
        } else {
            let page = here.open("/account/sessions").await;
            here.send(&form(&page, &format!("sessions/{way}"))).await;
        }
        assert_eq!(rp.userinfo(&tokens.access_token).await.status, 401, "{way}");
        rp.refresh(tokens.refresh())
            .await
            .expect_error(400, "invalid_grant");
        let introspected = rp.introspect(&tokens.access_token).await.expect_ok();
        assert_eq!(introspected["active"], false, "{way}");
        let after = status_list(&app, &tokens.access_claims()).await;
        assert_ne!(before, after, "{way}: the list says so at once");
        app.run_jobs().await;
        let call = canary.expect_call().await;
        let token = call.body.strip_prefix("logout_token=").expect("a token");
        let claims = identity_harness::forge::claims(token);
        assert_eq!(claims["sid"], tokens.claims["sid"], "{way}");
    }
}

#[tokio::test]
async fn ses_08_the_hundred_and_first_session_takes_the_place_of_the_oldest() {
    let app = App::start().await;
    let oldest = app.browser();
    sign_in(&app, &oldest, ALICE).await;
    app.clock.advance(Duration::from_secs(2));
    let second = app.browser();
    sign_in(&app, &second, ALICE).await;
    app.clock.advance(Duration::from_secs(2));
    app.more_sessions(ALICE.email, 98).await;
    assert!(signed_in(&app, &oldest).await, "a hundred may live");
    let newest = app.browser();
    sign_in(&app, &newest, ALICE).await;
    assert!(reason(&oldest).await.contains("too many devices"));
    assert!(signed_in(&app, &second).await && signed_in(&app, &newest).await);
    let live = app.database.rows("sessions").await;
    let live = live.iter().filter(|row| row["ended_at"].is_null());
    assert_eq!(live.count(), 100);
    // Signing in again in the same browser takes nobody's place.
    let rp = app.client("web1").await;
    let attempt = rp.attempt().with("prompt", "login");
    newest
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    assert!(signed_in(&app, &second).await);
}

#[tokio::test]
async fn x_02_a_page_that_waited_half_an_hour_beside_another_tab_still_leads_on() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let (first, second) = (rp.attempt(), rp.attempt());
    let page = browser.open(&first.url()).await;
    app.clock.advance(15 * MINUTE);
    let other = browser.open(&second.url()).await;
    app.clock.advance(15 * MINUTE);
    let done = browser.enter(page, ALICE.email, ALICE.password).await;
    rp.tokens(&first, &done).await.expect("the first tab");
    // The other tab is signed in by now: it goes on to its own request.
    let done = browser.enter(other, ALICE.email, ALICE.password).await;
    rp.tokens(&second, &done).await.expect("the second tab");
}

#[tokio::test]
async fn w_06_a_page_that_waited_too_long_leads_back_to_the_named_application() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = browser.open(&rp.attempt().url()).await;
    app.clock.advance(61 * MINUTE);
    let late = browser.open(page.url.as_str()).await;
    assert_eq!(late.status, 410);
    assert!(late.text().contains("App web1"), "{}", late.text());
    // Another browser learns nothing of it (SES-01).
    let stranger = app.browser();
    stranger.open("/account").await;
    let page = stranger.open(page.url.as_str()).await;
    assert!(!page.text().contains("App web1"), "{}", page.text());
}

/// The names under each heading of the page: those that are told, and those that cannot be.
fn applications(page: &Page) -> (Vec<String>, Vec<String>) {
    let names = |kind| {
        let items = page.select(kind);
        items.into_iter().map(|item| item.text).collect()
    };
    (
        names("li[data-told=yes] bdi"),
        names("li[data-told=no] bdi"),
    )
}

#[tokio::test]
async fn h_66_signing_out_says_which_applications_are_told_and_which_are_not() {
    let canary = Canary::start().await;
    let (app, told) = told_client(&canary).await;
    let untold = app.client("web1").await;
    let browser = app.browser();
    told.sign_in(&browser, ALICE.email, ALICE.password).await;
    untold.sign_in(&browser, ALICE.email, ALICE.password).await;
    // Another window of hers, elsewhere, stays signed in to something else.
    let elsewhere = app.browser();
    let other = app.client("spa1").await;
    other.sign_in(&elsewhere, ALICE.email, ALICE.password).await;
    let page = browser.open("/account").await;
    let page = browser.send(&form(&page, "/sign_out")).await.expect(200);
    assert_eq!(
        applications(&page),
        (vec!["App told".to_owned()], vec!["App web1".to_owned()])
    );
    app.run_jobs().await;
    canary.expect_call().await;

    // The application that asks has signed itself out; nobody is signed in the second time.
    let tokens = untold.sign_in(&browser, ALICE.email, ALICE.password).await;
    told.sign_in(&browser, ALICE.email, ALICE.password).await;
    let hint = [("id_token_hint", tokens.id_token.as_str())];
    let page = browser.open(&untold.logout_url(&hint)).await.expect(200);
    assert_eq!(applications(&page), (vec!["App told".to_owned()], vec![]));
    let page = browser.open(&untold.logout_url(&hint)).await.expect(200);
    assert_eq!(applications(&page), (vec![], vec![]));
}

#[tokio::test]
async fn ses_07_a_session_whose_token_falls_out_of_the_browser_ends() {
    let mut seed = Seed::common();
    let people: Vec<String> = (1..=6).map(|n| format!("guest{n}@a.test")).collect();
    for email in &people {
        seed = seed.user(json!({
            "email": email, "email_verified": true, "password": "basalt-thunder-combs-62",
            "memberships": [{"organization": "a", "roles": ["guest"]}],
        }));
    }
    let app = App::setup().seed(seed).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let mut tokens = Vec::new();
    for email in &people {
        let attempt = rp.attempt().with("prompt", "login");
        let page = browser
            .sign_in(&attempt.url(), email, "basalt-thunder-combs-62")
            .await;
        tokens.push(rp.tokens(&attempt, &page).await.expect("signed in"));
    }
    let sessions = app.database.rows("sessions").await;
    let ended: Vec<&Value> = sessions
        .iter()
        .filter(|row| !row["ended_at"].is_null())
        .collect();
    // The browser holds five. Of the sixth nobody would have a token to end it with.
    assert_eq!((sessions.len(), ended.len()), (6, 1), "{sessions:?}");
    rp.refresh(tokens[0].refresh())
        .await
        .expect_error(400, "invalid_grant");
    rp.refresh(tokens[1].refresh()).await.expect_ok();
}
