//! PWD-03 and SES-11: a flood of guesses shuts nobody out of their own browser, and a stolen cookie opens no such lane.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::{ALICE, BOB};

use super::{
    CHROME, FIREFOX, attempt, behind_proxy, browser, elsewhere, events, sign_in, signed_in,
};

fn is_throttled(page: &Page) -> bool {
    page.status == 429 || page.text().contains("Too many tries")
}

/// Guesses from a new browser and a new address each time, until the account is blocked.
async fn flood(app: &App, email: &str) {
    for guess in 0..40 {
        let address = format!("203.0.113.{guess}");
        let stranger = browser(app, FIREFOX, &address);
        let page = attempt(app, &stranger, email, &format!("guess number {guess}")).await;
        if is_throttled(&page) {
            return;
        }
    }
    panic!("forty guesses were let through");
}

/// Another browser with the cookie that recognises this one.
fn with_cookie_of(app: &App, owner: &Browser, agent: &str) -> Browser {
    let thief = browser(app, agent, "203.0.113.77");
    thief.plant(owner.cookie("browser").expect("a cookie"));
    thief
}

#[tokio::test]
async fn pwd_03_a_flood_from_many_addresses_does_not_shut_the_owner_out_of_a_known_device() {
    let app = behind_proxy().start().await;
    let home = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &home, ALICE).await;
    let form = home.open("/account").await.form("csrf");
    assert!(form.action.path().contains("sign_out"));
    home.send(&form).await;
    assert!(!signed_in(&app, &home).await);
    flood(&app, ALICE.email).await;
    let stranger = browser(&app, CHROME, "192.0.2.10");
    let page = attempt(&app, &stranger, ALICE.email, ALICE.password).await;
    assert!(is_throttled(&page), "only what is recognised has a lane");
    sign_in(&app, &home, ALICE).await;
    assert!(signed_in(&app, &home).await);
    // Guessing goes on, and so does signing in.
    flood(&app, ALICE.email).await;
    let travelling = elsewhere(&app, &home, CHROME, "198.51.100.4");
    sign_in(&app, &travelling, ALICE).await;
}

#[tokio::test]
async fn pwd_03_the_lane_of_a_known_device_has_a_budget_too() {
    let app = behind_proxy().start().await;
    let home = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &home, ALICE).await;
    let mut tries = 0;
    while !is_throttled(&attempt_again(&app, &home).await) {
        tries += 1;
        assert!(tries < 20, "a known device may guess for ever");
    }
}

/// How many wrong passwords are looked at before the answer is "too many".
async fn tries_until_throttled(app: &App, browser: &Browser) -> usize {
    for tries in 0..30 {
        if is_throttled(&attempt_again(app, browser).await) {
            return tries;
        }
    }
    panic!("thirty guesses were let through");
}

#[tokio::test]
async fn pwd_03_whoever_stole_the_device_cookie_does_not_shut_the_owner_out_of_that_device() {
    let app = behind_proxy().start().await;
    let home = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &home, ALICE).await;
    home.forget("session");
    let thief = with_cookie_of(&app, &home, CHROME);
    // What the device has for itself: as many as a stranger has for the account.
    let stranger = browser(&app, FIREFOX, "203.0.113.5");
    let of_account = tries_until_throttled(&app, &stranger).await;
    let of_device = tries_until_throttled(&app, &thief).await;
    assert_eq!(of_device, of_account, "nothing of the account was left");
    app.clock.advance(Duration::from_hours(48));
    for _ in 0..of_device {
        assert!(!is_throttled(&attempt_again(&app, &thief).await));
    }
    sign_in(&app, &home, ALICE).await;
    assert!(signed_in(&app, &home).await);
}

#[tokio::test]
async fn pwd_03_a_device_cookie_gives_no_more_tries_than_its_own_and_those_of_a_stranger() {
    let app = behind_proxy().start().await;
    let home = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &home, ALICE).await;
    let thief = with_cookie_of(&app, &home, CHROME);
    let both = tries_until_throttled(&app, &thief).await;
    let stranger = browser(&app, FIREFOX, "203.0.113.5");
    assert_eq!(tries_until_throttled(&app, &stranger).await, 0, "shared");
    app.clock.advance(Duration::from_hours(48));
    let of_account = tries_until_throttled(&app, &stranger).await;
    assert_eq!(both, 2 * of_account);
    // The owner's other devices have their own.
    let phone = browser(&app, FIREFOX, "192.0.2.20");
    app.clock.advance(Duration::from_hours(48));
    sign_in(&app, &phone, ALICE).await;
    tries_until_throttled(&app, &thief).await;
    phone.forget("session");
    sign_in(&app, &phone, ALICE).await;
}

async fn attempt_again(app: &App, browser: &Browser) -> Page {
    let rp = app.client("web1").await;
    let attempt = rp.attempt().with("prompt", "login");
    browser
        .sign_in(&attempt.url(), ALICE.email, "a wrong password")
        .await
}

