//! Decides whether an access token is good.
//!
//! ```no_run
//! use identity_verify::verifier::Verifier;
//!
//! # async fn example(token: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = Verifier::builder("https://idp.acme.test")
//!     .audience("https://chat.acme.test")
//!     .build()?;
//! let token = verifier.verify(token).await?;
//! println!("{} with {}", token.subject(), token.scopes());
//! # Ok(())
//! # }
//! ```

mod builder;
mod rules;
mod verified_tokens;

use std::sync::Arc;

pub use builder::{BuildError, VerifierBuilder};

use crate::claims::AccessTokenClaims;
use crate::clock::Clock;
use crate::error::VerifyError;
use crate::jwk::Algorithm;
use crate::jwks_cache::JwksCache;
use crate::jws::Compact;
use crate::revocation::Revocations;
use crate::token::Token;
use rules::Rules;
use verified_tokens::{Entry, Fingerprint, VerifiedTokens};

/// The `typ` of an access token (RFC 9068 §2.1).
const ACCESS_TOKEN: &str = "at+jwt";

/// Checks tokens of one issuer for one resource; cheap to clone, all clones share keys and lists.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    rules: Rules,
    algorithms: Vec<Algorithm>,
    max_length: usize,
    keys: JwksCache,
    revocations: Option<Revocations>,
    verified: Option<VerifiedTokens>,
    clock: Arc<dyn Clock>,
}

/// Which kind of JWT of the issuer is expected by [`Verifier::signed_payload`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// An ID token: `typ` is absent or `JWT`.
    IdToken,
    /// A token typed explicitly, for instance `logout+jwt`.
    Typed(&'a str),
}

impl Verifier {
    /// Starts with the issuer identifier, exactly as the issuer writes it.
    pub fn builder(issuer: impl Into<String>) -> VerifierBuilder {
        VerifierBuilder::new(issuer.into())
    }

    /// The issuer identifier.
    pub fn issuer(&self) -> &str {
        &self.0.rules.issuer
    }

    /// Loads the issuer's keys now instead of at the first token; whether there are keys.
    pub async fn ready(&self) -> bool {
        self.0.keys.ready().await
    }

    /// Checks signature, type, issuer, audience, times, binding and revocation of an access token.
    pub async fn verify(&self, token: &str) -> Result<Token, VerifyError> {
        if token.len() > self.0.max_length {
            return Err(VerifyError::TooLong);
        }
        let verified = match &self.0.verified {
            Some(tokens) => self.open_remembered(tokens, token).await?,
            None => self.open_access_token(token).await?.token,
        };
        self.0
            .rules
            .check(verified.claims(), self.0.clock.now() / 1000)?;
        if let (Some(revocations), Some(status)) = (&self.0.revocations, &verified.claims().status)
        {
            revocations.check(&status.status_list).await?;
        }
        Ok(verified)
    }

    /// The payload of another JWT signed by the issuer, such as an ID token or a logout token. Only
    /// signature, algorithm, key and type are checked: **the claims are the caller's to check**.
    pub async fn signed_payload(
        &self,
        token: &str,
        kind: Kind<'_>,
    ) -> Result<Vec<u8>, VerifyError> {
        let compact = Compact::parse(token, self.0.max_length)?;
        let fits = match kind {
            Kind::IdToken => compact.typ.is_none() || compact.has_type("JWT"),
            Kind::Typed(typ) => compact.has_type(typ),
        };
        if !fits {
            return Err(VerifyError::WrongType);
        }
        self.allowed(&compact)?;
        let key = self.0.keys.key(&compact.kid).await?;
        compact.open(&key)
    }

    async fn open_access_token(&self, token: &str) -> Result<Entry, VerifyError> {
        let compact = Compact::parse(token, self.0.max_length)?;
        // RFC 9068 §4: the type keeps ID tokens and every other JWT of the issuer out.
        if !compact.has_type(ACCESS_TOKEN) {
            return Err(VerifyError::WrongType);
        }
        self.allowed(&compact)?;
        let key = self.0.keys.key(&compact.kid).await?;
        let payload = compact.open(&key)?;
        let claims = AccessTokenClaims::from_json(&payload)?;
        Ok(Entry {
            token: Token::new(claims, payload),
            kid: compact.kid,
            key,
        })
    }

    /// Spares the signature of a token seen before. Everything that can change is checked again: the
    /// key must still be published, and times and status are the caller's next lines.
    async fn open_remembered(
        &self,
        tokens: &VerifiedTokens,
        token: &str,
    ) -> Result<Token, VerifyError> {
        let fingerprint = Fingerprint::of(token);
        if let Some(entry) = tokens.get(&fingerprint) {
            let key = self.0.keys.key(&entry.kid).await?;
            if key.same_as(&entry.key) {
                return Ok(entry.token);
            }
        }
        let entry = self.open_access_token(token).await?;
        self.0
            .rules
            .check(entry.token.claims(), self.0.clock.now() / 1000)?;
        let verified = entry.token.clone();
        tokens.insert(fingerprint, entry);
        Ok(verified)
    }

    fn allowed(&self, compact: &Compact<'_>) -> Result<(), VerifyError> {
        if self.0.algorithms.contains(&compact.algorithm) {
            Ok(())
        } else {
            Err(VerifyError::AlgorithmNotAllowed)
        }
    }
}
