//! The test harness: boots the real provider over a real socket and drives it as browsers, apps and attackers would.
//!
//! It knows the outside only (addresses, pages, tokens, mails) and never reaches into a flow; what it injects are the
//! ports: a clock that a test moves, and listeners that record who called. Start reading at [`browser`]
//! and [`relying_party`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::too_many_lines,
    clippy::return_self_not_must_use,
    reason = "tests fail by panicking, with the reason in the message"
)]

pub mod answer;
pub mod app;
pub mod authenticator;
pub mod authenticator_app;
pub mod browser;
pub mod canary;
pub mod clock;
pub mod cookies;
pub mod database;
pub mod forge;
pub mod id_token;
pub mod mailbox;
pub mod mmdb;
pub mod network;
pub mod operator;
pub mod page;
pub mod passkey_rs;
pub mod relying_party;
pub mod security_headers;
pub mod seed;
pub mod service;
pub mod sign_in;
pub mod smtp;
pub mod wire;

/// What a test may configure.
pub use identity_server::config;
