//! The gates of the storage design: the unit of a refresh (read, advance, audit record; acknowledged when durable) and a point
//! read by id, ours beside sea-orm's, on two databases of the same schema and content.

mod filled;
mod orm;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::database::Kind;
use crate::failure::{During as _, Failure, Outcome};
use crate::options::{Options, Pace};
use crate::report::{Report, Row};
use crate::rounds::median;
use crate::usage;

use filled::Filled;
use orm::Orm;

const TASKS: usize = 16;
/// Most of ours per unit, as a part of sea-orm's.
const UNIT_GATE: f64 = 0.35;
/// Most of ours per point read, as a part of sea-orm's.
const READ_GATE: f64 = 0.25;

/// Something both sides can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Unit,
    Read,
}

/// The two sides.
enum Side {
    Ours(Filled),
    Orm(Orm),
}

#[derive(Default)]
struct Figures {
    cpu: Vec<f64>,
    rate: Vec<f64>,
}

/// Measures and reports.
pub fn run(options: &Options) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .during("a runtime")?;
    runtime.block_on(measure(options))?.deliver(options)
}

async fn measure(options: &Options) -> Outcome<Report> {
    let setting = format!(
        "storage gates: {TASKS} tasks, CPU us of this process per operation, interleaved rounds, medians"
    );
    let mut report = Report {
        setting: vec![setting],
        ..Report::default()
    };
    for kind in Kind::all(options)? {
        let (folder, other) = (
            tempfile::tempdir().during("a folder")?,
            tempfile::tempdir().during("a folder")?,
        );
        let (own, foreign) = (kind.fresh().await?, kind.fresh().await?);
        let done = on(
            &kind,
            &own.url_in(folder.path()),
            &foreign.url_in(other.path()),
            options.pace(),
        )
        .await;
        own.drop_it().await?;
        foreign.drop_it().await?;
        report.rows.extend(done?);
    }
    Ok(report)
}

async fn on(kind: &Kind, own: &str, foreign: &str, pace: Pace) -> Outcome<Vec<Row>> {
    let ours = Arc::new(Side::Ours(Filled::open(own, TASKS).await?));
    let theirs = Arc::new(Side::Orm(Orm::open(foreign, TASKS).await?));
    let mut figures: [[Figures; 2]; 2] = Default::default();
    for round in 0..=pace.rounds {
        for (operation, sides) in [Operation::Unit, Operation::Read]
            .into_iter()
            .zip(&mut figures)
        {
            for (side, figures) in [&ours, &theirs].into_iter().zip(sides) {
                let (cpu, rate) = turn(side, operation, pace.window).await?;
                if round > 0 {
                    figures.cpu.push(cpu);
                    figures.rate.push(rate);
                }
            }
        }
    }
    let mut rows = Vec::new();
    for ((name, gate), [ours, theirs]) in [("U", UNIT_GATE), ("point read", READ_GATE)]
        .into_iter()
        .zip(&figures)
    {
        let row = |who: &str, figures: &Figures| Row {
            cpu_us: median(&figures.cpu),
            per_second: median(&figures.rate),
            ..Row::single(kind.name(), format!("{name}, {who}"), None, "")
        };
        let ratio = median(&ours.cpu)
            .zip(median(&theirs.cpu))
            .map(|(ours, theirs)| ours / theirs);
        rows.extend([row("identity-storage", ours), row("sea-orm", theirs)]);
        let row = Row::single(kind.name(), format!("{name}, ratio"), ratio, "x");
        // The gates come from the SQLite half of the design's table; over a network protocol both sides share most of the cost.
        rows.push(match kind {
            Kind::Sqlite => row.at_most(Some(gate)),
            Kind::Postgres(_) => {
                row.noted("the gates are SQLite's; the design measured 0.48 for U")
            }
        });
    }
    Ok(rows)
}

/// CPU microseconds per operation, and operations per second.
async fn turn(side: &Arc<Side>, operation: Operation, length: Duration) -> Outcome<(f64, f64)> {
    let (began, used, mut tasks) = (Instant::now(), usage::own_process(), JoinSet::new());
    for task in 0..TASKS {
        let side = Arc::clone(side);
        tasks.spawn(async move {
            let mut count = 0_u64;
            while began.elapsed() < length {
                match &*side {
                    Side::Ours(ours) => ours.act(task, operation).await?,
                    Side::Orm(orm) => orm.act(task, operation).await?,
                }
                count += 1;
            }
            Ok::<_, Failure>(count)
        });
    }
    let mut count = 0;
    while let Some(done) = tasks.join_next().await {
        count += done.during("a task")??;
    }
    let (cpu, elapsed) = (usage::own_process().saturating_sub(used), began.elapsed());
    Ok((
        cpu.as_secs_f64() * 1e6 / count as f64,
        count as f64 / elapsed.as_secs_f64(),
    ))
}
