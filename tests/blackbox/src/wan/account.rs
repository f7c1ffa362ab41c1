//! WAN-07, and the account's pages about passkeys.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::authenticator::Authenticator;
use identity_harness::browser::Browser;
use identity_harness::page::{Form, Page};
use identity_harness::seed::{ALICE, BOB};

use super::{ADD, LIST, add, enrolled, sign_in};

fn form_to(page: &Page, end: &str) -> Form {
    page.forms()
        .into_iter()
        .find(|form| form.action.path().ends_with(end))
        .unwrap_or_else(|| panic!("no form to {end}: {}", page.summary()))
}

async fn names(browser: &Browser) -> Vec<String> {
    let page = browser.open(LIST).await;
    page.select("[data-part=passkeys] .item-title bdi")
        .iter()
        .map(|name| name.text.clone())
        .collect()
}

#[tokio::test]
async fn wan_07_somebody_elses_passkey_does_not_exist() {
    let app = App::start().await;
    let (mut alice, mut bob) = (
        Authenticator::new(&app.origin),
        Authenticator::new(&app.origin),
    );
    let hers = enrolled(&app, ALICE, &mut alice).await;
    let his = enrolled(&app, BOB, &mut bob).await;
    let bobs = form_to(&his.open(LIST).await, "/rename");
    let bobs = bobs.value("id").unwrap();
    let page = hers.open(LIST).await;
    assert!(!page.body.contains(bobs), "her list names her own");
    for (end, id) in [
        ("/rename", bobs),
        ("/remove", bobs),
        ("/rename", "018f0000-0000-7000-8000-000000000000"),
        ("/remove", "018f0000-0000-7000-8000-000000000000"),
        ("/remove", "x"),
    ] {
        let mut form = form_to(&page, end).forge("id", id);
        if end == "/rename" {
            form = form.fill("name", "Mine now");
        }
        let answer = hers.send(&form).await;
        assert_eq!(answer.status, 404, "{end} {id}: {}", answer.summary());
    }
    assert_eq!(names(&his).await.len(), 1);
    assert_ne!(names(&his).await, ["Mine now"]);
    assert_eq!(sign_in(&app, &mut bob).await["email"], BOB.email);
}

#[tokio::test]
async fn h_41_passkeys_are_named_renamed_and_removed() {
    let app = App::start().await;
    let mut manager = Authenticator::synced(&app.origin);
    manager.aaguid = 0xd548_826e_79b4_db40_a3d8_1111_6f7e_8349_u128.to_be_bytes();
    let browser = enrolled(&app, ALICE, &mut manager).await;
    assert_eq!(names(&browser).await, ["Bitwarden"]);
    app.clock.advance(Duration::from_secs(1));
    add(&browser, &mut manager).await;
    app.clock.advance(Duration::from_secs(1));
    add(&browser, &mut Authenticator::new(&app.origin)).await;
    assert_eq!(
        names(&browser).await,
        ["Bitwarden", "Bitwarden 2", "Passkey (Linux)"]
    );

    let page = browser.open(LIST).await;
    let taken = form_to(&page, "/rename").fill("name", "Bitwarden 2");
    assert_eq!(browser.send(&taken).await.status, 422);
    let empty = form_to(&page, "/rename").fill("name", "  ");
    assert_eq!(browser.send(&empty).await.status, 422);
    let named = form_to(&page, "/rename").fill("name", " Laptop\u{202e} <b> ");
    let page = browser.send(&named).await;
    assert_eq!(page.status, 200, "{}", page.summary());
    assert_eq!(names(&browser).await[0], "Laptop\u{fffd} <b>");

    let first = manager.keys.remove(0);
    let page = browser.send(&form_to(&page, "/remove")).await;
    assert_eq!(page.status, 200, "{}", page.summary());
    assert_eq!(names(&browser).await, ["Bitwarden 2", "Passkey (Linux)"]);
    assert_eq!(sign_in(&app, &mut manager).await["email"], ALICE.email);

    // The removed one is unknown now, and its manager is told to forget it.
    manager.keys = vec![first];
    let waiting = super::Waiting::new(&app).await;
    let page = waiting.answer(&manager.get(&waiting.options().await)).await;
    super::assert_refused(&waiting, &page, "removed");
    assert!(page.has("form[data-forget]"), "{}", page.summary());
}

#[tokio::test]
async fn mfa_01_a_passkey_is_added_only_with_a_fresh_proof_and_its_owner_is_told() {
    let app = App::start().await;
    let mut alice = Authenticator::new(&app.origin);
    let browser = enrolled(&app, ALICE, &mut alice).await;
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let told = |mail| format!("{mail:?}").contains("Passkey (Linux)");
    assert!(mails.iter().any(told), "{mails:?}");
    // The session has the level it reached: no second look at the same page.
    assert_eq!(browser.open(ADD).await.url.path(), ADD);
    app.clock.advance(Duration::from_mins(16));
    let page = browser.open(ADD).await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    // The passkey itself is the fresh proof, and leads back.
    let options = super::options(&browser, &page).await;
    let credential = alice.get(&options["publicKey"]);
    let page = browser.send(&super::filled(&page, &credential)).await;
    assert_eq!(page.url.path(), ADD, "{}", page.summary());
}

#[tokio::test]
async fn the_well_known_address_tells_where_passkeys_are_kept() {
    let app = App::start().await;
    let body = app.get("/.well-known/passkey-endpoints").await.expect_ok();
    assert_eq!(body["enroll"], app.origin.join(ADD).unwrap().as_str());
    assert_eq!(body["manage"], app.origin.join(LIST).unwrap().as_str());
}
