//! What the product does, one file per use case. No HTTP, no HTML, no SQL.
//!
//! Every flow has the same shape: load, decide, record, answer. What is recorded is one value, a unit of work, handed to the store at
//! the end. Start reading at [`authorize`] (a request comes in), [`login::settle`] (a step was taken), [`grants`] (a code becomes tokens).

pub mod access;
pub mod account;
pub mod admin;
pub mod audit_log;
pub mod authorize;
pub mod branding;
pub mod browser;
pub mod budget;
pub mod claims;
pub mod client_authentication;
pub mod declarative;
pub mod device;
pub mod directory;
pub mod env;
pub mod factors;
pub mod grants;
pub mod introspect;
pub mod issue;
pub mod jobs;
pub mod keyring;
pub mod login;
pub mod logout;
pub mod mailed;
pub mod password;
pub mod recovery;
pub mod refusals;
pub mod registration;
pub mod report;
pub mod revoke;
pub mod session;
pub mod status;
pub mod userinfo;

pub use env::{Env, Outside};
