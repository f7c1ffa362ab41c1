//! SES-10, SES-11, PWD-03: recognised browsers, what is told about others, and what a report does.

mod digests;
mod factors;
mod lanes;
mod listed;
mod reports;
mod told;

use std::time::Duration;

use identity_harness::app::{App, Setup};
use identity_harness::browser::Browser;
use identity_harness::mailbox::Mail;
use identity_harness::page::Page;
use identity_harness::relying_party::Tokens;
use identity_harness::seed::{ALICE, Person};
use serde_json::Value;

pub const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
pub const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

/// A provider behind a proxy, so that browsers have addresses of their own.
pub fn behind_proxy() -> Setup {
    App::setup().trusted_proxies(&["127.0.0.0/8"])
}

/// A browser of some kind at some address.
pub fn browser(app: &App, agent: &str, address: &str) -> Browser {
    app.browser()
        .with_header("user-agent", agent)
        .with_header("x-forwarded-for", address)
}

/// The same browser, or a thief of all its cookies, with other headers.
pub fn elsewhere(app: &App, browser: &Browser, agent: &str, address: &str) -> Browser {
    let moved = self::browser(app, agent, address);
    for cookie in browser.cookies() {
        moved.plant(cookie);
    }
    moved
}

/// Signs somebody in by the common app.
pub async fn sign_in(app: &App, browser: &Browser, person: Person) -> Tokens {
    let rp = app.client("web1").await;
    rp.sign_in(browser, person.email, person.password).await
}

/// One try with a password; the page that answers.
pub async fn attempt(app: &App, browser: &Browser, email: &str, password: &str) -> Page {
    let rp = app.client("web1").await;
    browser.sign_in(&rp.attempt().url(), email, password).await
}

/// Whether a browser is signed in.
pub async fn signed_in(app: &App, browser: &Browser) -> bool {
    let rp = app.client("web1").await;
    let attempt = rp.attempt().with("prompt", "none");
    let page = browser.open(&attempt.url()).await;
    rp.code(&attempt, &page).is_ok()
}

/// Mails about sign-ins, newest first.
pub async fn told(app: &App, email: &str) -> Vec<Mail> {
    app.run_jobs().await;
    let mut mails = app.mailbox().to(email).await;
    mails.retain(|mail| mail.subject.starts_with("New sign-in"));
    mails
}

/// Audit records of one action.
pub async fn events(app: &App, action: &str) -> Vec<Value> {
    let mut rows = app.database.rows("audit").await;
    rows.retain(|row| row["action"] == action);
    rows
}

/// What a person reads, without the marks that keep names apart from sentences.
pub fn read(page: &Page) -> String {
    page.text().replace(['\u{2068}', '\u{2069}'], "")
}

/// The path of a mailed link.
pub fn path(link: &str) -> String {
    let url = url::Url::parse(link).expect("an address");
    let query = url.query().map(|query| format!("?{query}"));
    format!("{}{}", url.path(), query.unwrap_or_default())
}

/// Signs Alice in with Chrome, then with Firefox; both browsers and the mail about the second.
pub async fn known_and_new(app: &App) -> (Browser, Browser, Mail) {
    let known = browser(app, CHROME, "192.0.2.10");
    known_for(app, known, Duration::ZERO).await
}

/// The same, with a browser that was known for so long before.
pub async fn known_for(app: &App, known: Browser, long: Duration) -> (Browser, Browser, Mail) {
    let new = browser(app, FIREFOX, "198.51.100.20");
    sign_in(app, &known, ALICE).await;
    app.clock.advance(long);
    sign_in(app, &new, ALICE).await;
    let mut mails = told(app, ALICE.email).await;
    assert_eq!(mails.len(), 1);
    (known, new, mails.remove(0))
}
