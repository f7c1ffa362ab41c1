//! Checks access tokens of the identity provider where they are used, without calling it.
//!
//! A relying service builds one [`Verifier`] at start-up and asks it about every token. Signatures are
//! checked with the published keys, kept parsed; revocation is learnt from the published status list.
//! Nothing here knows how tokens are made, stored or asked for.
//!
//! # What a service gets, unless it chooses otherwise
//!
//! | | default |
//! |---|---|
//! | algorithms | ES256, `EdDSA`, RS256, PS256; always the one of the key |
//! | clocks apart | 5 seconds at `exp`, 10 seconds at `iat` and `nbf` |
//! | keys | kept for the `max-age` the issuer publishes, and beyond it while the issuer is away |
//! | unknown `kid` | one fetch per 30 seconds |
//! | revocation | known within 2 seconds; refused when no list younger than its `exp` can be had |
//! | `cnf` | refused: a bound token is not a bearer token |
//!
//! The price of not calling the issuer is the polling interval: a token revoked this instant may work
//! for two more seconds, and with [`without_status_list`](verifier::VerifierBuilder::without_status_list)
//! until it expires. Where that is too long, ask the issuer's introspection endpoint.
//!
//! Fetches run as Tokio tasks, so a Tokio runtime is needed.
//!
//! Start reading at [`claims`] (what a token says) and go on to [`verifier`] (what makes it good).

mod address;
mod challenge;
pub mod claims;
pub mod clock;
mod discovery;
mod error;
#[cfg(feature = "axum")]
pub mod extract;
pub mod fetch;
mod json;
pub mod jwk;
pub mod jwks_cache;
mod jws;
#[cfg(feature = "tower")]
pub mod layer;
pub mod revocation;
mod single_flight;
pub mod status_list;
#[cfg(feature = "testing")]
pub mod testing;
mod token;
pub mod verifier;

pub use challenge::Challenge;
pub use claims::AccessTokenClaims;
pub use error::VerifyError;
pub use token::{Organization, Token};
pub use verifier::Verifier;
