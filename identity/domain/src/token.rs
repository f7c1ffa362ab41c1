//! Refresh tokens as families: one row per grant, generations counted up, tokens computed and never stored.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::Id;
use crate::authorization::Grant;
use crate::secret::{SecretString, ValueHash};
use crate::time::{Duration, Timestamp};

/// A grant that lives on after its code was redeemed.
#[derive(Clone, Debug)]
pub struct RefreshFamily {
    /// Its id, readable inside the token.
    pub id: Id<RefreshFamily>,
    /// The client it belongs to.
    pub client_id: String,
    /// What was granted.
    pub grant: Grant,
    /// Generation of the newest token; 0 while no refresh token was issued.
    pub generation: i64,
    /// Opened.
    pub created_at: Timestamp,
    /// Last rotation.
    pub rotated_at: Timestamp,
    /// Ends when unused until then.
    pub idle_expires_at: Timestamp,
    /// Ends then, however much it is used.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// How long refresh tokens live, and how forgiving rotation is.
#[derive(Clone, Copy, Debug)]
pub struct RefreshPolicy {
    /// Without use.
    pub idle: Duration,
    /// In any case.
    pub absolute: Duration,
    /// How long the direct predecessor still gets the identical successor; zero switches it off.
    pub grace: Duration,
}

impl Default for RefreshPolicy {
    fn default() -> Self {
        Self {
            idle: Duration::days(14),
            absolute: Duration::days(60),
            grace: Duration::seconds(10),
        }
    }
}

/// What a presented, authentic token means for its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The newest: rotate to this generation.
    Rotate(i64),
    /// The direct predecessor within the grace time, successor unused: answer the identical successor.
    Repeat(i64),
    /// An older one: somebody else has it. Revoke the family (RFC 9700 §4.14.2).
    Reuse,
    /// The family is over.
    Ended,
}

impl RefreshFamily {
    /// Judges an authentic token of `generation`. The client was compared before.
    pub fn judge(&self, generation: i64, policy: &RefreshPolicy, now: Timestamp) -> Verdict {
        if self.revoked_at.is_some()
            || now >= self.idle_expires_at
            || now >= self.expires_at
            || generation < 1
        {
            return Verdict::Ended;
        }
        if generation == self.generation {
            return Verdict::Rotate(generation + 1);
        }
        if generation + 1 == self.generation && self.is_in_grace(policy, now) {
            return Verdict::Repeat(self.generation);
        }
        if generation > self.generation {
            Verdict::Ended
        } else {
            Verdict::Reuse
        }
    }

    /// Whether the last rotation was a moment ago. One that lies ahead happened just now: the request that is judged looked at the clock
    /// before it, or the clock of another node runs ahead, by no more than the grace time.
    fn is_in_grace(&self, policy: &RefreshPolicy, now: Timestamp) -> bool {
        now.since(self.rotated_at) < policy.grace && self.rotated_at.since(now) <= policy.grace
    }
}

/// A server key under which refresh tokens are authenticated.
pub struct RefreshKey {
    /// Its number, readable inside the token.
    pub number: u32,
    key: hmac::Key,
}

impl RefreshKey {
    /// Makes the key usable.
    pub fn new(number: u32, bytes: &[u8; 32]) -> Self {
        Self {
            number,
            key: hmac::Key::new(hmac::HMAC_SHA256, bytes),
        }
    }

    /// A keyed hash for values too short for a plain one: who reads the database cannot try them all. The purpose is a word, so that no
    /// hash of one purpose passes for another, nor for a refresh token, which begins with its version.
    pub fn keyed_hash(&self, purpose: &str, value: &str) -> ValueHash {
        let text = format!("{purpose}\n{value}");
        let mut hash = [0_u8; 32];
        hash.copy_from_slice(hmac::sign(&self.key, text.as_bytes()).as_ref());
        ValueHash(hash)
    }
}

/// The readable part of an authentic refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Its family.
    pub family_id: Id<RefreshFamily>,
    /// Its generation.
    pub generation: i64,
}

const VERSION: u8 = 1;
/// version · key number · family id · generation.
const HEAD: usize = 1 + 4 + 16 + 8;
const LENGTH: usize = HEAD + 32;

