//! PRI and INV-05: what a person does with their own account.

mod export;

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::mailbox::Mail;
use identity_harness::page::Page;
use identity_harness::seed::{ADAM, ALICE, BOB, Seed, registration, web};

pub const EMAIL: &str = "nora.quill@inbox.test";
const NAME: &str = "Nora Quillfeather";
pub const PASSWORD: &str = "basalt-thunder-combs-62";
pub const NEW_EMAIL: &str = "nora.new@inbox.test";
const DAY: Duration = Duration::from_hours(24);

/// Somebody who signed up by themselves, signed in.
pub async fn nora(app: &App) -> Browser {
    let browser = app.browser();
    let form = browser.open("/register").await.form("email");
    let form = form
        .fill("name", NAME)
        .fill("email", EMAIL)
        .fill("password", PASSWORD);
    let page = browser.send(&form).await;
    app.run_jobs().await;
    let code = app.mailbox().newest(EMAIL).await.code().to_owned();
    browser.send(&page.form("code").fill("code", &code)).await;
    assert_eq!(browser.open("/account").await.status, 200);
    browser
}

pub async fn signs_in(app: &App, email: &str, password: &str) -> bool {
    let browser = app.browser();
    let page = browser.sign_in("/account", email, password).await;
    page.url.path() == "/account" && page.status == 200
}

/// Asks for another address and returns the page that waits for the code.
pub async fn ask_for(app: &App, browser: &Browser, email: &str) -> Page {
    let form = browser.open("/account/email").await.form("email");
    let page = browser.send(&form.fill("email", email)).await;
    app.run_jobs().await;
    page
}

#[tokio::test]
async fn pri_03_a_changed_profile_is_in_the_next_tokens_and_user_info() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let form = browser.open("/account/profile").await.form("name");
    let form = form
        .fill("name", "Nora Neu")
        .fill("zoneinfo", "Europe/Berlin");
    let page = browser.send(&form).await;
    assert!(page.text().contains("Saved"), "{}", page.text());
    let rp = app.client("web1").await;
    let tokens = rp.sign_in(&browser, EMAIL, PASSWORD).await;
    assert_eq!(tokens.claims["name"], "Nora Neu");
    let info = rp.userinfo(&tokens.access_token).await.expect_ok();
    assert_eq!(info["name"], "Nora Neu");
    assert_eq!(info["zoneinfo"], "Europe/Berlin");
}

#[tokio::test]
async fn inv_05_a_new_address_counts_once_proven_and_the_old_one_is_told() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let page = ask_for(&app, &browser, NEW_EMAIL).await;
    // Nothing has changed yet, and the old address hears nothing of a mere wish.
    assert!(signs_in(&app, EMAIL, PASSWORD).await);
    let told = |mails: Vec<Mail>| {
        mails
            .iter()
            .filter(|mail| mail.text.contains("/account/email/undo/"))
            .count()
    };
    assert_eq!(told(app.mailbox().to(EMAIL).await), 0);
    let code = app.mailbox().newest(NEW_EMAIL).await.code().to_owned();
    let wrong = browser
        .send(&page.form("code").fill("code", "BBBBB-BBBBB"))
        .await;
    assert_eq!(wrong.status, 422);
    let page = browser.send(&wrong.form("code").fill("code", &code)).await;
    assert!(page.text().contains(NEW_EMAIL), "{}", page.text());
    app.run_jobs().await;
    let mails = app.mailbox().to(EMAIL).await;
    assert!(mails.iter().any(|mail| mail.text.contains(NEW_EMAIL)));
    assert_eq!(told(mails), 1);
    assert!(signs_in(&app, NEW_EMAIL, PASSWORD).await);
    assert!(!signs_in(&app, EMAIL, PASSWORD).await);
}

#[tokio::test]
async fn inv_05_the_old_address_takes_a_change_back_and_ends_every_session() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let page = ask_for(&app, &browser, NEW_EMAIL).await;
    let code = app.mailbox().newest(NEW_EMAIL).await.code().to_owned();
    browser.send(&page.form("code").fill("code", &code)).await;
    app.run_jobs().await;
    let told = app.mailbox().newest(EMAIL).await;
    let link = told.link("/account/email/undo/").to_owned();
    let owner = app.browser();
    let page = owner.open(&link).await;
    // Opening the link changes nothing (INV-07).
    assert_eq!(browser.get("/account").await.status, 200);
    let form = page.forms().into_iter().find(|form| form.method == "post");
    owner.send(&form.expect("a button")).await;
    assert_eq!(browser.get("/account").await.status, 303);
    // Whoever changed the address knew the password: it opens nothing until its owner chose another.
    assert!(!signs_in(&app, EMAIL, PASSWORD).await);
    assert!(!signs_in(&app, NEW_EMAIL, PASSWORD).await);
    assert_eq!(owner.open(&link).await.status, 410);
    let form = owner.open("/recover").await.form("identifier");
    owner.send(&form.fill("identifier", EMAIL)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(EMAIL).await;
    let form = owner.open(mail.link("/recover/")).await.form("password");
    let fresh = "granite-meadow-owls-93";
    owner.send(&form.fill("password", fresh)).await;
    assert!(signs_in(&app, EMAIL, fresh).await);
}

