//! Signing in: authorization code with PKCE (RFC 7636), `state`, `nonce` and `iss` (RFC 9207).

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;
use identity_verify::verifier::Kind as TokenKind;
use serde_json::Value;
use url::Url;

use crate::app::App;
use crate::cookies::Cookie;
use crate::id_token::{Expected, IdToken};
use crate::provider::{TokenAnswer, TokenError};
use crate::random;
use crate::session::{Pending, Session, Tokens};
use crate::trouble::Trouble;

/// A token is renewed this long before it expires, in milliseconds.
const RENEW_EARLY: i64 = 15_000;

/// `GET /login`: off to the provider.
pub(crate) async fn start(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let result = begin(&app, &headers).await;
    app.answer(result)
}

async fn begin(app: &App, headers: &HeaderMap) -> Result<Response, Trouble> {
    let metadata = app.provider.metadata().await?;
    let (state, nonce, code_verifier) = (random::secret()?, random::secret()?, random::secret()?);
    let mut address = Url::parse(&metadata.authorization_endpoint)
        .map_err(|_| Trouble::Provider("authorization endpoint is no address".to_owned()))?;
    address
        .query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &app.config.client_id)
        .append_pair("redirect_uri", &app.redirect_uri())
        .append_pair("scope", app.kind.scope())
        .append_pair("state", &state)
        .append_pair("nonce", &nonce)
        .append_pair("code_challenge", &random::sha256(&code_verifier))
        .append_pair("code_challenge_method", "S256");
    let known = app
        .cookies
        .read(headers, Cookie::Browser)
        .filter(|value| !value.is_empty());
    let browser = match known {
        Some(value) => value.to_owned(),
        None => random::secret()?,
    };
    let now = app.now();
    let pending = Pending {
        browser: random::sha256(&browser),
        nonce,
        code_verifier,
        started_at: now,
    };
    app.pending.start(&state, pending, now);
    let mut response = Redirect::to(address.as_str()).into_response();
    if let Some(cookie) = app.cookies.set(Cookie::Browser, &browser) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `GET /callback`: back from the provider.
pub(crate) async fn callback(
    State(app): State<Arc<App>>,
    Query(parameters): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let result = finish(&app, &parameters, &headers).await;
    app.answer(result)
}

async fn finish(
    app: &App,
    parameters: &[(String, String)],
    headers: &HeaderMap,
) -> Result<Response, Trouble> {
    let answer = Answer::read(parameters)?;
    let state = answer
        .state
        .ok_or(Trouble::Refused("answer without state"))?;
    let pending = app
        .pending
        .take(state, app.now())
        .ok_or(Trouble::Refused("state not known"))?;
    // The state must be one of this very browser, or somebody signs a victim in as themselves.
    let browser = app
        .cookies
        .read(headers, Cookie::Browser)
        .unwrap_or_default();
    if !random::same(&random::sha256(browser), &pending.browser) {
        return Err(Trouble::Refused("state of another browser"));
    }
    let metadata = app.provider.metadata().await?;
    // RFC 9207 §2.4: an answer of another issuer would send its code to ours (mix-up).
    let iss_fits = match answer.iss {
        Some(iss) => iss == app.config.issuer,
        None => !metadata.authorization_response_iss_parameter_supported,
    };
    if !iss_fits {
        return Err(Trouble::Refused("answer of another issuer"));
    }
    if let Some(error) = answer.error {
        return Err(Trouble::NotCompleted(error_code(error)));
    }
    let code = answer.code.ok_or(Trouble::Refused("answer without code"))?;
    let redeemed = app
        .provider
        .redeem(code, &pending.code_verifier, &app.redirect_uri())
        .await;
    let tokens = redeemed.map_err(|error| match error {
        TokenError::Refused(error) => Trouble::NotCompleted(error),
        TokenError::Unavailable(why) => Trouble::Provider(why),
    })?;
    let session = new_session(app, tokens, &pending.nonce).await?;
    app.names.learn(&session.sub, &session.name);
    // A new name at every sign-in, and the old session of this browser ends.
    if let Some(old) = app.cookies.read(headers, Cookie::Session) {
        app.sessions.close(old);
    }
    let cookie = app.sessions.open(session, app.now())?;
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = app.cookies.set(Cookie::Session, &cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn new_session(app: &App, answer: TokenAnswer, nonce: &str) -> Result<Session, Trouble> {
    let id_token = answer.id_token.ok_or(Trouble::Refused("no ID token"))?;
    let (claims, all) = check_id_token(app, &id_token, Some(nonce)).await?;
    let now = app.now();
    Ok(Session {
        created_at: now,
        sub: claims.sub.clone(),
        sid: claims.sid.clone(),
        name: claims.display_name(),
        csrf: random::secret()?,
        id_claims: all,
        tokens: tokio::sync::Mutex::new(Tokens {
            access_token: answer.access_token,
            renew_at: renew_at(answer.expires_in, now),
            refresh_token: answer.refresh_token,
            id_token,
        }),
    })
}

/// Checks signature and claims of an ID token.
pub(crate) async fn check_id_token(
    app: &App,
    id_token: &str,
    nonce: Option<&str>,
) -> Result<(IdToken, Value), Trouble> {
    let payload = app
        .verifier
        .signed_payload(id_token, TokenKind::IdToken)
        .await
        .map_err(|error| {
            if error.is_unavailable() {
                Trouble::Provider(error.to_string())
            } else {
                Trouble::Refused("ID token not signed by the issuer")
            }
        })?;
    let expected = Expected {
        issuer: &app.config.issuer,
        client_id: &app.config.client_id,
        nonce,
        now: app.now() / 1000,
    };
    IdToken::check(&payload, &expected)
}

/// When a token that lasts `expires_in` seconds should be renewed.
pub(crate) fn renew_at(expires_in: Option<i64>, now: i64) -> i64 {
    let life = expires_in.unwrap_or(60).saturating_mul(1000);
    now.saturating_add(life.saturating_sub(RENEW_EARLY.min(life / 2)))
}

/// An error code without what could forge a line in the log.
pub(crate) fn error_code(error: &str) -> String {
    error
        .chars()
        .filter(|c| c.is_ascii_lowercase() || *c == '_')
        .take(64)
        .collect()
}

#[derive(Default)]
struct Answer<'a> {
    code: Option<&'a str>,
    state: Option<&'a str>,
    iss: Option<&'a str>,
    error: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// RFC 6749 §3.1: parameters are not repeated.
    fn read(parameters: &'a [(String, String)]) -> Result<Self, Trouble> {
        let mut answer = Self::default();
        for (name, value) in parameters {
            let slot = match name.as_str() {
                "code" => &mut answer.code,
                "state" => &mut answer.state,
                "iss" => &mut answer.iss,
                "error" => &mut answer.error,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(Trouble::Refused("answer with a repeated parameter"));
            }
        }
        Ok(answer)
    }
}
