//! The authenticator app a file brings along: for people who move here with theirs.

use identity_domain::audit::{Actor, Event};
use identity_domain::credential::{Credential, CredentialKind, TotpCredential};
use identity_domain::failure::Fault;
use identity_domain::user::User;
use identity_storage::Work;

use super::super::plan::Fields;
use crate::env::{Env, Visit};
use crate::factors::totp::DEFAULT_NAME;

/// An app to be stored.
pub(super) struct App {
    described: TotpCredential,
    /// The one that an earlier file brought; it is replaced.
    before: Option<Credential>,
}

/// Compares with the apps there are. One with the same secret is the described one, whatever its owner calls it.
pub(super) async fn compare(
    env: &Env,
    described: Option<&TotpCredential>,
    before: Option<&User>,
    fields: &mut Fields,
) -> Result<Option<App>, Fault> {
    let Some(described) = described else {
        return Ok(None);
    };
    let mut apps = match before {
        Some(user) => env.store.credentials_of(user.id).await?,
        None => Vec::new(),
    };
    apps.retain(|row| row.kind == CredentialKind::Totp);
    let is_there = apps
        .iter()
        .filter_map(Credential::read::<TotpCredential>)
        .any(|app| app.is_same_secret(described));
    if is_there {
        return Ok(None);
    }
    let before = apps.into_iter().find(|row| row.label == DEFAULT_NAME);
    fields.hidden("totp_secret", before.is_some());
    let described = described.clone();
    Ok(Some(App { described, before }))
}

impl App {
    /// Adds the app to a unit, with its event.
    pub(super) fn record(
        &self,
        env: &Env,
        work: Work,
        user: &User,
        visit: Visit<'_>,
    ) -> Result<Work, Fault> {
        let kind = CredentialKind::Totp;
        let data = serde_json::to_string(&self.described).map_err(Fault::new)?;
        let (work, event) = if let Some(before) = &self.before {
            let after = Credential {
                data,
                ..before.clone()
            };
            let event = Event::FactorChanged {
                user: user.id,
                kind: kind.as_str(),
                change: "declared",
            };
            (work.update_credential(&after), event)
        } else {
            let credential = Credential {
                id: env.id(visit.now),
                user_id: user.id,
                kind,
                label: DEFAULT_NAME.to_owned(),
                data,
                created_at: visit.now,
                last_used_at: None,
                device_id: None,
                version: 1,
            };
            let event = Event::FactorAdded {
                user: user.id,
                kind: kind.as_str(),
                credential: credential.id.to_string(),
            };
            (work.insert_credential(&credential), event)
        };
        Ok(work.and_event(env.record(None, Actor::Operator, event, visit)))
    }
}
