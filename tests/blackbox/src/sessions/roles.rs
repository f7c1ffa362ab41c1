//! SES-02: a change of what somebody may do changes the cookie of their session, and the old one is dead.

use std::sync::Arc;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::cookies::Cookie;
use identity_harness::seed::{ADAM, ALICE, BOB, Seed};
use serde_json::json;

use super::MINUTE;
use crate::devices::{sign_in, signed_in};

/// Alice with other roles than in the common setting.
fn promoted(roles: &[&str]) -> Seed {
    let mut seed = Seed::common();
    seed.value()["users"][0]["memberships"][0]["roles"] = json!(roles);
    seed
}

fn session(browser: &Browser) -> Cookie {
    browser.cookie("session").expect("a session")
}

fn thief(app: &App, cookie: &Cookie) -> Browser {
    let thief = app.browser();
    thief.plant(cookie.clone());
    thief
}

/// Another tab of the same browser.
fn tab(app: &App, browser: &Browser, cookie: &Cookie) -> Browser {
    let tab = thief(app, cookie);
    tab.plant(browser.cookie("browser").expect("it is recognised"));
    tab
}

#[tokio::test]
async fn ses_02_a_copied_cookie_is_not_told_the_new_one() {
    let app = App::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, ALICE).await;
    for roles in [&["admin"], &["guest"]] {
        let old = session(&browser);
        app.apply(&promoted(roles)).await.expect("other roles");
        // Whoever copied it may come first, and again within the grace time.
        let thief = thief(&app, &old);
        assert!(signed_in(&app, &thief).await);
        assert_eq!(session(&thief).value, old.value);
        assert!(signed_in(&app, &browser).await);
        assert_ne!(session(&browser).value, old.value);
        assert!(signed_in(&app, &thief).await);
        assert_eq!(session(&thief).value, old.value);
        app.clock.advance(MINUTE);
        assert!(!signed_in(&app, &thief).await, "out");
        assert!(signed_in(&app, &browser).await);
    }
}

#[tokio::test]
async fn ses_02_a_change_of_roles_changes_the_session_cookie_and_the_old_one_is_dead() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (browser, other) = (app.browser(), app.browser());
    let tokens = sign_in(&app, &browser, ALICE).await;
    sign_in(&app, &other, ADAM).await;
    let (first, untouched) = (session(&browser), session(&other));
    browser.open("/account").await;
    assert_eq!(session(&browser).value, first.value, "nothing changed yet");

    app.apply(&promoted(&["admin", "analyst"]))
        .await
        .expect("promoted");
    let page = browser.open("/account").await.expect(200);
    let second = session(&browser);
    assert_ne!(first.value, second.value, "{}", page.summary());
    app.clock.advance(MINUTE);
    assert!(!signed_in(&app, &thief(&app, &first)).await, "dead");
    assert!(signed_in(&app, &browser).await);
    assert_eq!(session(&browser).value, second.value, "once");
    other.open("/account").await;
    assert_eq!(session(&other).value, untouched.value, "somebody else");
    // It is the same session: what applications got in it lives on.
    let refreshed = rp.refresh(tokens.refresh()).await.expect_ok();
    assert!(refreshed["access_token"].is_string());
    let sessions = app.database.rows("sessions").await;
    assert_eq!(sessions.len(), 2, "{sessions:?}");

    // Less is a change, too, and an application's own request is enough to notice it.
    app.apply(&promoted(&["guest"])).await.expect("demoted");
    assert!(signed_in(&app, &browser).await);
    let third = session(&browser);
    assert_ne!(second.value, third.value);
    app.clock.advance(MINUTE);
    assert!(!signed_in(&app, &thief(&app, &second)).await);
    let mut seed = Seed::common();
    seed.value()["users"][0]["memberships"] = json!([]);
    app.apply(&seed).await.expect("out of the organization");
    browser.open("/account").await.expect(200);
    assert_ne!(third.value, session(&browser).value);
}

#[tokio::test]
async fn ses_02_requests_side_by_side_get_the_same_new_cookie_and_nobody_is_signed_out() {
    let app = App::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, ALICE).await;
    let old = session(&browser);
    app.apply(&promoted(&["admin"])).await.expect("promoted");
    let tabs: Vec<Arc<Browser>> = (0..20)
        .map(|_| Arc::new(tab(&app, &browser, &old)))
        .collect();
    let mut requests = tokio::task::JoinSet::new();
    for tab in &tabs {
        let tab = Arc::clone(tab);
        requests.spawn(async move { tab.get("/account").await.status });
    }
    let answers = requests.join_all().await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    let new = session(&tabs[0]);
    assert_ne!(old.value, new.value);
    assert!(tabs.iter().all(|tab| session(tab).value == new.value));
    // One that was late by a moment gets it as well.
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(session(&browser).value, new.value);
    app.clock.advance(MINUTE);
    assert!(signed_in(&app, &browser).await);
    assert!(!signed_in(&app, &thief(&app, &old)).await, "too late");
}

#[tokio::test]
async fn ses_02_a_new_password_leaves_nothing_of_a_cookie_that_was_to_change() {
    let app = App::start().await;
    let browser = app.browser();
    sign_in(&app, &browser, ALICE).await;
    let form = browser.open("/account/password").await.form("password");
    let old = session(&browser);
    app.apply(&promoted(&["admin"])).await.expect("promoted");
    let form = form
        .fill("current_password", ALICE.password)
        .fill("password", "granite-meadow-owls-93");
    browser.send(&form).await;
    let new = session(&browser);
    assert_ne!(old.value, new.value);
    assert!(signed_in(&app, &browser).await);
    assert!(!signed_in(&app, &thief(&app, &old)).await, "at once");
    // The mark went with the old token.
    browser.open("/account").await;
    assert_eq!(session(&browser).value, new.value);
}

#[tokio::test]
async fn ses_02_a_cookie_that_was_to_change_does_not_outlive_a_sign_out() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    sign_in(&app, &browser, ALICE).await;
    let old = session(&browser);
    app.apply(&promoted(&["admin"])).await.expect("promoted");
    crate::ses::sign_out(&rp, &browser).await;
    assert!(browser.cookie("session").is_none());
    assert!(!signed_in(&app, &thief(&app, &old)).await);
    assert!(!signed_in(&app, &browser).await);
}

#[tokio::test]
async fn ses_02_a_role_that_allows_something_else_changes_the_cookies_of_the_members() {
    let app = App::start().await;
    let (browser, other) = (app.browser(), app.browser());
    sign_in(&app, &browser, ALICE).await;
    sign_in(&app, &other, BOB).await;
    let (first, untouched) = (session(&browser), session(&other));
    let mut seed = Seed::common();
    let auditor = json!({"name": "auditor", "permissions": ["reports:read"]});
    seed.value()["organizations"][0]["roles"] = json!([auditor]);
    app.apply(&seed).await.expect("another role");
    assert!(signed_in(&app, &browser).await);
    let second = session(&browser);
    assert_ne!(first.value, second.value);
    app.clock.advance(MINUTE);
    assert!(!signed_in(&app, &thief(&app, &first)).await, "dead");
    assert!(signed_in(&app, &other).await);
    assert_eq!(
        session(&other).value,
        untouched.value,
        "of no such organization"
    );
    seed.value()["organizations"][0]["roles"] = json!([]);
    app.apply(&seed).await.expect("no role of its own");
    assert!(signed_in(&app, &browser).await);
    assert_ne!(session(&browser).value, second.value);
}
