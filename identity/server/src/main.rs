//! The binary `identity`.

use std::process::ExitCode;

use clap::Parser as _;
use identity_server::{cli, listen, process, telemetry};

#[tokio::main]
async fn main() -> ExitCode {
    process::prepare();
    listen::tls::install_crypto_provider();
    let code = Box::pin(cli::run(cli::Cli::parse())).await;
    telemetry::flush();
    code
}
