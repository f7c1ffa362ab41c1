//! From exec to ready, with an empty folder and with the data of an earlier start.

use std::time::{Duration, Instant};

use crate::connection::{Connection, Target};
use crate::database::Kind;
use crate::failure::{During as _, Failure, Outcome};
use crate::provider::Start;
use crate::rounds;

const KEYS: Duration = Duration::from_secs(20);

/// Milliseconds, one per start.
#[derive(Debug, Default)]
pub struct StartUp {
    /// Schema, keys and demo data had to be made.
    pub empty: Vec<f64>,
    /// Everything was there.
    pub existing: Vec<f64>,
}

/// Starts and stops it, each time on a fresh database and then once more on the same.
pub async fn measure(start: &Start, kind: &Kind, starts: usize) -> Outcome<StartUp> {
    let mut times = StartUp::default();
    for _ in 0..starts {
        let data = tempfile::tempdir().during("a data folder")?;
        let database = kind.fresh().await?;
        let arguments = database.arguments(data.path());
        let first = start.development(&arguments)?;
        times.empty.push(first.took.as_secs_f64() * 1e3);
        // So that the second start has nothing left to make, such as an RSA key.
        rounds::settle(first.pid(), KEYS).await?;
        drop(first);
        times
            .existing
            .push(start.development(&arguments)?.took.as_secs_f64() * 1e3);
        database.drop_it().await?;
    }
    Ok(times)
}

/// Waits until the provider has its RSA keys, which it makes after it is ready.
pub async fn all_keys(target: &Target) -> Outcome<()> {
    let began = Instant::now();
    let mut connection = Connection::open(target).await?;
    let request = target.get("/oauth2/jwks", "");
    while !connection
        .send(&request)
        .await?
        .expect(200, "jwks")?
        .text()
        .contains("RS256")
    {
        if began.elapsed() > KEYS {
            return Err(Failure::new("the RSA key did not appear"));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
