//! The binary `identity`.

use std::process::ExitCode;

use clap::Parser as _;
use identity_server::{cli, listen, process};

#[tokio::main]
async fn main() -> ExitCode {
    process::prepare();
    listen::tls::install_crypto_provider();
    cli::run(cli::Cli::parse()).await
}
