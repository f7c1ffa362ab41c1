//! Black-box tests: the real provider over a real socket, on SQLite, or on PostgreSQL with `TEST_DATABASE_URL`.
//!
//! A test is named after the row of the catalogue that it proves. Start reading at `identity_harness`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "tests fail by panicking, and read from top to bottom"
)]

mod account;
mod attacks;
mod aud;
mod branding;
mod claims;
mod clients;
mod clocks;
mod codes;
mod crash;
mod deletion;
mod devices;
mod dos;
mod floods;
mod inv;
mod keys;
mod layers;
mod log;
mod mail_words;
mod markers;
mod mfa;
mod mfa_enrol;
mod mfa_enrol_codes;
mod mfa_machine;
mod mfa_recovery;
mod mfa_trust;
mod net;
mod oau;
mod operator;
mod ops;
mod passkey_offer;
mod passwords;
mod process;
mod published;
mod pwd;
mod refresh;
mod retention;
mod returns;
mod routes;
mod ses;
mod sessions;
mod ssr;
mod sweeps;
mod takeover;
mod timing;
mod tls;
mod tok;
mod verifier;
mod wan;
mod ways_on;
mod words;
