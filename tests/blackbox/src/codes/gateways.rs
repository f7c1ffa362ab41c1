//! SMS gateways as a person's message reaches them.

use identity_harness::app::{App, Setup};
use identity_harness::canary::Canary;
use identity_harness::config::{Config, SmsProvider};
use identity_harness::relying_party::sha256;

use super::{NUMBER, ask, at_home};

const TOKEN: &str = "a token of at least thirty-two characters";

fn webhook(canary: &Canary) -> impl Fn(&mut Config) + Send + Sync + 'static {
    let url = canary.url("/sms?to=us");
    move |config| {
        config.sms.provider = Some(SmsProvider::Webhook);
        config.sms.url = Some(url.parse().expect("an address"));
        config.sms.token = Some(serde_json::from_value(TOKEN.into()).expect("a token"));
    }
}

async fn one_message(setup: Setup) -> App {
    let app = setup.start().await;
    let browser = at_home(&app).await;
    ask(&browser, NUMBER).await.expect(200);
    app.run_jobs().await;
    app
}

/// RFC 2104, by hand: the test does not trust what it tests.
fn hmac(key: &str, text: &str) -> String {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key.as_bytes());
    let pad = |byte: u8| block.iter().map(|b| b ^ byte).collect::<Vec<u8>>();
    let inner = sha256(&[pad(0x36), text.as_bytes().to_vec()].concat());
    let outer = sha256(&[pad(0x5c), inner].concat());
    outer
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[tokio::test]
async fn a_webhook_gets_a_signed_message_and_no_other_copy_is_kept() {
    let canary = Canary::start().await;
    let setup = App::setup()
        .configure(webhook(&canary))
        .fetch_allow(&["127.0.0.0/8"]);
    let app = one_message(setup).await;
    let call = canary.expect_call().await;
    let header = |name: &str| {
        let line = call.headers.iter().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        });
        line.unwrap_or_else(|| panic!("no {name}: {:?}", call.headers))
    };
    let timestamp = header("identity-timestamp");
    assert_eq!(timestamp, app.clock.seconds().to_string());
    let wanted = hmac(TOKEN, &format!("{timestamp}.{}", call.body));
    assert_eq!(header("identity-signature"), format!("v1={wanted}"));
    let body: serde_json::Value = serde_json::from_str(&call.body).expect("JSON");
    assert_eq!(body["to"], NUMBER);
    assert!(
        body["text"]
            .as_str()
            .is_some_and(|text| text.contains("code"))
    );
    assert!(app.text_messages().all().await.is_empty());
}

#[tokio::test]
async fn ssr_02_a_redirect_of_a_gateway_is_not_followed() {
    let target = Canary::start().await;
    let canary = Canary::redirecting(307, &target.url("/there")).await;
    let setup = App::setup()
        .configure(webhook(&canary))
        .fetch_allow(&["127.0.0.0/8"]);
    let _app = one_message(setup).await;
    canary.expect_call().await;
    target.expect_silence();
}

#[tokio::test]
async fn ssr_01_a_gateway_on_a_private_address_is_not_reached() {
    let canary = Canary::start().await;
    let _app = one_message(App::setup().configure(webhook(&canary))).await;
    canary.expect_silence();
}

#[tokio::test]
async fn a_gateway_with_twilios_api_gets_a_form_with_its_password() {
    let canary = Canary::start().await;
    let url = canary.url("/");
    let setup = App::setup()
        .configure(move |config| {
            config.sms.provider = Some(SmsProvider::Twilio);
            config.sms.url = Some(url.parse().expect("an address"));
            config.sms.account = Some("AC1".to_owned());
            config.sms.from = Some("+15005550006".to_owned());
            config.sms.token = Some(serde_json::from_value("token".into()).expect("a token"));
        })
        .fetch_allow(&["127.0.0.0/8"]);
    let _app = one_message(setup).await;
    let call = canary.expect_call().await;
    assert!(
        call.request
            .starts_with("POST /2010-04-01/Accounts/AC1/Messages.json "),
        "{}",
        call.request
    );
    assert!(
        call.headers
            .iter()
            .any(|line| line.ends_with("Basic QUMxOnRva2Vu"))
    );
    assert!(call.body.contains("To=%2B4915112345678"), "{}", call.body);
}
