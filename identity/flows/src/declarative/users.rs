//! People: compared with what is stored.

use identity_domain::Id;
use identity_domain::credential::password_hash::{Normalized, PasswordHash};
use identity_domain::failure::Fault;
use identity_domain::membership::Membership;
use identity_domain::organization::Organization;
use identity_domain::secret::SecretString;
use identity_domain::time::Timestamp;
use identity_domain::user::{Profile, Standing, User, UserStatus};
use identity_storage::{PasswordOwner, Work};

use super::Problem;
use super::document::{PasswordEntry, UserEntry};
use super::plan::{Fields, ObjectKind, Operation, Step, Tenants, touched};
use super::stored::Stored;
use crate::env::{Env, fault};

mod app;
mod known;
mod places;
mod record;

/// What is to be recorded of one person.
pub(super) struct UserStep {
    fields: Fields,
    before: Option<User>,
    after: User,
    previous: Option<PasswordOwner>,
    password: Option<PasswordEntry>,
    must_change: Option<bool>,
    phone: Option<SecretString>,
    app: Option<app::App>,
    put: Vec<Membership>,
    delete: Vec<Id<Organization>>,
    administers: Vec<Id<Organization>>,
    /// Where they were one and will not be.
    leaves: Vec<Id<Organization>>,
}

/// Compares one person. The outer error is a fault, the inner one what does not fit.
pub(super) async fn compare(
    env: &Env,
    entry: &UserEntry,
    stored: &Stored,
    tenants: &Tenants,
    now: Timestamp,
) -> Result<Result<UserStep, Vec<Problem>>, Fault> {
    let found = stored.users.get(entry.email.key().as_str());
    let before = found.map(|found| &found.user);
    let mut after = before.cloned().unwrap_or_else(|| new(env, entry, now));
    change(&mut after, entry, now);
    let mut fields = Fields::default();
    compare_user(&mut fields, before, &after);
    let old_phone = found.and_then(|found| found.phone.as_ref());
    let phone = new_phone(entry, old_phone, &mut fields);
    let app = app::compare(env, entry.totp.as_ref(), before, &mut fields).await?;
    let previous = found.and_then(|found| found.password.clone());
    let password = new_password(env, entry.password.as_ref(), previous.as_ref()).await?;
    if password.is_some() {
        fields.hidden("password", previous.is_some());
    }
    let stored_demand = previous.as_ref();
    let stored_demand = stored_demand.is_some_and(|owner| owner.credential.must_change);
    // A new password takes the demand away unless the file keeps it up.
    let demand = entry
        .require_password_change
        .unwrap_or(stored_demand && password.is_none());
    fields.compare("require_password_change", stored_demand, demand);
    let mut problems = Vec::new();
    if demand && previous.is_none() && password.is_none() {
        let message = "needs a password to begin with";
        problems.push(entry.origin.problem("require_password_change", message));
    }
    let old: &[Membership] = found.map_or(&[], |found| &found.memberships);
    let described = places::described(entry, old, after.id, tenants, now);
    let places = described.unwrap_or_else(|found| {
        problems.extend(found);
        Vec::new()
    });
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let (from, to) = (
        places::written(old, tenants),
        places::written(&places, tenants),
    );
    fields.compare("memberships", from, to);
    touched(&fields, &mut after.updated_at, now);
    let administers = places::administered(&places, after.status);
    let mut leaves = before.map_or_else(Vec::new, |user| places::administered(old, user.status));
    leaves.retain(|organization| !administers.contains(organization));
    Ok(Ok(UserStep {
        administers,
        leaves,
        put: places::changed(old, &places),
        delete: places::left(old, &places),
        must_change: (stored_demand != demand).then_some(demand),
        fields,
        before: before.cloned(),
        after,
        previous,
        password,
        phone,
        app,
    }))
}

fn new_phone(
    entry: &UserEntry,
    old: Option<&SecretString>,
    fields: &mut Fields,
) -> Option<SecretString> {
    let phone = entry.phone.as_ref()?;
    if old.is_some_and(|old| old.matches(phone.expose())) {
        return None;
    }
    fields.hidden("phone", old.is_some());
    Some(phone.clone())
}

