//! Carries a plan out: one unit of work per object, each with its event.

use identity_domain::audit::RequestContext;
use identity_domain::failure::Fault;
use identity_storage::{Lost, Work};
use serde::Serialize;

use super::Problem;
use super::document::Document;
use super::plan::{Action, Change, Operation, PlanFailure, Step, plan};
use crate::env::{Env, Visit, fault};
use crate::keyring;

/// What was done.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Per object, in the order in which it was done.
    pub changes: Vec<Change>,
}

/// Why an apply stopped.
#[derive(Debug)]
pub enum ApplyFailure {
    /// The files do not fit; nothing was changed.
    Refused(Vec<Problem>),
    /// Somebody changed the same objects at the same time, twice. What was done before stays; apply again.
    Overtaken {
        /// Which object.
        object: String,
    },
    /// Ours.
    Fault(Fault),
}

impl std::fmt::Display for ApplyFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(problems) => {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
            Self::Overtaken { object } => {
                write!(
                    f,
                    "somebody else changed {object} in the same moment; apply again"
                )
            }
            Self::Fault(fault) => fault.fmt(f),
        }
    }
}

impl From<PlanFailure> for ApplyFailure {
    fn from(failure: PlanFailure) -> Self {
        match failure {
            PlanFailure::Refused(problems) => Self::Refused(problems),
            PlanFailure::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Fault> for ApplyFailure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Report {
    /// How many objects had the given fate.
    pub fn count(&self, action: Action) -> usize {
        self.changes
            .iter()
            .filter(|change| change.action == action)
            .count()
    }
}

/// Makes what is stored as described. An object that somebody changed meanwhile leads to one new comparison.
///
/// # Errors
/// See [`ApplyFailure`].
pub async fn apply(
    env: &Env,
    document: &Document,
    prune: bool,
    context: &RequestContext,
) -> Result<Report, ApplyFailure> {
    let mut done = Vec::new();
    let mut overtaken = carry_out(env, document, prune, context, &mut done).await?;
    if overtaken.is_some() {
        overtaken = carry_out(env, document, prune, context, &mut done).await?;
    }
    finish(env, &done).await?;
    match overtaken {
        None => Ok(Report { changes: done }),
        Some(object) => Err(ApplyFailure::Overtaken { object }),
    }
}

/// One pass. `done` holds what earlier passes did. Returns the object at which somebody was faster.
async fn carry_out(
    env: &Env,
    document: &Document,
    prune: bool,
    context: &RequestContext,
    done: &mut Vec<Change>,
) -> Result<Option<String>, ApplyFailure> {
    let mut late = Vec::new();
    for step in plan(env, document, prune).await?.steps {
        let before = done
            .iter()
            .any(|change| change.kind == step.change.kind && change.name == step.change.name);
        if step.change.action == Action::Unchanged {
            if !before {
                done.push(step.change);
            }
            continue;
        }
        match env.store.commit(record(env, &step, context).await?).await {
            Ok(()) => done.push(step.change),
            // Their successor may stand further below in the file.
            Err(Lost::Guard("administrator")) => late.push(step),
            Err(Lost::Guard(_) | Lost::Conflict(_)) => return Ok(Some(step.change.name)),
            Err(lost) => return Err(fault(lost).into()),
        }
    }
    for step in late {
        match env.store.commit(record(env, &step, context).await?).await {
            Ok(()) => done.push(step.change),
            Err(Lost::Guard(_) | Lost::Conflict(_)) => return Ok(Some(step.change.name)),
            Err(lost) => return Err(fault(lost).into()),
        }
    }
    Ok(None)
}

async fn record(env: &Env, step: &Step, context: &RequestContext) -> Result<Work, Fault> {
    let visit = Visit {
        context,
        now: env.now(),
    };
    match &step.operation {
        Operation::Nothing => Ok(Work::unaudited("nothing is done")),
        Operation::Organization(organization) => Ok(organization.record(env, visit)),
        Operation::User(user) => user.record(env, visit).await,
        Operation::Client(client) => client.record(env, visit).await,
        Operation::Remove(removal) => removal.record(env, visit).await,
    }
}

/// This process sees the change at once, and keys that clients now want are made.
async fn finish(env: &Env, done: &[Change]) -> Result<(), Fault> {
    if done.iter().all(|change| change.action == Action::Unchanged) {
        return Ok(());
    }
    env.directory.refresh(&env.store, env.now()).await?;
    env.status.refresh(env).await?;
    keyring::rotate(env, false, false).await?;
    crate::jobs::wake(env);
    Ok(())
}
