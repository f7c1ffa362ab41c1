//! What gets into the log, and what does not.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use identity_demo::Kind;
use serde_json::json;
use tracing::level_filters::LevelFilter;

use crate::browser::World;
use crate::provider::SECRET;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn log_01_no_secret_gets_into_the_log_at_any_level() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // One thread: the services and the provider of this test run on it too.
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::new(Kind::Chat).await;
    let browser = world.browser();
    let sent = browser.start().await;
    let back = browser
        .come_back(&sent["state"], &world.provider.issuer, "&code=marker-code")
        .await;
    let cookie = back.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie
        .split_once('=')
        .unwrap()
        .1
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    browser.submit("/send", "marker-message").await;
    browser.submit("/refresh", "").await;
    world.provider.wish(|wishes| wishes.refuse_refresh = true);
    world.provider.clock.advance(Duration::from_mins(10));
    browser.get("/").await;
    let logout = world
        .provider
        .logout_token(|claims| claims["aud"] = json!("other"));
    browser
        .post("/backchannel_logout", &[("logout_token", &logout)])
        .await;
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("session ended") && text.contains("back-channel logout refused"));
    let verifier = world.provider.state.lock().unwrap().requests[0]["code_verifier"].clone();
    for secret in [
        SECRET,
        "refresh-1",
        "refresh-2",
        "eyJ",
        "marker-message",
        "marker-code",
        &cookie,
        &verifier,
    ] {
        assert!(!text.contains(secret), "{secret} in the log");
    }
}
