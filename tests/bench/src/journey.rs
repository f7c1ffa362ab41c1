//! What people and applications do: sign in by the hosted pages, get a code, redeem it, refresh.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::connection::{Connection, Target};
use crate::failure::{During as _, Failure, Outcome};
use crate::form;
use crate::seed::{APP, PASSWORD, REDIRECT_URI, basic};

/// The cookie by which a browser is known again; over plain http it has no prefix.
const BROWSER: &str = "identity_browser";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The web application as it meets one provider: requests prepared as far as they can be.
#[derive(Clone, Debug)]
pub struct App {
    /// The provider.
    pub target: Target,
    /// Path and query of its authorization request.
    pub authorize: String,
    authorization: String,
    browsers: Arc<Mutex<HashMap<String, Cookies>>>,
}

/// A token answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Tokens {
    /// Access token.
    pub access_token: String,
    /// Refresh token.
    #[serde(default)]
    pub refresh_token: String,
}

/// Somebody signed in.
pub struct SignedIn {
    /// The code for the application.
    pub code: String,
    /// Their browser's cookies, as one header line.
    pub cookies: String,
}

/// A browser after the password.
pub struct Visit {
    /// Where the form led.
    pub location: String,
    /// The browser's cookies, as one header line.
    pub cookies: String,
}

/// Form encoding.
pub fn encoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl App {
    /// For a provider.
    pub fn new(target: Target) -> Self {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let query = encoded([
            ("client_id", APP),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "openid profile email offline_access"),
            ("state", "state-4f1c9b6e7a"),
            ("nonce", "nonce-1d83c5a204"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        Self {
            target,
            authorize: format!("/oauth2/authorize?{query}"),
            authorization: basic(APP),
            browsers: Arc::default(),
        }
    }

    /// Authorize with a session, then redeem the code.
    pub async fn code_flow(&self, connection: &mut Connection, cookies: &str) -> Outcome<Tokens> {
        let request = self.target.get(&self.authorize, cookies);
        let answer = connection.send(&request).await?.expect(303, "authorize")?;
        let code = code(&answer.location("authorize")?)?;
        self.redeem(connection, &code).await
    }

    /// Redeems a code.
    pub async fn redeem(&self, connection: &mut Connection, code: &str) -> Outcome<Tokens> {
        let form = encoded([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ]);
        self.token(connection, &form).await
    }

    /// Rotates a refresh token.
    pub async fn refresh(&self, connection: &mut Connection, token: &str) -> Outcome<Tokens> {
        self.token(
            connection,
            &encoded([("grant_type", "refresh_token"), ("refresh_token", token)]),
        )
        .await
    }

    async fn token(&self, connection: &mut Connection, form: &str) -> Outcome<Tokens> {
        let request = self.target.post("/oauth2/token", &self.authorization, form);
        let answer = connection.send(&request).await?.expect(200, "token")?;
        serde_json::from_slice(answer.body).during("the token answer")
    }

    /// The whole hosted sign-in in the person's browser: authorize, the page, its form, the code.
    pub async fn sign_in(&self, connection: &mut Connection, email: &str) -> Outcome<SignedIn> {
        let Visit { location, cookies } = self.password_step(connection, email).await?;
        let code = code(&location)?;
        Ok(SignedIn { code, cookies })
    }

    /// The way up to the password, signed out, in the browser that the person used last: authorize, the page, its form. A browser
    /// never seen before would add a mail.
    pub async fn password_step(&self, connection: &mut Connection, email: &str) -> Outcome<Visit> {
        let mut cookies = self.browser_of(email);
        let answer = connection
            .send(&self.target.get(&self.authorize, &cookies.line()))
            .await?
            .expect(303, "authorize")?;
        cookies.take(answer.header("set-cookie"));
        let page = answer.location("authorize")?;
        let answer = connection
            .send(&self.target.get(&page, &cookies.line()))
            .await?
            .expect(200, "the sign-in page")?;
        cookies.take(answer.header("set-cookie"));
        let form = form::find(&answer.text(), "password")
            .during("the sign-in page has no password field")?;
        let hidden = form
            .hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let body = encoded(hidden.chain([("identifier", email), ("password", PASSWORD)]));
        let request = self.target.post(&form.action, &cookies.line(), &body);
        let answer = connection
            .send(&request)
            .await?
            .expect(303, "the sign-in form")?;
        cookies.take(answer.header("set-cookie"));
        self.remember(email, &cookies);
        Ok(Visit {
            location: answer.location("the sign-in form")?,
            cookies: cookies.line(),
        })
    }
}

impl App {
    /// The cookies of the browser that somebody used last, without its sessions.
    pub fn browser_of(&self, email: &str) -> Cookies {
        let browsers = self.browsers.lock().unwrap_or_else(PoisonError::into_inner);
        browsers.get(email).cloned().unwrap_or_default()
    }

    /// Keeps the cookie by which a browser is known again.
    pub fn remember(&self, email: &str, cookies: &Cookies) {
        let mut browsers = self.browsers.lock().unwrap_or_else(PoisonError::into_inner);
        browsers.insert(email.to_owned(), cookies.only(BROWSER));
    }
}

/// The code in a redirect to the application.
pub fn code(location: &str) -> Outcome<String> {
    let query = location
        .strip_prefix(REDIRECT_URI)
        .and_then(|rest| rest.strip_prefix('?'));
    let query = query
        .ok_or_else(|| Failure::new(format!("led to {location} instead of the application")))?;
    let code = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
    code.map(|(_, value)| value.into_owned())
        .ok_or_else(|| Failure::new(format!("no code in {query}")))
}

/// A browser's cookies.
#[derive(Clone, Debug, Default)]
pub struct Cookies(Vec<(String, String)>);

impl Cookies {
    /// Takes what an answer sets.
    pub fn take<'a>(&mut self, set: impl Iterator<Item = &'a str>) {
        for cookie in set {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.0.retain(|(known, _)| known != name);
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    fn only(&self, wanted: &str) -> Self {
        let kept = self.0.iter().filter(|(name, _)| name == wanted);
        Self(kept.cloned().collect())
    }

    /// As one header line; empty without cookies.
    pub fn line(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("cookie: {}\r\n", pairs.join("; "))
    }
}
