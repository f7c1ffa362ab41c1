//! `POST /password/check`: the verdict while a person types, by the same rules as the final check (H-16). Nothing is kept or logged.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::credential::password_hash::Normalized;
use identity_domain::credential::password_policy::{PasswordRefusal, strength};
use identity_pages::password::PasswordFeedback;

use super::password_form::error;
use super::visit::Posted;
use crate::app::AppState;

/// Answers with score and unmet rules in the page's language.
pub async fn check(State(state): State<Arc<AppState>>, posted: Posted) -> Response {
    let context = [
        posted.text("name"),
        posted.text("email"),
        posted.text("username"),
        state.env.settings.product.as_str(),
    ];
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
