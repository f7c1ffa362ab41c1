//! WAN-01, 02, 04 and 05 with an authenticator and a client that nobody here wrote (`passkey-rs`): what it makes is accepted as
//! it is, and the same answers with one change are refused. Its own checks of our options are part of the test.

use identity_harness::app::App;
use identity_harness::authenticator::Passkeys as _;
use identity_harness::passkey_rs::PasskeyRs;
use identity_harness::seed::{ALICE, BOB};
use serde_json::json;

use super::{ADD, LIST, Waiting, add, assert_refused, enrolled, options, sign_in};
use super::{policy, proof, replay};

#[tokio::test]
async fn wan_01_an_independent_authenticator_registers_and_signs_in_alone() {
    let app = App::start().await;
    let mut key = PasskeyRs::new(&app.origin);
    let browser = enrolled(&app, ALICE, &mut key).await;
    assert!(browser.open(LIST).await.has("[data-part=passkeys]"));
    let (_, user_handle) = key.newest();
    assert_eq!(user_handle.len(), 16, "the handle it was told");
    // Nobody typed a name: the passkey is discoverable, and its owner was verified.
    for _ in 0..2 {
        let claims = sign_in(&app, &mut key).await;
        assert_eq!(claims["email"], ALICE.email);
        assert_eq!(claims["amr"], json!(["swk", "mfa"]), "it can be copied");
        assert_eq!(claims["acr"], crate::mfa::TWO);
    }
}

#[tokio::test]
async fn wan_01_every_change_of_an_independent_assertion_is_refused() {
    proof::every_change_is_refused(PasskeyRs::new).await;
}

#[tokio::test]
async fn wan_01_an_independent_client_answers_its_own_challenge_only() {
    proof::other_challenges_are_refused(PasskeyRs::new).await;
}

#[tokio::test]
async fn wan_01_an_independent_authenticator_is_a_second_factor_for_its_owner_only() {
    proof::another_persons_is_refused(PasskeyRs::new).await;
}

#[tokio::test]
async fn wan_02_an_independent_assertion_works_once() {
    replay::an_assertion_works_once(PasskeyRs::new).await;
}

#[tokio::test]
async fn wan_04_every_change_of_an_independent_registration_is_refused() {
    policy::every_changed_registration_is_refused(PasskeyRs::new).await;
}

#[tokio::test]
async fn wan_05_an_independent_counter_is_followed() {
    let app = App::start().await;
    let mut key = PasskeyRs::counting(&app.origin);
    enrolled(&app, BOB, &mut key).await;
    for _ in 0..3 {
        assert_eq!(sign_in(&app, &mut key).await["email"], BOB.email);
    }
    let waiting = Waiting::new(&app).await;
    let copy = key.get_with(&waiting.options().await, |parts| parts.counter = 1);
    let page = waiting.answer(&copy).await;
    assert_refused(&waiting, &page, "a counter of long ago");
}

#[tokio::test]
async fn h_41_an_independent_client_sees_that_it_has_a_passkey_already() {
    let app = App::start().await;
    let mut key = PasskeyRs::new(&app.origin);
    let browser = enrolled(&app, ALICE, &mut key).await;
    let page = browser.open(ADD).await;
    let asked = options(&browser, &page).await;
    assert!(
        key.would_refuse(&asked["publicKey"]),
        "excludeCredentials names it: {asked}"
    );
    let mut other = PasskeyRs::new(&app.origin);
    let page = add(&browser, &mut other).await;
    assert!(page.status < 400, "{}", page.summary());
    assert_eq!(sign_in(&app, &mut other).await["email"], ALICE.email);
}
