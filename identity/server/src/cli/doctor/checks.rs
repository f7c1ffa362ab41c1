//! The checks of `identity doctor` around the server, one function each.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use identity_pages::check;

use super::Findings;
use crate::adapters::clock::SystemClock;
use crate::adapters::geo::GeoFile;
use crate::adapters::mail::SmtpMail;
use crate::config::{Loaded, PublicUrl};
use crate::listen::tls::Certificates;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// A file of places is old after so many days.
const OLD_PLACES: u64 = 60;

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
    if offline {
        return;
    }
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

/// Whether the gateway is complete and has an address. Nothing is sent: a message costs money.
pub(super) async fn sms(loaded: &Loaded, offline: bool, findings: &mut Findings) {
    const CHECK: &str = "SMS gateway";
    // A key that is missing is a finding of the configuration already.
    let Ok(Some(gateway)) = loaded.sms_gateway() else {
        return;
    };
    let host = gateway.host().trim_matches(['[', ']']).to_owned();
    if offline {
        findings.ok(CHECK, format!("{host} is configured"));
        return;
    }
    match tokio::net::lookup_host((host.as_str(), 443)).await {
        Ok(_) => findings.ok(CHECK, format!("{host} has an address")),
        Err(error) => findings.problem(
            CHECK,
            format!("{host} has no address: {error}"),
            "correct `sms.url`",
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

/// Whether the file of places can be used, and how old it is: networks move.
pub(super) fn places(loaded: &Loaded, findings: &mut Findings) {
    const CHECK: &str = "places";
    let Some(file) = &loaded.config.geo.database_file else {
        return;
    };
    let fix = "get a newer one from its supplier; the server reads it without a restart";
    let geo = match GeoFile::load(file) {
        Ok(geo) => geo,
        Err(error) => {
            let fix =
                "name a readable Country or City file in `geo.database_file`, or leave it out";
            return findings.problem(CHECK, error.to_string(), fix);
        }
    };
    let days = geo
        .built_at()
        .and_then(|built| built.elapsed().ok())
        .map_or(0, |age| age.as_secs() / 86_400);
    let message = format!("{} was built {days} days ago", file.display());
    if days > OLD_PLACES {
        findings.warning(CHECK, message, fix);
    } else {
        findings.ok(CHECK, message);
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
