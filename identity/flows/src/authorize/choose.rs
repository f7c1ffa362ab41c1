//! Which session answers a request, or which page must come first.

use identity_domain::Id;
use identity_domain::failure::Fault;
use identity_domain::login::{LoginState, Purpose, Step};
use identity_domain::session::Session;
use identity_domain::time::Duration;
use identity_domain::user::User;
use identity_oauth::error::ErrorCode;
use identity_oauth::id_token::IdTokenClaims;
use identity_oauth::jose::{self, Expected, Lifetime, typ};
use identity_oauth::prompt::Prompt;

use super::Asked;
use super::level::{Level, level};
use crate::account::elevation::FRESH_FOR;
use crate::browser::Browser;
use crate::env::{Env, Visit};
use crate::login::next::{Facts, next};
use crate::login::{Here, demand};
use crate::session::LiveSession;

/// The choice.
pub enum Choice {
    /// This session is enough.
    Use(Box<LiveSession>),
    /// This session is not enough: its owner proves what is missing, and nothing else (H-63).
    StepUp(Step, Box<LiveSession>),
    /// No page may be shown, or no page could help.
    Refuse(ErrorCode, &'static str),
    /// A page must be shown.
    Ask {
        /// Which.
        step: Step,
        /// The sessions there are do not count.
        reauthenticate: bool,
        /// Prefilled identifier.
        identifier: Option<String>,
        /// The session and person a consent is asked from.
        session_id: Option<(Id<Session>, Id<User>)>,
    },
}

/// Chooses (OpenID Connect Core §3.1.2.1, §3.1.2.3).
pub async fn choose(
    env: &Env,
    asked: &Asked,
    here: Vec<LiveSession>,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<Choice, Fault> {
    let now = visit.now;
    let request = &asked.request;
    if let Some(refusal) = unreachable_level(env, asked) {
        return Ok(refusal);
    }
    let hinted = hinted_user(env, asked);
    let mut candidates = candidates(&hinted, here, request.prompt.is_none());
    candidates.retain(|live| request.claims.accepts_subject(&live.user.id.to_string()));
    let max_age = request.max_age.or(asked.client.metadata.default_max_age);
    let fresh = |live: &LiveSession| {
        max_age.is_none_or(|max_age| {
            live.session
                .is_fresh(Duration::seconds(i64::from(max_age)), now)
        })
    };
    let several = candidates.len() > 1 && matches!(hinted, Hint::Nobody);
    let identifier = request.login_hint.clone().or_else(|| {
        candidates
            .first()
            .map(|live| live.user.email.as_str().to_owned())
    });
    let ask = |step, reauthenticate| Choice::Ask {
        step,
        reauthenticate,
        identifier: identifier.clone(),
        session_id: None,
    };
    if request.prompt.is_none() {
        return match candidates.into_iter().next() {
            Some(live) if fresh(&live) => settle_silently(env, asked, live, browser, visit).await,
            _ => Ok(Choice::Refuse(
                ErrorCode::LoginRequired,
                "nobody is signed in as asked",
            )),
        };
    }
    if request.prompt.contains(Prompt::Login) || max_age == Some(0) {
        return Ok(ask(Step::Authenticate, true));
    }
    if !candidates.is_empty() && (request.prompt.contains(Prompt::SelectAccount) || several) {
        return Ok(ask(Step::SelectAccount, false));
    }
    match candidates.into_iter().next() {
        Some(live) if fresh(&live) => {
            let step = step_for(env, asked, &live, browser, visit).await?;
            // Whoever finds a browser signed in must not add a second factor of their own, only because an application asks for one: a
            // proof from before is as old here as on the account's own pages (H-45).
            if step == Step::EnrolFactor && !live.session.is_fresh(FRESH_FOR, now) {
                return Ok(ask(Step::Authenticate, true));
            }
            going_on(env, asked, live, step, identifier).await
        }
        Some(_) => Ok(ask(Step::Authenticate, true)),
        None => Ok(ask(Step::Authenticate, false)),
    }
}

/// A session that is fresh enough: used, raised to the level that is missing, or asked something first.
async fn going_on(
    env: &Env,
    asked: &Asked,
    live: LiveSession,
    step: Step,
    identifier: Option<String>,
) -> Result<Choice, Fault> {
    match step {
        Step::Finished => permitted(env, asked, live).await,
        Step::SecondFactor | Step::EnrolFactor => Ok(Choice::StepUp(step, Box::new(live))),
        step => Ok(Choice::Ask {
            step,
            reauthenticate: false,
            identifier,
            session_id: Some((live.session.id, live.user.id)),
        }),
    }
}

/// The sessions that a hint leaves to choose from.
fn candidates(hinted: &Hint, mut here: Vec<LiveSession>, silently: bool) -> Vec<LiveSession> {
    match hinted {
        Hint::Nobody => {}
        Hint::User(id) => here.retain(|live| live.user.id == *id),
        Hint::Address(address) => {
            let key = identity_domain::email::EmailKey::of(address);
            let (matching, others): (Vec<_>, Vec<_>) = here
                .into_iter()
                .partition(|live| live.user.email.key() == key);
            // A hint is only a hint: somebody else who is signed in may be chosen by hand.
            here = if matching.is_empty() && silently {
                others
            } else {
                matching
            };
        }
    }
    here
}

enum Hint {
    Nobody,
    User(Id<User>),
    Address(String),
}

/// Who is meant: an ID token of ours outweighs an address. An expired hint still names its person (RP-Initiated Logout §2, Core §3.1.2.1).
fn hinted_user(env: &Env, asked: &Asked) -> Hint {
    let request = &asked.request;
    if let Some(hint) = &request.id_token_hint {
        let expected = Expected {
            typ: &[typ::JWT, typ::ABSENT],
            issuer: Some(&env.settings.issuer),
            audience: Some(&asked.client.client_id),
            lifetime: Lifetime::Ignored,
        };
        let verified = env
            .keys
            .verifying(|keys| jose::verify::<IdTokenClaims>(hint.as_str(), keys, &expected));
        if let Some(id) = verified
            .ok()
            .and_then(|verified| verified.claims.sub.parse().ok())
        {
            return Hint::User(id);
        }
    }
    request
        .login_hint
        .clone()
        .map_or(Hint::Nobody, Hint::Address)
}

/// Whether the request names a person, by an ID token of ours or by the `sub` among its claims, and it is not this one.
pub(super) fn names_somebody_else(env: &Env, asked: &Asked, user: Id<User>) -> bool {
    matches!(hinted_user(env, asked), Hint::User(id) if id != user)
        || !asked.request.claims.accepts_subject(&user.to_string())
}

/// A level nobody can reach here is refused rather than silently not reached (RFC 9470 §5).
fn unreachable_level(env: &Env, asked: &Asked) -> Option<Choice> {
    let level = level(&asked.request, &env.settings.mfa);
    (level == Level::Unreachable).then_some(Choice::Refuse(
        ErrorCode::UnmetAuthenticationRequirements,
        "none of the acr_values asked for can be reached",
    ))
}

async fn step_for(
    env: &Env,
    asked: &Asked,
    live: &LiveSession,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<Step, Fault> {
    // Earlier answers matter only to a client that asks; the others are spared the look-up.
    let consent = if asked.client.metadata.require_consent {
        env.store
            .consent(live.user.id, &asked.client.client_id)
            .await?
    } else {
        None
    };
    let purpose = Purpose::Authorize {
        request: Box::new(asked.request.clone()),
        redirect_uri: asked.redirect_uri.as_str().to_owned(),
    };
    let state = LoginState::new(purpose, Step::Authenticate);
    let here = Here::of(&state, &live.user, Some(live), browser);
    let demand = demand(env, &here, visit).await?;
    let facts = Facts {
        demand,
        user: Some(&live.user),
        session: Some(&live.session),
        must_change_password: false,
        offers_passkey: false,
        client: Some(&asked.client),
        consent: consent.as_ref(),
        consented: false,
    };
    Ok(next(&state, &facts))
}

async fn settle_silently(
    env: &Env,
    asked: &Asked,
    live: LiveSession,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<Choice, Fault> {
    match step_for(env, asked, &live, browser, visit).await? {
        Step::Finished => permitted(env, asked, live).await,
        Step::Consent => Ok(Choice::Refuse(
            ErrorCode::ConsentRequired,
            "the person has not allowed this yet",
        )),
        _ => Ok(Choice::Refuse(
            ErrorCode::InteractionRequired,
            "a page must be shown first",
        )),
    }
}

/// A client of an organization serves its members only.
async fn permitted(env: &Env, asked: &Asked, live: LiveSession) -> Result<Choice, Fault> {
    Ok(
        match super::answer::organization(env, asked, live.user.id).await? {
            Ok(_) => Choice::Use(Box::new(live)),
            Err(why) => Choice::Refuse(ErrorCode::AccessDenied, why),
        },
    )
}
