//! PWD-01: whether an account exists cannot be told from what an answer costs, nor from how long it takes.
//!
//! What it costs is counted, so that a busy machine cannot change the verdict. How long it takes is a matter of statistics and of
//! minutes: `cargo test --workspace --test blackbox -- --ignored --nocapture pwd_01`.

use std::time::{Duration, Instant};

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::{Form, Page};
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::{ALICE, Seed};
use serde_json::{Value, json};

/// Samples of each kind of account.
const SAMPLES: usize = 1_000;
/// What differs between two kinds is called chance above this.
const CHANCE: f64 = 0.01;
const WRONG: &str = "not the password of anybody";
/// Long enough for every budget to forget.
const A_DAY: Duration = Duration::from_hours(25);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    SignIn,
    Recover,
    Register,
}

const DOORS: [Door; 3] = [Door::SignIn, Door::Recover, Door::Register];
/// Accounts that must look like none: with a password, without one, shut out. The last is nobody. Their names are of one length,
/// since a page repeats what was typed.
const KINDS: [&str; 4] = ["knownto", "keyless", "suspend", "nobody0"];

fn address_of(kind: &str, number: usize) -> String {
    format!("{kind}x{number:04}@a.test")
}

fn seed(accounts: usize) -> Seed {
    (0..accounts).fold(Seed::common(), |seed, number| {
        let person = |kind: &str, more: Value| {
            let mut person = json!({
                "email": address_of(kind, number), "email_verified": true, "name": "Some Body",
                "memberships": [{"organization": "a", "roles": ["viewer"]}],
            });
            let (all, Value::Object(more)) = (person.as_object_mut().expect("a person"), more)
            else {
                unreachable!("members are an object")
            };
            all.extend(more);
            person
        };
        let hash = ALICE.password_hash;
        seed.user(person("knownto", json!({"password_hash": hash})))
            .user(person("keyless", json!({})))
            .user(person(
                "suspend",
                json!({"password_hash": hash, "status": "suspended"}),
            ))
    })
}

async fn start(accounts: usize) -> App {
    App::setup()
        .seed(seed(accounts))
        .trusted_proxies(&["127.0.0.0/8", "::1/128"])
        .start()
        .await
}

/// A browser at an address of its own, so that the budgets of addresses play no part.
fn stranger(app: &App, turn: usize) -> Browser {
    let address = format!("2001:db8:{:x}:{:x}::1", turn >> 16, turn & 0xffff);
    app.browser().with_header("x-forwarded-for", &address)
}

/// The filled form; sending it is what is looked at.
async fn filled(browser: &Browser, rp: &RelyingParty, door: Door, email: &str) -> Form {
    match door {
        Door::SignIn => {
            let form = browser.open(&rp.attempt().url()).await.form("password");
            form.fill("identifier", email).fill("password", WRONG)
        }
        Door::Recover => {
            let form = browser.open("/recover").await.form("identifier");
            form.fill("identifier", email)
        }
        Door::Register => {
            let form = browser.open("/register").await.form("email");
            let form = form
                .fill("email", email)
                .fill("password", "umbrella-forest-piano-66");
            if form.has("name") {
                form.fill("name", "Some Body")
            } else {
                form
            }
        }
    }
}

/// Everything about an answer that may not differ. Ids and tokens are new each time, so only their places count.
fn looks(page: &Page) -> (u16, Vec<(String, String)>, usize) {
    let mut headers: Vec<(String, String)> = page
        .headers
        .iter()
        .map(|(name, value)| {
            let value = value.to_str().unwrap_or_default();
            let shown = match name.as_str() {
                "set-cookie" => value.split('=').next().unwrap_or_default().to_owned(),
                "location" => place(value),
                "content-type" | "cache-control" => value.to_owned(),
                _ => String::new(),
            };
            (name.to_string(), shown)
        })
        .collect();
    headers.sort();
    (page.status, headers, page.body.len())
}

/// Where an answer leads, without the ids: the last part of the path, and the names of the query.
fn place(location: &str) -> String {
    let (path, query) = location.split_once('?').unwrap_or((location, ""));
    let last = path.rsplit('/').next().unwrap_or_default();
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    names.fold(last.to_owned(), |place, name| format!("{place} {name}"))
}

/// Hashed passwords, statements that read, statements that write.
fn cost(app: &App) -> [u64; 3] {
    let env = &app.running.env;
    let tally = env.store.tally();
    [env.hashing.hashed(), tally.read, tally.written]
}

