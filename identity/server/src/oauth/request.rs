//! What every call of an application brings: parameters read once, and where it came from.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use identity_domain::audit::RequestContext;
use identity_oauth::error::OAuthError;
use identity_oauth::parameters::Parameters;

use crate::middleware::{ClientAddress, RequestId};

/// A form call of an application.
pub struct Call {
    /// Its body.
    pub parameters: Parameters,
    /// `Authorization`, if it is text.
    pub authorization: Option<String>,
    /// For audit and limits.
    pub context: RequestContext,
}

/// Address, agent and id of a request.
pub(crate) fn context(headers: &HeaderMap, extensions: &Extensions) -> RequestContext {
    let address = extensions
        .get::<ClientAddress>()
        .map(|address| address.0.to_string())
        .unwrap_or_default();
    let agent = headers
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .unwrap_or_default();
    let id = extensions
        .get::<RequestId>()
        .map(ToString::to_string)
        .unwrap_or_default();
    RequestContext::new(address, &agent, id)
}

impl Call {
    /// Address, agent and id of a request.
    pub(crate) fn context(headers: &HeaderMap, extensions: &Extensions) -> RequestContext {
        context(headers, extensions)
    }

    /// Whether a body is a form.
    pub(crate) fn is_form(content_type: &str) -> bool {
        is_form(content_type)
    }
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let context = context(request.headers(), request.extensions());
        let authorization = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let form = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(is_form);
        if !form {
            return Err(super::error(&OAuthError::invalid_request(
                "the body must be application/x-www-form-urlencoded",
            )));
        }
        let body =
            Bytes::from_request(request, state)
                .await
                .map_err(|rejection| match rejection.into_response().status() {
                    StatusCode::PAYLOAD_TOO_LARGE => super::json(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        &OAuthError::invalid_request("the body is too large"),
                    ),
                    _ => super::error(&OAuthError::invalid_request("the body could not be read")),
                })?;
        let parameters = Parameters::parse(&body).map_err(|error| super::error(&error))?;
        Ok(Self {
            parameters,
            authorization,
            context,
        })
    }
}

/// Parameters after the media type do not matter.
pub(crate) fn is_form(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|media| {
        media
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}
