//! What the edge answers itself, in the theme's words for people and as JSON for programs.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use identity_domain::ports::Clock;
use identity_oauth::discovery::path;
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_pages::errors::{ErrorPage, Reference, WrongHost};
use identity_pages::i18n::LocaleWishes;
use identity_pages::{Brand, Engine, PageFrame, RenderError};

use crate::middleware::{EdgeAnswer, EdgeAnswers, PlainAnswers, RequestFacts};

/// Renders with the theme.
pub struct ThemeAnswers {
    /// The engine.
    pub engine: Arc<Engine>,
    /// The instance's brand.
    pub brand: Arc<Brand>,
    /// For the time beside the reference id.
    pub clock: Arc<dyn Clock>,
    /// `identity dev`.
    pub dev: bool,
}

impl ThemeAnswers {
    fn page(
        &self,
        answer: &EdgeAnswer,
        facts: &RequestFacts,
        public_url: &str,
    ) -> Result<String, RenderError> {
        let accept_language = facts
            .accept_language
            .as_ref()
            .and_then(|value| value.to_str().ok());
        let now = self.clock.now();
        let frame = PageFrame {
            locale: self.engine.negotiate(LocaleWishes {
                accept_language,
                ..LocaleWishes::default()
            }),
            brand: Arc::clone(&self.brand),
            now,
            dev: self.dev,
            ..PageFrame::default()
        };
        if let EdgeAnswer::WrongHost { opened } = answer {
            return self.engine.render(
                &frame,
                &WrongHost {
                    opened: opened.clone(),
                    public_url: public_url.to_owned(),
                    open_url: there(public_url, &facts.path),
                },
            );
        }
        let mut page = ErrorPage::new(answer.status().as_u16());
        page.reference = Some(Reference {
            id: facts.request_id.to_string(),
            at: now,
        });
        self.engine.render(&frame, &page)
    }
}

impl EdgeAnswers for ThemeAnswers {
    fn render(&self, answer: &EdgeAnswer, facts: &RequestFacts, public_url: &str) -> Response {
        if is_endpoint(&facts.path) {
            return program(answer, facts);
        }
        let wants_page = facts
            .accept
            .as_ref()
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
        if !wants_page {
            return PlainAnswers.render(answer, facts, public_url);
        }
        match self.page(answer, facts, public_url) {
            Ok(html) => (
                StatusCode::OK,
                [(
                    CONTENT_TYPE,
                    HeaderValue::from_static("text/html; charset=utf-8"),
                )],
                html,
            )
                .into_response(),
            Err(_) => PlainAnswers.render(answer, facts, public_url),
        }
    }
}

/// The page that was wanted, at the right address.
fn there(public_url: &str, path: &str) -> String {
    let path = path.trim_start_matches('/');
    format!("{}/{path}", public_url.trim_end_matches('/'))
        .trim_end_matches('/')
        .to_owned()
}

/// Endpoints that programs call and whose errors are JSON (RFC 6749 §5.2).
fn is_endpoint(called: &str) -> bool {
    [path::TOKEN, path::INTROSPECT, path::REVOKE, path::USERINFO].contains(&called)
}

fn program(answer: &EdgeAnswer, facts: &RequestFacts) -> Response {
    let error = match answer {
        EdgeAnswer::Fault => OAuthError::new(
            ErrorCode::ServerError,
            format!(
                "something went wrong on our side, reference {}",
                facts.request_id
            ),
        ),
        EdgeAnswer::TookTooLong => OAuthError::new(
            ErrorCode::TemporarilyUnavailable,
            "this took too long; try again in a moment",
        ),
        EdgeAnswer::Malformed(why) => OAuthError::invalid_request(*why),
        EdgeAnswer::TooLarge => OAuthError::invalid_request("the body is too large"),
        EdgeAnswer::MethodNotAllowed => {
            OAuthError::invalid_request("this endpoint does not take that method")
        }
        EdgeAnswer::NotFound | EdgeAnswer::WrongHost { .. } | EdgeAnswer::ForeignOrigin => {
            OAuthError::invalid_request("there is nothing at this address")
        }
    };
    crate::oauth::json(answer.status(), &error)
}
