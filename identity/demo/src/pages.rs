//! HTML.

use std::sync::LazyLock;

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};

use crate::config::Kind;
use crate::trouble::Trouble;

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(environment);

const SOURCES: [(&str, &str); 6] = [
    ("layout.html", include_str!("../templates/layout.html")),
    ("home.html", include_str!("../templates/home.html")),
    ("chat.html", include_str!("../templates/chat.html")),
    ("analysis.html", include_str!("../templates/analysis.html")),
    ("welcome.html", include_str!("../templates/welcome.html")),
    ("trouble.html", include_str!("../templates/trouble.html")),
];

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    environment.add_filter("time", time_of_day);
    environment.add_filter("tenths", |tenths: i64| {
        format!("{}.{}", tenths / 10, tenths % 10)
    });
    environment.add_filter("plain", plain);
    for (name, source) in SOURCES {
        if let Err(error) = environment.add_template(name, source) {
            tracing::error!(%error, name, "template unreadable");
        }
    }
    environment
}

/// The way in, for somebody who is not signed in.
pub(crate) fn welcome(kind: Kind) -> Response {
    render(StatusCode::OK, "welcome.html", kind, context! {})
}

/// The service, for somebody who is.
pub(crate) fn home(kind: Kind, refused: bool, page: &serde_json::Value) -> Response {
    let template = match kind {
        Kind::Chat => "chat.html",
        Kind::Analysis => "analysis.html",
    };
    let status = if refused {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    render(
        status,
        template,
        kind,
        context! { page => Value::from(Serde(page)) },
    )
}

/// Something went another way.
pub(crate) fn trouble(kind: Kind, trouble: &Trouble) -> Response {
    let (status, heading, text) = match trouble {
        Trouble::SignInAgain => (
            StatusCode::UNAUTHORIZED,
            "Please sign in again",
            "Your session has ended. Nothing you sent was lost on our side.",
        ),
        Trouble::NotCompleted(_) => (
            StatusCode::FORBIDDEN,
            "You are not signed in",
            "The sign-in was not completed. You can start it again.",
        ),
        Trouble::Refused(_) => (
            StatusCode::BAD_REQUEST,
            "We could not sign you in",
            "The sign-in took too long, or it was started in another browser. Start it again here.",
        ),
        Trouble::Provider(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Signing in does not work right now",
            "The identity provider cannot be reached. Try again in a moment.",
        ),
        Trouble::Form => (
            StatusCode::FORBIDDEN,
            "This form is out of date",
            "Go back to the start and send it from there.",
        ),
        Trouble::Api(_) | Trouble::Fault => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong",
            "It is our fault. Go back to the start and try again.",
        ),
    };
    let sign_in = matches!(
        trouble,
        Trouble::SignInAgain | Trouble::NotCompleted(_) | Trouble::Refused(_)
    );
    render(
        status,
        "trouble.html",
        kind,
        context! { heading, text, sign_in },
    )
}

fn render(status: StatusCode, template: &str, kind: Kind, page: Value) -> Response {
    let service = context! { name => kind.name(), title => kind.title() };
    let html = TEMPLATES
        .get_template(template)
        .and_then(|template| template.render(context! { service, ..page }));
    match html {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, template, "page not rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Milliseconds since the Unix epoch as a time of day.
fn time_of_day(millis: i64) -> String {
    let seconds = millis.div_euclid(1000).rem_euclid(86_400);
    format!(
        "{:02}:{:02}:{:02} UTC",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// A claim on one line: text as it is, everything else as JSON.
fn plain(value: &Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None => serde_json::to_string(value).unwrap_or_default(),
    }
}
