//! MFA-07: what second factors are made of (QR codes, keys, backup codes, codes by mail and text message) is in the page it is handed
//! over by, and in nothing else that the process writes: no log, no address, no record, no later page.

use identity_harness::browser::Browser;
use identity_harness::clock::Clock;
use identity_harness::page::Page;
use identity_harness::seed::{ALICE, Person, Seed};

use super::Run;
use crate::codes::form_to;
use crate::mfa::{TWO, prove};

const SECURITY: &str = "/account/security";

const fn person(email: &'static str, name: &'static str) -> Person {
    Person {
        email,
        name,
        ..ALICE
    }
}

const DORA: Person = person("dora@a.test", "Dora Dell");
const EMIL: Person = person("emil@a.test", "Emil Ende");
const FAYE: Person = person("faye@a.test", "Faye Falk");
const EMILS_NUMBER: &str = "+4915112345678";
const FAYES_NUMBER: &str = "+4915187654321";

/// Three who have no second factor yet.
pub fn people(seed: Seed) -> Seed {
    [DORA, EMIL, FAYE]
        .into_iter()
        .fold(seed, |seed, one| seed.person(one, "a", "analyst"))
}

impl Run {
    /// Neither a page nor its address repeats a secret.
    fn look_all_over(&self, page: &Page) {
        self.look_at(page);
        let address = page.url.as_str();
        self.secrets.expect_absent("an address", address);
        let headers = format!("{:?}", page.headers);
        let own: String = headers
            .split(", ")
            .filter(|part| !part.contains("set-cookie"))
            .collect();
        self.secrets.expect_absent("a header", &own);
    }

