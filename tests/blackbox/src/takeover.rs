//! Somebody else was in the account: whatever its owner does to throw them out leaves them no way back.

mod factors;
mod held;
mod mails;
mod thrown_out;
mod told;

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::ALICE;

use crate::account::{ask_for, nora};

/// For so long a browser is known of which nobody doubts that it is its owner's.
pub const LONG: Duration = Duration::from_hours(31 * 24);
/// What the owner chooses when it is over.
pub const FRESH: &str = "granite-meadow-owls-93";
pub const EVIL: &str = "nora.evil@elsewhere.test";

/// Presses the only button of a page that a mailed link leads to.
pub async fn press(browser: &Browser, link: &str) -> Page {
    let page = browser.open(link).await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.method == "post" && form.action.path().contains("/email/"));
    match form {
        Some(form) => browser.send(&form).await,
        None => page,
    }
}

/// Chooses a new password by a mail.
pub async fn recover(app: &App, email: &str) -> Page {
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", email)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(email).await;
    let form = browser.open(mail.link("/recover/")).await.form("password");
    browser.send(&form.fill("password", FRESH)).await
}

/// A change of address that is asked for and not proven; the mailed link.
pub async fn pending_change(app: &App, browser: &Browser, to: &str) -> String {
    ask_for(app, browser, to).await;
    let mail = app.mailbox().newest(to).await;
    mail.link("/account/email/confirm/").to_owned()
}

/// Changes the address by the mailed code; the undo link that the address before gets.
pub async fn changed(app: &App, browser: &Browser, from: &str, to: &str) -> String {
    let page = ask_for(app, browser, to).await;
    let code = app.mailbox().newest(to).await.code().to_owned();
    let page = browser.send(&page.form("code").fill("code", &code)).await;
    assert!(page.text().contains(to), "{}", page.summary());
    app.run_jobs().await;
    let mail = app.mailbox().newest(from).await;
    mail.link("/account/email/undo/").to_owned()
}

/// Whether Alice, with what she knows by now, is asked for a second factor.
pub async fn asked_of_alice(rp: &RelyingParty, browser: &Browser, password: &str) -> bool {
    let page = browser
        .sign_in(&rp.attempt().url(), ALICE.email, password)
        .await;
    page.url.path().ends_with("/second_factor")
}

/// Somebody who signed up, and a second browser that knows their password.
pub async fn nora_and_another(app: &App) -> (Browser, Browser) {
    nora_for(app, Duration::ZERO).await
}

/// The same, whose own browser was known for so long before.
pub async fn nora_for(app: &App, long: Duration) -> (Browser, Browser) {
    let owner = nora(app).await;
    app.clock.advance(long);
    let other = app.browser();
    other
        .sign_in("/account", crate::account::EMAIL, crate::account::PASSWORD)
        .await;
    (owner, other)
}
