//! The encryption key is exchanged while people sign in, and the process that does it dies in the middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::clock::Clock;
use identity_harness::database::Database;
use identity_harness::network::Network;
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::{ALICE, Seed, WEB1_SECRET, registration};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use url::Url;

use crate::process::{Installation, Served};

/// People with something sealed, each in a row that is sealed anew by itself.
const PEOPLE: usize = 600;
/// Rotations that are killed with some rows done and others not.
const KILLS: usize = 2;
/// Sign-ins of each of two people's browsers: more than fifty from one address are too many.
const MOST_SIGN_INS: usize = 20;
/// Refreshes from one sign-in to the next.
const REFRESHES: usize = 50;
/// A process may be done, or not have begun, when the signal reaches it.
const MOST_TRIES: usize = 12;
/// Columns sealed under data keys.
const SEALED: [(&str, &str); 4] = [
    ("users", "data_key_sealed"),
    ("jobs", "payload_sealed"),
    ("signing_keys", "private_sealed"),
    ("server_keys", "sealed"),
];
const ROTATE: [&str; 4] = ["keys", "rotate", "--kind", "encryption"];

fn phone(number: usize) -> String {
    format!("+491511{number:07}")
}

fn email(number: usize) -> String {
    format!("u{number}@a.test")
}

/// Data keys by their ids, in hexadecimal: the one in force, and all others.
async fn data_keys(database: &Database) -> (String, Vec<String>) {
    let (active, retired): (Vec<_>, Vec<_>) = database
        .rows("data_keys")
        .await
        .into_iter()
        .partition(|row| row["state"] == "active");
    let id = |row: &Value| {
        let text = row["id"].as_str().expect("an id");
        text.trim_start_matches("\\x").replace('-', "")
    };
    assert_eq!(active.len(), 1, "one key is in force");
    (id(&active[0]), retired.iter().map(id).collect())
}

/// The data keys that the cells of a column are sealed under: a version, then the id.
async fn sealed_under(database: &Database, (table, column): (&str, &str)) -> Vec<String> {
    let rows = database.rows(table).await;
    let cells = rows.iter().filter_map(|row| row[column].as_str());
    cells
        .map(|cell| {
            let id = cell.strip_prefix("\\x01").and_then(|rest| rest.get(..32));
            id.expect("a cell under a data key").to_owned()
        })
        .collect()
}

/// How many people are sealed under the key in force, and how many under an older one.
async fn progress(database: &Database) -> (usize, usize) {
    let (active, _) = data_keys(database).await;
    let under = sealed_under(database, SEALED[0]).await;
    let done = under.iter().filter(|id| **id == active).count();
    (done, under.len() - done)
}

/// In a new browser each time: a mail about it is queued, sealed under whichever key is in force. The process has a clock of its own, so
/// the tokens are not looked into.
async fn sign_in(rp: &RelyingParty, origin: &Url) -> String {
    let browser = Browser::new(&Network::default(), origin);
    let attempt = rp.attempt();
    let page = browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let code = rp.code(&attempt, &page).expect("a code");
    refresh_token(&rp.redeem(&attempt, &code).await.expect_ok())
}

fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

/// What people and applications do all the while; each answer has to be the right one.
fn load(rp: &Arc<RelyingParty>, served: &Served, over: &Arc<AtomicBool>) -> JoinSet<usize> {
    let mut tasks = JoinSet::new();
    for _ in 0..2 {
        let (rp, origin, over) = (Arc::clone(rp), served.origin.clone(), Arc::clone(over));
        tasks.spawn(async move {
            let mut turns = 0;
            let mut token = sign_in(&rp, &origin).await;
            while !over.load(Ordering::Relaxed) {
                turns += 1;
                if turns % REFRESHES == 0 && turns / REFRESHES < MOST_SIGN_INS {
                    token = sign_in(&rp, &origin).await;
                }
                token = refresh_token(&rp.refresh(&token).await.expect_ok());
            }
            turns
        });
    }
    tasks
}

/// Every sealed value opens, by a process that starts now.
async fn expect_all_readable(database: &Arc<Database>) {
    let app = App::setup()
        .seed(Seed::empty())
        .on(database, &Clock::starting_now())
        .await
        .expect("the keys open");
    for number in 0..PEOPLE {
        let found = app.phone_of(&email(number)).await;
        assert_eq!(found, Some(phone(number)));
    }
    app.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_06_a_rotation_that_is_killed_under_load_harms_nothing_and_the_next_one_finishes() {
    let database = Arc::new(Database::fresh().await);
    let installation = Installation::new(&database, "[mail]\nurl = \"smtp://127.0.0.1:9\"");
    installation.configure(8080);
    let people = (0..PEOPLE).fold(Seed::common(), |seed, number| {
        seed.user(json!({"email": email(number), "phone": phone(number)}))
    });
    installation.apply(&people).await;
    let served = installation.serve().await;
    let rp = RelyingParty::discover(
        &Network::default(),
        &Clock::starting_now(),
        served.origin.as_str().trim_end_matches('/'),
        registration("web1", Some(WEB1_SECRET)),
    )
    .await;
    let (rp, over) = (Arc::new(rp), Arc::<AtomicBool>::default());
    let tasks = load(&rp, &served, &over);

    let mut killed_in_between = 0;
    for _ in 0..MOST_TRIES {
        let (_, known) = data_keys(&database).await;
        let mut rotation = installation.start(&ROTATE);
        // Until the new key is there and in use.
        while rotation.try_wait().expect("a look").is_none() {
            let (_, now_known) = data_keys(&database).await;
            if now_known.len() > known.len() && progress(&database).await.0 > 0 {
                break;
            }
        }
        rotation.kill().await.expect("killed");
        let (done, left) = progress(&database).await;
        expect_all_readable(&database).await;
        killed_in_between += usize::from(done > 0 && left > 0);
        if killed_in_between == KILLS {
            break;
        }
    }
    assert_eq!(
        killed_in_between, KILLS,
        "no rotation was killed in the middle"
    );

    let finished = installation.run(&ROTATE).await;
    assert!(
        finished.status.success(),
        "{}",
        String::from_utf8_lossy(&finished.stderr)
    );
    over.store(true, Ordering::Relaxed);
    let turns: usize = tasks.join_all().await.into_iter().sum();
    assert!(turns > REFRESHES, "no load: {turns}");
    let (active, retired) = data_keys(&database).await;
    assert!(retired.len() > KILLS, "each rotation has its own key");
    for column in SEALED {
        let under = sealed_under(&database, column).await;
        assert!(!under.is_empty(), "{column:?} is empty");
        let left = under.iter().filter(|id| **id != active).count();
        assert_eq!(left, 0, "{column:?}: of {} still old", under.len());
    }
    expect_all_readable(&database).await;
    sign_in(&rp, &served.origin).await;
}
