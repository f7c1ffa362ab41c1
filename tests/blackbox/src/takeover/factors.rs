//! H-53, MFA-09: second factors after somebody else was in the account.

use std::collections::BTreeSet;
use std::time::Duration;

use identity_harness::app::App;
use identity_harness::authenticator::Authenticator;
use identity_harness::authenticator_app::AuthenticatorApp;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::ALICE;

use super::{FRESH, LONG, asked_of_alice, changed, nora_and_another, nora_for, press, recover};
use crate::account::{EMAIL, signs_in};
use crate::codes::{form_to, sent};
use crate::devices::{FIREFOX, behind_proxy, browser, events, known_for, path, read};
use crate::mfa::{asked, next_code, phone, prove, signed_in, with_app};
use crate::mfa_recovery::begun;
use crate::wan;

async fn passkey_opens(app: &App, authenticator: &mut Authenticator) -> bool {
    let waiting = wan::Waiting::new(app).await;
    let credential = authenticator.get(&waiting.options().await);
    let page = waiting.answer(&credential).await;
    waiting.rp.code(&waiting.attempt, &page).is_ok()
}

async fn disowned(reader: &Browser, link: &str) -> Page {
    let page = reader.open(&path(link)).await;
    let page = reader
        .send(&page.form("csrf").press("answer", "not_me"))
        .await;
    let page = reader.open(page.link("/recover/").path()).await;
    let page = reader
        .send(&page.form("password").fill("password", FRESH))
        .await;
    reader.enter(page, ALICE.email, FRESH).await
}

#[tokio::test]
async fn mfa_10_a_password_alone_never_freshens_a_proof_of_two_factors() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    signed_in(&app, &rp, &browser).await;
    app.clock.advance(Duration::from_mins(10));
    let form = browser.open("/account/password").await.form("password");
    let form = form
        .fill("current_password", ALICE.password)
        .fill("password", FRESH);
    let page = browser.send(&form).await;
    assert_eq!(page.url.path(), "/account/security", "{}", page.summary());
    // Sixteen minutes after the second factor was seen, and six after the password.
    app.clock.advance(Duration::from_mins(6));
    let page = browser.open("/account/security/apps/add").await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    let page = browser.open("/account/password").await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    let again = form
        .fill("current_password", FRESH)
        .fill("password", "cobalt-lantern-fjords-41");
    let page = browser.send(&again).await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    assert!(asked_of_alice(&rp, &app.browser(), FRESH).await);
    // With both factors it opens.
    let page = browser.open("/account/password").await;
    let page = browser.enter(page, ALICE.email, FRESH).await;
    let page = prove(&browser, &page, &phone().code(&app.clock)).await;
    assert_eq!(page.url.path(), "/account/password", "{}", page.summary());
}

#[tokio::test]
async fn ses_10_this_was_not_me_takes_what_was_set_up_since_and_tells_of_it() {
    let app = behind_proxy().start().await;
    let rp = app.client("web1").await;
    let known = browser(&app, crate::devices::CHROME, "192.0.2.10");
    let (known, intruder, mail) = known_for(&app, known, LONG).await;
    let mut theirs = Authenticator::new(&app.origin);
    let page = wan::add(&intruder, &mut theirs).await;
    assert!(page.status < 400, "{}", page.summary());
    assert!(passkey_opens(&app, &mut theirs).await);
    // Said where she signed in before: no second factor stands in the owner's way.
    let page = disowned(&known, mail.link("it=not_me")).await;
    assert_eq!(page.url.path(), "/account/secure", "{}", page.summary());
    assert!(page.has("[data-part=removed]"), "{}", page.summary());
    assert!(!passkey_opens(&app, &mut theirs).await);
    assert!(!asked_of_alice(&rp, &app.browser(), FRESH).await);
    let left = app.database.rows("credentials").await;
    assert!(
        left.iter().all(|row| row["kind"] == "password"),
        "codes too"
    );
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let told = mails.iter().filter(|mail| mail.subject.contains("removed"));
    assert_eq!(told.count(), 1);
    let changes = events(&app, "factor.change").await;
    assert!(
        changes
            .iter()
            .any(|row| row["data"].to_string().contains("disowned")),
        "{changes:?}"
    );
}

