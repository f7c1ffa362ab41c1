//! A service put together: its state and its table of addresses.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, http};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use identity_verify::Verifier;
use identity_verify::layer::BearerLayer;
use url::Url;

use crate::config::{DemoConfig, Kind};
use crate::cookies::{Cookie, Cookies};
use crate::provider::Provider;
use crate::session::{Names, PendingSignIns, SeenLogoutTokens, Session, Sessions};
use crate::trouble::Trouble;
use crate::{DemoError, analysis, chat, home, logout, pages, sign_in};

const MAX_FORM: usize = 300 * 1024;

pub(crate) struct App {
    pub(crate) kind: Kind,
    pub(crate) config: DemoConfig,
    pub(crate) verifier: Verifier,
    pub(crate) provider: Provider,
    pub(crate) cookies: Cookies,
    pub(crate) sessions: Sessions,
    pub(crate) pending: PendingSignIns,
    pub(crate) seen: SeenLogoutTokens,
    pub(crate) names: Arc<Names>,
    /// The API with its layer, for the pages; the socket serves the same one.
    pub(crate) api: Router,
    public_url: String,
    content_security_policy: HeaderValue,
}

impl App {
    pub(crate) fn new(
        kind: Kind,
        config: DemoConfig,
        public_url: String,
    ) -> Result<Self, DemoError> {
        let verifier = Verifier::builder(&config.issuer)
            .audience(&config.audience)
            .clock(Arc::clone(&config.clock))
            .remember_verified(1024)
            .build()?;
        let names = Arc::<Names>::default();
        let clock = Arc::clone(&config.clock);
        let api = match kind {
            Kind::Chat => chat::router(Arc::clone(&names), clock),
            Kind::Analysis => analysis::router(clock),
        };
        let api = api.layer(BearerLayer::new(verifier.clone()).realm(kind.name()));
        Ok(Self {
            kind,
            provider: Provider::new(config.clone())?,
            cookies: Cookies::new(kind, &public_url),
            content_security_policy: content_security_policy(&config.issuer),
            config,
            verifier,
            sessions: Sessions::default(),
            pending: PendingSignIns::default(),
            seen: SeenLogoutTokens::default(),
            names,
            api,
            public_url,
        })
    }

    /// Milliseconds since the Unix epoch.
    pub(crate) fn now(&self) -> i64 {
        self.config.clock.now()
    }

    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}/callback", self.public_url)
    }

    pub(crate) fn post_logout_redirect_uri(&self) -> String {
        format!("{}/", self.public_url)
    }

    /// The session of a request.
    pub(crate) fn session(&self, headers: &HeaderMap) -> Result<Arc<Session>, Trouble> {
        let cookie = self
            .cookies
            .read(headers, Cookie::Session)
            .ok_or(Trouble::SignInAgain)?;
        self.sessions
            .find(cookie, self.now())
            .ok_or(Trouble::SignInAgain)
    }

    /// A page for whatever happened.
    pub(crate) fn answer(&self, result: Result<Response, Trouble>) -> Response {
        let trouble = match result {
            Ok(response) => return response,
            Err(trouble) => trouble,
        };
        tracing::info!(service = self.kind.name(), %trouble, "request not fulfilled");
        let mut response = pages::trouble(self.kind, &trouble);
        if trouble == Trouble::SignInAgain
            && let Some(cookie) = self.cookies.clear(Cookie::Session)
        {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

pub(crate) fn router(app: &Arc<App>) -> Router {
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/login", get(sign_in::start))
        .route("/callback", get(sign_in::callback))
        .route("/send", post(home::send))
        .route("/clear", post(home::clear))
        .route("/refresh", post(home::refresh))
        .route("/logout", post(logout::leave))
        .route("/backchannel_logout", post(logout::back_channel))
        .route(
            "/static/demo.css",
            get(asset("text/css", include_str!("../static/demo.css"))),
        )
        .route(
            "/static/icon.svg",
            get(asset("image/svg+xml", include_str!("../static/icon.svg"))),
        )
        .layer(from_fn_with_state(Arc::clone(app), page_headers))
        .with_state(Arc::clone(app));
    pages
        .merge(app.api.clone())
        .layer(DefaultBodyLimit::max(MAX_FORM))
}

type Asset = ([(HeaderName, &'static str); 2], &'static str);

fn asset(kind: &'static str, text: &'static str) -> Asset {
    (
        [
            (CONTENT_TYPE, kind),
            (CACHE_CONTROL, "public, max-age=3600"),
        ],
        text,
    )
}

/// No script, no inline style, no frame; forms go here and, for signing out, to the provider.
fn content_security_policy(issuer: &str) -> HeaderValue {
    let provider = Url::parse(issuer)
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self' {provider}"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

async fn page_headers(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, app.content_security_policy.clone());
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
