//! Keys with few places: a credential that cannot be found without an address is a second factor all the same.

use identity_harness::app::App;
use identity_harness::authenticator::Authenticator;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::ALICE;
use serde_json::{Value, json};

use super::{ADD, LIST, ask_with, filled, options, sign_in};

/// What the script gets when the button for security keys is pressed.
async fn for_a_key(browser: &Browser, page: &Page) -> Value {
    assert!(page.has("form[data-passkey] button[name=security_key]"));
    let answer = ask_with(browser, page, &[("security_key", "1")]).await;
    let json: Value = serde_json::from_str(&answer.expect(200).body).expect("JSON");
    assert_eq!(json["mode"], "create");
    json["publicKey"].clone()
}

/// Adds a key that says of itself whether it can be found, or nothing; the page that lists it.
async fn added(app: &App, key: &mut Authenticator, says: Value) -> Page {
    let browser = app.browser();
    browser
        .sign_in("/account", ALICE.email, ALICE.password)
        .await;
    let page = browser.open(ADD).await;
    let options = for_a_key(&browser, &page).await;
    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "preferred");
    assert_eq!(selection["requireResidentKey"], false);
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(options["hints"], json!(["security-key"]));
    let mut credential = key.create(&options);
    credential["clientExtensionResults"] = says;
    let page = browser.send(&filled(&page, &credential)).await;
    browser.send(&page.form("saved").tick("saved")).await;
    browser.open(LIST).await
}

const NEEDS_ADDRESS: &str = "Works after you have typed your address";

#[tokio::test]
async fn wan_04_a_security_key_without_room_is_a_second_factor_all_the_same() {
    for says in [json!({}), json!({"credProps": {"rk": false}})] {
        let app = App::start().await;
        let mut key = Authenticator::new(&app.origin);
        let list = added(&app, &mut key, says).await;
        assert!(list.text().contains(NEEDS_ADDRESS), "{}", list.summary());
        let rp = app.client("web1").await;
        let (browser, attempt) = (app.browser(), rp.attempt());
        let page = browser
            .sign_in(&attempt.url(), ALICE.email, ALICE.password)
            .await;
        let asked = options(&browser, &page).await;
        let allowed = asked["publicKey"]["allowCredentials"].as_array();
        assert_eq!(allowed.map(Vec::len), Some(1), "it is named");
        // WebAuthn §6.3.3: a credential that was named may come without its owner.
        let credential = key.get_with(&asked["publicKey"], |parts| parts.user_handle = None);
        let done = browser.send(&filled(&page, &credential)).await;
        let tokens = rp.tokens(&attempt, &done).await.expect("signed in");
        assert_eq!(tokens.claims["amr"], json!(["pwd", "hwk", "mfa"]));
    }
}

#[tokio::test]
async fn wan_04_a_security_key_with_room_signs_in_alone_and_passkeys_must() {
    let app = App::start().await;
    let mut key = Authenticator::new(&app.origin);
    let list = added(&app, &mut key, json!({"credProps": {"rk": true}})).await;
    assert!(!list.text().contains(NEEDS_ADDRESS), "{}", list.summary());
    assert_eq!(sign_in(&app, &mut key).await["email"], ALICE.email);
    let adam = app.browser();
    adam.sign_in("/account", "adam@a.test", "copper-window-sails-31")
        .await;
    let asked = options(&adam, &adam.open(ADD).await).await;
    let selection = &asked["publicKey"]["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["authenticatorAttachment"], Value::Null);
    assert_eq!(asked["publicKey"]["hints"], Value::Null);
}
