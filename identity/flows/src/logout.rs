//! Sign-out, by the person or on request of an application (OpenID Connect RP-Initiated Logout 1.0).

use std::collections::BTreeSet;
use std::sync::Arc;

use identity_domain::audit::{Actor, RequestContext};
use identity_domain::client::Client;
use identity_domain::failure::Fault;
use identity_domain::session::{EndReason, Session};
use identity_oauth::id_token::IdTokenClaims;
use identity_oauth::jose::{self, Expected, Lifetime, typ};
use identity_oauth::logout::{EndSessionRequest, match_post_logout};

use crate::browser::{Browser, Cookies};
use crate::env::{Env, Visit};
use crate::session::{self, LiveSession};

/// What a logout request amounts to.
pub enum Wanted {
    /// A valid hint names a session of this browser: it is ended without asking.
    Now(Box<LiveSession>, Return),
    /// The person must be asked: no hint, a foreign one, one whose time is over, or another session. Nothing is ended by the
    /// request alone (S46).
    Ask(Vec<LiveSession>, Return),
    /// Nobody is signed in here.
    Nobody(Return),
}

/// Where the browser may go afterwards.
#[derive(Clone, Default)]
pub struct Return {
    /// The application that asked, if it is known.
    pub client: Option<Arc<Client>>,
    /// Its registered address with `state`; `None` stays on our page.
    pub url: Option<String>,
    /// A token of ours says that it is the application that asks, however old. Without, the address is a link and no redirect (§3).
    pub is_vouched_for: bool,
}

/// An ID token that this provider has signed.
struct Hint {
    claims: IdTokenClaims,
    /// Whether its time is not over yet.
    is_current: bool,
}

/// Reads a request. Unverified hints and unregistered addresses are dropped, never followed.
pub async fn receive(
    env: &Env,
    request: &EndSessionRequest,
    browser: &Browser,
) -> Result<Wanted, Fault> {
    let here = session::live(env, browser, env.now()).await?;
    let hint = hint(env, request);
    let client_id = match (&hint, &request.client_id) {
        // §2: both present must agree.
        (Some(hint), Some(client_id)) if hint.claims.aud != *client_id => None,
        (Some(hint), _) => Some(hint.claims.aud.clone()),
        (None, client_id) => client_id.clone(),
    };
    let client = client_id
        .and_then(|id| env.directory.client(&id))
        .filter(|client| client.is_active());
    let url = client
        .as_ref()
        .zip(request.post_logout_redirect_uri.as_deref())
        .and_then(|(client, presented)| {
            let verified =
                match_post_logout(&client.metadata.post_logout_redirect_uris, presented)?;
            Some(verified.with_state(request.state.as_deref()))
        });
    let is_unregistered = url.is_none() && request.post_logout_redirect_uri.is_some();
    let is_vouched_for = client.is_some() && hint.is_some();
    let back = Return {
        client,
        url,
        is_vouched_for,
    };
    if here.is_empty() {
        return Ok(Wanted::Nobody(back));
    }
    // §2 lets a provider take an expired hint for a session that still lives. Whoever finds such a token in a log or an address could end
    // the session with a link, for as long as it lives, so it names the application and the person is asked (OAU-18).
    let named = hint.filter(|hint| hint.is_current).and_then(|hint| {
        let sid = hint.claims.sid.as_deref()?;
        here.iter().find(|live| {
            live.session.id.to_string() == sid && live.user.id.to_string() == hint.claims.sub
        })
    });
    Ok(match named.cloned() {
        // An address that nobody registered is no request of the application's making.
        Some(live) if back.client.is_some() && !is_unregistered => {
            Wanted::Now(Box::new(live), back)
        }
        _ => Wanted::Ask(here, back),
    })
}

fn hint(env: &Env, request: &EndSessionRequest) -> Option<Hint> {
    let hint = request.id_token_hint.as_ref()?;
    let expected = Expected {
        typ: &[typ::JWT, typ::ABSENT],
        issuer: Some(&env.settings.issuer),
        audience: None,
        lifetime: Lifetime::Ignored,
    };
    let claims = env
        .keys
        .verifying(|keys| jose::verify::<IdTokenClaims>(hint.expose(), keys, &expected))
        .ok()?
        .claims;
    // RFC 7519 §4.1.4: not on or after.
    let is_current = env.now().seconds() < claims.exp;
    Some(Hint { claims, is_current })
}

/// What a sign-out came to.
#[derive(Default)]
pub struct SignedOut {
    /// Without the tokens of the sessions that ended.
    pub cookies: Cookies,
    /// Applications that hear of it (OpenID Connect Back-Channel Logout 1.0), by name.
    pub told: Vec<String>,
    /// Applications that were used in those sessions and have no way to be told.
    pub untold: Vec<String>,
}

/// Ends sessions of this browser and takes their tokens out of its cookie.
pub async fn sign_out(
    env: &Env,
    ended: &[LiveSession],
    browser: &Browser,
    context: &RequestContext,
) -> Result<SignedOut, Fault> {
    let now = env.now();
    let (told, untold) = applications(env, ended).await?;
    for live in ended {
        let sessions: [Session; 1] = [live.session.clone()];
        session::end(
            env,
            &sessions,
            Actor::User(live.user.id),
            EndReason::SignedOut,
            Visit { context, now },
        )
        .await?;
    }
    crate::jobs::wake(env);
    let dropped: Vec<_> = ended.iter().map(|live| live.session.token_hash).collect();
    Ok(SignedOut {
        cookies: session::cookies_without(browser, &dropped),
        told,
        untold,
    })
}

/// The applications of some sessions, by name: those that are told of their end, and those that cannot be.
async fn applications(
    env: &Env,
    ended: &[LiveSession],
) -> Result<(Vec<String>, Vec<String>), Fault> {
    let mut ids = BTreeSet::new();
    for live in ended {
        ids.extend(env.store.clients_of_session(live.session.id).await?);
    }
    let clients = ids.iter().filter_map(|id| env.directory.client(id));
    let (told, untold): (Vec<_>, Vec<_>) =
        clients.partition(|client| client.metadata.backchannel_logout_uri.is_some());
    let names = |clients: Vec<Arc<Client>>| {
        let mut names: Vec<String> = clients
            .iter()
            .map(|client| client.display_name().to_owned())
            .collect();
        names.sort();
        names
    };
    Ok((names(told), names(untold)))
}