impl RefreshToken {
    /// The token's text: canonical base64url of head and HMAC-SHA256 over all of the head.
    pub fn seal(&self, key: &RefreshKey) -> SecretString {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(VERSION);
        bytes.extend(key.number.to_be_bytes());
        bytes.extend(self.family_id.uuid().as_bytes());
        bytes.extend(self.generation.to_be_bytes());
        let tag = hmac::sign(&key.key, &bytes);
        bytes.extend(tag.as_ref());
        SecretString::new(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Opens a presented text. Anything not canonical or not authentic is `None`, before the database is asked.
    pub fn open(text: &str, keys: &[RefreshKey]) -> Option<Self> {
        // The decoder refuses trailing bits, padding and foreign characters: one token has one spelling.
        let bytes: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (head, tag) = bytes.split_at(HEAD);
        let (version, rest) = head.split_first()?;
        let (number, rest) = rest.split_at_checked(4)?;
        let (family, generation) = rest.split_at_checked(16)?;
        let number = u32::from_be_bytes(number.try_into().ok()?);
        let key = keys.iter().find(|key| key.number == number)?;
        hmac::verify(&key.key, head, tag).ok()?;
        let family_id = Id::from_uuid(uuid::Uuid::from_slice(family).ok()?);
        let generation = i64::from_be_bytes(generation.try_into().ok()?);
        (*version == VERSION).then_some(Self {
            family_id,
            generation,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    /// A family whose second token was given out at an instant.
    fn rotated(at: Timestamp) -> RefreshFamily {
        let id = uuid::Uuid::from_u128(1);
        RefreshFamily {
            id: Id::from_uuid(id),
            client_id: "web1".to_owned(),
            grant: Grant {
                user_id: Id::from_uuid(id),
                session_id: Id::from_uuid(id),
                organization_id: None,
                scope: Vec::new(),
                audience: Vec::new(),
                nonce: None,
                claims: None,
                authentication: crate::session::Authentication {
                    at,
                    amr: Vec::new(),
                    acr: crate::session::Acr::OneFactor,
                },
                status_index: 0,
                granted_at: at,
            },
            generation: 2,
            created_at: at,
            rotated_at: at,
            idle_expires_at: at + Duration::days(14),
            expires_at: at + Duration::days(60),
            revoked_at: None,
        }
    }

    #[test]
    fn tok_04_a_rotation_by_a_clock_that_runs_ahead_is_repeated_and_no_theft() {
        let (policy, now) = (RefreshPolicy::default(), Timestamp::from_seconds(1_000_000));
        let judged = |ahead: i64| rotated(Timestamp(now.0 + ahead)).judge(1, &policy, now);
        // A request that looked at the clock first and came second; another node's clock.
        for ahead in [0, 1, 900, 3_000, 10_000] {
            assert_eq!(judged(ahead), Verdict::Repeat(2), "{ahead} ms ahead");
        }
        for ahead in [10_001, 60_000, 86_400_000] {
            assert_eq!(judged(ahead), Verdict::Reuse, "{ahead} ms ahead");
        }
        for (ago, verdict) in [(9_999, Verdict::Repeat(2)), (10_000, Verdict::Reuse)] {
            assert_eq!(judged(-ago), verdict, "{ago} ms ago");
        }
        // An older one stays a theft, and without a grace time so does the predecessor.
        let family = RefreshFamily {
            generation: 3,
            ..rotated(now + Duration(1))
        };
        assert_eq!(family.judge(1, &policy, now), Verdict::Reuse);
        let strict = RefreshPolicy {
            grace: Duration::default(),
            ..policy
        };
        assert_eq!(
            rotated(now + Duration(1)).judge(1, &strict, now),
            Verdict::Reuse
        );
    }

    #[test]
    fn tok_04_only_canonical_authentic_refresh_tokens_open() {
        let keys = [RefreshKey::new(1, &[1; 32]), RefreshKey::new(2, &[2; 32])];
        let token = RefreshToken {
            family_id: Id::from_uuid(uuid::Uuid::from_u128(77)),
            generation: 3,
        };
        let text = token.seal(&keys[1]).expose().clone();
        assert_eq!(RefreshToken::open(&text, &keys), Some(token));
        assert_eq!(RefreshToken::open(&text, &keys[..1]), None);
        for at in 0..text.len() {
            for other in ['A', 'B', 'z', '_', '=', ' '] {
                let mut mutant: Vec<char> = text.chars().collect();
                if mutant[at] != other {
                    mutant[at] = other;
                    let mutant: String = mutant.into_iter().collect();
                    assert_eq!(RefreshToken::open(&mutant, &keys), None, "{mutant}");
                }
            }
        }
        for mutant in [
            format!("{text}="),
            format!("{text}A"),
            text[1..].to_owned(),
            String::new(),
        ] {
            assert_eq!(RefreshToken::open(&mutant, &keys), None);
        }
    }

    proptest! {
        /// Nothing opens that was not sealed under a key of ours, and what opens is what was sealed.
        #[test]
        fn tok_04_only_what_was_sealed_opens(
            text in "[A-Za-z0-9_=. -]{0,120}",
            family in any::<u128>(),
            generation in any::<i64>(),
            foreign in any::<[u8; 32]>(),
        ) {
            let keys = [RefreshKey::new(1, &[1; 32])];
            prop_assert_eq!(RefreshToken::open(&text, &keys), None);
            let token = RefreshToken { family_id: Id::from_uuid(uuid::Uuid::from_u128(family)), generation };
            let sealed = token.seal(&keys[0]);
            prop_assert_eq!(RefreshToken::open(sealed.expose(), &keys), Some(token));
            prop_assume!(foreign != [1; 32]);
            let forged = token.seal(&RefreshKey::new(1, &foreign));
            prop_assert_eq!(RefreshToken::open(forged.expose(), &keys), None);
        }
    }
}
