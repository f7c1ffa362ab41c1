//! `make bench`: measures the release binary from outside, beside two yardsticks that it brings along: a plain axum server
//! that answers like-sized bytes, and raw signing and hashing. Server and load have a core each, cases take turns in rounds,
//! and the figure to trust on a noisy machine is the server's CPU time per request.
//!
//! Start reading at [`run`]; then `cases` (what is measured, and its targets) and `rounds` (how).
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures are rounded for reading"
)]

mod app_holders;
#[allow(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "the tests' own authenticator, which fails by panicking"
)]
#[path = "../../harness/src/authenticator.rs"]
mod authenticator;
mod cases;
mod connection;
mod cores;
mod database;
mod failure;
mod flood;
mod form;
mod journey;
mod options;
mod parallel;
mod passkey;
mod process;
mod provider;
mod raw;
mod report;
mod rounds;
mod run;
mod seed;
mod start_up;
mod storage;
mod usage;
mod verification;
mod yardstick;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use options::{Command, Options};

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.command {
        Some(Command::Yardstick) => yardstick::serve(),
        Some(Command::Storage) => storage::run(&options),
        Some(Command::Flood {
            logins,
            seconds,
            starts,
        }) => flood::run(&options, &flood::Size::of(*logins, *seconds, *starts)),
        None => run::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "bench: {failure}");
            ExitCode::FAILURE
        }
    }
}
