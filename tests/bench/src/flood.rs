//! What must hold while strangers do their worst (DOS-01, DOS-05): sign-ins by the thousand at once, and sign-ins that nobody ends, each from
//! an address of its own. The server has one core and the load the other, so that an attacker has as much of the machine as we.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, iter};

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::connection::{Answer, Connection};
use crate::cores::Cores;
use crate::database::Kind;
use crate::failure::{During as _, Outcome};
use crate::journey::{App, Cookies, encoded};
use crate::options::Options;
use crate::provider::{Provider, Start};
use crate::report::{Report, Row};
use crate::run::on_load_core;
use crate::seed::{self, APP, PASSWORD, basic};
use crate::{form, usage};

/// The most that anybody else waits, in milliseconds: the 99th of a hundred.
const PATIENCE: f64 = 500.0;
/// Most memory, in MiB.
const BUDGET: f64 = 2_048.0;
/// A person's pause between two tries, and that of whoever looks how long others wait.
const PAUSE: Duration = Duration::from_secs(1);
const LOOK: Duration = Duration::from_millis(25);
const STARTERS: usize = 64;

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    logins: usize,
    lasting: Duration,
    starts: usize,
}

impl Size {
    /// By the command line.
    pub const fn of(logins: usize, seconds: u64, starts: usize) -> Self {
        let lasting = Duration::from_secs(seconds);
        Self {
            logins,
            lasting,
            starts,
        }
    }
}

/// Measures and reports.
pub fn run(options: &Options, size: &Size) -> Outcome<()> {
    on_load_core(options, async |cores| measure(options, size, cores).await)
}

async fn measure(options: &Options, size: &Size, cores: Cores) -> Outcome<Report> {
    let start = Start::of(options, cores)?;
    let mut report = Report::default();
    report.setting.push(format!(
        "{} sign-ins at once for {} s, then {} that nobody ends, each from an address of its own",
        size.logins,
        size.lasting.as_secs(),
        size.starts
    ));
    for kind in Kind::all(options)? {
        let folder = tempfile::tempdir().during("a temporary folder")?;
        let database = kind.fresh().await?;
        let url = database.url_in(folder.path());
        let trusted = "trusted_proxies = [\"127.0.0.1/32\"]\n";
        let text = seed::text()?;
        let (provider, target) = start.production(&url, folder.path(), &text, trusted)?;
        let flood = Flood {
            database: kind.name(),
            size,
            provider: &provider,
            app: Arc::new(App::new(target)),
            folder: folder.path(),
        };
        let done = flood.run(&mut report.rows).await;
        drop(provider);
        database.drop_it().await?;
        done?;
    }
    Ok(report)
}

struct Flood<'a> {
    database: &'static str,
    size: &'a Size,
    provider: &'a Provider,
    app: Arc<App>,
    folder: &'a Path,
}

