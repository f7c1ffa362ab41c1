//! The step that hands backup codes over: shown until "I have saved them" is said (H-37).

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::login::{Action, Login};
use identity_storage::Account;

use super::second_factor::{must_change_password, owner};
use super::{LoginResult, Outcome, Taken, load, settle};
use crate::browser::Browser;
use crate::env::{Env, Visit};
use crate::factors::backup_codes::{self, Shown};

/// What the page shows.
pub struct HandedOver {
    /// Whose.
    pub account: Account,
    /// The codes.
    pub set: Shown,
}

/// The codes of a login that waits for them to be saved. A set that was saved elsewhere meanwhile makes room for another.
pub async fn view(env: &Env, login: &Login, visit: Visit<'_>) -> LoginResult<HandedOver> {
    let account = owner(env, login).await?;
    if let Some(set) = backup_codes::pending(&account) {
        return Ok(HandedOver { account, set });
    }
    backup_codes::begin(env, &account, visit).await?;
    let account = owner(env, login).await?;
    let set = backup_codes::pending(&account)
        .ok_or_else(|| identity_domain::Fault::new("codes that were made are not there"))?;
    Ok(HandedOver { account, set })
}

/// The codes for the file, under the same rule as the page.
pub async fn file(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<HandedOver> {
    let login = load(env, id, browser, Action::SaveBackupCodes, visit.now).await?;
    view(env, &login, visit).await
}

/// "I have saved them": goes on.
pub async fn save(
    env: &Env,
    id: Id<Login>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let mut login = load(env, id, browser, Action::SaveBackupCodes, visit.now).await?;
    let account = owner(env, &login).await?;
    let work = backup_codes::saved(env, &account, visit)?;
    login.state.backup_codes_due = false;
    login.state.set_up_at.push(visit.now);
    let taken = Taken {
        must_change_password: must_change_password(&account),
        login,
        user: account.user,
        consented: false,
        work,
    };
    settle(env, taken, browser, context, visit.now).await
}