#[tokio::test]
async fn ses_10_what_was_there_before_stays_when_its_owner_says_this_was_not_me() {
    let app = behind_proxy().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let known = browser(&app, crate::devices::CHROME, "192.0.2.10");
    signed_in(&app, &rp, &known).await;
    next_code(&app);
    let intruder = browser(&app, FIREFOX, "198.51.100.20");
    signed_in(&app, &rp, &intruder).await;
    let mail = crate::devices::told(&app, ALICE.email).await.remove(0);
    let mut theirs = Authenticator::new(&app.origin);
    wan::add(&intruder, &mut theirs).await;
    next_code(&app);
    let page = disowned(&app.browser(), mail.link("it=not_me")).await;
    let page_text = read(&page);
    assert!(page.find_form("code").is_some(), "{page_text}");
    assert!(!passkey_opens(&app, &mut theirs).await);
    assert!(asked_of_alice(&rp, &app.browser(), FRESH).await);
}

#[tokio::test]
async fn ses_10_a_device_that_is_disowned_takes_what_was_set_up_in_it_and_nothing_else() {
    let app = behind_proxy().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let known = browser(&app, crate::devices::CHROME, "192.0.2.10");
    signed_in(&app, &rp, &known).await;
    next_code(&app);
    let intruder = browser(&app, FIREFOX, "198.51.100.20");
    signed_in(&app, &rp, &intruder).await;
    let mut theirs = Authenticator::new(&app.origin);
    wan::add(&intruder, &mut theirs).await;
    // Days later the owner has one of their own.
    app.clock.advance(Duration::from_hours(100));
    known.forget("session");
    signed_in(&app, &rp, &known).await;
    let mut hers = Authenticator::new(&app.origin);
    let page = wan::add(&known, &mut hers).await;
    assert!(page.status < 400, "{}", page.summary());
    let page = known.open("/account/devices").await;
    let mut disown = page.forms().into_iter();
    let disown = disown.rfind(|form| form.action.path().ends_with("/disown"));
    let page = known.send(&disown.expect("a button")).await;
    assert_eq!(page.url.path(), "/account/secure", "{}", page.summary());
    assert!(page.has("[data-part=removed]"), "{}", page.summary());
    assert!(!passkey_opens(&app, &mut theirs).await);
    assert!(passkey_opens(&app, &mut hers).await);
    next_code(&app);
    assert!(asked_of_alice(&rp, &app.browser(), ALICE.password).await);
}

#[tokio::test]
async fn mfa_09_a_stale_session_takes_no_factor_away_by_disowning_the_device_it_was_set_up_in() {
    let app = behind_proxy().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let stale = browser(&app, crate::devices::CHROME, "192.0.2.10");
    signed_in(&app, &rp, &stale).await;
    next_code(&app);
    let other = browser(&app, FIREFOX, "198.51.100.20");
    signed_in(&app, &rp, &other).await;
    let mut passkey = Authenticator::new(&app.origin);
    wan::add(&other, &mut passkey).await;
    app.clock.advance(Duration::from_mins(30));
    let page = stale.open("/account/devices").await;
    let mut disown = page.forms().into_iter();
    let disown = disown.rfind(|form| form.action.path().ends_with("/disown"));
    let page = stale.send(&disown.expect("a button")).await;
    // The device is out, and what was set up in it is for its owner to judge, who has to prove themselves for that.
    assert_eq!(page.url.path(), "/account/secure", "{}", page.summary());
    assert!(!crate::devices::signed_in(&app, &other).await);
    assert!(passkey_opens(&app, &mut passkey).await);
}

