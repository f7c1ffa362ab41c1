//! Both services over real sockets, with a provider that can be told to misbehave.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod api;
mod browser;
mod log;
mod provider;
mod signing_in;
mod signing_out;
