//! INV-03: whoever has nothing but the mailbox gets past a second factor no faster by "This wasn't me" than by any other way back.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::authenticator::Authenticator;
use identity_harness::authenticator_app::AuthenticatorApp;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::ALICE;

use super::{EVIL, FRESH, LONG, asked_of_alice, changed, nora_and_another, press, recover};
use crate::account::EMAIL;
use crate::codes::SECURITY;
use crate::devices::{events, path, signed_in};
use crate::mfa::prove;
use crate::wan;

/// Chosen after [`FRESH`].
const OTHER: &str = "cobalt-lantern-fjords-41";

/// Alice, who has a second factor since a moment ago, and the mail that tells her of it.
struct Enrolled {
    app: App,
    browser: Browser,
    phone: AuthenticatorApp,
    link: String,
}

async fn enrolled() -> Enrolled {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    browser
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    let (phone, _) = crate::mfa_enrol::enrolled(&app, &rp).await;
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let mail = mails.iter().find(|mail| mail.subject.contains("was added"));
    let link = path(mail.expect("a mail").link("it=not_me"));
    assert!(asked_of_alice(&rp, &app.browser(), ALICE.password).await);
    app.clock.advance(Duration::from_hours(5));
    Enrolled {
        app,
        browser,
        phone,
        link,
    }
}

/// "This wasn't me", said in a browser, and a new password.
pub async fn says_not_me(browser: &Browser, link: &str, password: &str) -> Page {
    let page = browser.open(link).await;
    let page = browser
        .send(&page.form("csrf").press("answer", "not_me"))
        .await;
    let next = browser.open(page.link("/recover/").path()).await;
    let form = next.form("password").fill("password", password);
    browser.send(&form).await;
    page
}

