//! Revocation that reaches stateless verifiers: one bit per grant, published as a signed list (draft-ietf-oauth-status-list).
//!
//! In memory stands what is revoked and not yet dead by itself; the database is read again after every revocation made here and
//! every second for those made elsewhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use identity_domain::Fault;
use identity_domain::secret::ValueHash;
use identity_domain::time::{Duration, Timestamp};
use identity_oauth::access_token::status_list::{Compression, EncodedStatusList, StatusList};
use identity_oauth::jose::{Algorithm, typ};
use identity_storage::RevokedStatus;
use serde::Serialize;

use crate::env::Env;
use crate::keyring::Prepared;

/// Indexes per published list: 128 KiB of bits, a few kilobytes on the wire while little is revoked.
pub const LIST_SIZE: i64 = 1 << 20;
/// Indexes reserved at once; what a node does not use is lost at its end, never handed out twice.
const BLOCK: i64 = 256;
/// Seconds a verifier may use a list without asking again.
const TTL: i64 = 60;
/// Life of a signed list.
const LIFE: Duration = Duration::minutes(10);
/// Revocations are read again over this span, because units of other nodes may become visible later than their time says.
const OVERLAP: Duration = Duration::seconds(10);

/// The board.
#[derive(Default)]
pub struct StatusBoard {
    revoked: ArcSwap<Revoked>,
    /// Next free index and end of the reserved block.
    block: Mutex<(i64, i64)>,
    published: ArcSwap<HashMap<i64, Arc<Published>>>,
}

#[derive(Default, Clone)]
struct Revoked {
    indexes: HashMap<i64, Timestamp>,
    tokens: HashMap<[u8; 32], Timestamp>,
    /// Counts changes, so that a published list knows whether it is current.
    generation: u64,
    read_until: Timestamp,
}

impl Revoked {
    /// The same with news, and without what expired by itself and need not be said any more.
    fn with(
        &self,
        statuses: &[RevokedStatus],
        tokens: &[(ValueHash, Timestamp)],
        now: Timestamp,
    ) -> Self {
        let mut after = self.clone();
        for status in statuses {
            after.generation += u64::from(
                after
                    .indexes
                    .insert(status.status_index, status.until_at)
                    .is_none(),
            );
        }
        after
            .tokens
            .extend(tokens.iter().map(|(jti, until)| (jti.0, *until)));
        after
            .indexes
            .retain(|_, until| *until + Duration::minutes(1) > now);
        after
            .tokens
            .retain(|_, until| *until + Duration::minutes(1) > now);
        after.read_until = now.max(self.read_until);
        after
    }
}

struct Published {
    generation: u64,
    renew_at: Timestamp,
    document: Arc<Prepared>,
}

/// Claims of a status list token (§5.1).
#[derive(Serialize)]
struct StatusListClaims {
    iss: String,
    sub: String,
    iat: i64,
    exp: i64,
    ttl: i64,
    status_list: EncodedStatusList,
}

impl StatusBoard {
    /// A fresh index for a grant; reserved in the database by blocks.
    pub async fn allocate(&self, env: &Env) -> Result<i64, Fault> {
        if let Some(index) = self.take() {
            return Ok(index);
        }
        let first = env.store.allocate_status_indexes(BLOCK).await?;
        // Parallel callers may reserve a block each; the last one stays, the rest of the others is lost, which is allowed.
        if let Ok(mut block) = self.block.lock() {
            *block = (first + 1, first + BLOCK);
        }
        Ok(first)
    }

    fn take(&self) -> Option<i64> {
        let mut block = self.block.lock().ok()?;
        let (next, end) = *block;
        (next < end).then(|| {
            block.0 = next + 1;
            next
        })
    }

    /// Whether a grant's tokens are dead.
    pub fn is_revoked(&self, index: i64) -> bool {
        self.revoked.load().indexes.contains_key(&index)
    }

    /// Whether this one token is dead, by its `jti`.
    pub fn is_token_revoked(&self, jti: &str) -> bool {
        let revoked = self.revoked.load();
        !revoked.tokens.is_empty()
            && revoked
                .tokens
                .contains_key(&ValueHash::of(jti.as_bytes()).0)
    }

    /// Reads new revocations.
    pub async fn refresh(&self, env: &Env) -> Result<(), Fault> {
        let now = env.now();
        let before = self.revoked.load_full();
        let since = if before.read_until == Timestamp::default() {
            Timestamp::default()
        } else {
            before.read_until - OVERLAP
        };
        let statuses = env.store.revoked_statuses_since(since, now).await?;
        let tokens = env.store.revoked_tokens_since(since, now).await?;
        let due_for_cleaning = now.since(before.read_until) > Duration::minutes(1);
        if statuses.is_empty() && tokens.is_empty() && !due_for_cleaning {
            return Ok(());
        }
        // Several callers may bring news at once: each adds to what is there, none writes over another's.
        self.revoked
            .rcu(|current| current.with(&statuses, &tokens, now));
        Ok(())
    }

    /// The signed list as it is sent; signed anew when something was revoked or half of its life is over.
    pub fn list(&self, env: &Env, number: i64) -> Result<Arc<Prepared>, Fault> {
        let now = env.now();
        let revoked = self.revoked.load();
        if let Some(current) = self.published.load().get(&number)
            && current.generation == revoked.generation
            && now < current.renew_at
        {
            return Ok(Arc::clone(&current.document));
        }
        let size = usize::try_from(LIST_SIZE).unwrap_or_default();
        let mut list = StatusList::of_one_bit(size);
        for index in revoked
            .indexes
            .keys()
            .filter(|index| *index / LIST_SIZE == number)
        {
            list.revoke(u64::try_from(index % LIST_SIZE).unwrap_or_default())
                .map_err(Fault::new)?;
        }
        let issuer = env.settings.issuer.clone();
        let claims = StatusListClaims {
            sub: uri(&issuer, number),
            iss: issuer,
            iat: now.seconds(),
            exp: (now + LIFE).seconds(),
            ttl: TTL,
            status_list: list.encode(Compression::default()),
        };
        let token = env.keys.sign(Algorithm::ES256, typ::STATUS_LIST, &claims)?;
        let document = Arc::new(Prepared::new(token.into_bytes()));
        let published = Arc::new(Published {
            generation: revoked.generation,
            renew_at: now + Duration(LIFE.0 / 2),
            document: Arc::clone(&document),
        });
        self.published.rcu(|lists| {
            let mut lists = HashMap::clone(lists);
            lists.insert(number, Arc::clone(&published));
            lists
        });
        Ok(document)
    }

    /// Whether a list of that number can exist: at most one beyond the newest index.
    pub fn exists(&self, number: i64) -> bool {
        let newest = self.block.lock().map_or(0, |block| block.1);
        (0..=newest / LIST_SIZE).contains(&number)
            || self
                .revoked
                .load()
                .indexes
                .keys()
                .any(|index| index / LIST_SIZE == number)
    }
}

/// Address of a list.
pub fn uri(issuer: &str, number: i64) -> String {
    format!(
        "{issuer}{}{number}",
        identity_oauth::discovery::path::STATUS
    )
}