    /// The code that was sent to a number and is not known yet.
    async fn texted(&mut self, number: &str) -> String {
        let code = self
            .gateway
            .wait_for(|call| {
                let code = call.body.split('#').nth(1)?.get(..6)?.to_owned();
                let new = !self.secrets.has_digits(&code);
                (new && call.body.contains(number)).then_some(code)
            })
            .await;
        self.secrets
            .add_digits(&format!("code {code} to {number}"), &code);
        code
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mfa_07_what_a_second_factor_is_made_of_is_in_nothing_that_the_process_writes() {
    let mut run = Run::start(&["webauthn", "totp", "sms"]).await;
    an_app_in_a_login(&mut run).await;
    a_number_in_a_login(&mut run).await;
    on_the_account_pages(&mut run).await;
    run.expect_silence(80).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mfa_07_a_mailed_code_is_in_nothing_that_the_process_writes() {
    let mut run = Run::start(&["email"]).await;
    mailed(&mut run).await;
    run.expect_silence(8).await;
}

/// Dora: an app is asked for in a sign-in, then used; a backup code too, well and badly.
async fn an_app_in_a_login(run: &mut Run) {
    let browser = run.browser();
    let attempt = run.rp.attempt().with("acr_values", TWO);
    let page = browser
        .sign_in(&attempt.url(), DORA.email, DORA.password)
        .await;
    let page = browser.open(page.link("method=totp").as_str()).await;
    let app = run.secrets.add_app("Dora's", &page);
    let wrong = app.wrong_code(&Clock::starting_now());
    let page = prove(&browser, &page, &wrong).await.expect(422);
    let code = run.secrets.add_totp("Dora's first code", &app, -1);
    let page = prove(&browser, &page, &code).await;
    run.look_all_over(&page);
    let codes = run.secrets.add_backup_codes("Dora's", &page);
    browser.open(page.link("/file").as_str()).await.expect(200);
    let done = browser.send(&page.form("saved").tick("saved")).await;
    run.look_all_over(&done);
    run.rp.tokens(&attempt, &done).await.expect("signed in");
    run.secrets.add_cookies("Dora", &browser);

    let (browser, attempt) = (run.browser(), run.rp.attempt());
    let page = browser
        .sign_in(&attempt.url(), DORA.email, DORA.password)
        .await;
    let used = prove(&browser, &page, &code).await.expect(422);
    run.look_all_over(&used);
    let at = with_backup_code(&page);
    let form = browser.open(&at).await;
    let almost = format!("{}zz", &codes[0][..codes[0].len() - 2]);
    run.secrets.add("mistyped backup code", &almost);
    let page = prove(&browser, &form, &almost).await.expect(422);
    run.look_all_over(&page);
    // In an address, where none belongs.
    let page = browser.open(&format!("{at}&code={}", codes[1])).await;
    assert!(!page.body.contains(&format!("value=\"{}\"", codes[1])));
    let done = prove(&browser, &form, &codes[0]).await;
    run.look_all_over(&done);
    run.rp.tokens(&attempt, &done).await.expect("signed in");

    let (browser, attempt) = (run.browser(), run.rp.attempt());
    let page = browser
        .sign_in(&attempt.url(), DORA.email, DORA.password)
        .await;
    let form = browser.open(&with_backup_code(&page)).await;
    let page = prove(&browser, &form, &codes[0]).await.expect(422);
    run.look_all_over(&page);
    let form = browser.open(page.url.path()).await;
    let code = run.secrets.add_totp("Dora's next code", &app, 1);
    let done = prove(&browser, &form, &code).await;
    run.look_all_over(&done);
    run.rp.tokens(&attempt, &done).await.expect("signed in");
}

/// Emil: a number is asked for in a sign-in, and then used.
async fn a_number_in_a_login(run: &mut Run) {
    let browser = run.browser();
    let attempt = run.rp.attempt().with("acr_values", TWO);
    let page = browser
        .sign_in(&attempt.url(), EMIL.email, EMIL.password)
        .await;
    let page = browser.open(page.link("method=sms").as_str()).await;
    let page = browser
        .send(&page.form("phone").fill("phone", EMILS_NUMBER))
        .await;
    let code = run.texted(EMILS_NUMBER).await;
    run.look_all_over(&page);
    let page = prove(&browser, &page, &other_than(&code)).await.expect(422);
    run.look_all_over(&page);
    let page = prove(&browser, &page, &code).await;
    run.look_all_over(&page);
    run.secrets.add_backup_codes("Emil's", &page);
    let done = browser.send(&page.form("saved").tick("saved")).await;
    run.look_all_over(&done);
    run.rp.tokens(&attempt, &done).await.expect("signed in");
    let (browser, page) = sent_a_code(run, "sms").await;
    let code = run.texted(EMILS_NUMBER).await;
    proven(run, &browser, &page, &code).await;
}

/// Emil, where mail codes are allowed: his address is a second factor from the start.
async fn mailed(run: &mut Run) {
    let browser = run.browser();
    let attempt = run.rp.attempt().with("acr_values", TWO);
    let page = browser
        .sign_in(&attempt.url(), EMIL.email, EMIL.password)
        .await;
    let page = browser.open(page.link("method=email").as_str()).await;
    let page = browser.send(&form_to(&page, "/enrol/email")).await;
    let letter = run.mail.wait_for(EMIL.email, "sign-in code").await;
    run.secrets.add_digits("mailed code", letter.digits());
    run.look_all_over(&page);
    let wrong = other_than(letter.digits());
    let wrong = prove(&browser, &page, &wrong).await.expect(422);
    run.look_all_over(&wrong);
    let page = prove(&browser, &page, letter.digits()).await;
    run.look_all_over(&page);
    run.secrets.add_backup_codes("Emil's", &page);
    let done = browser.send(&page.form("saved").tick("saved")).await;
    run.look_all_over(&done);
    run.rp.tokens(&attempt, &done).await.expect("signed in");
}

/// Emil at the page that takes a code which was just sent.
async fn sent_a_code(run: &Run, method: &str) -> (Browser, Page) {
    let browser = run.browser();
    let attempt = run.rp.attempt().with("acr_values", TWO);
    let page = browser
        .sign_in(&attempt.url(), EMIL.email, EMIL.password)
        .await;
    let at = format!("{}?method={method}", page.url.path());
    let page = browser.open(&at).await;
    let page = browser.send(&form_to(&page, "/send")).await.expect(200);
    (browser, page)
}

/// A wrong code, the right one, and the right one again.
async fn proven(run: &Run, browser: &Browser, page: &Page, code: &str) {
    run.look_all_over(page);
    let wrong = prove(browser, page, &other_than(code)).await.expect(422);
    run.look_all_over(&wrong);
    let done = prove(browser, page, code).await;
    run.look_all_over(&done);
    let address = done.redirect().to_string();
    assert!(address.contains("code="), "{}", done.summary());
    run.secrets.expect_absent("the way back", &address);
    let again = prove(browser, page, code).await;
    run.look_all_over(&again);
}

/// Faye: an app, a number and new backup codes, from the Security page.
async fn on_the_account_pages(run: &mut Run) {
    let browser = run.browser();
    let page = browser.sign_in(SECURITY, FAYE.email, FAYE.password).await;
    assert_eq!(page.url.path(), SECURITY, "{}", page.summary());
    let page = browser.open("/account/security/apps/add").await;
    let app = run.secrets.add_app("Faye's", &page);
    let wrong = app.wrong_code(&Clock::starting_now());
    let page = prove(&browser, &page, &wrong).await.expect(422);
    let code = run.secrets.add_totp("Faye's code", &app, 0);
    let page = prove(&browser, &page, &code).await;
    run.look_all_over(&page);
    run.secrets.add_backup_codes("Faye's", &page);
    saved(run, &browser, &page).await;

    let page = browser.open("/account/security/phone").await;
    let page = browser
        .send(&page.form("phone").fill("phone", FAYES_NUMBER))
        .await;
    let code = run.texted(FAYES_NUMBER).await;
    run.look_all_over(&page);
    let form = form_to(&page, "/phone/code");
    let wrong = form.clone().fill("code", &other_than(&code));
    run.look_all_over(&browser.send(&wrong).await.expect(422));
    let page = browser.send(&form.fill("code", &code)).await;
    run.look_all_over(&page);
    let page = browser.open(SECURITY).await;
    let page = browser.send(&form_to(&page, "/codes/new")).await;
    run.look_all_over(&page);
    run.secrets.add_backup_codes("Faye's new", &page);
    saved(run, &browser, &page).await;
    run.secrets.add_cookies("Faye", &browser);
}

/// Says that the codes are saved; from then on neither they nor their file are shown.
async fn saved(run: &Run, browser: &Browser, page: &Page) {
    let file = page.link("/file");
    let done = browser.send(&page.form("saved").tick("saved")).await;
    run.look_all_over(&done);
    for address in [
        "/account/security/codes",
        file.path(),
        "/account/activity",
        SECURITY,
    ] {
        let page = browser.open(address).await;
        run.look_all_over(&page);
    }
}

fn with_backup_code(page: &Page) -> String {
    page.url.path().to_owned() + "?method=backup_code"
}

fn other_than(code: &str) -> String {
    let number: u32 = code.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}
