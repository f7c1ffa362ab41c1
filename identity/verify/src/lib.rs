//! Checks access tokens of the identity provider where they are used, without calling it.
//!
//! A relying service builds one [`Verifier`](verifier::Verifier) at start-up and asks it about every
//! token. Signatures are checked with the published keys, kept parsed; revocation is learnt from the
//! published status list. Nothing here knows how tokens are made, stored or asked for.
//!
//! Start reading at [`claims`] (what a token says) and go on to [`verifier`] (what makes it good).

pub mod claims;
mod json;
pub mod status_list;

pub use claims::AccessTokenClaims;
