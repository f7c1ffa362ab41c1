//! A provider for a browser test that needs what `identity dev` does not have: a configuration of its own, and a clock that moves
//! only when it is told to.
//!
//! Reads one line of JSON (`config`: keys that differ from the defaults, `seed`: declarative objects), starts, and answers with
//! its addresses. Each later line `{"advance": seconds}` moves the clock, does all background work that is due then, and is answered.
//! Ends with its input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test program"
)]

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::config::Config;
use identity_harness::seed::Seed;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

#[tokio::main]
async fn main() {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let told = lines.next_line().await.unwrap().expect("what to start");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let mut seed = Seed::empty();
    *seed.value() = told["seed"].clone();
    let changes = told["config"].clone();
    let app = App::setup()
        .seed(seed)
        .configure(move |config| *config = merged(config, &changes))
        .start()
        .await;
    println!(
        "{}",
        json!({"public_url": app.origin, "issuer": app.issuer, "management_url": app.management})
    );
    while let Some(line) = lines.next_line().await.unwrap() {
        let told: Value = serde_json::from_str(&line).expect("JSON");
        let seconds = told["advance"].as_u64().expect("seconds");
        app.clock.advance(Duration::from_secs(seconds));
        app.run_jobs().await;
        println!("{}", json!({"now": app.clock.seconds()}));
    }
    app.running.stop().await;
}

/// RFC 7396: what is named replaces what was there.
fn merged(config: &Config, changes: &Value) -> Config {
    fn merge(value: &mut Value, changes: &Value) {
        match changes {
            Value::Object(members) => {
                for (name, member) in members {
                    merge(&mut value[name], member);
                }
            }
            other => *value = other.clone(),
        }
    }
    let mut value = serde_json::to_value(config).expect("JSON");
    merge(&mut value, changes);
    serde_json::from_value(value).expect("a configuration")
}
