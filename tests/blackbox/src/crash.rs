//! P1 and P2: what was acknowledged is there after `kill -9`, and what works once worked once.
//!
//! The real binary runs in another process and is killed in the middle of refreshes, redemptions and consents, after a number of
//! acknowledged answers that a seeded generator chooses. The next process must know everything that was acknowledged.

mod full_queue;
mod ledger;
mod load;
mod provider;
mod resealing;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::clock::Clock;
use identity_harness::database::Database;
use identity_harness::network::Network;
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::{self, ALICE, Seed, WEB1_SECRET};
use serde_json::Value;

use ledger::{CodeState, Family, Ledger};
use load::{Life, token};
use provider::Home;

/// Kill points, on either database.
const LIVES: usize = 200;
/// Families that are rotated at the same time.
const FAMILIES: usize = 4;
/// Most acknowledged answers of one life.
const LONGEST_LIFE: usize = 24;
/// Applications that ask for one scope after the other.
const ASKING: usize = 20;
/// Scopes of each.
const SCOPES: usize = 20;

/// What is asked for in the consent number `number`, while there is anything left: client and scope.
fn wanted(number: usize) -> Option<(String, String)> {
    let (client, scope) = (number / SCOPES, number % SCOPES);
    (client < ASKING).then(|| (format!("app{client}"), format!("s{scope}.")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p1_nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let database = Arc::new(Database::fresh().await);
    let mut home = Home::new(&database, &seed());
    let mut process = home.start().await;
    let network = Network::default();
    let clock = Clock::starting_now();
    let registration = seed::registration("web1", Some(WEB1_SECRET));
    let issuer = process.origin.as_str().trim_end_matches('/').to_owned();
    let rp = RelyingParty::discover(&network, &clock, &issuer, registration).await;
    let browser = Browser::new(&network, &process.origin);
    let mut ledger = Ledger::default();
    for _ in 0..FAMILIES {
        let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
        let first = tokens.refresh().to_owned();
        ledger.families.push(Family {
            newest: first.clone(),
            first,
        });
    }
    let cookies: Vec<String> = browser
        .cookies()
        .iter()
        .map(|cookie| format!("{}={}", cookie.name, cookie.value))
        .collect();
    let (cookies, ledger) = (cookies.join("; "), Arc::new(Mutex::new(ledger)));
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut ended = 0;
    while ended < LIVES || !ledger.lock().expect("the ledger").has_every_kind() {
        assert!(
            ended < LIVES + 40,
            "no life was long enough for every kind of promise"
        );
        // A consent takes three answers in a row. Where none was given so far, further lives get longer and longer.
        let longer = 1 + ended.saturating_sub(LIVES);
        let last = 1 + chance.below(LONGEST_LIFE * longer);
        ended += 1;
        let life = Life::new(&rp, &cookies, &ledger, last);
        let tasks = spawn(&life);
        life.due.notified().await;
        // A few turns of the other tasks later, so that the end finds their requests in every state.
        for _ in 0..chance.below(400) {
            tokio::task::yield_now().await;
        }
        process.kill();
        tasks.join_all().await;
        process.gone().await;
        process = home.start().await;
        expect_everything(&Life::new(&rp, &cookies, &ledger, usize::MAX)).await;
    }
    expect_old_tokens_dead(&Life::new(&rp, &cookies, &ledger, usize::MAX)).await;
    process.kill();
    process.gone().await;
    let ledger = std::mem::take(&mut *ledger.lock().expect("the ledger"));
    expect_records(&database, &clock, &ledger).await;
}

fn seed() -> Seed {
    let seed = Seed::empty()
        .organization(serde_json::json!({"slug": "a", "name": "Tenant A", "domains": ["a.test"]}))
        .person(ALICE, "a", "analyst")
        .client(seed::web("web1", Some(WEB1_SECRET)));
    (0..ASKING).fold(seed, |seed, number| {
        let mut client = seed::web(&format!("app{number}"), None);
        let scopes: Vec<String> = (0..SCOPES).map(|scope| format!("s{scope}.")).collect();
        client["scope"] = format!("openid {}", scopes.join(" ")).into();
        client["require_consent"] = true.into();
        seed.client(client)
    })
}

fn spawn(life: &Arc<Life>) -> tokio::task::JoinSet<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for family in 0..FAMILIES {
        tasks.spawn(Arc::clone(life).refresh_on(family));
    }
    tasks.spawn(Arc::clone(life).redeem_on());
    tasks.spawn(Arc::clone(life).redeem_on());
    tasks.spawn(Arc::clone(life).consent_on());
    tasks
}

/// After the restart: the newest generations, codes in the state in which they were acknowledged, and consents.
async fn expect_everything(life: &Life) {
    for family in 0..FAMILIES {
        let newest = life.ledger().families[family].newest.clone();
        // A rotation that was lost would make this token one of the future; one that nobody saw makes it a repeat.
        let next = token(&life.refresh(&newest).await.expect("an answer"));
        life.ledger().families[family].newest = next;
    }
    let codes = std::mem::take(&mut life.ledger().codes);
    for code in codes {
        match &code.state {
            CodeState::Issued => drop(token(&life.redeem(&code).await.expect("an answer"))),
            CodeState::Tried => {
                let page = life.redeem(&code).await.expect("an answer");
                assert!(
                    page.status == 200 || page.body.contains("invalid_grant"),
                    "{}",
                    page.body
                );
            }
            CodeState::Redeemed(refresh_token) => {
                let next = token(&life.refresh(refresh_token).await.expect("an answer"));
                for dead in [life.redeem(&code).await, life.refresh(&next).await] {
                    let page = dead.expect("an answer");
                    assert!(
                        page.status == 400 && page.body.contains("invalid_grant"),
                        "{}",
                        page.body
                    );
                }
            }
        }
    }
    let newest = life.ledger().consents.last().cloned();
    if let Some((client, scope)) = newest {
        expect_consent(life, &client, &scope).await;
    }
}

/// What was allowed needs no page.
async fn expect_consent(life: &Life, client: &str, scope: &str) {
    let attempt = life.attempt(client, scope).with("prompt", "none");
    let page = life.authorize(&attempt).await.expect("an answer");
    assert!(
        page.redirect_param("code").is_some(),
        "the consent for {scope} is lost: {}",
        page.summary()
    );
}

/// The very first token of a family ends it, however often the process died in between.
async fn expect_old_tokens_dead(life: &Life) {
    for family in 0..FAMILIES {
        let (first, newest) = {
            let ledger = life.ledger();
            let family = &ledger.families[family];
            (family.first.clone(), family.newest.clone())
        };
        for old in [first, newest] {
            let page = life.refresh(&old).await.expect("an answer");
            assert!(
                page.status == 400 && page.body.contains("invalid_grant"),
                "{}",
                page.body
            );
        }
    }
}

/// The audit log has a record of everything acknowledged, tells of no second success, and its chains are whole.
async fn expect_records(database: &Arc<Database>, clock: &Clock, ledger: &Ledger) {
    let rows = database.rows("audit").await;
    let count = |action: &str| rows.iter().filter(|row| row["action"] == action).count();
    assert!(
        count("token.refresh") >= ledger.refreshes,
        "refreshes without a record"
    );
    assert!(
        count("token.issue") >= ledger.redemptions,
        "redemptions without a record"
    );
    assert!(ledger.has_every_kind(), "no load of some kind");
    let mut seen: HashMap<String, usize> = HashMap::new();
    for row in &rows {
        let data = data(row);
        let what = match row["action"].as_str() {
            Some("token.refresh") => format!("{} {}", data["family"], data["generation"]),
            Some("token.issue") if row["result"] == "ok" => data["family"].to_string(),
            _ => continue,
        };
        *seen.entry(what).or_default() += 1;
    }
    assert!(seen.len() >= ledger.refreshes, "{} records", seen.len());
    let twice: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "succeeded twice: {twice:?}");
    let consents = database.rows("consents").await;
    for (client, scope) in &ledger.consents {
        let is_there = consents.iter().any(|row| {
            row["client_id"] == client.as_str() && row["scopes"].to_string().contains(scope)
        });
        assert!(is_there, "the consent for {client} and {scope} is lost");
    }
    let app = App::setup().on(database, clock).await.expect("a start");
    app.run_jobs().await;
    for report in app.verify_audit().await {
        assert!(report.finding.is_none(), "{report:?}");
        assert!(report.proven > 0, "{report:?}");
    }
}

/// A record's data; SQLite gives it as text.
fn data(row: &Value) -> Value {
    match &row["data"] {
        Value::String(text) => serde_json::from_str(text).expect("JSON"),
        value => value.clone(),
    }
}

/// xorshift64*: the same kill points in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).expect("31 bits") % bound
    }
}
