//! The table for people and the same as JSON.

use std::io::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::failure::{During as _, Outcome};
use crate::options::Options;
use crate::rounds::{Figures, median};

/// One line.
#[derive(Debug, Default, Serialize)]
pub struct Row {
    /// `sqlite`, `postgres`, or empty for yardsticks of both.
    pub database: &'static str,
    /// What was measured.
    pub case: String,
    /// Operations per second.
    pub per_second: Option<f64>,
    /// Median latency, microseconds.
    pub p50_us: Option<f64>,
    /// 99th percentile, microseconds.
    pub p99_us: Option<f64>,
    /// CPU microseconds per operation, with the work that follows it.
    pub cpu_us: Option<f64>,
    /// The same while the load lasted.
    pub cpu_us_under_load: Option<f64>,
    /// CPU microseconds of the load per operation: near `1e6 / per_second` it is the load that was the limit.
    pub load_cpu_us: Option<f64>,
    /// Another figure than these.
    pub figure: Option<f64>,
    /// Its unit.
    pub unit: &'static str,
    /// The most that is allowed, of `figure` or else of `cpu_us`.
    pub target: Option<f64>,
    /// Whether it was kept.
    pub met: Option<bool>,
    /// Failed operations.
    pub errors: usize,
    /// What else there is to say.
    pub note: String,
}

impl Row {
    /// A line of a case over HTTP.
    pub fn of(database: &'static str, case: String, figures: &Figures) -> Self {
        Self {
            database,
            case,
            per_second: median(&figures.rate),
            p50_us: median(&figures.p50),
            p99_us: median(&figures.p99),
            cpu_us: median(&figures.cpu),
            cpu_us_under_load: median(&figures.cpu_loaded),
            load_cpu_us: median(&figures.load_cpu),
            errors: figures.errors,
            note: figures.first_error.clone().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// A line with one figure.
    pub fn single(
        database: &'static str,
        case: impl Into<String>,
        figure: Option<f64>,
        unit: &'static str,
    ) -> Self {
        Self {
            database,
            case: case.into(),
            figure,
            unit,
            ..Self::default()
        }
    }

    /// Sets the most that is allowed.
    pub fn at_most(mut self, target: Option<f64>) -> Self {
        self.target = target;
        self.met = target.map(|target| {
            self.errors == 0
                && self
                    .figure
                    .or(self.cpu_us)
                    .is_some_and(|figure| figure <= target)
        });
        self
    }

    /// Adds a remark.
    pub fn noted(mut self, note: impl AsRef<str>) -> Self {
        if !self.note.is_empty() {
            self.note.push_str("; ");
        }
        self.note.push_str(note.as_ref());
        self
    }

    fn line(&self) -> String {
        let number = |value: Option<f64>| value.map_or_else(String::new, readable);
        let figure = self.figure.map_or_else(String::new, |figure| {
            format!("{} {}", readable(figure), self.unit)
        });
        let mark = match self.met {
            Some(true) => "ok",
            Some(false) => "MISSED",
            None => "",
        };
        let errors = if self.errors > 0 {
            format!("{} errors: ", self.errors)
        } else {
            String::new()
        };
        format!(
            "{:<9}{:<32}{:>10}{:>10}{:>10}{:>10}  {:<14}{:>8}  {:<7}{errors}{}",
            self.database,
            self.case,
            number(self.per_second),
            number(self.p50_us),
            number(self.p99_us),
            number(self.cpu_us),
            figure,
            number(self.target),
            mark,
            self.note
        )
    }
}

fn readable(value: f64) -> String {
    match value {
        value if value >= 1000.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

/// Everything that was found out.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// How it was measured.
    pub setting: Vec<String>,
    /// The lines.
    pub rows: Vec<Row>,
}

impl Report {
    /// Writes it as JSON where that was asked for, and prints it.
    pub fn deliver(&self, options: &Options) -> Outcome<()> {
        if let Some(path) = &options.json {
            self.write(path)?;
        }
        self.print()
    }

    /// Prints the table.
    fn print(&self) -> Outcome<()> {
        let mut out = std::io::stdout().lock();
        let title = format!(
            "{:<9}{:<32}{:>10}{:>10}{:>10}{:>10}  {:<14}{:>8}",
            "database", "case", "per second", "p50 us", "p99 us", "CPU us", "figure", "at most"
        );
        let setting = self.setting.iter().map(|line| format!("# {line}"));
        let missed = self
            .rows
            .iter()
            .filter(|row| row.met == Some(false))
            .count();
        let aimed = self.rows.iter().filter(|row| row.met.is_some()).count();
        let end = format!("{} of {aimed} targets met, {missed} missed", aimed - missed);
        let lines = setting
            .chain([title])
            .chain(self.rows.iter().map(Row::line))
            .chain([end]);
        for line in lines {
            writeln!(out, "{}", line.trim_end()).during("printing")?;
        }
        Ok(())
    }

    /// Writes the JSON.
    fn write(&self, path: &Path) -> Outcome<()> {
        let text = serde_json::to_vec_pretty(self).during("the report")?;
        std::fs::write(path, text).during("writing the report")
    }
}
