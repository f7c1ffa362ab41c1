//! H-55: every mail about a change of how somebody signs in has a way out, which asks for nothing that an intruder may hold.

use identity_harness::app::App;
use identity_harness::authenticator::Authenticator;
use identity_harness::browser::Browser;
use identity_harness::mailbox::Mail;
use identity_harness::page::Page;
use identity_harness::seed::{ADAM, ALICE, BEA, BOB};

use super::{FRESH, LONG};
use crate::account::signs_in;
use crate::codes::{SECURITY, form_to};
use crate::devices::{events, path};
use crate::mfa::{asked, next_code, phone, prove, with_app};
use crate::mfa_enrol::enrolled;
use crate::wan;

/// Somebody with Alice's password and her app, at her security page.
async fn intruder(app: &App) -> Browser {
    let browser = app.browser();
    let page = browser.sign_in(SECURITY, ALICE.email, ALICE.password).await;
    let page = prove(&browser, &page, &phone().code(&app.clock)).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    next_code(app);
    browser
}

/// The newest mail about something, which has the answer in both its forms.
async fn told(app: &App, subject: &str) -> Mail {
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let mail = mails
        .into_iter()
        .find(|mail| mail.subject.contains(subject))
        .unwrap_or_else(|| panic!("no mail {subject}"));
    assert!(mail.text.contains("/report/") && mail.html.contains("/report/"));
    assert!(mail.html.contains("This wasn’t me"), "{}", mail.html);
    mail
}

/// Looks at the page that a mail leads to, says "This wasn't me", and chooses a new password; the page that asks.
async fn stopped(reader: &Browser, mail: &Mail, lead: &str) -> Page {
    let link = path(mail.link("it=not_me"));
    let question = reader.open(&link).await.expect(200);
    let text = crate::devices::read(&question);
    assert!(text.contains(lead), "{text}");
    assert!(text.contains(ALICE.email), "{text}");
    let answer = question.form("csrf").press("answer", "not_me");
    let page = reader.send(&answer).await;
    let page = reader.open(page.link("/recover/").path()).await;
    let form = page.form("password").fill("password", FRESH);
    reader.send(&form).await;
    assert_eq!(reader.open(&link).await.status, 410, "once");
    question
}

/// The owner's browser, known long before whoever comes next.
async fn before(app: &App) -> Browser {
    let browser = crate::codes::at_home(app).await;
    app.clock.advance(LONG);
    browser
}

async fn is_out(browser: &Browser) -> bool {
    let page = browser.open("/account").await;
    page.url.path().starts_with("/login/")
}

/// The kinds of second factors that are left.
async fn factors(app: &App) -> Vec<String> {
    let rows = app.database.rows("credentials").await;
    let kinds = rows.iter().filter_map(|row| row["kind"].as_str());
    let mut kinds: Vec<String> = kinds
        .filter(|kind| *kind != "password")
        .map(str::to_owned)
        .collect();
    kinds.sort();
    kinds
}

#[tokio::test]
async fn h_55_who_changed_the_password_is_out_with_what_they_set_up_after_it() {
    let app = App::start().await;
    let owner = before(&app).await;
    let thief = crate::codes::at_home(&app).await;
    let theirs = "cobalt-lantern-fjords-41";
    let form = thief.open("/account/password").await.form("password");
    let form = form
        .fill("current_password", ALICE.password)
        .fill("password", theirs);
    thief.send(&form).await;
    let mail = told(&app, "password was changed").await;
    let mut passkey = Authenticator::new(&app.origin);
    wan::add(&thief, &mut passkey).await;
    assert!(factors(&app).await.contains(&"webauthn".to_owned()));
    stopped(&owner, &mail, "The password of the account").await;
    assert!(is_out(&thief).await);
    assert!(!signs_in(&app, ALICE.email, theirs).await);
    assert_eq!(factors(&app).await, Vec::<String>::new());
    assert!(
        signs_in(&app, ALICE.email, FRESH).await,
        "nothing in the way"
    );
    let reports = events(&app, "session.report").await;
    assert!(reports[0].to_string().contains("password_changed"));
}

