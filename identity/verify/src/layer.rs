//! A tower layer that lets only requests with a good bearer token through (RFC 6750).
//!
//! The verified [`Token`] is put into the request's extensions.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use identity_verify::{Token, Verifier, layer::BearerLayer};
//!
//! async fn messages(token: Token) -> String {
//!     format!("messages of {}", token.subject())
//! }
//!
//! # fn example() -> Result<Router, Box<dyn std::error::Error>> {
//! let verifier = Verifier::builder("https://idp.acme.test").audience("https://chat.acme.test").build()?;
//! let app = Router::new()
//!     .route("/api/messages", get(messages))
//!     .layer(BearerLayer::new(verifier).require_scope("openid".parse()?));
//! # Ok(app)
//! # }
//! ```

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, Response};
use tower::{Layer, Service};

use crate::challenge::Challenge;
use crate::claims::Scope;
use crate::token::Token;
use crate::verifier::Verifier;

/// The layer; see the module.
#[derive(Clone)]
pub struct BearerLayer(Arc<Guard>);

struct Guard {
    verifier: Verifier,
    scope: Scope,
    realm: Option<String>,
}

impl BearerLayer {
    /// Any good token will do.
    pub fn new(verifier: Verifier) -> Self {
        Self(Arc::new(Guard {
            verifier,
            scope: Scope::empty(),
            realm: None,
        }))
    }

    /// Tokens must grant all of this; others are answered with 403 `insufficient_scope`.
    #[must_use]
    pub fn require_scope(self, scope: Scope) -> Self {
        let Guard {
            verifier, realm, ..
        } = &*self.0;
        Self(Arc::new(Guard {
            verifier: verifier.clone(),
            scope,
            realm: realm.clone(),
        }))
    }

    /// Names the protection space in challenges.
    #[must_use]
    pub fn realm(self, realm: impl Into<String>) -> Self {
        let Guard {
            verifier, scope, ..
        } = &*self.0;
        let realm = Some(realm.into());
        Self(Arc::new(Guard {
            verifier: verifier.clone(),
            scope: scope.clone(),
            realm,
        }))
    }
}

impl<S> Layer<S> for BearerLayer {
    type Service = Bearer<S>;

    fn layer(&self, inner: S) -> Bearer<S> {
        Bearer {
            inner,
            guard: Arc::clone(&self.0),
        }
    }
}

/// The service made by [`BearerLayer`].
#[derive(Clone)]
pub struct Bearer<S> {
    inner: S,
    guard: Arc<Guard>,
}

impl<S, B, R> Service<Request<B>> for Bearer<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The clone takes the place of the service that was polled ready.
        let fresh = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, fresh);
        let guard = Arc::clone(&self.guard);
        // Taken out before the await: a request body need not be shareable between threads.
        let bearer = bearer(request.headers()).map(str::to_owned);
        Box::pin(async move {
            match guard.admit(bearer).await {
                Ok(token) => {
                    request.extensions_mut().insert(token);
                    inner.call(request).await
                }
                Err(challenge) => Ok(challenge.into_http()),
            }
        })
    }
}

impl Guard {
    async fn admit(&self, bearer: Result<String, Challenge>) -> Result<Token, Challenge> {
        self.decide(bearer)
            .await
            .map_err(|challenge| match &self.realm {
                Some(realm) => challenge.with_realm(realm),
                None => challenge,
            })
    }

    async fn decide(&self, bearer: Result<String, Challenge>) -> Result<Token, Challenge> {
        let token = self.verifier.verify(&bearer?).await.map_err(|error| {
            tracing::debug!(%error, "access token refused");
            Challenge::refused(&error)
        })?;
        if token.scopes().contains_all(&self.scope) {
            Ok(token)
        } else {
            Err(Challenge::insufficient_scope(self.scope.clone()))
        }
    }
}

/// RFC 6750 §2.1, and nothing else: tokens in a query or a form are not looked at.
fn bearer(headers: &HeaderMap) -> Result<&str, Challenge> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Err(Challenge::token_required());
    };
    if values.next().is_some() {
        return Err(Challenge::invalid_request());
    }
    let value = value.to_str().map_err(|_| Challenge::invalid_request())?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Challenge::token_required());
    }
    let token = token.trim_start_matches(' ');
    // RFC 6750 §2.1: b64token, so a list or a second token is not one.
    let is_b64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(is_b64) {
        return Err(Challenge::invalid_request());
    }
    Ok(token)
}
