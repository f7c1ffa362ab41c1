//! Demanding a new password, on evidence that the old one is known to others (NIST SP 800-63B-4 §3.1.1.2).

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::user::User;

use super::super::{AdminRefusal, AdminResult, lost, refused, settled, user_by_address};
use super::sign_out;
use crate::env::{Env, Visit};

/// Ends everything the person is signed in to; the next sign-in ends in choosing a new password.
pub async fn require_change(
    env: &Env,
    address: &str,
    context: &RequestContext,
) -> AdminResult<User> {
    let now = env.now();
    let mut user = user_by_address(env, address).await?;
    let Some(owner) = env.store.password_owner(&user.email.key()).await? else {
        return refused(AdminRefusal::NotApplicable(format!(
            "{address} has no password"
        )));
    };
    user.raise_epoch(now);
    let credential = PasswordCredential {
        must_change: true,
        ..owner.credential
    };
    let event = Event::UserChanged {
        user: user.id,
        change: "password_change_required",
    };
    let work = env
        .audited(None, Actor::Operator, event, Visit { context, now })
        .update_user(&user)
        .update_password(owner.credential_id, &credential, owner.credential_version);
    let work = sign_out(env, work, &user, now).await?;
    env.store
        .commit(work)
        .await
        .map_err(|error| lost(error, address))?;
    settled(env).await?;
    Ok(user)
}
