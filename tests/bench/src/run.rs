//! The whole measurement, database by database.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::app_holders::AppHolders;
use crate::cases::{CONNECTIONS, Case, Shared, Worker};
use crate::connection::Target;
use crate::cores::Cores;
use crate::database::Kind;
use crate::failure::{During as _, Outcome};
use crate::journey::App;
use crate::options::{Options, Pace};
use crate::parallel::{self, BROWSERS, Parallel};
use crate::provider::{Provider, Start};
use crate::report::{Report, Row};
use crate::rounds::{self, Figures, Measured, median};
use crate::usage::Memory;
use crate::verification::Verified;
use crate::yardstick::Yardstick;
use crate::{seed, start_up, verification};

const MIB: f64 = 1024.0;

/// Measures and reports.
pub fn run(options: &Options) -> Outcome<()> {
    on_load_core(options, async |cores| measure(options, cores).await)
}

/// Measures on the load's core, and reports.
pub fn on_load_core(
    options: &Options,
    measure: impl AsyncFnOnce(Cores) -> Outcome<Report>,
) -> Outcome<()> {
    let cores = Cores::of_this_machine()?;
    cores.take_load_core()?;
    // One thread: the load has one core.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .during("a runtime")?;
    runtime.block_on(measure(cores))?.deliver(options)
}

async fn measure(options: &Options, cores: Cores) -> Outcome<Report> {
    let start = Start::of(options, cores)?;
    let pace = options.pace();
    let kinds = Kind::all(options)?;
    let setting = setting(&start.binary, cores, &pace, &kinds);
    let mut report = Report {
        setting,
        ..Report::default()
    };
    let yardstick = Yardstick::start(cores)?;
    for kind in &kinds {
        let bench = Bench {
            options,
            pace,
            start: &start,
            yardstick: &yardstick,
            kind,
        };
        if let Err(failure) = bench.run(&mut report.rows).await {
            // What was measured before is worth reporting.
            let row = Row::single(kind.name(), "given up", None, "").noted(failure.to_string());
            report.rows.push(Row {
                errors: 1,
                met: Some(false),
                ..row
            });
        }
    }
    Ok(report)
}

fn setting(binary: &Path, cores: Cores, pace: &Pace, kinds: &[Kind]) -> Vec<String> {
    let (server, load, millis) = (cores.server, cores.load, pace.window.as_millis());
    let mut setting = vec![
        format!(
            "{}; server on core {server}, load on core {load}",
            binary.display()
        ),
        format!(
            "{CONNECTIONS} keep-alive connections, {} rounds of {millis} ms per case, medians",
            pace.rounds
        ),
        "CPU us: of the server per operation, with the sealing of the audit log that follows"
            .to_owned(),
    ];
    if let Ok(busy) = fs::read_to_string("/proc/loadavg") {
        let busy = busy.split(' ').take(3).collect::<Vec<_>>().join(" ");
        setting.push(format!(
            "load average before the start: {busy} (what else runs costs caches, and so CPU time)"
        ));
    }
    if !cores.are_apart() {
        setting.push("ONE CORE FOR BOTH: only the CPU figures mean anything".to_owned());
    }
    if !kinds.iter().any(|kind| matches!(kind, Kind::Postgres(_))) {
        setting.push(
            "PostgreSQL was not measured: TEST_DATABASE_URL is not set, or it was not asked for"
                .to_owned(),
        );
    }
    setting
}

struct Bench<'a> {
    options: &'a Options,
    pace: Pace,
    start: &'a Start,
    yardstick: &'a Yardstick,
    kind: &'a Kind,
}

