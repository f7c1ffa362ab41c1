//! Keys of clients that sign: inline, or fetched from `jwks_uri` through the guarded port and remembered. Assertions come from
//! anybody, so neither a forged key id nor an unreachable address may make us call out each time (DOS-08).

use std::sync::Arc;

use identity_domain::client::Client;
use identity_domain::failure::Failure;
use identity_domain::ports::FetchRequest;
use identity_domain::time::{Duration, Timestamp};
use identity_oauth::jose::{JwkSet, decode_unverified};
use identity_oauth::sensitive::Sensitive;
use moka::sync::Cache;

use crate::env::Env;

/// How long fetched keys are trusted: a key taken out of the set is refused after this at the latest.
const FRESH: Duration = Duration::minutes(5);
/// Nobody is asked again sooner, neither for an unknown key id nor after a failure.
const COOL_DOWN: Duration = Duration::seconds(30);
/// Largest key set that is read.
const MAX_BYTES: usize = 64 * 1024;

/// What the addresses answered, by client and address.
pub(super) struct Fetched {
    answers: Cache<Place, Arc<Answer>>,
    /// Whoever holds an address's turn asks it; the others wait and read the answer.
    turns: Cache<Place, Arc<tokio::sync::Mutex<()>>>,
}

type Place = (String, String);

struct Answer {
    at: Timestamp,
    keys: Result<JwkSet, &'static str>,
}

impl Default for Fetched {
    fn default() -> Self {
        Self {
            answers: Cache::builder().max_capacity(10_000).build(),
            turns: Cache::builder().max_capacity(10_000).build(),
        }
    }
}

impl Answer {
    /// Whether it still speaks for an assertion with this key id.
    fn serves(&self, kid: Option<&str>, now: Timestamp) -> bool {
        let age = now.since(self.at);
        if age < COOL_DOWN {
            return true;
        }
        let names_it = |keys: &JwkSet| {
            kid.is_none_or(|kid| keys.keys.iter().any(|key| key.kid() == Some(kid)))
        };
        age < FRESH && self.keys.as_ref().is_ok_and(names_it)
    }
}

/// The keys that may have signed `assertion`.
pub(super) async fn of(
    env: &Env,
    client: &Client,
    assertion: &Sensitive,
    now: Timestamp,
) -> Result<JwkSet, Failure<&'static str>> {
    if let Some(keys) = &client.metadata.jwks {
        return Ok(keys.clone());
    }
    let uri = client
        .metadata
        .jwks_uri
        .as_deref()
        .ok_or(Failure::Refused("no keys registered"))?;
    let place = (client.client_id.clone(), uri.to_owned());
    let fetched = &env.client_secrets.keys;
    let kid = decode_unverified(assertion.expose())
        .ok()
        .and_then(|read| read.header.kid);
    let known = || {
        let found = fetched.answers.get(&place);
        found.filter(|known| known.serves(kid.as_deref(), now))
    };
    if let Some(known) = known() {
        return known.keys.clone().map_err(Failure::Refused);
    }
    let turn = fetched.turns.get_with_by_ref(&place, Arc::default);
    let _turn = turn.lock().await;
    if let Some(known) = known() {
        return known.keys.clone().map_err(Failure::Refused);
    }
    let keys = fetch(env, uri).await;
    fetched.answers.insert(
        place.clone(),
        Arc::new(Answer {
            at: now,
            keys: keys.clone(),
        }),
    );
    keys.map_err(Failure::Refused)
}

async fn fetch(env: &Env, uri: &str) -> Result<JwkSet, &'static str> {
    let url = url::Url::parse(uri).map_err(|_| "jwks_uri is no URL")?;
    let request = FetchRequest::get(url, MAX_BYTES);
    let body = match env.outside.fetch.fetch(request).await {
        Ok(answer) if answer.status == 200 => answer.body,
        Ok(_) | Err(_) => return Err("jwks_uri could not be read"),
    };
    let value = serde_json::from_slice(&body).map_err(|_| "jwks_uri is no JWK set")?;
    JwkSet::parse(&value).map_err(|_| "jwks_uri is no JWK set")
}
