//! What the edge itself answers, before or instead of a handler, and who words it.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::request_id::RequestId;

/// Why the edge answers itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EdgeAnswer {
    /// The request is not well-formed HTTP as we read it; the text is for developers.
    Malformed(&'static str),
    /// A path that no route has in its plain form.
    NotFound,
    /// TRACE, CONNECT or an unknown method.
    MethodNotAllowed,
    /// The page was opened under an address other than `public_url` (RFC 9110 §15.5.20).
    WrongHost {
        /// The address as opened, scheme included. Sent by the client: escape it.
        opened: String,
    },
    /// A form was sent from another site.
    ForeignOrigin,
    /// The body is larger than any route takes.
    TooLarge,
    /// No answer within the request time.
    TookTooLong,
    /// A handler panicked.
    Fault,
}

impl EdgeAnswer {
    /// The status it is answered with.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::WrongHost { .. } => StatusCode::MISDIRECTED_REQUEST,
            Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TookTooLong => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What is left of a request once a handler consumed it; enough to word an answer.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// The reference a person can quote.
    pub request_id: RequestId,
    /// The method.
    pub method: Method,
    /// The path as sent, without the query.
    pub path: String,
    /// `Accept`, to tell browsers from programs.
    pub accept: Option<HeaderValue>,
    /// `Accept-Language`, for the page's language.
    pub accept_language: Option<HeaderValue>,
}

impl RequestFacts {
    pub(super) fn of(request_id: RequestId, request: &axum::extract::Request) -> Self {
        let header = |headers: &HeaderMap, name| headers.get(name).cloned();
        Self {
            request_id,
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            accept: header(request.headers(), header::ACCEPT),
            accept_language: header(request.headers(), header::ACCEPT_LANGUAGE),
        }
    }
}

/// Words the answers of the edge. The status is set afterwards, so that a renderer cannot get it wrong.
pub trait EdgeAnswers: Send + Sync {
    /// The body and headers for `answer`.
    fn render(&self, answer: &EdgeAnswer, facts: &RequestFacts, public_url: &str) -> Response;
}

/// One sentence of plain text; for tests and for the time before the theme is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainAnswers;

impl EdgeAnswers for PlainAnswers {
    fn render(&self, answer: &EdgeAnswer, facts: &RequestFacts, public_url: &str) -> Response {
        let text = match answer {
            EdgeAnswer::Malformed(reason) => (*reason).to_owned(),
            EdgeAnswer::NotFound => "There is nothing at this address.".to_owned(),
            EdgeAnswer::MethodNotAllowed => "This address does not take that method.".to_owned(),
            EdgeAnswer::WrongHost { opened } => format!(
                "You opened {opened}, this server is set up as {public_url}. Open {public_url}, or set `public_url`."
            ),
            EdgeAnswer::ForeignOrigin => "This form was sent from another site.".to_owned(),
            EdgeAnswer::TooLarge => "The request is too large.".to_owned(),
            EdgeAnswer::TookTooLong => "This took too long. Try again in a moment.".to_owned(),
            EdgeAnswer::Fault => format!(
                "Something went wrong on our side. Reference: {}",
                facts.request_id
            ),
        };
        text.into_response()
    }
}