#[tokio::test]
async fn inv_03_the_mailbox_alone_takes_no_second_factor_away() {
    let Enrolled {
        app,
        browser,
        phone,
        link,
    } = enrolled().await;
    let rp = app.client("web1").await;
    let thief = app.browser();
    let page = thief.open(&link).await;
    assert!(page.has("[data-part=holds]"), "{}", page.summary());
    let page = says_not_me(&thief, &link, FRESH).await;
    assert!(page.has("[data-part=on-hold]"), "{}", page.summary());
    assert!(!signed_in(&app, &browser).await, "everybody is out");
    let page = thief.sign_in("/account", ALICE.email, FRESH).await;
    assert!(page.find_form("code").is_some(), "{}", page.summary());
    assert!(page.has("[data-part=on-hold]"), "{}", page.summary());
    // Nor is there a shorter way beside it.
    let page = thief.open(page.link("method=lost").as_str()).await;
    assert!(
        page.text().contains("will be removed"),
        "{}",
        page.summary()
    );
    let buttons = page.forms();
    assert!(
        !buttons
            .iter()
            .any(|form| form.action.path().ends_with("/recover"))
    );
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    assert!(mails.iter().any(|mail| mail.subject.contains("on hold")));
    assert!(
        mails
            .iter()
            .all(|mail| !mail.text.contains("/recover/factors/"))
    );
    app.clock.advance(Duration::from_hours(71));
    app.run_jobs().await;
    assert!(asked_of_alice(&rp, &app.browser(), FRESH).await);
    // The owner, who has the phone, takes a password of their own by the same mailbox, and everything stays.
    let owner = app.browser();
    let form = owner.open("/recover").await.form("identifier");
    owner.send(&form.fill("identifier", ALICE.email)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    let form = owner.open(mail.link("/recover/")).await.form("password");
    owner.send(&form.fill("password", OTHER)).await;
    let page = owner.sign_in("/account", ALICE.email, OTHER).await;
    assert!(page.has("[data-part=on-hold]"), "{}", page.summary());
    let page = prove(&owner, &page, &phone.code(&app.clock)).await;
    assert!(
        page.url.path().starts_with("/account"),
        "{}",
        page.summary()
    );
    app.clock.advance(Duration::from_hours(80));
    app.run_jobs().await;
    let page = app.browser();
    let page = page.sign_in("/account", ALICE.email, OTHER).await;
    assert!(
        page.find_form("code").is_some(),
        "it stays: {}",
        page.summary()
    );
    assert!(!page.has("[data-part=on-hold]"), "{}", page.summary());
}

#[tokio::test]
async fn inv_03_a_second_report_neither_shortens_nor_lengthens_the_wait() {
    let Enrolled { app, link, .. } = enrolled().await;
    let rp = app.client("web1").await;
    says_not_me(&app.browser(), &link, FRESH).await;
    app.clock.advance(Duration::from_hours(40));
    app.run_jobs().await;
    // The mail about the password that was just chosen has the same two answers.
    let mails = app.mailbox().to(ALICE.email).await;
    let mut mails = mails.iter();
    let mail = mails.find(|mail| mail.subject.contains("password was changed"));
    let again = path(mail.expect("a mail").link("it=not_me"));
    says_not_me(&app.browser(), &again, OTHER).await;
    app.clock.advance(Duration::from_hours(31));
    app.run_jobs().await;
    assert!(asked_of_alice(&rp, &app.browser(), OTHER).await);
    app.clock.advance(Duration::from_hours(2));
    app.run_jobs().await;
    assert!(!asked_of_alice(&rp, &app.browser(), OTHER).await, "by now");
    let rows = app.database.rows("credentials").await;
    assert!(rows.iter().all(|row| row["kind"] == "password"), "{rows:?}");
    let changes = events(&app, "factor.change").await;
    let held = changes
        .iter()
        .filter(|row| row["data"].to_string().contains("held"));
    assert_eq!(held.count(), 1);
}

#[tokio::test]
async fn inv_03_what_is_added_after_the_wait_stays() {
    let Enrolled { app, link, .. } = enrolled().await;
    says_not_me(&app.browser(), &link, FRESH).await;
    app.clock.advance(Duration::from_hours(73));
    app.run_jobs().await;
    let owner = app.browser();
    let page = owner.sign_in(SECURITY, ALICE.email, FRESH).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    wan::add(&owner, &mut Authenticator::new(&app.origin)).await;
    app.clock.advance(Duration::from_hours(80));
    app.run_jobs().await;
    let rp = app.client("web1").await;
    assert!(asked_of_alice(&rp, &app.browser(), FRESH).await);
}

#[tokio::test]
async fn wan_02_a_passkey_on_hold_is_a_second_step_and_opens_nothing_by_itself() {
    let app = App::start().await;
    let (_, intruder) = nora_and_another(&app).await;
    let mut passkey = Authenticator::new(&app.origin);
    wan::add(&intruder, &mut passkey).await;
    app.clock.advance(Duration::from_mins(5));
    let undo = changed(&app, &intruder, EMAIL, EVIL).await;
    press(&app.browser(), &undo).await;
    let waiting = wan::Waiting::new(&app).await;
    let credential = passkey.get(&waiting.options().await);
    let page = waiting.answer(&credential).await;
    assert_eq!(page.status, 422, "{}", page.summary());
    assert!(page.text().contains("on hold"), "{}", page.summary());
    let refused = events(&app, "factor.use").await;
    assert!(
        refused
            .iter()
            .any(|row| row["data"].to_string().contains("factors_on_hold")),
        "{refused:?}"
    );
    recover(&app, EMAIL).await;
    let browser = app.browser();
    let page = browser.sign_in("/account", EMAIL, FRESH).await;
    assert!(
        page.url.path().ends_with("/second_factor"),
        "{}",
        page.summary()
    );
    assert!(page.has("[data-part=on-hold]"), "{}", page.summary());
    // Where its owner signed in before, the answer is believed; here, after the wait, nothing is left.
    app.clock.advance(Duration::from_hours(73));
    app.run_jobs().await;
    let page = app.browser().sign_in("/account", EMAIL, FRESH).await;
    assert!(
        page.url.path().starts_with("/account"),
        "{}",
        page.summary()
    );
}

#[tokio::test]
async fn mfa_09_an_operator_ends_the_wait_by_removing_what_is_on_hold() {
    let Enrolled { app, link, .. } = enrolled().await;
    says_not_me(&app.browser(), &link, FRESH).await;
    app.remove_factors(ALICE.email, "saw her passport")
        .await
        .expect("removed");
    let owner = app.browser();
    let page = owner.sign_in("/account", ALICE.email, FRESH).await;
    assert!(
        page.url.path().starts_with("/account"),
        "{}",
        page.summary()
    );
    assert!(
        !page.text().contains("about to be removed"),
        "{}",
        page.summary()
    );
}

#[tokio::test]
async fn inv_03_a_browser_that_was_thrown_out_takes_no_second_factor_away_with_the_mailbox() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    // Somebody with the password, weeks ago, and the owner, who throws them out and turns two factors on.
    let thief = app.browser();
    thief.sign_in("/account", ALICE.email, ALICE.password).await;
    app.clock.advance(LONG);
    let owner = crate::codes::at_home(&app).await;
    let form = owner.open("/account/password").await.form("password");
    let form = form.fill("current_password", ALICE.password);
    owner.send(&form.fill("password", OTHER)).await;
    app.clock.advance(Duration::from_mins(2));
    wan::add(&owner, &mut Authenticator::new(&app.origin)).await;
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let mail = mails.iter().find(|mail| mail.subject.contains("was added"));
    let link = path(mail.expect("a mail").link("it=not_me"));
    let page = says_not_me(&thief, &link, FRESH).await;
    assert!(page.has("[data-part=on-hold]"), "{}", page.summary());
    assert!(asked_of_alice(&rp, &thief, FRESH).await);
}