#[tokio::test]
async fn inv_02_a_link_for_a_new_address_works_once_and_a_newer_one_kills_it() {
    let app = App::start().await;
    let browser = nora(&app).await;
    ask_for(&app, &browser, NEW_EMAIL).await;
    let first = app.mailbox().newest(NEW_EMAIL).await;
    let first = first.link("/account/email/confirm/").to_owned();
    app.clock.advance(Duration::from_mins(2));
    ask_for(&app, &browser, "nora.other@inbox.test").await;
    let second = app.mailbox().newest("nora.other@inbox.test").await;
    let second = second.link("/account/email/confirm/").to_owned();
    assert_eq!(browser.open(&first).await.status, 410);
    let page = browser.open(&second).await;
    let form = page.forms().into_iter().find(|form| form.method == "post");
    let form = form.expect("a button");
    browser.send(&form).await;
    assert!(signs_in(&app, "nora.other@inbox.test", PASSWORD).await);
    assert_eq!(browser.submit(&form).await.status, 410);
}

#[tokio::test]
async fn inv_05_an_address_that_is_taken_gets_the_same_answer_and_no_proof() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let free = ask_for(&app, &browser, NEW_EMAIL).await;
    app.clock.advance(Duration::from_mins(2));
    let taken = ask_for(&app, &browser, BOB.email).await;
    assert_eq!(free.status, taken.status);
    assert_eq!(free.title(), taken.title());
    let mail = app.mailbox().newest(BOB.email).await;
    assert!(
        !mail.text.contains("/account/email/confirm/"),
        "{}",
        mail.text
    );
}

#[tokio::test]
async fn inv_05_a_stale_session_must_prove_itself_before_it_changes_the_address() {
    let app = App::start().await;
    let browser = nora(&app).await;
    app.clock.advance(Duration::from_mins(16));
    let page = browser.open("/account/email").await;
    assert!(page.has("input[name=password]"), "{}", page.summary());
    let page = browser.enter(page, EMAIL, PASSWORD).await;
    assert!(page.has("input[name=email]"), "{}", page.summary());
}

/// Deletes the account and returns the link that takes it back.
async fn delete(app: &App, browser: &Browser) -> String {
    let form = browser.open("/account/delete").await.form("confirm");
    let unconfirmed = browser.send(&form).await;
    assert_eq!(unconfirmed.status, 422, "without the box nothing happens");
    let form = unconfirmed.form("confirm").tick("confirm");
    browser.send(&form).await.expect(200);
    app.run_jobs().await;
    let mail = app.mailbox().newest(EMAIL).await;
    mail.link("/account/delete/cancel/").to_owned()
}

#[tokio::test]
async fn pri_02_an_account_is_shut_at_once_and_can_be_taken_back() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let rp = app.client("web1").await;
    let tokens = rp.sign_in(&browser, EMAIL, PASSWORD).await;
    let link = delete(&app, &browser).await;
    assert_eq!(browser.get("/account").await.status, 303);
    assert!(!signs_in(&app, EMAIL, PASSWORD).await);
    rp.userinfo(&tokens.access_token)
        .await
        .expect_error(401, "invalid_token");
    let other = app.browser();
    let page = other.open(&link).await;
    assert!(!signs_in(&app, EMAIL, PASSWORD).await, "a GET does nothing");
    let form = page.forms().into_iter().find(|form| form.method == "post");
    other.send(&form.expect("a button")).await.expect(200);
    assert!(signs_in(&app, EMAIL, PASSWORD).await);
    // The purge that was planned finds nothing to do.
    app.clock.advance(31 * DAY);
    app.run_jobs().await;
    assert!(signs_in(&app, EMAIL, PASSWORD).await);
}

fn hits(dump: &[u8], marker: &str) -> usize {
    dump.windows(marker.len())
        .filter(|window| *window == marker.as_bytes())
        .count()
}

#[tokio::test]
async fn pri_02_after_the_purge_nothing_names_the_person() {
    let app = App::start().await;
    let browser = nora(&app).await;
    assert!(hits(&app.database.dump().await, EMAIL) > 0);
    delete(&app, &browser).await;
    // Days pass: what is over by itself, like the login she came by, is swept long before.
    app.clock.advance(3 * DAY);
    app.run_jobs().await;
    app.clock.advance(27 * DAY + Duration::from_mins(1));
    app.run_jobs().await;
    let dump = app.database.dump().await;
    for marker in [EMAIL, NAME, "Quillfeather"] {
        assert_eq!(hits(&dump, marker), 0, "{marker} is still stored");
    }
    let users = app.database.rows("users").await;
    assert!(users.iter().all(|user| user["email"] != EMAIL));
    // The log keeps its pseudonym and its chain.
    let purged = app.database.rows("audit").await;
    let purged = purged
        .iter()
        .filter(|row| row["action"] == "user.delete")
        .count();
    assert_eq!(purged, 2);
    // The address is free again, for a new person with a new id.
    nora(&app).await;
}

