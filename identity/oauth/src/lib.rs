//! OAuth 2.0 and OpenID Connect as the RFCs write them: types, parsing, checks.
//!
//! This crate knows no I/O, no clock and none of our own nouns: what time it is and which client is registered
//! come in as arguments, and everything that leaves is a value. It must never see tokio, axum, sea-orm or
//! `identity-domain`. The one exception to "no randomness" is [`jose`], where making and using a key draws from the
//! cryptographic library.
//!
//! Start reading at [`parameters`] (how a request comes in), [`authorization_request`] (what a browser asks),
//! [`token_request`] and [`client_authentication`] (what a client asks), and [`jose`] (how a token is signed and read).

pub mod access_token;
pub mod acr;
pub mod authorization_request;
pub mod authorization_response;
pub mod bearer;
pub mod claims_request;
pub mod client_authentication;
pub mod client_metadata;
pub mod discovery;
pub mod error;
pub mod id_token;
pub mod introspection;
pub mod jose;
pub mod logout;
pub mod parameters;
pub mod pkce;
pub mod prompt;
pub mod redirect_uri;
pub mod response_mode;
pub mod revocation;
pub mod scope;
pub mod sensitive;
pub mod strict_json;
pub mod text;
pub mod token_request;
pub mod token_response;

pub use error::{ErrorCode, OAuthError};
pub use parameters::Parameters;
pub use scope::Scope;
pub use sensitive::Sensitive;
