//! The issuer itself: three documents over HTTP and a few levers for tests.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::SigningKey;
use crate::claims::{AccessTokenClaims, StatusClaim, StatusReference};
use crate::clock::{Clock, SystemClock};
use crate::jwk::Algorithm;
use crate::status_list::{Compression, MEDIA_TYPE, StatusList, StatusListClaims, TYP};

const LIST_SIZE: usize = 1024;
const LIST_LIFE: i64 = 300;

/// An issuer on a free port of this machine; it goes away when dropped.
pub struct LocalIssuer {
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

struct Inner {
    issuer: String,
    clock: Arc<dyn Clock>,
    keys: Mutex<Vec<Arc<SigningKey>>>,
    list: Mutex<StatusList>,
    next_index: AtomicU64,
    next_key: AtomicUsize,
    down: AtomicBool,
    claimed_issuer: Mutex<Option<String>>,
    list_override: Mutex<Option<String>>,
    jwks_requests: AtomicUsize,
    status_requests: AtomicUsize,
    status_unchanged: AtomicUsize,
}

impl LocalIssuer {
    /// Starts with one ES256 key and the clock of the machine.
    pub async fn start() -> Self {
        Self::start_at(SystemClock).await
    }

    /// Starts with another clock.
    pub async fn start_at(clock: impl Clock) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let inner = Arc::new(Inner {
            issuer: format!("http://{address}"),
            clock: Arc::new(clock),
            keys: Mutex::default(),
            list: Mutex::new(StatusList::of_one_bit(LIST_SIZE)),
            next_index: AtomicU64::new(0),
            next_key: AtomicUsize::new(1),
            down: AtomicBool::new(false),
            claimed_issuer: Mutex::default(),
            list_override: Mutex::default(),
            jwks_requests: AtomicUsize::new(0),
            status_requests: AtomicUsize::new(0),
            status_unchanged: AtomicUsize::new(0),
        });
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/oauth2/jwks", get(jwks))
            .route("/oauth2/status/{list}", get(status))
            .with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, app).await;
        });
        let this = Self { inner, server };
        this.rotate(Algorithm::Es256);
        this
    }

    /// The issuer identifier.
    pub fn issuer(&self) -> &str {
        &self.inner.issuer
    }

    /// Claims of a good token for `ana`, ten minutes long, with a place in the status list.
    pub fn claims(&self, audience: &str) -> AccessTokenClaims {
        let now = self.now();
        let idx = self.inner.next_index.fetch_add(1, Ordering::Relaxed);
        let good = json!({
            "iss": self.inner.issuer, "aud": audience, "sub": "ana", "client_id": "client",
            "iat": now, "exp": now + 600, "jti": format!("jti-{idx}"), "scope": "openid profile",
            "sid": "session-1", "auth_time": now, "acr": "1", "amr": ["pwd"],
            "org_id": "org-1", "org_slug": "acme", "roles": ["admin"], "permissions": ["chat:read"],
        });
        let mut claims: AccessTokenClaims = serde_json::from_value(good).expect("good claims");
        let uri = format!("{}/oauth2/status/1", self.inner.issuer);
        claims.status = Some(StatusClaim {
            status_list: StatusReference { idx, uri },
        });
        claims
    }

    /// Signs an access token with the newest key.
    pub fn mint(&self, claims: &AccessTokenClaims) -> String {
        let payload = serde_json::to_vec(claims).expect("claims");
        self.key().jws(&self.header("at+jwt"), &payload)
    }

    /// Signs any header and payload with the newest key.
    pub fn sign(&self, header: &Value, payload: &[u8]) -> String {
        self.key().jws(header, payload)
    }

    /// The header of the newest key with this `typ`.
    pub fn header(&self, typ: &str) -> Value {
        let key = self.key();
        json!({"alg": key.algorithm().name(), "typ": typ, "kid": key.kid()})
    }

    /// The newest key.
    pub fn key(&self) -> Arc<SigningKey> {
        lock(&self.inner.keys).last().cloned().expect("a key")
    }

    /// Adds a key, which signs from now on; the old ones stay published.
    pub fn rotate(&self, algorithm: Algorithm) -> Arc<SigningKey> {
        let number = self.inner.next_key.fetch_add(1, Ordering::Relaxed);
        let key = Arc::new(SigningKey::generate(algorithm, format!("key-{number}")));
        lock(&self.inner.keys).push(Arc::clone(&key));
        key
    }

    /// Takes a key out of the published set.
    pub fn withdraw(&self, kid: &str) {
        lock(&self.inner.keys).retain(|key| key.kid() != kid);
    }

    /// Revokes the token with these claims.
    pub fn revoke(&self, claims: &AccessTokenClaims) {
        let status = claims.status.as_ref().expect("a status reference");
        lock(&self.inner.list)
            .revoke(status.status_list.idx)
            .expect("a place in the list");
    }

    /// While down, everything answers 503.
    pub fn set_down(&self, down: bool) {
        self.inner.down.store(down, Ordering::Release);
    }

    /// Makes discovery name another issuer.
    pub fn claim_to_be(&self, issuer: &str) {
        *lock(&self.inner.claimed_issuer) = Some(issuer.to_owned());
    }

    /// Serves this text in place of the signed status list.
    pub fn serve_list(&self, token: Option<String>) {
        *lock(&self.inner.list_override) = token;
    }

    /// Claims of the current status list.
    pub fn list_claims(&self) -> StatusListClaims {
        self.inner.list_claims("1")
    }

    /// How often keys were asked for.
    pub fn jwks_requests(&self) -> usize {
        self.inner.jwks_requests.load(Ordering::Acquire)
    }

    /// How often status lists were asked for.
    pub fn status_requests(&self) -> usize {
        self.inner.status_requests.load(Ordering::Acquire)
    }

    /// How often the answer was "not modified".
    pub fn status_unchanged(&self) -> usize {
        self.inner.status_unchanged.load(Ordering::Acquire)
    }

    fn now(&self) -> i64 {
        self.inner.clock.now() / 1000
    }
}

