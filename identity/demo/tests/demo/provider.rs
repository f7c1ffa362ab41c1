//! A provider of a few lines, which says what a test wants it to say.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use identity_verify::clock::Clock;
use identity_verify::jwk::Algorithm;
use identity_verify::testing::{ManualClock, SigningKey};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const CLIENT_ID: &str = "chat";
pub(crate) const SECRET: &str = "marker-client-secret:%";

pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) clock: ManualClock,
    pub(crate) key: SigningKey,
    pub(crate) state: Mutex<Wishes>,
}

/// What the token endpoint does next, and what it was asked.
#[derive(Default)]
pub(crate) struct Wishes {
    pub(crate) nonce: String,
    pub(crate) audience: String,
    pub(crate) roles: Vec<String>,
    /// Changes to the ID token.
    pub(crate) id_token: HashMap<&'static str, Value>,
    pub(crate) refuse_refresh: bool,
    pub(crate) requests: Vec<HashMap<String, String>>,
    pub(crate) revoked: Vec<String>,
    pub(crate) number: u32,
}

impl Provider {
    pub(crate) async fn start() -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let this = Arc::new(Self {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            clock: ManualClock::new(),
            key: SigningKey::generate(Algorithm::Es256, "k1"),
            state: Mutex::new(Wishes {
                roles: vec!["admin".into()],
                ..Wishes::default()
            }),
        });
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route(
                "/oauth2/jwks",
                get(|State(p): State<Arc<Provider>>| async move {
                    Json(json!({"keys": [p.key.jwk()]}))
                }),
            )
            .route("/oauth2/token", post(token))
            .route("/oauth2/revoke", post(revoke))
            .with_state(Arc::clone(&this));
        tokio::spawn(async move { axum::serve(listener, app).await });
        this
    }

    pub(crate) fn wish(&self, change: impl FnOnce(&mut Wishes)) {
        change(&mut self.state.lock().unwrap());
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now() / 1000
    }

    pub(crate) fn sign(&self, typ: &str, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "typ": typ, "kid": "k1"});
        self.key.jws(&header, claims.to_string().as_bytes())
    }

    pub(crate) fn access_token(&self, audience: &str, roles: &[String]) -> String {
        let now = self.now();
        self.sign(
            "at+jwt",
            &json!({
                "iss": self.issuer, "aud": audience, "sub": "ana", "client_id": CLIENT_ID,
                "iat": now, "exp": now + 600, "jti": "j", "scope": "openid profile email",
                "sid": "sid-1", "org_id": "o1", "org_slug": "acme", "roles": roles,
            }),
        )
    }

    pub(crate) fn logout_token(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "iat": self.now(), "exp": self.now() + 120,
            "jti": "l1", "sid": "sid-1", "sub": "ana",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        change(&mut claims);
        self.sign("logout+jwt", &claims)
    }
}

async fn discovery(State(provider): State<Arc<Provider>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    Json(json!({
        "issuer": provider.issuer,
        "jwks_uri": at("/oauth2/jwks"),
        "authorization_endpoint": at("/oauth2/authorize"),
        "token_endpoint": at("/oauth2/token"),
        "revocation_endpoint": at("/oauth2/revoke"),
        "end_session_endpoint": at("/oauth2/logout"),
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    // RFC 6749 §2.3.1: form-encoded before Base64, hence %3A and %25.
    if headers.get(AUTHORIZATION).unwrap() != "Basic Y2hhdDptYXJrZXItY2xpZW50LXNlY3JldCUzQSUyNQ==" {
        return (
            StatusCode::UNAUTHORIZED,
            Json(json!({"error": "invalid_client"})),
        )
            .into_response();
    }
    let mut wishes = provider.state.lock().unwrap();
    let refreshing = form["grant_type"] == "refresh_token";
    wishes.requests.push(form);
    if refreshing && wishes.refuse_refresh {
        return (
            StatusCode::BAD_REQUEST,
            Json(json!({"error": "invalid_grant"})),
        )
            .into_response();
    }
    wishes.number += 1;
    let mut id_token = json!({
        "iss": provider.issuer, "aud": CLIENT_ID, "sub": "ana", "iat": provider.now(),
        "exp": provider.now() + 600, "nonce": wishes.nonce, "sid": "sid-1", "name": "Ana <Petrova>",
    });
    for (name, value) in &wishes.id_token {
        id_token[name] = value.clone();
    }
    Json(json!({
        "access_token": provider.access_token(&wishes.audience, &wishes.roles),
        "token_type": "Bearer",
        "expires_in": 600,
        "refresh_token": format!("refresh-{}", wishes.number),
        "id_token": provider.sign("JWT", &id_token),
    }))
    .into_response()
}

async fn revoke(
    State(provider): State<Arc<Provider>>,
    Form(form): Form<HashMap<String, String>>,
) -> StatusCode {
    provider.wish(|wishes| wishes.revoked.push(form["token"].clone()));
    StatusCode::OK
}