/// What the page says to somebody who asks for the end of their account.
async fn asks_to_be_deleted(browser: &Browser) -> Page {
    let form = browser.open("/account/delete").await.form("confirm");
    browser.send(&form.tick("confirm")).await
}

#[tokio::test]
async fn pri_05_people_of_a_file_are_not_deleted_here() {
    let app = App::start().await;
    let browser = app.browser();
    browser.sign_in("/account", ADAM.email, ADAM.password).await;
    let page = browser.open("/account/data").await;
    assert!(!page.has("a[href='/account/delete']"), "managed by a file");
    let page = asks_to_be_deleted(&browser).await;
    assert!(page.url.path().starts_with("/account/data"));
    assert!(signs_in(&app, ADAM.email, ADAM.password).await);
}

#[tokio::test]
async fn pri_05_the_last_administrator_hands_over_first() {
    let app = App::start().await;
    // Nobody's file describes them any more.
    app.database
        .tamper("UPDATE users SET managed_by = NULL")
        .await;
    let browser = app.browser();
    browser.sign_in("/account", ADAM.email, ADAM.password).await;
    let page = asks_to_be_deleted(&browser).await;
    assert!(page.text().contains("administrator"), "{}", page.text());
    assert_eq!(browser.open("/account").await.url.path(), "/account");
    assert!(signs_in(&app, ADAM.email, ADAM.password).await);
    app.database
        .tamper("UPDATE memberships SET roles = '[\"admin\"]'")
        .await;
    asks_to_be_deleted(&browser).await.expect(200);
    assert!(!signs_in(&app, ADAM.email, ADAM.password).await);
}

#[tokio::test]
async fn the_activity_tells_what_happened_and_downloads_as_a_table() {
    let app = App::start().await;
    let browser = nora(&app).await;
    signs_in(&app, EMAIL, "not-the-password-at-all").await;
    let page = browser.open("/account/activity").await;
    let text = page.text();
    assert!(text.contains("Signed in"), "{text}");
    assert!(text.contains("Sign-in refused"), "{text}");
    let refused = browser.open("/account/activity?kind=refused").await;
    assert!(!refused.text().contains("Account made"));
    assert!(refused.text().contains("Sign-in refused"));
    let table = browser.get("/account/activity.csv").await.expect(200);
    assert!(table.header("content-type").starts_with("text/csv"));
    assert!(
        table
            .body
            .starts_with("time,event,result,address,device,action")
    );
    assert!(table.body.contains("session.sign_in"));
    // Nobody else's.
    let alice = app.browser();
    alice.sign_in("/account", ALICE.email, ALICE.password).await;
    let text = alice.open("/account/activity").await.text();
    assert!(!text.contains("Account made") && !text.contains("Sign-in refused"));
}

/// Allows an application what it asks for, and returns how many mails told of one by now.
async fn connect(app: &App, browser: &Browser, client: &str) -> usize {
    let rp = app.relying_party(registration(client, None)).await;
    let attempt = rp.attempt();
    let page = browser.open(&attempt.url()).await;
    let form = page.form("csrf").press("decision", "allow");
    let done = browser.send(&form).await;
    rp.code(&attempt, &done).expect("allowed");
    app.run_jobs().await;
    let mails = app.mailbox().to(EMAIL).await;
    let told = mails
        .iter()
        .filter(|mail| mail.subject.contains("connected"));
    told.count()
}

#[tokio::test]
async fn h_61_an_app_that_is_connected_is_told_by_mail_unless_that_is_switched_off() {
    let asking = |id| {
        let mut client = web(id, None);
        client["require_consent"] = true.into();
        client
    };
    let seed = Seed::common().client(asking("one")).client(asking("two"));
    let app = App::setup().seed(seed).start().await;
    let browser = nora(&app).await;
    assert_eq!(connect(&app, &browser, "one").await, 1);
    let page = browser.open("/account/notifications").await;
    // Mails about security have no box that could be cleared.
    assert_eq!(page.select("input[type=checkbox]:not([disabled])").len(), 1);
    let form = page.form("app_connected");
    assert!(form.value("app_connected").is_some(), "on by default");
    let page = browser.send(&form.without("app_connected")).await;
    assert!(page.text().contains("Saved"));
    let page = browser.open("/account/notifications").await;
    assert!(!page.has("input[name=app_connected][checked]"));
    assert_eq!(connect(&app, &browser, "two").await, 1, "no second one");
}
