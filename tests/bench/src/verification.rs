//! identity-verify as a service uses it: in its own process, with keys and status list of the running provider.

use std::time::{Duration, Instant};

use identity_verify::Verifier;

use crate::connection::Connection;
use crate::failure::{During as _, Failure, Outcome};
use crate::journey::{App, Tokens};
use crate::seed::{ALGORITHMS, AUDIENCE, basic, service};
use crate::usage;

/// The list is polled and keys are fetched by tasks that need a turn now and then.
const TURN: usize = 64;

/// One line of figures.
pub struct Verified {
    /// What was verified how.
    pub name: String,
    /// Algorithm of the tokens.
    pub algorithm: &'static str,
    /// Verifications per second of CPU, that is per core.
    pub per_second: f64,
}

/// Measures on tokens of people (ES256, with a status reference) and of services.
pub async fn measure(
    app: &App,
    issuer: &str,
    people: &[String],
    length: Duration,
) -> Outcome<Vec<Verified>> {
    let mut lines = Vec::new();
    for algorithm in ALGORITHMS {
        let tokens = if algorithm == "ES256" {
            people.to_vec()
        } else {
            vec![service_token(app, algorithm).await?]
        };
        for remembered in [0, 10_000] {
            let verifier = Verifier::builder(issuer)
                .audience(AUDIENCE)
                .remember_verified(remembered)
                .build()
                .during("a verifier")?;
            let cache = if remembered > 0 { "with" } else { "without" };
            let micros = timed(&verifier, &tokens, length).await?;
            lines.push(Verified {
                name: format!("verify {algorithm} {cache} cache"),
                algorithm,
                per_second: 1e6 / micros,
            });
        }
    }
    Ok(lines)
}

async fn service_token(app: &App, algorithm: &str) -> Outcome<String> {
    let mut connection = Connection::open(&app.target).await?;
    let request = app.target.post(
        "/oauth2/token",
        &basic(&service(algorithm)),
        "grant_type=client_credentials",
    );
    let answer = connection.send(&request).await?.expect(200, "token")?;
    let tokens: Tokens = serde_json::from_slice(answer.body).during("the token answer")?;
    Ok(tokens.access_token)
}

/// CPU microseconds per verification.
async fn timed(verifier: &Verifier, tokens: &[String], length: Duration) -> Outcome<f64> {
    if tokens.is_empty() {
        return Err(Failure::new("no tokens to verify"));
    }
    for token in tokens {
        verifier.verify(token).await.during("verifying")?;
    }
    let (began, used, mut count) = (Instant::now(), usage::own_thread(), 0_u32);
    while began.elapsed() < length {
        for (at, token) in tokens.iter().cycle().take(TURN * 16).enumerate() {
            verifier.verify(token).await.during("verifying")?;
            if at % TURN == 0 {
                tokio::task::yield_now().await;
            }
        }
        count += u32::try_from(TURN * 16).unwrap_or_default();
    }
    Ok(usage::own_thread().saturating_sub(used).as_secs_f64() * 1e6 / f64::from(count))
}