#[tokio::test]
async fn inv_03_the_owner_of_a_stolen_mailbox_puts_the_removal_off_where_they_are_known() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let owner = app.browser();
    owner.sign_in("/account", ALICE.email, ALICE.password).await;
    app.clock.advance(LONG);
    owner.forget("session");
    let page = owner.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    let mut passkey = Authenticator::new(&app.origin);
    wan::add(&owner, &mut passkey).await;
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let mail = mails.iter().find(|mail| mail.subject.contains("was added"));
    let link = path(mail.expect("a mail").link("it=not_me"));
    says_not_me(&app.browser(), &link, FRESH).await;
    let waiting = wan::Waiting::new(&app).await;
    let credential = passkey.get(&waiting.options().await);
    assert_eq!(
        waiting.answer(&credential).await.status,
        422,
        "anywhere else"
    );
    app.clock.advance(Duration::from_hours(70));
    let waiting = wan::Waiting::at(&app, owner).await;
    for _ in 0..3 {
        let credential = passkey.get(&waiting.options().await);
        let page = waiting.answer(&credential).await;
        assert_eq!(page.status, 422, "it may be the intruder's");
        assert!(page.text().contains("put off"), "{}", page.summary());
    }
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let told = mails.iter().filter(|mail| mail.subject.contains("on hold"));
    assert_eq!(told.count(), 2, "at first, and when it was put off, once");
    app.clock.advance(Duration::from_hours(71));
    app.run_jobs().await;
    assert!(asked_of_alice(&rp, &app.browser(), FRESH).await, "put off");
    app.clock.advance(Duration::from_hours(2));
    app.run_jobs().await;
    assert!(!asked_of_alice(&rp, &app.browser(), FRESH).await, "by now");
}

#[tokio::test]
async fn mfa_09_what_is_on_hold_is_not_removed_while_the_account_is_shut() {
    let Enrolled {
        app, phone, link, ..
    } = enrolled().await;
    says_not_me(&app.browser(), &link, FRESH).await;
    app.suspend(ALICE.email).await;
    app.clock.advance(Duration::from_hours(100));
    app.run_jobs().await;
    app.activate(ALICE.email).await;
    app.clock.advance(Duration::from_hours(30));
    app.run_jobs().await;
    let owner = app.browser();
    let page = owner.sign_in("/account", ALICE.email, FRESH).await;
    assert!(page.has("[data-part=on-hold]"), "{}", page.summary());
    let page = prove(&owner, &page, &phone.code(&app.clock)).await;
    assert!(
        page.url.path().starts_with("/account"),
        "{}",
        page.summary()
    );
}

#[tokio::test]
async fn mfa_09_an_account_that_is_open_again_waits_anew() {
    let Enrolled { app, link, .. } = enrolled().await;
    let rp = app.client("web1").await;
    says_not_me(&app.browser(), &link, FRESH).await;
    app.clock.advance(Duration::from_hours(1));
    app.suspend(ALICE.email).await;
    app.clock.advance(Duration::from_hours(70));
    app.activate(ALICE.email).await;
    app.clock.advance(Duration::from_hours(70));
    app.run_jobs().await;
    assert!(asked_of_alice(&rp, &app.browser(), FRESH).await);
    let mails = app.mailbox().to(ALICE.email).await;
    let told = mails.iter().filter(|mail| mail.subject.contains("on hold"));
    assert_eq!(told.count(), 2, "with the new date");
    app.clock.advance(Duration::from_hours(3));
    app.run_jobs().await;
    assert!(!asked_of_alice(&rp, &app.browser(), FRESH).await);
}