#[tokio::test]
async fn h_55_who_removed_a_factor_is_out() {
    let app = App::setup().seed(with_app()).start().await;
    let owner = intruder(&app).await;
    app.clock.advance(LONG);
    let thief = intruder(&app).await;
    let page = thief.open(SECURITY).await;
    thief.send(&form_to(&page, "/security/remove")).await;
    let mail = told(&app, "was removed").await;
    let mut passkey = Authenticator::new(&app.origin);
    wan::add(&thief, &mut passkey).await;
    let page = stopped(&owner, &mail, "a way to sign in was removed").await;
    assert!(page.has("[data-part=factor]"), "which one");
    assert!(is_out(&thief).await);
    assert_eq!(factors(&app).await, Vec::<String>::new());
    assert!(
        signs_in(&app, ALICE.email, FRESH).await,
        "nothing in the way"
    );
}

#[tokio::test]
async fn h_55_who_made_new_backup_codes_is_out_and_the_codes_are_dead() {
    let app = App::setup().seed(with_app()).start().await;
    let thief = intruder(&app).await;
    let page = thief.open(SECURITY).await;
    let page = thief.send(&form_to(&page, "/codes/new")).await;
    thief.send(&page.form("saved").tick("saved")).await;
    assert!(factors(&app).await.contains(&"backup_codes".to_owned()));
    let mail = told(&app, "new backup codes").await;
    stopped(&app.browser(), &mail, "New backup codes were made").await;
    assert!(is_out(&thief).await);
    assert_eq!(factors(&app).await, ["totp"], "hers stays");
    assert!(!signs_in(&app, ALICE.email, ALICE.password).await);
}

#[tokio::test]
async fn h_55_who_signed_in_with_a_backup_code_is_out() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (_, codes) = enrolled(&app, &rp).await;
    app.run_jobs().await;
    let (thief, attempt) = (app.browser(), rp.attempt());
    let page = asked(&thief, &attempt).await;
    let page = thief.open(page.link("method=backup_code").as_str()).await;
    let done = prove(&thief, &page, &codes[0]).await;
    rp.code(&attempt, &done).expect("signed in");
    let mail = told(&app, "backup code was used").await;
    stopped(&app.browser(), &mail, "with a backup code").await;
    assert!(is_out(&thief).await);
    assert!(!signs_in(&app, ALICE.email, ALICE.password).await);
    let page = app.browser();
    let page = page.sign_in("/account", ALICE.email, FRESH).await;
    assert!(page.find_form("code").is_some(), "her app is asked for");
}

#[tokio::test]
async fn h_53_who_administers_the_organization_of_a_member_hears_of_their_report_once() {
    let app = crate::devices::behind_proxy().start().await;
    let (known, _, mail) = crate::devices::known_and_new(&app).await;
    let heard = async |email: &str| -> Vec<Mail> {
        app.run_jobs().await;
        let mut mails = app.mailbox().to(email).await;
        mails.retain(|mail| mail.subject.contains("a member said"));
        mails
    };
    assert!(heard(ADAM.email).await.is_empty());
    // A device is disowned on the page, and a mail is answered: two reports within the hour.
    let page = known.open("/account/devices").await;
    let disown = page.forms().into_iter();
    let mut disown = disown.filter(|form| form.action.path().ends_with("/disown"));
    known.send(&disown.next().expect("a button")).await;
    stopped(&app.browser(), &mail, "Somebody signed in").await;
    let told = heard(ADAM.email).await;
    assert_eq!(told.len(), 1, "{told:?}");
    for part in [&told[0].text, &told[0].html] {
        assert!(part.contains(ALICE.email), "{part}");
    }
    for other in [ALICE, BOB, BEA] {
        assert!(heard(other.email).await.is_empty(), "{}", other.email);
    }
    // The link in her mail is hers alone.
    assert!(!told[0].links.iter().any(|link| link.contains("/report/")));
}
