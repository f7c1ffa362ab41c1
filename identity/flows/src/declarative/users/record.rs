//! People: the unit of work that makes a comparison come true.

use identity_domain::audit::{Actor, Event};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::credential::password_hash::{Normalized, PasswordHash};
use identity_domain::failure::Fault;
use identity_domain::secret::SecretString;
use identity_domain::session::EndReason;
use identity_domain::time::Timestamp;
use identity_domain::user::UserStatus;
use identity_storage::Work;

use super::super::document::PasswordEntry;
use super::UserStep;
use super::known::Pair;
use crate::account::change_password::{Replaced, replace};
use crate::admin;
use crate::env::{Env, Visit};

impl UserStep {
    /// The unit of work. A changed password or a suspension ends what was signed in before.
    pub async fn record(&self, env: &Env, visit: Visit<'_>) -> Result<Work, Fault> {
        let user = self.after.id;
        let change = if self.before.is_some() {
            "changed"
        } else {
            "created"
        };
        let work = env.audited(
            None,
            Actor::Operator,
            Event::UserChanged { user, change },
            visit,
        );
        let work = match &self.before {
            Some(before) => {
                let suspended =
                    before.status == UserStatus::Active && self.after.status != UserStatus::Active;
                self.changed(env, work, suspended, visit).await?
            }
            None => self.created(env, work, visit).await?,
        };
        let work = match &self.phone {
            Some(phone) => work.set_phone(user, Some(phone)),
            None => work,
        };
        let work = match &self.app {
            Some(app) => app.record(env, work, &self.after, visit)?,
            None => work,
        };
        let work = self.leaves.iter().fold(work, |work, organization| {
            work.keep_an_administrator(*organization, user)
        });
        Ok(self.places(env, work, visit).ordered())
    }

    async fn created(&self, env: &Env, work: Work, visit: Visit<'_>) -> Result<Work, Fault> {
        let work = work.insert_user(&self.after);
        let Some(password) = &self.password else {
            return Ok(work);
        };
        let credential = self.credential(env, password, visit.now).await?;
        let work =
            work.and_event(env.record(None, Actor::Operator, self.password_event(password), visit));
        let id = env.id(visit.now);
        let work = work.insert_password(id, self.after.id, &credential, visit.now);
        let PasswordEntry::Clear(declared) = password else {
            return Ok(work);
        };
        let pair = Pair {
            credential: id,
            stored: &credential.hash,
            declared,
        };
        pair.remember(env, work)
    }

    async fn changed(
        &self,
        env: &Env,
        work: Work,
        suspended: bool,
        visit: Visit<'_>,
    ) -> Result<Work, Fault> {
        let mut after = self.after.clone();
        if suspended || self.password.is_some() {
            after.raise_epoch(visit.now);
        }
        if let Some(password) = &self.password {
            let credential = self.credential(env, password, visit.now).await?;
            let work = work.and_event(env.record(
                None,
                Actor::Operator,
                self.password_event(password),
                visit,
            ));
            let replaced = Replaced {
                user: &after,
                credential: &credential,
                previous: self.previous.as_ref(),
                keep: None,
                device_id: None,
                reason: EndReason::EndedByOperator,
            };
            return replace(env, work, replaced, visit.context, visit.now).await;
        }
        let work = work.update_user(&after);
        let work = match (&self.previous, self.must_change) {
            (Some(previous), Some(must_change)) => {
                let credential = PasswordCredential {
                    must_change,
                    ..previous.credential.clone()
                };
                work.update_password(
                    previous.credential_id,
                    &credential,
                    previous.credential_version,
                )
            }
            _ => work,
        };
        if suspended {
            admin::users::sign_out(env, work, &after, visit.now).await
        } else {
            Ok(work)
        }
    }

    /// The credential with the new password.
    async fn credential(
        &self,
        env: &Env,
        password: &PasswordEntry,
        now: Timestamp,
    ) -> Result<PasswordCredential, Fault> {
        let hash = match password {
            PasswordEntry::Clear(password) => hash(env, password).await?,
            PasswordEntry::Hash(hash) => hash.clone(),
        };
        let mut credential = match &self.previous {
            Some(previous) => {
                previous
                    .credential
                    .clone()
                    .changed(hash, env.settings.password.history, now)
            }
            None => PasswordCredential::new(hash, now),
        };
        let demanded = self
            .previous
            .as_ref()
            .is_some_and(|previous| previous.credential.must_change);
        credential.must_change = self.must_change.unwrap_or(demanded);
        Ok(credential)
    }

    fn password_event(&self, password: &PasswordEntry) -> Event {
        let how = match password {
            PasswordEntry::Clear(_) => "declared",
            PasswordEntry::Hash(_) => "imported",
        };
        Event::PasswordChanged {
            user: self.after.id,
            how,
        }
    }

    fn places(&self, env: &Env, work: Work, visit: Visit<'_>) -> Work {
        let event = |organization, roles, change| {
            let event = Event::MembershipChanged {
                user: self.after.id,
                organization,
                roles,
                change,
            };
            env.record(Some(organization), Actor::Operator, event, visit)
        };
        let work = self.put.iter().fold(work, |work, place| {
            let record = event(place.organization_id, place.roles.clone(), "set");
            work.put_membership(place, visit.now).and_event(record)
        });
        self.delete.iter().fold(work, |work, organization| {
            work.delete_membership(self.after.id, *organization, visit.now)
                .and_event(event(*organization, Vec::new(), "removed"))
        })
    }
}

async fn hash(env: &Env, password: &SecretString) -> Result<PasswordHash, Fault> {
    let normalized =
        Normalized::of(password).ok_or_else(|| Fault::new("a password that cannot be hashed"))?;
    env.hashing
        .create(normalized)
        .await
        .map_err(|_| Fault::busy("the hashing queue is full"))
}
