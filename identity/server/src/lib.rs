//! The edge and the one binary `identity`: sockets, middleware, configuration, command line, adapters of the ports.
//!
//! It knows HTTP, cookies and status codes, and must never know SQL. Start reading at [`listen`] (a connection's way in)
//! and [`middleware`] (what happens to every request), then [`config`].

pub mod adapters;
pub mod app;
pub mod cli;
pub mod config;
mod cookies;
pub mod dev;
pub mod listen;
pub mod management;
pub mod middleware;
mod oauth;
mod pages;
pub mod process;
mod router;
pub mod shutdown;
pub mod telemetry;
pub mod worker;