fn new(env: &Env, entry: &UserEntry, now: Timestamp) -> User {
    User {
        id: env.id(now),
        email: entry.email.clone(),
        email_verified_at: None,
        profile: Profile::default(),
        status: UserStatus::Active,
        managed_by: None,
        standing: Standing::default(),
        language: None,
        security_epoch: 1,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// What the entry says, on top of what there is.
fn change(user: &mut User, entry: &UserEntry, now: Timestamp) {
    user.email = entry.email.clone();
    let proven = |given: Option<bool>, at: Option<Timestamp>| match given {
        Some(true) => at.or(Some(now)),
        Some(false) => None,
        None => at,
    };
    user.email_verified_at = proven(entry.email_verified, user.email_verified_at);
    user.profile.phone_number_verified_at =
        proven(entry.phone_verified, user.profile.phone_number_verified_at);
    for (text, into) in [
        (&entry.name, &mut user.profile.name),
        (&entry.given_name, &mut user.profile.given_name),
        (&entry.family_name, &mut user.profile.family_name),
        (&entry.locale, &mut user.profile.locale),
        (&entry.zoneinfo, &mut user.profile.zoneinfo),
    ] {
        if let Some(text) = text {
            *into = Some(text.clone()).filter(|text| !text.is_empty());
        }
    }
    // Somebody who is described is not to be purged.
    let present = Some(user.status).filter(|status| *status != UserStatus::Deleted);
    user.status = entry.status.or(present).unwrap_or(UserStatus::Active);
    user.standing.delete_at = None;
    if entry.origin.managed_by.is_some() {
        user.managed_by.clone_from(&entry.origin.managed_by);
    }
}

fn compare_user(fields: &mut Fields, before: Option<&User>, after: &User) {
    let profile = before.map(|user| &user.profile);
    fields.compare("email", before.map(|user| &user.email), &after.email);
    fields.compare(
        "email_verified",
        before.is_some_and(|user| user.email_verified_at.is_some()),
        after.email_verified_at.is_some(),
    );
    fields.compare(
        "name",
        profile.and_then(|p| p.name.as_ref()),
        &after.profile.name,
    );
    fields.compare(
        "given_name",
        profile.and_then(|p| p.given_name.as_ref()),
        &after.profile.given_name,
    );
    fields.compare(
        "family_name",
        profile.and_then(|p| p.family_name.as_ref()),
        &after.profile.family_name,
    );
    fields.compare(
        "locale",
        profile.and_then(|p| p.locale.as_ref()),
        &after.profile.locale,
    );
    fields.compare(
        "zoneinfo",
        profile.and_then(|p| p.zoneinfo.as_ref()),
        &after.profile.zoneinfo,
    );
    let phone_verified = |profile: &Profile| profile.phone_number_verified_at.is_some();
    fields.compare(
        "phone_verified",
        profile.is_some_and(phone_verified),
        phone_verified(&after.profile),
    );
    fields.compare(
        "status",
        before.map_or(UserStatus::Active, |user| user.status),
        after.status,
    );
    fields.compare(
        "managed_by",
        before.and_then(|user| user.managed_by.as_ref()),
        &after.managed_by,
    );
}

/// The password to set, if the stored one is not it already.
async fn new_password(
    env: &Env,
    described: Option<&PasswordEntry>,
    stored: Option<&PasswordOwner>,
) -> Result<Option<PasswordEntry>, Fault> {
    let Some(described) = described else {
        return Ok(None);
    };
    let same = match (described, stored) {
        (_, None) => false,
        (PasswordEntry::Clear(password), Some(owner)) => is_stored(env, password, owner).await?,
        (PasswordEntry::Hash(hash), Some(owner)) => {
            let stored = &owner.credential.hash;
            hash == stored || replaced_at_sign_in(env, hash, stored)
        }
    };
    Ok((!same).then(|| described.clone()))
}

async fn is_stored(
    env: &Env,
    password: &SecretString,
    owner: &PasswordOwner,
) -> Result<bool, Fault> {
    let pair = known::Pair {
        credential: owner.credential_id,
        stored: &owner.credential.hash,
        declared: password,
    };
    if pair.is_known(env).await? {
        return Ok(true);
    }
    let same = env
        .hashing
        .verify(Normalized::of(password), Some(pair.stored.clone()))
        .await
        .map_err(|_| Fault::busy("the hashing queue is full"))?;
    if same {
        let work = Work::unaudited("what was compared is kept, nothing is changed");
        env.store
            .commit(pair.remember(env, work)?)
            .await
            .map_err(fault)?;
    }
    Ok(same)
}

/// A weak imported hash gives way to a strong one at the first sign-in. To set it again would undo that, and sign the person out.
fn replaced_at_sign_in(env: &Env, described: &PasswordHash, stored: &PasswordHash) -> bool {
    env.hashing.needs_rehash(described) && !env.hashing.needs_rehash(stored)
}

impl UserStep {
    pub fn into_step(mut self, entry: &UserEntry) -> Step {
        let fields = std::mem::take(&mut self.fields);
        let change = fields.into_change(
            ObjectKind::User,
            entry.email.as_str(),
            self.before.is_some(),
            entry.origin.file.as_deref(),
        );
        Step {
            change,
            operation: Operation::User(Box::new(self)),
        }
    }

    /// Who it is.
    pub const fn user(&self) -> Id<User> {
        self.after.id
    }

    /// Where the person will be an administrator who may sign in.
    pub fn administers(&self) -> &[Id<Organization>] {
        &self.administers
    }
}