impl Flood<'_> {
    async fn run(&self, rows: &mut Vec<Row>) -> Outcome<()> {
        self.logins(rows).await?;
        self.starts(rows).await
    }

    async fn logins(&self, rows: &mut Vec<Row>) -> Outcome<()> {
        let tally = Arc::new(Tally::default());
        let until = Instant::now() + self.size.lasting;
        let mut storm = JoinSet::new();
        for number in 0..self.size.logins {
            let (app, tally) = (Arc::clone(&self.app), Arc::clone(&tally));
            storm.spawn(async move {
                while Instant::now() < until {
                    let said = try_to_sign_in(&app, &tally, number).await;
                    tally.count(said.unwrap_or("no answer".to_owned()));
                    sleep(PAUSE).await;
                }
            });
        }
        let waits = self.others_wait(until).await?;
        storm.join_all().await;
        rows.push(
            self.row("answers to sign-ins", None, "")
                .noted(tally.text()),
        );
        let bare = tally.without_retry_after.load(Ordering::Relaxed);
        let bare = f64::from(u32::try_from(bare).unwrap_or(u32::MAX));
        let bare = self.row("503 without Retry-After", Some(bare), "");
        rows.push(bare.at_most(Some(0.0)));
        for (name, mut millis) in waits {
            millis.sort_by(f64::total_cmp);
            let at = millis.len().saturating_sub(1) * 99 / 100;
            let note = format!("of {}", millis.len());
            let row = self.row(
                format!("{name}, p99 meanwhile"),
                millis.get(at).copied(),
                "ms",
            );
            rows.push(row.at_most(Some(PATIENCE)).noted(note));
        }
        rows.push(self.peak("most memory, sign-ins at once")?);
        Ok(())
    }

    /// How long others wait who have nothing to do with it, until an instant.
    async fn others_wait(&self, until: Instant) -> Outcome<BTreeMap<&'static str, Vec<f64>>> {
        let app = &self.app;
        let mut connection = Connection::open(&app.target).await?;
        let signed_in = app.sign_in(&mut connection, &seed::person(0)).await?;
        let mut tokens = app.redeem(&mut connection, &signed_in.code).await?;
        let token = tokens.access_token.clone();
        let asked = encoded([("token", token.as_str())]);
        let introspect = app.target.post("/oauth2/introspect", &basic(APP), &asked);
        let keys = app.target.get("/oauth2/jwks", "");
        let mut waits: BTreeMap<&'static str, Vec<f64>> = BTreeMap::new();
        while Instant::now() < until {
            for (name, request) in [("keys", &keys), ("introspection", &introspect)] {
                let began = Instant::now();
                connection.send(request).await?.expect(200, name)?;
                waits.entry(name).or_default().push(millis(began));
            }
            let began = Instant::now();
            tokens = app.refresh(&mut connection, &tokens.refresh_token).await?;
            waits.entry("refresh").or_default().push(millis(began));
            sleep(LOOK).await;
        }
        Ok(waits)
    }

    async fn starts(&self, rows: &mut Vec<Row>) -> Outcome<()> {
        if self.size.starts == 0 {
            return Ok(());
        }
        let before = self.on_disk()?;
        let (tally, left) = (Arc::new(Tally::default()), Arc::new(AtomicUsize::new(0)));
        let (began, mut starters) = (Instant::now(), JoinSet::new());
        for _ in 0..STARTERS {
            let (app, tally, left) = (Arc::clone(&self.app), Arc::clone(&tally), Arc::clone(&left));
            let starts = self.size.starts;
            starters.spawn(async move {
                let mut connection = Connection::open(&app.target).await?;
                loop {
                    let number = left.fetch_add(1, Ordering::Relaxed);
                    if number >= starts {
                        return Outcome::Ok(());
                    }
                    let request = app.target.get(&app.authorize, &from(number));
                    tally.count(connection.send(&request).await?.status.to_string());
                }
            });
        }
        for ended in starters.join_all().await {
            ended?;
        }
        let note = format!("{} in {} s", tally.text(), began.elapsed().as_secs());
        rows.push(self.row("answers to starts", None, "").noted(note));
        let grown = (self.on_disk()?.saturating_sub(before)) as f64 / f64::from(1 << 20);
        rows.push(self.row("grown on disk", Some(grown), "MiB"));
        rows.push(self.peak("most memory, starts")?);
        let mut connection = Connection::open(&self.app.target).await?;
        let keys = self.app.target.get("/oauth2/jwks", "");
        connection.send(&keys).await?.expect(200, "keys")?;
        Ok(())
    }

    /// Bytes of the files in the server's folder.
    fn on_disk(&self) -> Outcome<u64> {
        let mut folders = vec![self.folder.to_owned()];
        let mut bytes = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).during("the folder")?.flatten() {
                match entry.metadata() {
                    Ok(what) if what.is_dir() => folders.push(entry.path()),
                    Ok(what) => bytes += what.len(),
                    Err(_) => {}
                }
            }
        }
        Ok(bytes)
    }

    fn row(&self, case: impl Into<String>, figure: Option<f64>, unit: &'static str) -> Row {
        Row::single(self.database, case, figure, unit)
    }

    fn peak(&self, case: &'static str) -> Outcome<Row> {
        let peak = usage::peak(self.provider.pid())? as f64 / 1024.0;
        Ok(self.row(case, Some(peak), "MiB").at_most(Some(BUDGET)))
    }
}

/// What was answered, how often.
#[derive(Default)]
struct Tally {
    answers: Mutex<BTreeMap<String, u64>>,
    without_retry_after: AtomicUsize,
    tries: AtomicUsize,
}

impl Tally {
    fn count(&self, said: String) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry(said).or_default() += 1;
    }

    fn text(&self) -> String {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let each = answers
            .iter()
            .map(|(said, count)| format!("{said}: {count}"));
        each.collect::<Vec<_>>().join(", ")
    }

    /// The status in words, once it is no page to go on from.
    fn end(&self, answer: &Answer<'_>) -> String {
        if answer.status == 503 && answer.header("retry-after").next().is_none() {
            self.without_retry_after.fetch_add(1, Ordering::Relaxed);
        }
        answer.status.to_string()
    }
}

/// One person's try in a new browser: right, unknown, or with a password as long as it may be and longer. What it ended with.
async fn try_to_sign_in(app: &App, tally: &Tally, number: usize) -> Outcome<String> {
    let turn = tally.tries.fetch_add(1, Ordering::Relaxed);
    let from = from(turn);
    let mut connection = Connection::open(&app.target).await?;
    let mut cookies = Cookies::default();
    let lines = |cookies: &Cookies| format!("{from}{}", cookies.line());
    let request = app.target.get(&app.authorize, &lines(&cookies));
    let answer = connection.send(&request).await?;
    if answer.status != 303 {
        return Ok(tally.end(&answer));
    }
    cookies.take(answer.header("set-cookie"));
    let page = answer.location("authorize")?;
    let request = app.target.get(&page, &lines(&cookies));
    let answer = connection.send(&request).await?;
    if answer.status != 200 {
        return Ok(tally.end(&answer));
    }
    cookies.take(answer.header("set-cookie"));
    let form = form::find(&answer.text(), "password").during("no password field")?;
    let (name, password) = match number % 3 {
        0 => (seed::visitor(turn), PASSWORD.to_owned()),
        1 => (format!("nobody-{turn}@bench.test"), PASSWORD.to_owned()),
        _ => (
            seed::visitor(turn),
            iter::repeat_n('x', 128 + turn % 900).collect(),
        ),
    };
    let hidden = form.hidden.iter();
    let hidden = hidden.map(|(name, value)| (name.as_str(), value.as_str()));
    let body = encoded(hidden.chain([("identifier", name.as_str()), ("password", &password)]));
    let request = app.target.post(&form.action, &lines(&cookies), &body);
    let answer = connection.send(&request).await?;
    Ok(tally.end(&answer))
}

/// The line of a proxy that says where a request comes from: another network for each number.
fn from(number: usize) -> String {
    let [.., a, b, c] = u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
    format!("x-forwarded-for: 20.{a}.{b}.{c}\r\n")
}

fn millis(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}
