//! What was set up while somebody else was in the account is not its owner's: it goes when they say so, whatever kind it is, and they
//! are told of each (H-53). Who says so by a mail may be whoever reads the owner's mailbox instead: from them nothing but the mailbox is
//! known, and it takes the last second factor away no faster than any other way back does (INV-03).

use identity_domain::audit::{Actor, Event};
use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::device::Device;
use identity_domain::factor::{Factors, Method};
use identity_domain::failure::Fault;
use identity_domain::intrusion::Intrusion;
use identity_domain::user::{RemovedFactor, Securing, User};
use identity_storage::{Account, Work};

use super::change::tell_removed;
use super::{phone, recovery};
use crate::browser::Browser;
use crate::device;
use crate::env::{Env, Visit};

/// What somebody says who disowns what was set up.
pub(crate) struct Disowning<'a> {
    /// The account, as it was before.
    pub account: &'a Account,
    /// Who was there.
    pub intrusion: Intrusion,
    /// They are known by more than a mailbox: a session with a fresh proof, or a browser that was here before the intruder.
    pub is_believed: bool,
}

impl<'a> Disowning<'a> {
    /// Of whoever answers a mail in a browser. `device` was the intruder's, where its row is left.
    pub(crate) async fn by_mail(
        env: &Env,
        account: &'a Account,
        intrusion: Intrusion,
        browser: &Browser,
        visit: Visit<'_>,
    ) -> Result<Self, Fault> {
        let here: Option<Device> = device::known(env, account.user.id, browser, visit).await?;
        Ok(Self {
            account,
            intrusion,
            is_believed: here.is_some_and(|here| intrusion.came_after(&here)),
        })
    }

    /// Whether the second factors are put on hold rather than removed.
    pub(crate) fn holds(&self) -> bool {
        let Account {
            user, credentials, ..
        } = self.account;
        let stays = self.stays();
        let is_last = Factors::of(user, credentials).are_more_than_the_mailbox()
            && !Factors::of(user, &stays).are_more_than_the_mailbox();
        !self.is_believed && (user.standing.factors_on_hold || is_last)
    }

    fn stays(&self) -> Vec<Credential> {
        let rows = self.account.credentials.iter();
        rows.filter(|row| row.kind != CredentialKind::Password && !self.intrusion.set_up(row))
            .cloned()
            .collect()
    }

    /// The rows that go.
    fn gone(&self) -> Vec<&'a Credential> {
        let second = self.account.credentials.iter();
        let second = second.filter(|row| row.kind != CredentialKind::Password);
        if self.holds() {
            return second.filter(|row| row.kind.method().is_none()).collect();
        }
        // Backup codes only exist beside another factor.
        let none_stays = !Factors::of(&self.account.user, &self.stays()).is_enrolled();
        second
            .filter(|row| none_stays || self.intrusion.set_up(row))
            .collect()
    }
}

/// Adds to a unit that every second factor goes which an intruder set up, with whatever waits to become one; where only a mailbox says so
/// and none would be left, that they are put on hold. Notes in `after`, the person as the unit stores them, what became of them.
pub(crate) fn set_up_by(
    env: &Env,
    mut work: Work,
    disowning: &Disowning<'_>,
    after: &mut User,
    visit: Visit<'_>,
) -> Work {
    let gone = disowning.gone();
    for row in &gone {
        work = work.delete_credential(row.id, after.id);
    }
    if disowning.holds() {
        return recovery::held(env, work, after, visit);
    }
    // Either none is on hold, or whoever may say so judged each of them.
    after.end_removal_of_factors();
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
