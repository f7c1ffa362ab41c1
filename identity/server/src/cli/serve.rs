//! Options of `identity serve`.

use clap::Args;

use super::ConfigOptions;

/// How to run in production.
#[derive(Clone, Debug, Default, Args)]
pub struct ServeOptions {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigOptions,
}
