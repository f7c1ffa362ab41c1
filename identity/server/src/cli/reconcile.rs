//! `identity apply`, `diff` and `export`: declarative files against the database.

use std::path::PathBuf;

use clap::Args;
use identity_flows::declarative::{self, Action, Change, ObjectKind};
use serde::Serialize;
use serde_json::Value;

use super::database::{DatabaseOptions, here};
use super::declarative::{Described, Placed, load};
use super::{Failed, Outcome, Output};

/// Which files, and where to.
#[derive(Debug, Args)]
pub struct ApplyOptions {
    /// YAML or JSON files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Remove objects that files managed and none of these describes. Never the last administrator.
    #[arg(long)]
    prune: bool,
    #[command(flatten)]
    database: DatabaseOptions,
}

/// From where.
#[derive(Debug, Args)]
pub struct ExportOptions {
    #[command(flatten)]
    database: DatabaseOptions,
}

#[derive(Serialize)]
struct Summary<'a> {
    created: usize,
    updated: usize,
    unchanged: usize,
    removed: usize,
    changes: &'a [Change],
    /// What is taken, but not as it was meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Placed<'a>>,
}

pub(super) async fn apply(options: &ApplyOptions, output: &Output) -> Outcome {
    let described = load(&options.files)?;
    let env = options.database.environment().await?;
    let report = declarative::apply(&env, &described.document, options.prune, &here())
        .await
        .map_err(|failure| described.failed(&failure))?;
    say(&report.changes, &described, output)
}

pub(super) async fn diff(options: &ApplyOptions, output: &Output) -> Outcome {
    let described: Described = load(&options.files)?;
    let env = options.database.environment().await?;
    let plan = declarative::plan(&env, &described.document, options.prune)
        .await
        .map_err(|failure| described.failed(&failure.into()))?;
    let changes: Vec<Change> = plan.changes().cloned().collect();
    say(&changes, &described, output)
}

pub(super) async fn export(options: &ExportOptions, output: &Output) -> Outcome {
    let env = options.database.environment().await?;
    let value = declarative::export(&env).await?;
    if output.is_json() {
        return output.say(&value, |_| String::new());
    }
    output.text(&serde_saphyr::to_string(&value).map_err(Failed::new)?)
}

fn say(changes: &[Change], described: &Described, output: &Output) -> Outcome {
    let count = |action| {
        changes
            .iter()
            .filter(|change| change.action == action)
            .count()
    };
    let all = Summary {
        created: count(Action::Create),
        updated: count(Action::Update),
        unchanged: count(Action::Unchanged),
        removed: count(Action::Remove),
        changes,
        warnings: changes
            .iter()
            .flat_map(|change| &change.warnings)
            .map(|warning| described.placed(warning))
            .collect(),
    };
    output.say(&all, words)
}

fn words(all: &Summary<'_>) -> String {
    let mut lines = Vec::new();
    for change in all.changes {
        let sign = match change.action {
            Action::Create => '+',
            Action::Update => '~',
            Action::Remove => '-',
            Action::Unchanged if change.note.is_some() => '=',
            Action::Unchanged => continue,
        };
        let note = change
            .note
            .as_ref()
            .map_or_else(String::new, |note| format!("  ({note})"));
        lines.push(format!(
            "{sign} {} {}{note}",
            kind(change.kind),
            change.name
        ));
        // What is made new has nothing to be compared with.
        if change.action == Action::Update {
            let field = |field: &declarative::FieldChange| {
                format!(
                    "    {}: {} → {}",
                    field.field,
                    short(&field.from),
                    short(&field.to)
                )
            };
            lines.extend(change.fields.iter().map(field));
        }
    }
    lines.extend(all.warnings.iter().map(|warning| format!("! {warning}")));
    lines.push(format!(
        "{} created, {} changed, {} unchanged, {} removed",
        all.created, all.updated, all.unchanged, all.removed
    ));
    lines.join("\n")
}

const fn kind(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Organization => "organization",
        ObjectKind::User => "user",
        ObjectKind::Client => "client",
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
