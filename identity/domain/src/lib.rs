//! The nouns of the identity provider and the rules that can be decided from values in hand.
//!
//! Pure: no async, no I/O, no clock, no random source, no HTTP, no SQL. Whatever a rule needs — the time, an address,
//! random bytes — is an argument. Start reading at [`login`] (one attempt to sign in, a state machine) and
//! [`session`]; [`ports`] names everything a flow may reach outside.

pub mod audit;
pub mod authorization;
pub mod brand;
pub mod client;
pub mod client_address;
pub mod consent;
pub mod credential;
pub mod device;
pub mod email;
pub mod factor;
pub mod failure;
pub mod id;
pub mod intrusion;
pub mod job;
pub mod lockout;
pub mod login;
pub mod membership;
pub mod notification;
pub mod organization;
pub mod passkey_offer;
pub mod phone;
pub mod ports;
pub mod refusal;
pub mod role;
pub mod secret;
pub mod session;
pub mod settings;
pub mod signing_key;
pub mod single_use;
pub mod text_message;
pub mod time;
pub mod time_zone;
pub mod token;
pub mod user;

pub use failure::{Failure, Fault};
pub use id::Id;
pub use secret::Secret;
pub use time::{Duration, Timestamp};
