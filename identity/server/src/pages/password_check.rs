//! `POST /password/check`: the verdict while a person types, by the same rules as the final check (H-16). Nothing is kept or logged.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::credential::password_hash::Normalized;
use identity_domain::credential::password_policy::{PasswordRefusal, strength};
use identity_domain::failure::{Failure, Fault};
use identity_domain::session::Session;
use identity_domain::user::User;
use identity_flows::login::change_password;
use identity_flows::registration::words_of;
use identity_flows::{mailed, recovery, session};
use identity_pages::password::PasswordFeedback;

use super::password_form::error;
use super::visit::Posted;
use crate::app::AppState;

/// Whose the password will be, where that is proven: by the link of a mail, by a session, or by a sign-in, which may keep a code that
/// was typed before. A typed code itself is no such proof here: each look at one counts as a try. Who signs up is a stranger, whoever else is signed in in this browser.
async fn person(state: &AppState, posted: &Posted) -> Result<Option<User>, Fault> {
    let (env, browser) = (&state.env, &posted.visit.browser);
    let known = if let Some(presented) = mailed::from_link(posted.text("link")) {
        recovery::peek(env, &presented).await
    } else if let Ok(id) = posted.text("session").parse::<Id<Session>>() {
        let here = session::live(env, browser, env.now()).await?;
        let mine = here.into_iter().find(|live| live.session.id == id);
        return Ok(mine.map(|live| live.user));
    } else if let Ok(id) = posted.text("login").parse() {
        match change_password::person(env, id, browser).await {
            Err(Failure::Refused(_)) => recovery::person(env, id, browser).await,
            known => known,
        }
    } else {
        return Ok(None);
    };
    match known {
        Ok(user) => Ok(Some(user)),
        Err(Failure::Refused(_)) => Ok(None),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

/// The words that the final check will not accept either.
async fn words(state: &AppState, posted: &Posted) -> Result<Vec<String>, Fault> {
    match person(state, posted).await? {
        Some(user) => words_of(&state.env, &user).await,
        None => Ok(["name", "email", "username"]
            .map(|field| posted.text(field).to_owned())
            .into_iter()
            .chain([state.env.settings.product.clone()])
            .collect()),
    }
}

/// Answers with score and unmet rules in the page's language.
pub async fn check(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let words = match words(&state, &posted).await {
        Ok(words) => words,
        Err(fault) => return crate::oauth::fault(&fault),
    };
    let context: Vec<&str> = words.iter().map(String::as_str).collect();
    let feedback = match Normalized::of(&posted.secret("password")) {
        None => PasswordFeedback {
            score: 0,
            unmet: vec![error(&PasswordRefusal::TooLong)],
            suggestion: None,
        },
        Some(password) => {
            let strength = strength(&password, &state.env.settings.password, &context);
            PasswordFeedback {
                score: strength.score,
                unmet: strength.refusal.as_ref().map(error).into_iter().collect(),
                suggestion: None,
            }
        }
    };
    crate::oauth::json(
        StatusCode::OK,
        &feedback.view(&state.engine, &posted.visit.locale),
    )
}
