//! What a person says about themselves, and which optional mails they want.

use identity_domain::audit::{Actor, Event, RequestContext, one_line};
use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::User;
use identity_storage::Lost;

use crate::env::{Env, fault};
use crate::login::LoginResult;
use crate::session::LiveSession;

/// Longest name, in characters.
pub const MAX_NAME: usize = 120;
/// Mails that may be switched off. Those about how a person signs in are not on this list (H-61).
pub const OPTIONAL_MAILS: [&str; 1] = ["app_connected"];

/// What the form held.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Full name.
    pub name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Language of pages and mails, one of the theme's; empty for the browser's.
    pub locale: String,
    /// Time zone, a name the IANA database has.
    pub zoneinfo: Option<&'static str>,
}

/// Stores a changed profile. Tokens and userinfo say the new values from the next one on (PRI-03).
pub async fn change(
    env: &Env,
    here: &LiveSession,
    form: &Profile,
    context: &RequestContext,
) -> LoginResult<()> {
    let mut user = here.user.clone();
    let text = |text: &str| {
        let text = one_line(text.trim(), MAX_NAME);
        (!text.is_empty()).then_some(text)
    };
    user.profile.name = text(&form.name);
    user.profile.given_name = text(&form.given_name);
    user.profile.family_name = text(&form.family_name);
    user.profile.locale = text(&form.locale);
    user.profile.zoneinfo = form.zoneinfo.map(str::to_owned);
    store(env, user, "profile", context).await
}

/// Switches optional mails on and off. Names that are not optional are ignored: security mails always come.
pub async fn choose_mails(
    env: &Env,
    here: &LiveSession,
    wanted: &[&str],
    context: &RequestContext,
) -> LoginResult<()> {
    let mut user = here.user.clone();
    user.standing.muted = OPTIONAL_MAILS
        .iter()
        .filter(|mail| !wanted.contains(mail))
        .map(ToString::to_string)
        .collect();
    store(env, user, "notifications", context).await
}

async fn store(
    env: &Env,
    mut user: User,
    change: &'static str,
    context: &RequestContext,
) -> LoginResult<()> {
    if change == "profile" && user.managed_by.is_some() {
        return Err(Failure::Refused(LoginRefusal::ManagedByFile));
    }
    let visit = env.visit(context);
    user.updated_at = visit.now;
    let event = Event::ProfileChanged {
        user: user.id,
        change,
    };
    let work = env
        .audited(None, Actor::User(user.id), event, visit)
        .update_user(&user);
    match env.store.commit(work).await {
        Ok(()) => {
            env.directory.forget_person(user.id);
            Ok(())
        }
        // Changed in another tab in the same moment: look at it again.
        Err(Lost::Guard(_)) => Err(Failure::Refused(LoginRefusal::ChangedElsewhere)),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}
