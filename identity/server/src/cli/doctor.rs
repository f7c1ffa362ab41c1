//! `identity doctor`: checks the configuration and what is around it. Each finding says what to do.

mod checks;
mod database;

use clap::Args;
use serde::Serialize;

use super::database::DatabaseOptions;
use super::{Failed, Outcome, Output};

/// What to look at.
#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// Which configuration, or which data folder.
    #[command(flatten)]
    database: DatabaseOptions,
    /// Open no connection to the public URL, nor to the mail server.
    #[arg(long)]
    offline: bool,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Ok,
    Warning,
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    check: &'static str,
    level: Level,
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

/// All findings, in the order of the checks.
#[derive(Default, Serialize)]
struct Findings {
    findings: Vec<Finding>,
}

impl Findings {
    fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.findings.push(Finding {
            check,
            level: Level::Ok,
            message: message.into(),
            fix: None,
        });
    }

    fn warning(&mut self, check: &'static str, message: impl Into<String>, fix: impl Into<String>) {
        self.findings.push(Finding {
            check,
            level: Level::Warning,
            message: message.into(),
            fix: Some(fix.into()),
        });
    }

    fn problem(&mut self, check: &'static str, message: impl Into<String>, fix: impl Into<String>) {
        self.findings.push(Finding {
            check,
            level: Level::Problem,
            message: message.into(),
            fix: Some(fix.into()),
        });
    }

    fn count(&self, level: Level) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.level == level)
            .count()
    }
}

pub(super) async fn run(options: &DoctorOptions, output: &Output) -> Outcome {
    let mut findings = Findings::default();
    if let Some(loaded) = options.database.folder_as_configuration()? {
        // All there is; what else `identity dev` does is not configured.
        checks::public_url(&loaded, options.offline, &mut findings).await;
        database::check(&loaded, &mut findings).await;
        checks::files(&loaded, &mut findings);
    } else {
        let loaded = options.database.config.load()?;
        checks::configuration(&loaded, &mut findings);
        checks::public_url(&loaded, options.offline, &mut findings).await;
        checks::tls(&loaded, &mut findings);
        database::check(&loaded, &mut findings).await;
        checks::mail(&loaded, options.offline, &mut findings).await;
        checks::sms(&loaded, options.offline, &mut findings).await;
        checks::theme(&loaded, &mut findings);
        checks::places(&loaded, &mut findings);
        checks::files(&loaded, &mut findings);
    }
    if findings.count(Level::Problem) == 0 {
        return output.say(&findings, words);
    }
    // Programs find everything in the details.
    let message = if output.is_json() {
        summary(&findings)
    } else {
        words(&findings)
    };
    Err(Failed::new(message).with_details(&findings))
}

fn words(all: &Findings) -> String {
    let mut lines = Vec::new();
    for finding in &all.findings {
        let sign = match finding.level {
            Level::Ok => "ok     ",
            Level::Warning => "warning",
            Level::Problem => "problem",
        };
        lines.push(format!("{sign}  {}: {}", finding.check, finding.message));
        lines.extend(finding.fix.as_ref().map(|fix| format!("         → {fix}")));
    }
    lines.push(summary(all));
    lines.join("\n")
}

fn summary(all: &Findings) -> String {
    let count = |level, word: &str| match all.count(level) {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    };
    let (problems, warnings) = (
        count(Level::Problem, "problem"),
        count(Level::Warning, "warning"),
    );
    format!("{problems}, {warnings}")
}
