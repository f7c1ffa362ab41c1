//! Every test runs on both databases, each in a database (SQLite) or schema (PostgreSQL, `TEST_DATABASE_URL`) of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

mod administration;
mod audit;
mod engine;
mod fixture;
mod operation;
mod operators;
mod order;
mod people;
mod pruning;
mod schema;
mod sealing;
mod signing_in;
mod tokens;

/// Runs each test on SQLite and on PostgreSQL; without `TEST_DATABASE_URL` the second half says that it is skipped.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($fixture:ident: $kind:ty) $body:block)*) => {
        $($(#[$meta])* async fn $name($fixture: $kind) $body)*
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                super::$name(crate::tests::fixture::Fixture::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                if let Some(fixture) = crate::tests::fixture::Fixture::postgres().await {
                    super::$name(fixture).await;
                }
            })*
        }
    };
}
use on_both;
