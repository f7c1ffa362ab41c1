//! `identity dev`: a working provider with no configuration, for one machine and one person.

mod data;
mod run;
mod services;

pub use run::run;
