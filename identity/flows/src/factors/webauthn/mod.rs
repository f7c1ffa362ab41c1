//! Passkeys and security keys: the order of things. The ceremony's own checks are the library's (see [`library`]); that a challenge
//! works once, whose credential it is, and what its flags and counter mean is decided here.

mod assertion;
mod registration;

pub use assertion::{begin_assertion, prove, sign_in};
pub use registration::{Answer, Registered, begin_registration, finish_registration};
