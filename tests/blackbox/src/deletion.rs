//! PRI-02, INV-05: the end of an account, where somebody else asked for it, and where an operator came in between.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::Seed;
use serde_json::json;

use crate::account::{EMAIL, PASSWORD, ask_for, nora, signs_in};

const EVIL: &str = "nora.evil@elsewhere.test";
const FRESH: &str = "granite-meadow-owls-93";
const DAY: Duration = Duration::from_hours(24);

/// The newest mail to an address with a link of this kind.
async fn link(app: &App, to: &str, part: &str) -> Option<String> {
    app.run_jobs().await;
    let mails = app.mailbox().to(to).await;
    let mail = mails.iter().find(|mail| mail.text.contains(part))?;
    Some(mail.link(part).to_owned())
}

async fn delete(browser: &Browser) {
    let form = browser.open("/account/delete").await.form("confirm");
    browser.send(&form.tick("confirm")).await.expect(200);
}

async fn press(app: &App, link: &str) -> Page {
    let browser = app.browser();
    let page = browser.open(link).await;
    let form = page.forms().into_iter().find(|form| form.method == "post");
    browser.send(&form.expect("a button")).await
}

/// Somebody who knows the password changes the address and deletes the account; the owner's way back from the first.
async fn robbed(app: &App) -> String {
    nora(app).await;
    let intruder = app.browser();
    intruder.sign_in("/account", EMAIL, PASSWORD).await;
    let page = ask_for(app, &intruder, EVIL).await;
    let code = app.mailbox().newest(EVIL).await.code().to_owned();
    intruder.send(&page.form("code").fill("code", &code)).await;
    let undo = link(app, EMAIL, "/account/email/undo/").await;
    delete(&intruder).await;
    undo.expect("a way back")
}

async fn recovered(app: &App) -> bool {
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", EMAIL)).await;
    let link = link(app, EMAIL, "/recover/").await.expect("a mail");
    let form = browser.open(&link).await.form("password");
    browser.send(&form.fill("password", FRESH)).await;
    signs_in(app, EMAIL, FRESH).await
}

#[tokio::test]
async fn inv_05_a_change_taken_back_takes_the_deletion_back_that_followed_it() {
    let app = App::start().await;
    let undo = robbed(&app).await;
    let page = app.browser().open(&undo).await;
    assert_eq!(page.status, 200, "{}", page.summary());
    press(&app, &undo).await;
    assert!(recovered(&app).await);
    // What the intruder got is good for nothing, and the purge finds nothing to do.
    let theirs = link(&app, EVIL, "/account/delete/cancel/").await;
    let page = app.browser().open(&theirs.expect("a mail")).await;
    assert_eq!(page.status, 410, "{}", page.summary());
    app.clock.advance(31 * DAY);
    app.run_jobs().await;
    assert!(signs_in(&app, EMAIL, FRESH).await);
}

#[tokio::test]
async fn x_02_an_account_that_was_kept_is_told_so_after_a_reload() {
    let app = App::start().await;
    let owner = nora(&app).await;
    delete(&owner).await;
    let cancel = link(&app, EMAIL, "/account/delete/cancel/").await;
    let cancel = cancel.expect("a way back");
    let told = format!("{cancel}?said=kept");
    let page = app.browser().open(&told).await;
    assert!(page.text().contains("Keep"), "not yet: {}", page.summary());
    let page = press(&app, &cancel).await;
    let again = app.browser().open(page.url.as_str()).await.expect(200);
    assert_eq!(again.text(), page.text());
    assert!(signs_in(&app, EMAIL, PASSWORD).await);
    assert_eq!(app.browser().open(&cancel).await.status, 410);
}

#[tokio::test]
async fn inv_05_an_address_that_can_take_a_change_back_hears_of_the_deletion_and_can_stop_it() {
    let app = App::start().await;
    let undo = robbed(&app).await;
    let ours = link(&app, EMAIL, "/account/delete/cancel/").await;
    let page = press(&app, &ours.expect("told of it")).await;
    assert_eq!(page.status, 200, "{}", page.summary());
    assert_eq!(app.browser().open(&undo).await.status, 200, "still good");
    press(&app, &undo).await;
    assert!(recovered(&app).await);
}

#[tokio::test]
async fn pri_02_an_address_given_up_long_ago_hears_nothing_of_a_deletion() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let page = ask_for(&app, &browser, EVIL).await;
    let code = app.mailbox().newest(EVIL).await.code().to_owned();
    browser.send(&page.form("code").fill("code", &code)).await;
    app.clock.advance(8 * DAY);
    let browser = app.browser();
    browser
        .sign_in("/account/delete", EVIL, PASSWORD)
        .await
        .expect(200);
    delete(&browser).await;
    assert!(link(&app, EVIL, "/account/delete/cancel/").await.is_some());
    assert!(link(&app, EMAIL, "/account/delete/cancel/").await.is_none());
}

#[tokio::test]
async fn pri_02_taking_a_deletion_back_lifts_no_suspension() {
    let app = App::start().await;
    let browser = nora(&app).await;
    delete(&browser).await;
    let cancel = link(&app, EMAIL, "/account/delete/cancel/").await;
    let cancel = cancel.expect("a mail");
    let suspended = Seed::common().user(json!({"email": EMAIL, "status": "suspended"}));
    app.apply(&suspended).await.expect("applied");
    let page = app.browser().open(&cancel).await;
    assert_eq!(page.status, 410, "{}", page.summary());
    assert!(!signs_in(&app, EMAIL, PASSWORD).await);
    // Whom a file describes is not purged either.
    app.clock.advance(31 * DAY);
    app.run_jobs().await;
    let opened = Seed::common().user(json!({"email": EMAIL, "status": "active"}));
    app.apply(&opened).await.expect("applied");
    assert!(signs_in(&app, EMAIL, PASSWORD).await);
}
