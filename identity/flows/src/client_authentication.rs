//! Who a client is. The one maker of [`AuthenticatedClient`], without which no token is issued, shown or revoked.

mod client_keys;

use std::sync::Arc;

use identity_domain::audit::{Event, RequestContext};
use identity_domain::client::{Client, ClientSecret};
use identity_domain::credential::password_hash::Normalized;
use identity_domain::failure::{Failure, Fault};
use identity_domain::lockout::BudgetKey;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::single_use::SingleUseKind;
use identity_domain::time::Timestamp;
use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::client_authentication::assertion::{ExpectedAssertion, verify_assertion};
use identity_oauth::error::OAuthError;
use identity_oauth::sensitive::Sensitive;
use identity_storage::{Lost, Work};
use moka::sync::Cache;

use crate::env::{Env, Visit, fault};
use crate::login::password::network_of;
use crate::{budget, refusals};

/// A client that has proven itself, or a public one that has named itself.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient {
    client: Arc<Client>,
}

impl AuthenticatedClient {
    /// The client.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The client, shared.
    pub fn shared(&self) -> Arc<Client> {
        Arc::clone(&self.client)
    }

    /// Whether it has proven itself by a secret or a key.
    pub fn is_confidential(&self) -> bool {
        !self.client.metadata.is_public()
    }
}

/// What was proven a moment ago: chosen secrets cost a password hash, once in five minutes. Keyed by a hash over client, its
/// version and the presented secret, so that nothing presentable is kept.
pub struct SecretMemo {
    secrets: Cache<[u8; 32], ()>,
    keys: client_keys::Fetched,
}

impl Default for SecretMemo {
    fn default() -> Self {
        let secrets = Cache::builder()
            .max_capacity(10_000)
            .time_to_live(std::time::Duration::from_mins(5))
            .build();
        Self {
            secrets,
            keys: client_keys::Fetched::default(),
        }
    }
}

/// Authenticates. A failure is recorded and told as `invalid_client`, without saying what was wrong with whom.
pub async fn authenticate(
    env: &Env,
    presented: PresentedClient,
    context: &RequestContext,
) -> Result<AuthenticatedClient, Failure<OAuthError>> {
    let now = env.now();
    let client_id = presented.client_id().to_owned();
    match check(env, presented, context, now).await {
        Ok(client) => Ok(AuthenticatedClient { client }),
        Err(Failure::Refused(refusal)) => {
            let organization = env
                .directory
                .client(&client_id)
                .and_then(|client| client.organization_id);
            let event = Event::ClientRefused {
                client: client_id,
                reason: refusal.reason().to_owned(),
            };
            refusals::record(env, organization, event, Visit { context, now }).await?;
            Err(Failure::Refused(match refusal {
                Refusal::Failed(_) => OAuthError::invalid_client("client authentication failed"),
                Refusal::TooMany(until) => {
                    OAuthError::invalid_client("too many failed attempts; come back later")
                        .with_retry_after(seconds_up(now, until))
                }
            }))
        }
        Err(Failure::Fault(fault)) => Err(Failure::Fault(fault)),
    }
}

/// Why somebody is not the client they claim to be. Only the second is told.
enum Refusal {
    Failed(&'static str),
    /// So many wrong secrets from one address that the next one is not looked at before then.
    TooMany(Timestamp),
}

impl Refusal {
    const fn reason(&self) -> &'static str {
        match self {
            Self::Failed(reason) => reason,
            Self::TooMany(_) => "too many wrong secrets",
        }
    }
}

async fn check(
    env: &Env,
    presented: PresentedClient,
    context: &RequestContext,
    now: Timestamp,
) -> Result<Arc<Client>, Failure<Refusal>> {
    let client = env
        .directory
        .client(presented.client_id())
        .filter(|client| client.is_active())
        .ok_or_else(|| refused("unknown or disabled client"))?;
    if presented.method() != client.metadata.token_endpoint_auth_method {
        return Err(refused("another authentication method is registered"));
    }
    match presented {
        PresentedClient::None { .. } => {}
        PresentedClient::Basic { client_secret, .. }
        | PresentedClient::Post { client_secret, .. } => {
            let visit = Visit { context, now };
            if !secret_matches(env, &client, &client_secret, visit).await? {
                return Err(refused("wrong secret"));
            }
        }
        PresentedClient::Assertion { assertion, .. } => {
            assertion_holds(env, &client, &assertion, now)
                .await
                .map_err(|failure| match failure {
                    Failure::Refused(reason) => refused(reason),
                    Failure::Fault(fault) => Failure::Fault(fault),
                })?;
        }
    }
    Ok(client)
}