impl Drop for LocalIssuer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Inner {
    fn list_claims(&self, name: &str) -> StatusListClaims {
        let now = self.clock.now() / 1000;
        StatusListClaims {
            iss: Some(self.issuer.clone()),
            sub: format!("{}/oauth2/status/{name}", self.issuer),
            iat: now,
            exp: Some(now + LIST_LIFE),
            ttl: Some(2),
            status_list: lock(&self.list).encode(Compression::Fast),
        }
    }
}

async fn discovery(State(inner): State<Arc<Inner>>) -> Response {
    if inner.down.load(Ordering::Acquire) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let issuer = lock(&inner.claimed_issuer)
        .clone()
        .unwrap_or_else(|| inner.issuer.clone());
    let jwks_uri = format!("{}/oauth2/jwks", inner.issuer);
    axum::Json(json!({"issuer": issuer, "jwks_uri": jwks_uri})).into_response()
}

async fn jwks(State(inner): State<Arc<Inner>>, headers: HeaderMap) -> Response {
    inner.jwks_requests.fetch_add(1, Ordering::AcqRel);
    if inner.down.load(Ordering::Acquire) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let keys = lock(&inner.keys).clone();
    let names: Vec<&str> = keys.iter().map(|key| key.kid()).collect();
    let etag = format!("\"{}\"", names.join("+"));
    let caching = [
        (CACHE_CONTROL, "max-age=600".to_owned()),
        (ETAG, etag.clone()),
    ];
    if headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known == etag.as_str())
    {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let set: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
    (caching, axum::Json(json!({"keys": set}))).into_response()
}

async fn status(
    State(inner): State<Arc<Inner>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    inner.status_requests.fetch_add(1, Ordering::AcqRel);
    if inner.down.load(Ordering::Acquire) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if let Some(token) = lock(&inner.list_override).clone() {
        return token.into_response();
    }
    let claims = inner.list_claims(&name);
    let etag = format!("\"{}\"", claims.status_list.lst);
    if headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known == etag.as_str())
    {
        inner.status_unchanged.fetch_add(1, Ordering::AcqRel);
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let key = lock(&inner.keys).last().cloned().expect("a key");
    let header = json!({"alg": key.algorithm().name(), "typ": TYP, "kid": key.kid()});
    let token = key.jws(&header, &serde_json::to_vec(&claims).expect("claims"));
    ([(CONTENT_TYPE, MEDIA_TYPE.to_owned()), (ETAG, etag)], token).into_response()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
