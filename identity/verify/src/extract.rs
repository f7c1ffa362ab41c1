//! [`Token`] as an axum extractor, behind [`BearerLayer`](crate::layer::BearerLayer).
//!
//! ```
//! use axum::extract::Json;
//! use identity_verify::{Challenge, Token};
//!
//! async fn close_account(token: Token) -> Result<Json<String>, Challenge> {
//!     token.require_scope("account:close")?;
//!     token.require_role("admin")?;
//!     Ok(Json(token.subject().to_owned()))
//! }
//! ```

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;

use crate::challenge::Challenge;
use crate::claims::Scope;
use crate::token::Token;

impl Token {
    /// Refuses with 403 unless this scope was granted.
    pub fn require_scope(&self, scope: &str) -> Result<(), Challenge> {
        let needed = || Scope::from_tokens([scope]).unwrap_or_default();
        if self.has_scope(scope) {
            Ok(())
        } else {
            Err(Challenge::insufficient_scope(needed()))
        }
    }

    /// Refuses with 403 unless the person has this role.
    pub fn require_role(&self, role: &str) -> Result<(), Challenge> {
        if self.has_role(role) {
            Ok(())
        } else {
            Err(Challenge::insufficient_scope(Scope::empty()))
        }
    }

    /// Refuses with 403 unless the person's roles permit this.
    pub fn require_permission(&self, permission: &str) -> Result<(), Challenge> {
        if self.has_permission(permission) {
            Ok(())
        } else {
            Err(Challenge::insufficient_scope(Scope::empty()))
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Token {
    type Rejection = Challenge;

    /// Without the layer there is no verified token, so a forgotten layer closes the route.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Challenge> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(Challenge::token_required)
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        self.into_http()
    }
}