fn refused(reason: &'static str) -> Failure<Refusal> {
    Failure::Refused(Refusal::Failed(reason))
}

async fn secret_matches(
    env: &Env,
    client: &Client,
    presented: &Sensitive,
    visit: Visit<'_>,
) -> Result<bool, Failure<Refusal>> {
    let hash = ValueHash::of(presented.expose().as_bytes());
    for secret in &client.secrets {
        match secret {
            ClientSecret::Generated(stored) => {
                if stored.0.matches(&hash) {
                    return Ok(true);
                }
            }
            ClientSecret::Chosen(stored) => {
                let memo = ValueHash::of(
                    format!(
                        "{}\n{}\n{}",
                        client.client_id,
                        client.version,
                        presented.expose()
                    )
                    .as_bytes(),
                )
                .0;
                if env.client_secrets.secrets.contains_key(&memo) {
                    return Ok(true);
                }
                // Counted per address, so that nobody can shut a client out where it is.
                let tries = BudgetKey::ClientSecret(format!(
                    "{} {}",
                    network_of(&visit.context.address),
                    client.client_id
                ));
                slowed(env, &tries, visit.now).await?;
                let password = Normalized::of(&SecretString::from(presented.expose()));
                let matches = env
                    .hashing
                    .verify(password, Some(stored.clone()))
                    .await
                    .map_err(|_| Fault::busy("the hashing queue is full"))?;
                if matches {
                    env.client_secrets.secrets.insert(memo, ());
                    return Ok(true);
                }
                // Only wrong ones count: an application that starts with many requests at once proves its secret many times.
                env.store
                    .spend_budget(budget::key_hash(&tries), tries.rule(), visit.now)
                    .await?;
            }
        }
    }
    Ok(false)
}

fn seconds_up(now: Timestamp, until: Timestamp) -> u32 {
    u32::try_from(until.since(now).as_seconds() + 1).unwrap_or(u32::MAX)
}

/// People choose weak secrets, so guesses at them are slowed. What arrives at once is bounded by the hashing queue.
async fn slowed(env: &Env, tries: &BudgetKey, now: Timestamp) -> Result<(), Failure<Refusal>> {
    let budget = env.store.budget(budget::key_hash(tries)).await?;
    match budget.and_then(|budget| budget.blocked_until(&tries.rule(), now)) {
        None => Ok(()),
        Some(until) => Err(Failure::Refused(Refusal::TooMany(until))),
    }
}

async fn assertion_holds(
    env: &Env,
    client: &Client,
    assertion: &Sensitive,
    now: Timestamp,
) -> Result<(), Failure<&'static str>> {
    let keys = client_keys::of(env, client, assertion, now).await?;
    let expected = ExpectedAssertion {
        client_id: &client.client_id,
        issuer: &env.settings.issuer,
        algorithm: client.metadata.token_endpoint_auth_signing_alg,
        now: now.seconds(),
    };
    let verified = verify_assertion(assertion, &keys, &expected).map_err(|error| {
        tracing::info!(client_id = client.client_id, %error, "client assertion refused");
        Failure::Refused("assertion refused")
    })?;
    // RFC 7523 §3 (7): one assertion, one use, over all nodes and restarts.
    let seen = ValueHash::of(verified.jti().as_bytes());
    let until = Timestamp::from_seconds(verified.expires_at());
    let work = Work::unaudited("the request it authenticates has its own event").claim(
        SingleUseKind::ClientAssertion,
        &client.client_id,
        seen,
        now,
        until,
    );
    match env.store.commit(work).await {
        Ok(()) => Ok(()),
        Err(Lost::Guard(_) | Lost::Conflict(_)) => Err(Failure::Refused("assertion replayed")),
        Err(lost) => Err(Failure::Fault(fault(lost))),
    }
}