impl Bench<'_> {
    async fn run(&self, rows: &mut Vec<Row>) -> Outcome<()> {
        let data = tempfile::tempdir().during("a data folder")?;
        let database = self.kind.fresh().await?;
        let measured = self
            .served(&database.url_in(data.path()), data.path(), rows)
            .await;
        database.drop_it().await?;
        measured?;
        if self.options.wants("ready") {
            self.start_up(rows).await?;
        }
        Ok(())
    }

    async fn served(&self, database: &str, folder: &Path, rows: &mut Vec<Row>) -> Outcome<()> {
        let text = seed::text()?;
        let (first, target) = self.start.production(database, folder, &text, "")?;
        let made = idle(&first, &target).await?;
        drop(first);
        let (provider, target) = self.start.production(database, folder, &text, "")?;
        let idle = idle(&provider, &target).await?;
        self.provider(&provider, target, rows).await?;
        self.memory([made, idle, Memory::of(provider.pid())?], rows);
        Ok(())
    }

    fn row(&self, case: impl Into<String>, figure: Option<f64>, unit: &'static str) -> Row {
        Row::single(self.kind.name(), case, figure, unit)
    }

    async fn provider(
        &self,
        provider: &Provider,
        target: Target,
        rows: &mut Vec<Row>,
    ) -> Outcome<()> {
        let issuer = format!("http://{}", target.host);
        let app = Arc::new(App::new(target));
        let shared = Shared {
            app: Arc::clone(&app),
            yardstick: Arc::new(self.yardstick.target.clone()),
            app_holders: Arc::new(AppHolders::new()?),
        };
        let mut workers = Vec::new();
        for number in 0..CONNECTIONS {
            workers.push(Worker::prepare(number, &shared).await?);
        }
        let cases = self.usable(&mut workers, rows).await?;
        let measured = rounds::run(
            &cases,
            &mut workers,
            self.yardstick,
            provider.pid(),
            &self.pace,
        )
        .await?;
        self.judge(&measured, rows);
        let cookies = workers
            .first()
            .map(|worker| worker.cookies.clone())
            .unwrap_or_default();
        let flows = parallel::run(&app, &cookies, self.pace.flows).await?;
        if self.options.wants("parallel flows of one person") {
            rows.push(self.parallel_row(&flows));
        }
        if self.options.wants("verify") {
            let lines = verification::measure(&app, &issuer, &flows.tokens, self.pace.raw).await;
            rows.extend(self.verified(lines, &measured));
        }
        Ok(())
    }

    /// The cases asked for that work at all; the others are reported with what they said.
    async fn usable(&self, workers: &mut [Worker], rows: &mut Vec<Row>) -> Outcome<Vec<Case>> {
        let first = workers.first_mut().during("no connection")?;
        let mut usable = Vec::new();
        for case in Case::all()
            .into_iter()
            .filter(|case| self.options.wants(&case.name()))
        {
            match first.probe(case).await {
                Ok(()) => usable.push(case),
                Err(failure) => {
                    let figures = Figures {
                        errors: 1,
                        first_error: Some(failure.to_string()),
                        ..Figures::default()
                    };
                    rows.push(Row::of(self.kind.name(), case.name(), &figures).at_most(Some(0.0)));
                }
            }
        }
        Ok(usable)
    }

    fn judge(&self, measured: &Measured, rows: &mut Vec<Row>) {
        let cpu: BTreeMap<String, f64> = measured
            .cases
            .iter()
            .filter_map(|(case, figures)| Some((case.name(), median(&figures.cpu)?)))
            .collect();
        let raw = |kind: &str| measured.raw.get(kind).and_then(|values| median(values));
        let on_postgres = matches!(self.kind, Kind::Postgres(_));
        for (case, figures) in &measured.cases {
            let plain = |plain: Case| cpu.get(&plain.name()).map(|cpu| cpu * 1.3);
            let target = match case {
                Case::PlainDiscovery | Case::PlainJwks => None,
                Case::Discovery => plain(Case::PlainDiscovery),
                Case::Jwks => plain(Case::PlainJwks),
                Case::ClientCredentials("EdDSA") => Some(45.0),
                Case::ClientCredentials("ES256") => Some(60.0),
                Case::ClientCredentials(kind) => raw(kind).map(|raw| raw * 1.15),
                Case::Introspection | Case::Userinfo => Some(30.0),
                Case::Refresh => Some(if on_postgres { 300.0 } else { 220.0 }),
                Case::CodeFlow => Some(450.0),
                Case::Login => raw("Argon2id").map(|raw| raw + 1_000.0),
                Case::TotpLogin => cpu.get(&Case::Login.name()).map(|cpu| cpu + 1_000.0),
                Case::PasskeyLogin => Some(2_500.0),
            };
            rows.push(Row::of(self.kind.name(), case.name(), figures).at_most(target));
        }
        rows.extend(self.besides_hashes(measured));
        for (kind, values) in &measured.raw {
            rows.push(Row {
                cpu_us: median(values),
                ..self.row(format!("raw {kind}"), None, "")
            });
        }
    }

    /// The same targets of sign-ins, free of the noise of a hash that takes twenty times as long as all the rest.
    fn besides_hashes(&self, measured: &Measured) -> Vec<Row> {
        let besides = |wanted: Case| {
            let found = measured.cases.iter().find(|(case, _)| *case == wanted);
            found.and_then(|(_, figures)| figures.besides_hash())
        };
        let password = besides(Case::Login);
        let over = besides(Case::TotpLogin)
            .zip(password)
            .map(|(totp, password)| totp - password);
        [
            ("password login besides the hash", password),
            ("TOTP login over password login", over),
        ]
        .into_iter()
        .filter(|(_, figure)| figure.is_some())
        .map(|(name, figure)| self.row(name, figure, "us").at_most(Some(1_000.0)))
        .collect()
    }

    fn parallel_row(&self, flows: &Parallel) -> Row {
        let mut row = self.row(
            format!("{BROWSERS} parallel flows of one person"),
            Some(flows.errors as f64),
            "errors",
        );
        row.per_second = Some(flows.flows as f64 / flows.elapsed.as_secs_f64());
        row.at_most(Some(0.0))
            .noted(flows.first_error.as_deref().unwrap_or_default())
    }

    fn verified(&self, lines: Outcome<Vec<Verified>>, measured: &Measured) -> Vec<Row> {
        let lines = match lines {
            Ok(lines) => lines,
            Err(failure) => {
                let row = self.row("verify", None, "").noted(failure.to_string());
                return vec![Row { errors: 1, ..row }];
            }
        };
        let row = |line: Verified| {
            let micros = 1e6 / line.per_second;
            let raw = measured
                .raw
                .get(format!("verify {}", line.algorithm).as_str());
            let raw = raw.and_then(|values| median(values));
            let ratio = raw.map(|raw| format!("{:.2} x the raw verification", micros / raw));
            let row = Row {
                per_second: Some(line.per_second),
                cpu_us: Some(micros),
                ..self.row(line.name, None, "")
            };
            row.noted(ratio.unwrap_or_default())
        };
        lines.into_iter().map(row).collect()
    }

    /// After the first start, at which keys are made and the audit records of 256 new people are sealed; once started again; after the load.
    fn memory(&self, [made, idle, loaded]: [Memory; 3], rows: &mut Vec<Row>) {
        if !self.options.wants("memory") {
            return;
        }
        let row = |case: &str, memory: Memory| {
            let note = format!(
                "PSS {:.1} MiB, anonymous {:.1} MiB",
                memory.pss as f64 / MIB,
                memory.anonymous as f64 / MIB
            );
            self.row(case, Some(memory.rss as f64 / MIB), "MiB")
                .noted(note)
        };
        rows.extend([
            row("memory after the first start (RSS)", made),
            row("idle memory (RSS)", idle).at_most(Some(25.0)),
            row("memory after the load (RSS)", loaded),
        ]);
    }

    async fn start_up(&self, rows: &mut Vec<Row>) -> Outcome<()> {
        let times = start_up::measure(self.start, self.kind, self.pace.starts).await?;
        rows.push(
            self.row("ready with existing data", median(&times.existing), "ms")
                .at_most(Some(80.0)),
        );
        rows.push(
            self.row("ready with an empty folder", median(&times.empty), "ms")
                .at_most(Some(500.0)),
        );
        Ok(())
    }
}

/// Its memory once it has made what it makes after the start, and has nothing to do.
async fn idle(provider: &Provider, target: &Target) -> Outcome<Memory> {
    start_up::all_keys(target).await?;
    rounds::settle(provider.pid(), Duration::from_secs(3)).await?;
    Memory::of(provider.pid())
}
