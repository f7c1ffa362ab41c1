//! What was set up while somebody else was in the account is not its owner's: it goes when they say so, whatever kind it is, and they
//! are told of each (H-53).

use identity_domain::audit::{Actor, Event};
use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::factor::{Factors, Method};
use identity_domain::intrusion::Intrusion;
use identity_domain::user::{RemovedFactor, Securing, User};
use identity_storage::{Account, Work};

use super::change::tell_removed;
use super::phone;
use crate::env::{Env, Visit};

/// Adds to a unit that every second factor goes which an intruder set up, with whatever waits to become one. Notes what went in `after`, the
/// person as the unit stores them.
pub(crate) fn set_up_by(
    env: &Env,
    mut work: Work,
    (account, after): (&Account, &mut User),
    intrusion: &Intrusion,
    visit: Visit<'_>,
) -> Work {
    let second = account
        .credentials
        .iter()
        .filter(|row| row.kind != CredentialKind::Password);
    let (mut gone, left): (Vec<_>, Vec<_>) = second.partition(|row| intrusion.set_up(row));
    let stays: Vec<Credential> = left.iter().map(|row| (*row).clone()).collect();
    // Backup codes only exist beside another factor.
    if Factors::of(after, &stays).enrolled() == 0 {
        gone.extend(left);
    }
    for row in &gone {
        work = work.delete_credential(row.id, after.id);
    }
    if gone.iter().any(|row| row.kind == CredentialKind::Sms) {
        work = phone::forgotten(work, after);
    }
    let mut removed = Vec::new();
    for row in gone {
        let Some(method) = row.kind.method() else {
            continue;
        };
        let event = Event::FactorChanged {
            user: after.id,
            kind: row.kind.as_str(),
            change: "disowned",
        };
        work = work.and_event(env.record(None, Actor::User(after.id), event, visit));
        if method == Method::BackupCode {
            continue;
        }
        let gone = (method, row.label.as_str());
        work = tell_removed(env, work, after, (gone, None), visit);
        removed.push(RemovedFactor {
            method,
            label: row.label.clone(),
        });
    }
    if !removed.is_empty() {
        let securing = after.standing.securing.get_or_insert_with(|| Securing {
            since: visit.now,
            ..Securing::default()
        });
        securing.removed = removed;
    }
    work
}
