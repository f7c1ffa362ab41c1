//! The checks of `identity doctor`, one function each.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use identity_domain::ports::{Clock, Entropy};
use identity_domain::signing_key::KeyState;
use identity_domain::time::{Duration as Span, Timestamp};
use identity_oauth::jose::Algorithm;
use identity_pages::check;
use identity_storage::{Options as StoreOptions, Store};

use super::Findings;
use crate::adapters::clock::SystemClock;
use crate::adapters::entropy::SystemEntropy;
use crate::adapters::mail::SmtpMail;
use crate::app::master_key;
use crate::config::{Loaded, PublicUrl, redacted_url};
use crate::listen::tls::Certificates;

/// How far the clocks may be apart before tokens are refused somewhere.
const TOLERANCE: Span = Span::seconds(5);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn configuration(loaded: &Loaded, findings: &mut Findings) {
    match loaded.production() {
        Ok(_) => findings.ok("configuration", "complete"),
        Err(error) => {
            for problem in error.problems {
                let fix = "`identity config schema --markdown` explains every key";
                findings.problem("configuration", problem.to_string(), fix);
            }
        }
    }
    for warning in loaded.config.warnings() {
        findings.warning("configuration", warning, "leave it only if it is meant");
    }
}

/// Whether the public URL has an address, and whether what answers there is us (issuer mix-ups break every client).
pub(super) async fn public_url(loaded: &Loaded, offline: bool, findings: &mut Findings) {
    const CHECK: &str = "public URL";
    let Some(public_url) = &loaded.config.public_url else {
        return;
    };
    let host = public_url
        .url()
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_owned();
    let port = public_url.url().port_or_known_default().unwrap_or(443);
    match tokio::net::lookup_host((host.as_str(), port)).await {
        Ok(_) => findings.ok("DNS", format!("{host} has an address")),
        Err(error) => findings.problem(
            "DNS",
            format!("{host} has no address: {error}"),
            "add a record, or correct `public_url`",
        ),
    }
    if offline {
        return;
    }
    match discovered_issuer(public_url).await {
        Ok(issuer) if issuer == public_url.as_str() => findings.ok(CHECK, format!("{issuer} answers as itself")),
        Ok(issuer) => findings.problem(
            CHECK,
            format!("the server at {} calls itself {issuer}", public_url.as_str()),
            "restart the server with this configuration, or correct `public_url` or the proxy",
        ),
        Err(reason) => findings.warning(
            CHECK,
            format!("{} was not reached from here: {reason}", public_url.as_str()),
            "start the server; behind a proxy check that it passes the Host header and the path on unchanged",
        ),
    }
}

async fn discovered_issuer(public_url: &PublicUrl) -> Result<String, String> {
    let url = format!("{}/.well-known/openid-configuration", public_url.as_str());
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build();
    let response = client
        .map_err(|error| error.to_string())?
        .get(url)
        .send()
        .await;
    let response = response.map_err(|error| error.without_url().to_string())?;
    if !response.status().is_success() {
        return Err(format!("it answers {}", response.status()));
    }
    let document: serde_json::Value = response
        .json()
        .await
        .map_err(|_| "it does not answer with JSON".to_owned())?;
    let issuer = document.get("issuer").and_then(serde_json::Value::as_str);
    issuer
        .map(str::to_owned)
        .ok_or_else(|| "its answer names no issuer".to_owned())
}

pub(super) fn tls(loaded: &Loaded, findings: &mut Findings) {
    let http = &loaded.config.http;
    let (Some(certificate), Some(key)) = (&http.tls_certificate_file, &http.tls_key_file) else {
        return;
    };
    match Certificates::load(certificate, key) {
        Ok(_) => findings.ok("TLS", "certificate and key fit"),
        Err(error) => findings.problem(
            "TLS",
            error.to_string(),
            "name a certificate chain and its key, both PEM and readable by this user",
        ),
    }
}

pub(super) async fn database(loaded: &Loaded, findings: &mut Findings) {
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

pub(super) async fn mail(loaded: &Loaded, offline: bool, findings: &mut Findings) {
    const CHECK: &str = "mail server";
    let Ok(Some(url)) = loaded.mail_url() else {
        return;
    };
    let host = loaded
        .config
        .public_url
        .as_ref()
        .map_or("localhost", PublicUrl::authority);
    let host = host.split(':').next().unwrap_or_default();
    let from = loaded
        .config
        .mail
        .from
        .clone()
        .unwrap_or_else(|| format!("no-reply@{host}"));
    let mail = match SmtpMail::new(&url, &from, Arc::new(SystemClock)) {
        Ok(mail) => mail,
        Err(reason) => {
            return findings.problem(CHECK, reason, "correct `mail.url` and `mail.from`");
        }
    };
    if offline {
        return findings.ok(CHECK, "configured; not asked");
    }
    match mail.check().await {
        Ok(()) => findings.ok(CHECK, "answers"),
        Err(error) => findings.problem(
            CHECK,
            error.to_string(),
            "check host, port, user and password in `mail.url`, and the firewall",
        ),
    }
}

pub(super) fn theme(loaded: &Loaded, findings: &mut Findings) {
    let Some(directory) = &loaded.config.theme.directory else {
        return;
    };
    let report = check::check(std::slice::from_ref(directory));
    let fix = format!(
        "`identity themes check {}` shows everything",
        directory.display()
    );
    for problem in report.problems.iter().take(3) {
        findings.problem(
            "theme",
            format!("{}: {}", problem.file, problem.message),
            fix.clone(),
        );
    }
    if report.problems.is_empty() {
        findings.ok(
            "theme",
            format!("{} pages and mails rendered", report.rendered),
        );
    }
}

/// Whether the files we need can be written, and the secret ones be read by nobody else.
pub(super) fn files(loaded: &Loaded, findings: &mut Findings) {
    let config = &loaded.config;
    if let Ok(Some(url)) = loaded.database_url()
        && let Some(path) = url.expose().strip_prefix("sqlite:")
    {
        sqlite(Path::new(path.trim_start_matches("//")), findings);
    }
    for file in [
        &config.secrets.master_key_file,
        &config.database.url_file,
        &config.mail.url_file,
        &config.http.tls_key_file,
    ]
    .into_iter()
    .flatten()
    {
        let Ok(metadata) = std::fs::metadata(file) else {
            continue;
        };
        let mode = metadata.permissions().mode();
        if mode & 0o007 != 0 {
            let shown = file.display();
            findings.warning(
                "files",
                format!("{shown} may be read by every user of this machine"),
                format!("chmod 640 {shown}"),
            );
        }
    }
}

/// SQLite writes two files beside its database, so the folder must be writable as well.
fn sqlite(database: &Path, findings: &mut Findings) {
    let folder = database
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let shown = folder.display();
    let fix = format!("make {shown} writable for the user the server runs as");
    // Nothing but a try tells: mount options, quotas and access lists all have a say.
    let probe = folder.join(format!(".identity-doctor-{}", std::process::id()));
    match std::fs::File::create_new(&probe).and_then(|_| std::fs::remove_file(&probe)) {
        Ok(()) => findings.ok("files", format!("{shown} may be written")),
        Err(error) => findings.problem("files", format!("{shown}: {error}"), fix),
    }
}