#[tokio::test]
async fn ses_10_a_report_takes_what_was_set_up_in_the_sign_in_that_it_is_about() {
    let app = behind_proxy()
        .configure(|config| config.mfa.required = true)
        .start()
        .await;
    let known = browser(&app, crate::devices::CHROME, "192.0.2.10");
    let page = known.sign_in("/account", ALICE.email, ALICE.password).await;
    known.send(&form_to(&page, "/skip")).await;
    app.clock.advance(LONG);
    // The factor is there before the sign-in is over.
    let intruder = browser(&app, FIREFOX, "198.51.100.20");
    let page = intruder
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    let page = intruder.open(page.link("method=totp").as_str()).await;
    let theirs = AuthenticatorApp::read_from(&page);
    let page = prove(&intruder, &page, &theirs.code(&app.clock)).await;
    app.clock.advance(Duration::from_mins(2));
    intruder.send(&page.form("saved").tick("saved")).await;
    let mail = crate::devices::told(&app, ALICE.email).await.remove(0);
    let kinds = async || -> BTreeSet<String> {
        let rows = app.database.rows("credentials").await;
        let kinds = rows.iter().filter_map(|row| row["kind"].as_str());
        kinds.map(str::to_owned).collect()
    };
    assert!(kinds().await.contains("totp"), "the test's own check");
    disowned(&known, mail.link("it=not_me")).await;
    assert_eq!(kinds().await, BTreeSet::from(["password".to_owned()]));
}

#[tokio::test]
async fn inv_05_an_earlier_session_in_the_same_device_is_the_intruders_too() {
    let app = App::start().await;
    let (_, intruder) = nora_and_another(&app).await;
    let mut theirs = Authenticator::new(&app.origin);
    wan::add(&intruder, &mut theirs).await;
    app.clock.advance(Duration::from_hours(50));
    intruder.forget("session");
    let waiting = wan::Waiting::at(&app, intruder).await;
    let credential = theirs.get(&waiting.options().await);
    waiting.answer(&credential).await;
    let undo = changed(&app, &waiting.browser, EMAIL, "nora.evil@elsewhere.test").await;
    press(&app.browser(), &undo).await;
    assert!(!passkey_opens(&app, &mut theirs).await);
}

#[tokio::test]
async fn h_55_the_mail_about_a_new_factor_has_a_way_to_say_this_was_not_me() {
    let app = App::start().await;
    let (reader, intruder) = nora_for(&app, LONG).await;
    let mut theirs = Authenticator::new(&app.origin);
    wan::add(&intruder, &mut theirs).await;
    app.run_jobs().await;
    let mails = app.mailbox().to(EMAIL).await;
    let mail = mails.iter().find(|mail| mail.subject.contains("was added"));
    let link = path(mail.expect("a mail").link("it=not_me"));
    let page = reader.open(&link).await;
    assert!(page.has("[data-part=factor]"), "{}", page.summary());
    assert!(
        passkey_opens(&app, &mut theirs).await,
        "a look is no answer"
    );
    let page = reader
        .send(&page.form("csrf").press("answer", "not_me"))
        .await;
    assert!(!passkey_opens(&app, &mut theirs).await);
    let home = intruder.open("/account").await;
    assert!(home.url.path().starts_with("/login/"), "{}", home.summary());
    assert!(!signs_in(&app, EMAIL, crate::account::PASSWORD).await);
    let page = reader.open(page.link("/recover/").path()).await;
    let form = page.form("password").fill("password", FRESH);
    reader.send(&form).await;
    assert!(signs_in(&app, EMAIL, FRESH).await, "nothing in the way");
    assert_eq!(reader.open(&link).await.status, 410, "once");
}

#[tokio::test]
async fn inv_05_a_change_of_address_taken_back_takes_what_was_set_up_by_whoever_changed_it() {
    let app = App::start().await;
    let (owner, intruder) = nora_for(&app, LONG).await;
    let mut theirs = Authenticator::new(&app.origin);
    wan::add(&intruder, &mut theirs).await;
    app.clock.advance(Duration::from_mins(5));
    let undo = changed(&app, &intruder, EMAIL, "nora.evil@elsewhere.test").await;
    press(&owner, &undo).await;
    assert!(!passkey_opens(&app, &mut theirs).await);
    recover(&app, EMAIL).await;
    assert!(signs_in(&app, EMAIL, FRESH).await, "nothing in the way");
    app.run_jobs().await;
    let mails = app.mailbox().to(EMAIL).await;
    assert!(mails.iter().any(|mail| mail.subject.contains("removed")));
}

fn by_mail(config: &mut identity_harness::config::Config) {
    config
        .mfa
        .methods
        .push(identity_harness::config::MfaMethod::Email);
}

