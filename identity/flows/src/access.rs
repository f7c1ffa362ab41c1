//! Our own APIs check access tokens like anybody else, and see revocation at once.

use std::sync::Arc;

use identity_domain::secret::ValueHash;
use identity_oauth::access_token::AccessTokenClaims;
use identity_oauth::jose::{self, Expected, Lifetime, typ};
use moka::sync::Cache;

use crate::env::Env;
use crate::status::LIST_SIZE;

/// Tokens whose signature was verified, by the hash of the whole token. Time and revocation are judged at every use.
pub struct SeenTokens(Cache<[u8; 32], Arc<AccessTokenClaims>>);

impl Default for SeenTokens {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(100_000)
                .time_to_live(std::time::Duration::from_mins(10))
                .build(),
        )
    }
}

impl SeenTokens {
    /// Forgets everything; called when a signing key was withdrawn.
    pub fn clear(&self) {
        self.0.invalidate_all();
    }
}

/// The claims of a token that is ours, in time, not revoked, and whose client is still served.
pub fn verify(env: &Env, token: &str) -> Option<Arc<AccessTokenClaims>> {
    let key = ValueHash::of(token.as_bytes()).0;
    let claims = if let Some(claims) = env.seen.0.get(&key) {
        claims
    } else {
        let expected = Expected {
            typ: &[typ::ACCESS_TOKEN],
            issuer: Some(&env.settings.issuer),
            audience: None,
            lifetime: Lifetime::Ignored,
        };
        let verified = env
            .keys
            .verifying(|keys| jose::verify::<AccessTokenClaims>(token, keys, &expected))
            .ok()?;
        let claims = Arc::new(verified.claims);
        env.seen.0.insert(key, Arc::clone(&claims));
        claims
    };
    let now = env.now().seconds();
    let begins = claims.nbf.unwrap_or(claims.iat).max(claims.iat);
    let in_time = now < claims.exp && begins <= now.saturating_add(10);
    let client_is_served = env
        .directory
        .client(&claims.client_id)
        .is_some_and(|client| client.is_active());
    (in_time && client_is_served && !is_revoked(env, &claims)).then_some(claims)
}

fn is_revoked(env: &Env, claims: &AccessTokenClaims) -> bool {
    // A reference that is not understood is not trusted.
    let by_grant = claims.status.is_some()
        && status_index(claims).is_none_or(|index| env.status.is_revoked(index));
    by_grant || env.status.is_token_revoked(&claims.jti)
}

/// The bit of the status lists that speaks of a token's grant, if there is one and it is understood.
pub fn status_index(claims: &AccessTokenClaims) -> Option<i64> {
    let reference = &claims.status.as_ref()?.status_list;
    let number: i64 = reference.uri.rsplit('/').next()?.parse().ok()?;
    let index = i64::try_from(reference.idx).ok()?;
    number.checked_mul(LIST_SIZE)?.checked_add(index)
}