#[tokio::test]
async fn ses_11_a_stolen_device_cookie_is_no_device_in_another_browser_or_for_another_person() {
    let app = behind_proxy().start().await;
    let home = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &home, ALICE).await;
    sign_in(&app, &browser(&app, CHROME, "192.0.2.99"), BOB).await;
    flood(&app, ALICE.email).await;
    flood(&app, BOB.email).await;
    let thief = with_cookie_of(&app, &home, FIREFOX);
    let page = attempt(&app, &thief, ALICE.email, ALICE.password).await;
    assert!(is_throttled(&page), "another kind of browser");
    let thief = with_cookie_of(&app, &home, CHROME);
    let page = attempt(&app, &thief, BOB.email, BOB.password).await;
    assert!(is_throttled(&page), "another person");
    let owner = with_cookie_of(&app, &home, CHROME);
    let page = attempt(&app, &owner, ALICE.email, ALICE.password).await;
    assert!(!is_throttled(&page), "the test's own check: the lane works");
}

#[tokio::test]
async fn ses_11_a_device_that_was_forgotten_or_disowned_has_no_lane() {
    for action in ["forget", "disown"] {
        let app = behind_proxy().start().await;
        let lost = browser(&app, CHROME, "192.0.2.10");
        sign_in(&app, &lost, ALICE).await;
        let here = browser(&app, FIREFOX, "192.0.2.11");
        sign_in(&app, &here, ALICE).await;
        let page = here.open("/account/devices").await;
        let form = page
            .forms()
            .into_iter()
            .find(|form| form.action.path().ends_with(action))
            .expect("a form for the other device");
        here.send(&form).await;
        assert!(!signed_in(&app, &lost).await, "{action}");
        flood(&app, ALICE.email).await;
        let page = attempt(&app, &lost, ALICE.email, ALICE.password).await;
        assert!(is_throttled(&page), "{action}: {}", page.summary());
    }
}

/// Wrong passwords for names that nobody has, until their address is refused.
async fn use_up(app: &App, address: &str) {
    for guess in 0..80 {
        let stranger = browser(app, FIREFOX, address);
        let name = format!("nobody{guess}@a.test");
        if is_throttled(&attempt(app, &stranger, &name, "a wrong password").await) {
            return;
        }
    }
    panic!("eighty guesses from one address were let through");
}

#[tokio::test]
async fn pwd_03_a_flood_from_the_same_network_does_not_shut_the_owner_out_of_a_known_device() {
    let app = behind_proxy().start().await;
    let home = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &home, ALICE).await;
    home.forget("session");
    use_up(&app, "192.0.2.10").await;
    let colleague = browser(&app, CHROME, "192.0.2.10");
    let page = attempt(&app, &colleague, BOB.email, BOB.password).await;
    assert!(is_throttled(&page), "only what is recognised has a lane");
    sign_in(&app, &home, ALICE).await;
    assert!(signed_in(&app, &home).await);
}

#[tokio::test]
async fn pwd_03_a_wrong_password_now_and_then_does_not_shut_a_network_out_for_good() {
    let app = behind_proxy().start().await;
    use_up(&app, "192.0.2.10").await;
    for minute in 0..12 {
        app.clock.advance(Duration::from_secs(30));
        let stranger = browser(&app, FIREFOX, "192.0.2.10");
        let name = format!("somebody{minute}@a.test");
        attempt(&app, &stranger, &name, "a wrong password").await;
    }
    app.clock.advance(Duration::from_secs(30));
    sign_in(&app, &browser(&app, CHROME, "192.0.2.10"), ALICE).await;
}

#[tokio::test]
async fn pwd_03_a_flood_over_the_whole_instance_slows_the_addresses_it_comes_from_alone() {
    let app = behind_proxy().start().await;
    let home = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &home, ALICE).await;
    home.forget("session");
    let sprayer = browser(&app, FIREFOX, "203.0.113.5");
    attempt(&app, &sprayer, "nobody@a.test", "a wrong password").await;
    // As if many others had done the same a million times.
    assert!(
        app.database
            .tamper("UPDATE budgets SET count = count * 1000000")
            .await
            >= 2
    );
    let page = attempt(&app, &sprayer, "somebody@a.test", "a wrong password").await;
    assert!(is_throttled(&page), "{}", page.summary());
    sign_in(&app, &home, ALICE).await;
    sign_in(&app, &browser(&app, CHROME, "192.0.2.99"), BOB).await;
}

#[tokio::test]
async fn pwd_04_one_password_from_many_addresses_is_told_once() {
    let app = behind_proxy().start().await;
    let spray = async |number: u8| {
        let stranger = browser(&app, FIREFOX, &format!("203.0.113.{number}"));
        let name = format!("nobody{number}@a.test");
        attempt(&app, &stranger, &name, "Winter-2026-Winter").await
    };
    spray(1).await;
    // As if thousands of other addresses had done the same: a failure is 180 ms of the instance's level.
    let tampered = "UPDATE budgets SET count = count * 4997 WHERE count = 180";
    assert_eq!(app.database.tamper(tampered).await, 1);
    for number in 2..8 {
        assert!(!is_throttled(&spray(number).await), "{number}");
    }
    let told = events(&app, "limit.reached").await;
    assert_eq!(told.len(), 1, "{told:?}");
    let target = told[0]["target"].as_str().expect("a target");
    assert!(target.starts_with("instance:"), "{target}");
}
