//! What a browser brings to a page, and the forms it sends back.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_domain::audit::RequestContext;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::user::User;
use identity_flows::browser::{Browser, Cookies};
use identity_oauth::parameters::Parameters;
use identity_pages::i18n::LocaleWishes;
use identity_pages::{ColorScheme, PageFrame};
use subtle::ConstantTimeEq as _;

use super::errors;
use crate::app::AppState;
use crate::oauth::Call;

/// One request for a page.
#[derive(Clone)]
pub struct Visit {
    /// Its cookies.
    pub browser: Browser,
    /// For audit and limits.
    pub context: RequestContext,
    /// The language of the answer.
    pub locale: String,
    accept_language: Option<String>,
    locale_cookie: Option<String>,
    theme: ColorScheme,
    current_url: String,
    /// A binding made for this request, to be set with the page that shows a form.
    fresh_binding: Option<SecretString>,
}

impl Visit {
    fn read(state: &AppState, parts: &Parts, current_url: String, context: RequestContext) -> Self {
        let headers = &parts.headers;
        // Read already by whoever looks, after the answer, whether a session must get a new token.
        let read = parts.extensions.get::<Browser>().cloned();
        let mut browser = read.unwrap_or_else(|| state.cookies.read(headers));
        let fresh_binding = browser
            .binding
            .is_none()
            .then(|| SecretString::random_token(state.env.entropy.as_ref()));
        if let Some(binding) = &fresh_binding {
            browser.binding = Some(binding.clone());
        }
        let accept_language = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map(|value| value.chars().take(256).collect::<String>());
        let locale_cookie = state.cookies.preference(headers, "locale");
        let theme = ColorScheme::parse(
            &state
                .cookies
                .preference(headers, "theme")
                .unwrap_or_default(),
        );
        let visit = Self {
            browser,
            context,
            locale: String::new(),
            accept_language,
            locale_cookie,
            theme,
            current_url,
            fresh_binding,
        };
        visit.in_locale(state, None)
    }

    /// The same visit in the language an application asked for, where there is one.
    pub fn in_locale(&self, state: &AppState, ui_locales: Option<&str>) -> Self {
        // A language the person chose by hand outweighs the application's wish.
        let ui_locales = ui_locales
            .filter(|_| self.locale_cookie.is_none())
            .map(|tags| tags.chars().take(256).collect::<String>());
        let wishes = LocaleWishes {
            ui_locales: ui_locales.as_deref(),
            cookie: self.locale_cookie.as_deref(),
            accept_language: self.accept_language.as_deref(),
        };
        let locale = state.engine.negotiate(wishes);
        Self {
            browser: Browser {
                language: Some(locale.clone()),
                chose_language: self.locale_cookie.is_some(),
                ..self.browser.clone()
            },
            locale,
            ..self.clone()
        }
    }

    /// Whether the browser had no binding cookie: cookies are blocked, or this is its first visit.
    pub fn is_unbound(&self) -> bool {
        self.fresh_binding.is_some()
    }

    /// What every page of this visit shares.
    pub fn frame(&self, state: &AppState) -> PageFrame {
        PageFrame {
            locale: self.locale.clone(),
            theme: self.theme,
            csrf: self.csrf(),
            brand: Arc::clone(&state.brand),
            app: None,
            organization: None,
            account: None,
            zone: None,
            idle: None,
            current_url: self.current_url.clone(),
            preferences_url: Some("/preferences".to_owned()),
            now: state.env.now(),
            dev: state.dev.is_some(),
        }
    }

    /// The same for a page that speaks to a person who is known: on their clock (H-79).
    pub fn frame_for(&self, state: &AppState, person: &User) -> PageFrame {
        PageFrame {
            zone: person.profile.zoneinfo.clone(),
            ..self.frame(state)
        }
    }

    /// The cookies a page with a form sets: the binding that its CSRF token stands on.
    pub fn cookies(&self) -> Cookies {
        Cookies {
            binding: self.fresh_binding.clone(),
            ..Cookies::default()
        }
    }

    /// Derived from the binding cookie, which no other site can read or choose: a form of theirs cannot carry it.
    fn csrf(&self) -> String {
        let binding = self
            .browser
            .binding
            .as_ref()
            .map(|binding| binding.expose().as_str())
            .unwrap_or_default();
        URL_SAFE_NO_PAD.encode(ValueHash::of(format!("csrf\n{binding}").as_bytes()).0)
    }

    fn csrf_matches(&self, presented: Option<&str>) -> bool {
        let presented = presented.unwrap_or_default();
        !self.is_unbound() && self.csrf().as_bytes().ct_eq(presented.as_bytes()).into()
    }
}

impl FromRequestParts<Arc<AppState>> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, Self::Rejection> {
        let context = Call::context(&parts.headers, &parts.extensions);
        // The page of a POST with mistakes has the address of its form: what that says is said by its GET, too.
        let url = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let url = url.chars().take(2048).collect();
        Ok(Self::read(state, parts, url, context))
    }
}

/// A POST of one of our forms, its CSRF token checked.
pub struct Posted {
    /// The visit.
    pub visit: Visit,
    /// The fields.
    pub fields: Parameters,
}

impl Posted {
    /// A field as typed; absent is empty.
    pub fn text(&self, name: &str) -> &str {
        self.fields.get(name).unwrap_or_default()
    }

    /// A secret field as typed.
    pub fn secret(&self, name: &str) -> SecretString {
        SecretString::from(self.text(name))
    }

    /// Whether a check box was on.
    pub fn is_checked(&self, name: &str) -> bool {
        self.fields.get(name).is_some()
    }
}

impl FromRequest<Arc<AppState>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &Arc<AppState>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Ok(visit) = Visit::from_request_parts(&mut parts, state).await;
        let form = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(Call::is_form);
        if !form {
            return Err(errors::status(
                state,
                &visit,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ));
        }
        let body = Bytes::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|rejection| {
                let status = rejection.into_response().status();
                errors::status(state, &visit, status)
            })?;
        let fields = Parameters::parse_form(&body)
            .map_err(|_| errors::status(state, &visit, StatusCode::BAD_REQUEST))?;
        if visit.is_unbound() {
            // Without our cookie nothing typed can be trusted to come from our page, and nothing will work: say why.
            return Err(errors::cookies_blocked(
                state,
                &visit,
                "/account".to_owned(),
            ));
        }
        if !visit.csrf_matches(fields.get("csrf")) {
            return Err(errors::status(state, &visit, StatusCode::FORBIDDEN));
        }
        Ok(Self { visit, fields })
    }
}
