//! `identity audit verify`.

use clap::Subcommand;
use identity_flows::audit_log;
use serde::Serialize;

use super::database::DatabaseOptions;
use super::table::table;
use super::{Failed, Outcome, Output};

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Prove that no record was changed, and none removed but those that were kept as long as `audit.keep` says: a chain begins with its
    /// first record that is kept. Keep the printed heads elsewhere: they prove the same later.
    Verify(DatabaseOptions),
}

#[derive(Serialize)]
struct Shown {
    chain: String,
    first: i64,
    proven: i64,
    head: String,
    finding: Option<String>,
}

pub(super) async fn run(command: &AuditCommand, output: &Output) -> Outcome {
    let AuditCommand::Verify(database) = command;
    let env = database.environment().await?;
    // What a server has not linked yet cannot be proven: do it now.
    audit_log::seal(&env).await?;
    let chains: Vec<Shown> = audit_log::verify(&env)
        .await?
        .into_iter()
        .map(|report| Shown {
            chain: if report.chain.is_empty() {
                "instance".to_owned()
            } else {
                report.chain
            },
            first: report.first,
            proven: report.proven,
            head: report
                .head
                .iter()
                .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")),
            finding: report.finding.map(|finding| finding.to_string()),
        })
        .collect();
    if chains.iter().all(|chain| chain.finding.is_none()) {
        return output.say(&chains, |chains| words(chains));
    }
    let message = if output.is_json() {
        "the audit log does not hold".to_owned()
    } else {
        words(&chains)
    };
    Err(Failed::new(message).with_details(&chains))
}

fn words(chains: &[Shown]) -> String {
    let rows: Vec<Vec<String>> = chains
        .iter()
        .map(|chain| {
            let finding = chain.finding.clone().unwrap_or_else(|| "ok".to_owned());
            vec![
                chain.chain.clone(),
                chain.first.to_string(),
                chain.proven.to_string(),
                finding,
                chain.head.clone(),
            ]
        })
        .collect();
    table(&["chain", "first", "records", "result", "head"], &rows)
}