#[tokio::test]
async fn pwd_01_known_and_unknown_accounts_cost_the_same_work() {
    const ROUNDS: usize = 6;
    let app = start(ROUNDS).await;
    let rp = app.client("web1").await;
    let mut turn = 0;
    for door in DOORS {
        app.clock.advance(A_DAY);
        app.run_jobs().await;
        let mut all = Vec::new();
        for kind in KINDS {
            // Work in the background is counted too, so that the cheapest of several rounds is what the answer itself costs.
            let mut cheapest = [u64::MAX; 3];
            let (mut seen, mut next) = (Vec::new(), Vec::new());
            for round in 0..ROUNDS {
                turn += 1;
                let browser = stranger(&app, turn);
                let form = filled(&browser, &rp, door, &address_of(kind, round)).await;
                let before = cost(&app);
                let page = browser.submit(&form).await;
                let after = cost(&app);
                app.run_jobs().await;
                for (least, (after, before)) in
                    cheapest.iter_mut().zip(after.into_iter().zip(before))
                {
                    *least = (*least).min(after - before);
                }
                seen.push(looks(&page));
                if door == Door::Recover {
                    next.push(looks(&browser.open(page.redirect().as_str()).await));
                }
            }
            seen.dedup();
            next.dedup();
            assert_eq!(seen.len(), 1, "{door:?} of {kind}: {seen:?}");
            assert!(next.len() <= 1, "after {door:?} of {kind}: {next:?}");
            all.push((cheapest, seen, next));
        }
        for (kind, one) in KINDS.iter().zip(&all) {
            assert_eq!(Some(one), all.last(), "{door:?}: {kind} and nobody differ");
        }
        let hashed = u64::from(door != Door::Recover);
        assert_eq!(all[0].0[0], hashed, "{door:?} hashes one password or none");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes of samples; a figure to look at, not a gate"]
async fn pwd_01_times_cannot_be_told_apart() {
    let app = start(SAMPLES).await;
    let rp = app.client("web1").await;
    let (mut turn, mut told) = (0, Vec::new());
    for door in DOORS {
        app.clock.advance(A_DAY);
        app.run_jobs().await;
        let mut spans = KINDS.map(|_| Vec::with_capacity(SAMPLES));
        for number in 0..SAMPLES {
            // Taken in turns, from another one each time: what slows the machine slows all, and none is always the first.
            for place in 0..KINDS.len() {
                let kind = (place + number) % KINDS.len();
                turn += 1;
                let browser = stranger(&app, turn);
                let form = filled(&browser, &rp, door, &address_of(KINDS[kind], number)).await;
                let started = Instant::now();
                browser.submit(&form).await;
                spans[kind].push(started.elapsed().as_secs_f64());
            }
            if number % 200 == 199 {
                app.clock.advance(Duration::from_mins(16));
            }
        }
        let nobody = spans[KINDS.len() - 1].clone();
        for (kind, spans) in KINDS.iter().zip(&spans).take(KINDS.len() - 1) {
            let p = mann_whitney(spans, &nobody);
            let apart = median(spans) / median(&nobody) - 1.0;
            let line = format!(
                "{door:?}, {kind} against nobody: p = {p:.4}, medians {:.3} ms and {:.3} ms ({:+.2} %)",
                median(spans) * 1e3,
                median(&nobody) * 1e3,
                apart * 1e2
            );
            println!("{line}");
            told.push((line, p));
        }
    }
    let apart: Vec<_> = told.iter().filter(|(_, p)| *p <= CHANCE).collect();
    assert!(apart.is_empty(), "{apart:#?}");
}

fn median(spans: &[f64]) -> f64 {
    let mut sorted = spans.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The two-sided p of the Mann-Whitney U test: how often two samples of one distribution are ranked as unevenly as these.
/// By the normal approximation with the correction for ties, which is good from a few dozen samples on.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of samples are small numbers"
)]
fn mann_whitney(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = one
        .iter()
        .map(|span| (*span, true))
        .chain(other.iter().map(|span| (*span, false)))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (n, m) = (one.len() as f64, other.len() as f64);
    let (mut ranks, mut ties, mut at) = (0.0, 0.0, 0);
    while at < all.len() {
        let equal = all[at..]
            .iter()
            .take_while(|(span, _)| span.total_cmp(&all[at].0).is_eq())
            .count();
        let rank = at as f64 + f64::midpoint(equal as f64, 1.0);
        let mine = all[at..at + equal].iter().filter(|(_, mine)| *mine).count();
        ranks += rank * mine as f64;
        ties += (equal as f64).powi(3) - equal as f64;
        at += equal;
    }
    let u = ranks - n * (n + 1.0) / 2.0;
    let total = n + m;
    let deviation = (n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)))).sqrt();
    let z = (u - n * m / 2.0).abs() / deviation;
    two_tails(z)
}

/// How likely a normal variable is farther than `z` from its mean: Abramowitz and Stegun 26.2.17, good to 1e-7.
fn two_tails(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = [
        1.330_274_429,
        -1.821_255_978,
        1.781_477_937,
        -0.356_563_782,
        0.319_381_530,
    ];
    let sum = series.iter().fold(0.0, |sum, factor| sum * t + factor) * t;
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    (2.0 * density * sum).min(1.0)
}

#[test]
fn pwd_01_the_test_of_times_sees_what_it_should() {
    // The table of the normal distribution.
    for (z, p) in [
        (0.0, 1.0),
        (1.0, 0.317_31),
        (1.959_964, 0.05),
        (2.575_829, 0.01),
    ] {
        assert!((two_tails(z) - p).abs() < 1e-5, "{z}: {}", two_tails(z));
    }
    let ramp = |from: u32| -> Vec<f64> { (from..from + 1_000).map(f64::from).collect() };
    assert!(mann_whitney(&ramp(0), &ramp(0)) > 0.99);
    // A shift by a tenth of the spread is seen, one by a two-hundredth is not.
    assert!(mann_whitney(&ramp(0), &ramp(100)) < 1e-6);
    assert!(mann_whitney(&ramp(0), &ramp(5)) > 0.5);
}
