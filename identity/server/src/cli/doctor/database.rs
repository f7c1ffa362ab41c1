//! The checks of `identity doctor` on the database and what is in it.

use std::sync::Arc;

use identity_domain::ports::{Clock, Entropy};
use identity_domain::signing_key::KeyState;
use identity_domain::time::{Duration as Span, Timestamp};
use identity_oauth::jose::Algorithm;
use identity_storage::{Options as StoreOptions, Store};

use super::Findings;
use crate::adapters::clock::SystemClock;
use crate::adapters::entropy::SystemEntropy;
use crate::app::master_key;
use crate::config::{Loaded, redacted_url};

/// How far the clocks may be apart before tokens are refused somewhere.
const TOLERANCE: Span = Span::seconds(5);

pub(super) async fn check(loaded: &Loaded, findings: &mut Findings) {
    const CHECK: &str = "database";
    let Ok(Some(url)) = loaded.database_url() else {
        return;
    };
    let shown = redacted_url(url.expose());
    match identity_storage::migration_status(url.expose()).await {
        Err(fault) => {
            let fix =
                "check `database.url`, that the database runs, and that this machine may reach it";
            findings.problem(CHECK, format!("{shown}: {fault}"), fix);
            return;
        }
        Ok(all) => match all.iter().filter(|migration| !migration.applied).count() {
            0 => findings.ok(
                CHECK,
                format!("{shown} is reachable, its schema is up to date"),
            ),
            pending => {
                findings.problem(
                    CHECK,
                    format!("{pending} changes of the schema are pending"),
                    "run `identity migrate`",
                );
                return;
            }
        },
    }
    let Ok(Some(text)) = loaded.master_key() else {
        return;
    };
    let key = match master_key(&text) {
        Ok(key) => key,
        Err(fault) => {
            return findings.problem(
                "master key",
                fault.to_string(),
                "put the right key where `secrets.master_key_file` points",
            );
        }
    };
    let (clock, entropy): (SystemClock, Arc<dyn Entropy>) = (SystemClock, Arc::new(SystemEntropy));
    let options = StoreOptions {
        migrate: false,
        connections: 2,
        ..StoreOptions::new(key, entropy, clock.now())
    };
    match Store::open(url.expose(), options).await {
        Ok(store) => {
            findings.ok("master key", "opens this database");
            inside(loaded, &store, &clock, findings).await;
        }
        Err(fault) => findings.problem(
            "master key",
            fault.to_string(),
            "use the key the database was made with; it is not in backups of the database",
        ),
    }
}

async fn inside(loaded: &Loaded, store: &Store, clock: &SystemClock, findings: &mut Findings) {
    clocks(store, clock, findings).await;
    keys(loaded, store, clock.now(), findings).await;
    match store.job_counts().await {
        Ok((_, 0)) => {}
        Ok((_, dead)) => findings.warning(
            "jobs",
            format!("{dead} mails or notices were given up"),
            "the server's log names each with its reason; check mail server and back-channel logout addresses",
        ),
        Err(fault) => findings.problem("jobs", fault.to_string(), "check the database"),
    }
    match store.administrators().await {
        Ok(administrators) if administrators.is_empty() => findings.warning(
            "administrators",
            "there is none",
            "`identity org create SLUG`, `identity user create EMAIL --organization SLUG --role admin`, `identity admin link EMAIL`",
        ),
        Ok(administrators) => findings.ok("administrators", format!("{} found", administrators.len())),
        Err(fault) => findings.problem("administrators", fault.to_string(), "check the database"),
    }
}

async fn clocks(store: &Store, clock: &SystemClock, findings: &mut Findings) {
    let before = clock.now();
    match store.database_time().await {
        Ok(theirs) => {
            let ours = clock.now();
            // The answer was made some time between the two.
            let apart = Span(theirs.since(ours).0.max(before.since(theirs).0));
            if apart > TOLERANCE {
                let message = format!(
                    "this machine and the database are {} seconds apart",
                    apart.as_seconds()
                );
                findings.problem(
                    "clock",
                    message,
                    "synchronise both with NTP: expiry is judged by time",
                );
            } else {
                findings.ok("clock", "agrees with the database");
            }
        }
        Err(fault) => findings.problem("clock", fault.to_string(), "check the database"),
    }
}

async fn keys(loaded: &Loaded, store: &Store, now: Timestamp, findings: &mut Findings) {
    const CHECK: &str = "signing keys";
    let all = match store.all_keys().await {
        Ok(all) => all,
        Err(fault) => return findings.problem(CHECK, fault.to_string(), "check the database"),
    };
    let active: Vec<_> = all
        .iter()
        .filter(|key| key.state == KeyState::Active)
        .collect();
    if !active.iter().any(|key| key.algorithm == Algorithm::ES256) {
        return findings.warning(
            CHECK,
            "there is no active ES256 key yet",
            "start the server once: it makes the first keys",
        );
    }
    // A day more than planned: the worker should have acted by then.
    let planned = loaded.config.keys.active_for.as_domain();
    let late = |at: Timestamp| now > at + planned + Span::days(1);
    let old = active.iter().filter(|key| key.active_at.is_some_and(late));
    let old: Vec<&str> = old.map(|key| key.kid.as_str()).collect();
    if old.is_empty() {
        findings.ok(CHECK, format!("{} in use, none too old", active.len()));
    } else {
        let fix = "the server rotates by itself while it runs: see its log; by hand `identity keys rotate`";
        findings.warning(
            CHECK,
            format!("older than `keys.active_for`: {}", old.join(", ")),
            fix,
        );
    }
}
