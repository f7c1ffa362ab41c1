//! Second factors of a person, for the operator whom they ask for help. Whoever removes one has checked by other means who asks.

use identity_domain::Id;
use identity_domain::audit::{RequestContext, one_line};
use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use serde::Serialize;

use super::super::{AdminRefusal, AdminResult, refused, settled, user_by_address};
use crate::env::Env;
use crate::factors;

/// Longest reason that is written down, in characters.
const MAX_REASON: usize = 200;

/// A second factor as an operator sees it. Never a secret.
#[derive(Clone, Debug, Serialize)]
pub struct ListedFactor {
    /// Names it when it is to be removed.
    pub id: Id<Credential>,
    /// Which way.
    pub method: &'static str,
    /// How its owner calls it.
    pub name: String,
    /// Set up at, milliseconds since 1970.
    pub created_at: Timestamp,
    /// Last used at.
    pub last_used_at: Option<Timestamp>,
}

/// What a person has, oldest first; backup codes are listed with the rest.
pub async fn list_factors(env: &Env, address: &str) -> AdminResult<Vec<ListedFactor>> {
    let user = user_by_address(env, address).await?;
    let mut rows = env.store.credentials_of(user.id).await?;
    rows.sort_by_key(|row| row.created_at);
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(ListedFactor {
                id: row.id,
                method: row.kind.method()?.as_str(),
                name: row.label,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
            })
        })
        .collect())
}

/// Removes one factor, or all. The person is told by mail and signed out everywhere.
pub async fn remove_factors(
    env: &Env,
    address: &str,
    only: Option<Id<Credential>>,
    reason: &str,
    context: &RequestContext,
) -> AdminResult<(User, usize)> {
    let reason = one_line(reason.trim(), MAX_REASON);
    if reason.is_empty() {
        return refused(AdminRefusal::NotApplicable(
            "say why: the reason is written down".to_owned(),
        ));
    }
    let user = user_by_address(env, address).await?;
    let rows = env.store.credentials_of(user.id).await?;
    let chosen: Vec<&Credential> = rows
        .iter()
        .filter(|row| row.kind != CredentialKind::BackupCodes && is_factor(row.kind))
        .filter(|row| only.is_none_or(|id| row.id == id))
        .collect();
    if chosen.is_empty() {
        let what = if only.is_some() {
            format!("{address} has no such second factor")
        } else {
            format!("{address} has no second factor")
        };
        return refused(AdminRefusal::NotApplicable(what));
    }
    for row in &chosen {
        let removed =
            factors::removed_by_operator(env, user.id, row.id, &reason, env.visit(context));
        removed.await.map_err(|failure| match failure {
            Failure::Refused(LoginRefusal::Unknown) => {
                Failure::Refused(AdminRefusal::Overtaken(address.to_owned()))
            }
            Failure::Refused(refusal) => {
                Failure::Refused(AdminRefusal::NotApplicable(refusal.to_string()))
            }
            Failure::Fault(fault) => Failure::Fault(fault),
        })?;
    }
    settled(env).await?;
    Ok((user, chosen.len()))
}

fn is_factor(kind: CredentialKind) -> bool {
    kind.method()
        .is_some_and(|method| method != Method::BackupCode)
}
