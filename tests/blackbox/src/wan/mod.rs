//! WAN: passkeys, by an authenticator of our own that can get everything wrong, and by one that nobody here wrote. Registered keys are
//! used through the pages, as a browser with scripts would.

mod account;
mod independent;
mod policy;
mod proof;
mod replay;
mod security_key;

use identity_harness::app::App;
use identity_harness::authenticator::{Parts, Passkeys};
use identity_harness::browser::Browser;
use identity_harness::page::{Form, Page};
use identity_harness::relying_party::{Attempt, RelyingParty};
use identity_harness::seed::Person;
use reqwest::Method;
use serde_json::Value;

pub const ADD: &str = "/account/security/passkeys/add";
pub const LIST: &str = "/account/security/passkeys";

/// What the script fetches when a form's button is pressed.
pub async fn options(browser: &Browser, page: &Page) -> Value {
    let answer = ask(browser, page).await;
    assert_eq!(answer.status, 200, "{}", answer.summary());
    serde_json::from_str(&answer.body).expect("JSON")
}

/// The same, whatever the answer.
pub async fn ask(browser: &Browser, page: &Page) -> Page {
    ask_with(browser, page, &[]).await
}

/// The same, with more fields than every script sends.
pub async fn ask_with(browser: &Browser, page: &Page, more: &[(&str, &str)]) -> Page {
    let path = page.select("form[data-passkey]")[0]
        .attr("data-passkey")
        .to_owned();
    let form = page.form("credential");
    let csrf = form.value("csrf").expect("a token").to_owned();
    let origin = page.url.origin().ascii_serialization();
    let headers = [
        ("origin", origin.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    let fields = [&[("csrf", csrf.as_str())], more].concat();
    browser
        .request_raw(Method::POST, &path, &fields, &headers)
        .await
}

/// The form with an answer in it.
pub fn filled(page: &Page, credential: &Value) -> Form {
    page.form("credential")
        .forge("credential", &credential.to_string())
}

/// Signs in by password at the account, and adds a passkey.
pub async fn enrolled(app: &App, person: Person, authenticator: &mut impl Passkeys) -> Browser {
    let browser = app.browser();
    browser
        .sign_in("/account", person.email, person.password)
        .await;
    let page = add(&browser, authenticator).await;
    assert!(page.status < 400, "{}", page.summary());
    browser
}

/// Adds a passkey in a browser that is signed in.
pub async fn add(browser: &Browser, authenticator: &mut impl Passkeys) -> Page {
    add_with(browser, authenticator, |_| ()).await
}

/// The same, with something changed.
pub async fn add_with(
    browser: &Browser,
    authenticator: &mut impl Passkeys,
    change: impl FnOnce(&mut Parts),
) -> Page {
    let page = browser.open(ADD).await;
    let options = options(browser, &page).await;
    assert_eq!(options["mode"], "create");
    let credential = authenticator.create_with(&options["publicKey"], change);
    let page = browser.send(&filled(&page, &credential)).await;
    // The first factor comes with backup codes.
    match page.find_form("saved") {
        Some(form) => browser.send(&form.tick("saved")).await,
        None => page,
    }
}

/// A sign-in page that waits, in a browser of its own.
pub struct Waiting {
    pub rp: RelyingParty,
    pub attempt: Attempt,
    pub browser: Browser,
    pub page: Page,
}

impl Waiting {
    pub async fn new(app: &App) -> Self {
        Self::at(app, app.browser()).await
    }

    pub async fn at(app: &App, browser: Browser) -> Self {
        let rp = app.client("web1").await;
        let attempt = rp.attempt();
        let page = browser.open(attempt.url().as_str()).await;
        Self {
            rp,
            attempt,
            browser,
            page,
        }
    }

    /// The options the page's script gets.
    pub async fn options(&self) -> Value {
        let options = options(&self.browser, &self.page).await;
        assert_eq!(options["mode"], "get");
        options["publicKey"].clone()
    }

    /// What comes back for an answer.
    pub async fn answer(&self, credential: &Value) -> Page {
        self.browser.send(&filled(&self.page, credential)).await
    }

    /// Claims of the ID token that a way to the application leads to.
    pub async fn claims(&self, page: &Page) -> Value {
        let tokens = self.rp.tokens(&self.attempt, page).await;
        tokens.expect("tokens").claims
    }
}

/// Signs in by passkey alone; the claims of the ID token.
pub async fn sign_in(app: &App, authenticator: &mut impl Passkeys) -> Value {
    let waiting = Waiting::new(app).await;
    let credential = authenticator.get(&waiting.options().await);
    let page = waiting.answer(&credential).await;
    waiting.claims(&page).await
}

/// The sign-in page again, with an alert, and nobody signed in.
pub fn assert_refused(waiting: &Waiting, page: &Page, what: &str) {
    assert_eq!(page.status, 422, "{what}: {}", page.summary());
    assert!(page.has("[role=alert]"), "{what}: {}", page.summary());
    assert!(page.has("form[data-passkey]"), "{what}: a way to try again");
    assert!(waiting.browser.cookie("session").is_none(), "{what}");
}
