//! Many parallel flows of one person: none may fail.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::failure::{During as _, Outcome};
use crate::journey::App;

/// Browsers of the same person.
pub const BROWSERS: usize = 64;

/// What came of it.
#[derive(Debug, Default)]
pub struct Parallel {
    /// Flows that ended with tokens and a refresh.
    pub flows: usize,
    /// Flows that did not.
    pub errors: usize,
    /// What the first of them said.
    pub first_error: Option<String>,
    /// All of them took.
    pub elapsed: Duration,
    /// Access tokens got.
    pub tokens: Vec<String>,
}

/// Each browser has its own connection and the same session, and goes through `flows` flows, each with a rotation at its end.
pub async fn run(app: &Arc<App>, cookies: &str, flows: usize) -> Outcome<Parallel> {
    let (began, mut tasks, mut result) = (Instant::now(), JoinSet::new(), Parallel::default());
    for _ in 0..BROWSERS {
        let (app, cookies) = (Arc::clone(app), cookies.to_owned());
        tasks.spawn(async move {
            let mut results = Vec::new();
            for _ in 0..flows {
                results.push(flow(&app, &cookies).await);
            }
            results
        });
    }
    while let Some(done) = tasks.join_next().await {
        for flow in done.during("a flow's task")? {
            match flow {
                Ok(token) => {
                    result.flows += 1;
                    result.tokens.push(token);
                }
                Err(failure) => {
                    result.errors += 1;
                    result
                        .first_error
                        .get_or_insert_with(|| failure.to_string());
                }
            }
        }
    }
    result.elapsed = began.elapsed();
    Ok(result)
}

async fn flow(app: &App, cookies: &str) -> Outcome<String> {
    let mut connection = Connection::open(&app.target).await?;
    let tokens = app.code_flow(&mut connection, cookies).await?;
    Ok(app
        .refresh(&mut connection, &tokens.refresh_token)
        .await?
        .access_token)
}
