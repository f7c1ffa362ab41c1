//! Checks access tokens of the identity provider where they are used, without calling it.
//!
//! A relying service builds one [`Verifier`] at start-up and asks it about every token. Signatures are
//! checked with the published keys, kept parsed; revocation is learnt from the published status list.
//! Nothing here knows how tokens are made, stored or asked for.
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