#[tokio::test]
async fn mfa_03_a_method_that_a_person_never_turned_on_is_none_of_theirs() {
    let app = App::setup()
        .seed(with_app())
        .configure(by_mail)
        .start()
        .await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = asked(&browser, &rp.attempt()).await;
    assert!(!page.body.contains("method=email"), "{}", page.summary());
    let at = page.url.path().to_owned();
    let mut form = page.form("code").forge("method", "email");
    form.action.set_path(&format!("{at}/send"));
    let answer = browser.send(&form).await;
    assert!(answer.status >= 400, "{}", answer.summary());
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    assert!(mails.iter().all(|mail| !mail.subject.contains("code")));
}

#[tokio::test]
async fn mfa_03_a_mail_code_does_not_raise_a_session_right_after_a_recovery_by_mail() {
    let app = App::setup().configure(by_mail).start().await;
    let home = crate::codes::at_home(&app).await;
    let page = home.open(crate::codes::SECURITY).await;
    let page = home.send(&form_to(&page, "/security/email")).await;
    let page = home.enter(page, ALICE.email, ALICE.password).await;
    let page = by_mailed_code(&app, &home, &page).await;
    home.send(&page.form("saved").tick("saved")).await;
    assert!(
        home.open("/account/password")
            .await
            .has("input[name=password]")
    );
    app.clock.advance(Duration::from_mins(5));
    recover(&app, ALICE.email).await;
    // The mailbox signs in, as its owner wants it to.
    let browser = app.browser();
    let page = browser.sign_in("/account", ALICE.email, FRESH).await;
    app.clock.advance(Duration::from_mins(2));
    let page = by_mailed_code(&app, &browser, &page).await;
    assert_eq!(page.url.path(), "/account", "{}", page.summary());
    // It is not enough to change how its owner signs in.
    let page = browser.open("/account/security/apps/add").await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    let page = browser.enter(page, ALICE.email, FRESH).await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    assert!(!page.body.contains("method=email"), "{}", page.summary());
    // Three days later it is, as before.
    app.clock.advance(Duration::from_hours(73));
    let browser = app.browser();
    let page = browser
        .sign_in("/account/password", ALICE.email, FRESH)
        .await;
    let page = by_mailed_code(&app, &browser, &page).await;
    assert!(page.has("input[name=password]"), "{}", page.summary());
}

async fn by_mailed_code(app: &App, browser: &Browser, page: &Page) -> Page {
    let page = sent(browser, page, "email").await;
    app.run_jobs().await;
    let code = app.mailbox().newest(ALICE.email).await.code().to_owned();
    prove(browser, &page, &code).await
}

async fn stays(app: &App, password: &str) -> bool {
    app.clock.advance(Duration::from_hours(80));
    app.run_jobs().await;
    let rp = app.client("web1").await;
    asked_of_alice(&rp, &app.browser(), password).await
}

#[tokio::test]
async fn mfa_09_a_sign_in_by_passkey_stops_the_removal_of_factors() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let owner = app.browser();
    signed_in(&app, &rp, &owner).await;
    let mut passkey = Authenticator::new(&app.origin);
    wan::add(&owner, &mut passkey).await;
    next_code(&app);
    begun(&app, &rp, &app.browser()).await;
    assert!(passkey_opens(&app, &mut passkey).await);
    assert!(stays(&app, ALICE.password).await);
}

#[tokio::test]
async fn mfa_09_a_new_password_stops_the_removal_of_factors() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    let owner = app.browser();
    signed_in(&app, &rp, &owner).await;
    next_code(&app);
    let keep = begun(&app, &rp, &app.browser()).await;
    let form = owner.open("/account/password").await.form("password");
    let form = form
        .fill("current_password", ALICE.password)
        .fill("password", FRESH);
    let page = owner.send(&form).await;
    assert_eq!(page.url.path(), "/account/security", "{}", page.summary());
    assert_eq!(app.browser().open(&keep).await.status, 410);
    assert!(stays(&app, FRESH).await);
}

#[tokio::test]
async fn mfa_09_a_recovery_of_the_password_stops_the_removal_of_factors() {
    let app = App::setup().seed(with_app()).start().await;
    let rp = app.client("web1").await;
    begun(&app, &rp, &app.browser()).await;
    recover(&app, ALICE.email).await;
    assert!(stays(&app, FRESH).await);
}
