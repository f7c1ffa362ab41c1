//! One event as one line: a flat JSON object, or text for people. Both hold no control characters of somebody else's.

use std::cell::Cell;
use std::fmt::{self, Write as _};

use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::output::Output;
use super::request::InRequest;

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Json,
    Plain,
    Coloured,
}

/// Words events and hands them to the output.
pub(super) struct Lines {
    output: Output,
    style: Style,
}

thread_local! {
    /// The memory of the last line, for the next.
    static LINE: Cell<String> = const { Cell::new(String::new()) };
}

impl Lines {
    pub fn new(output: Output, style: Style) -> Self {
        Self { output, style }
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let mut line = LINE.try_with(Cell::take).unwrap_or_default();
        line.clear();
        write_line(&mut line, self.style, event, now());
        let urgent = *event.metadata().level() <= Level::WARN;
        self.output.take(line.as_bytes(), urgent);
        let _ = LINE.try_with(|kept| kept.set(line));
    }
}

fn now() -> OffsetDateTime {
    #[expect(
        clippy::disallowed_methods,
        reason = "when a line was written; no rule reads it"
    )]
    OffsetDateTime::now_utc()
}

fn write_line(line: &mut String, style: Style, event: &Event<'_>, at: OffsetDateTime) {
    let metadata = event.metadata();
    let mut fields = Fields {
        line,
        style,
        has_target: false,
    };
    fields.begin(*metadata.level(), at);
    let from_log = metadata.target() == "log";
    if from_log {
        event.record(&mut Origin(&mut fields));
    }
    if !fields.has_target {
        fields.target(metadata.target());
    }
    event.record(&mut fields);
    InRequest::with(|request| {
        let mut id = uuid::Uuid::encode_buffer();
        fields.text("request_id", request.id.encoded(&mut id));
        fields.text("method", request.method);
        fields.text("route", request.route());
    });
    line.push_str(if style == Style::Json { "}\n" } else { "\n" });
}

/// Appends the parts of one line.
struct Fields<'a> {
    line: &'a mut String,
    style: Style,
    has_target: bool,
}

impl Fields<'_> {
    fn begin(&mut self, level: Level, at: OffsetDateTime) {
        let line = &mut *self.line;
        if self.style == Style::Json {
            line.push_str("{\"timestamp\":\"");
        }
        instant(line, at);
        let colour = match level {
            Level::ERROR => "31",
            Level::WARN => "33",
            Level::INFO => "32",
            Level::DEBUG => "34",
            Level::TRACE => "35",
        };
        // Writing to a string cannot fail.
        let _ = match self.style {
            Style::Json => {
                line.push_str("\",\"level\":\"");
                line.push_str(level.as_str());
                line.push('"');
                Ok(())
            }
            Style::Plain => write!(line, " {level:>5}"),
            Style::Coloured => write!(line, " \u{1b}[{colour}m{level:>5}\u{1b}[0m"),
        };
    }

    fn target(&mut self, target: &str) {
        self.has_target = true;
        if self.style == Style::Json {
            self.text("target", target);
        } else {
            let _ = write!(self.line, " {target}:");
        }
    }

    /// What stands before a value. A message has no name for people.
    fn name(&mut self, name: &str) {
        if self.style == Style::Json {
            self.line.push_str(",\"");
            escape(self.line, name);
            self.line.push_str("\":");
        } else {
            self.line.push(' ');
            if name != "message" {
                self.line.push_str(name);
                self.line.push('=');
            }
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        if self.style == Style::Json {
            self.line.push('"');
            escape(self.line, value);
            self.line.push('"');
        } else {
            escape(self.line, value);
        }
    }

    fn quoted(&mut self, value: fmt::Arguments<'_>) {
        let quote = if self.style == Style::Json { "\"" } else { "" };
        self.line.push_str(quote);
        let _ = Escaped(self.line).write_fmt(value);
        self.line.push_str(quote);
    }

    fn bare(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        if is_foreign(field) {
            return;
        }
        self.name(field.name());
        let _ = self.line.write_fmt(value);
    }
}

/// Appends an instant as RFC 3339 has it, to the microsecond. By hand: it stands in every line, and formatting takes longer than
/// all the rest of one.
fn instant(line: &mut String, at: OffsetDateTime) {
    let year = u32::try_from(at.year()).unwrap_or_default();
    let parts = [
        (year, 4, '-'),
        (u32::from(u8::from(at.month())), 2, '-'),
        (u32::from(at.day()), 2, 'T'),
        (u32::from(at.hour()), 2, ':'),
        (u32::from(at.minute()), 2, ':'),
        (u32::from(at.second()), 2, '.'),
        (at.microsecond(), 6, 'Z'),
    ];
    for (number, digits, end) in parts {
        for place in (0..digits).rev() {
            let digit = number / 10_u32.pow(place) % 10;
            line.push(char::from_digit(digit, 10).unwrap_or('0'));
        }
        line.push(end);
    }
}

/// Fields by which records of the `log` crate tell where they come from; [`Origin`] has read them.
fn is_foreign(field: &Field) -> bool {
    field.name().starts_with("log.")
}

impl Visit for Fields<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.bare(field, format_args!("{value}"));
        } else {
            self.text(field.name(), &value.to_string());
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.bare(field, format_args!("{value}"));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.bare(field, format_args!("{value}"));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.bare(field, format_args!("{value}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if !is_foreign(field) {
            self.text(field.name(), value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if !is_foreign(field) {
            self.name(field.name());
            self.quoted(format_args!("{value:?}"));
        }
    }
}

/// Finds the target that a record of the `log` crate names.
struct Origin<'a, 'b>(&'a mut Fields<'b>);

impl Visit for Origin<'_, '_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "log.target" {
            self.0.target(value);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// Escapes whatever is written through it.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(self.0, text);
        Ok(())
    }
}

/// Appends `text` so that it can end neither a JSON string nor a line, nor talk to a terminal (RFC 8259 §7).
fn escape(line: &mut String, text: &str) {
    let harmless = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\' && byte < 0x7f;
    if text.bytes().all(harmless) {
        return line.push_str(text);
    }
    for character in text.chars() {
        match character {
            '"' => line.push_str("\\\""),
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            control if control.is_control() => {
                let _ = write!(line, "\\u{:04x}", u32::from(control));
            }
            other => line.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::adapters::clock::SystemClock;
    use crate::adapters::entropy::SystemEntropy;
    use crate::middleware::RequestId;
    use crate::telemetry::Route;
    use identity_domain::ports::Clock as _;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);
    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(style: Style, act: impl FnOnce()) -> String {
        let written = Written::default();
        let output = Output::start(written.clone()).unwrap();
        let lines = Lines::new(output.clone(), style);
        let subscriber = tracing_subscriber::registry().with(lines);
        tracing::subscriber::with_default(subscriber, act);
        output.flush();
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn log_01_a_line_is_one_flat_object_whatever_the_values_are() {
        let hostile = "a\"b\\c\nd\u{1b}[31m\u{85}é";
        let text = logged(Style::Json, || {
            tracing::info!(
                target: "identity::access", status = 200_u16, took = 1.5, ok = true, hostile, shown = ?hostile, left = -1, "answered"
            );
        });
        assert_eq!(text.lines().count(), 1);
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["hostile"], hostile);
        assert_eq!(line["shown"], format!("{hostile:?}"));
        let mut line = line;
        for field in ["timestamp", "hostile", "shown"] {
            assert!(line.as_object_mut().unwrap().remove(field).is_some());
        }
        let wanted = json!({"level": "INFO", "target": "identity::access", "message": "answered", "status": 200, "took": 1.5, "ok": true, "left": -1});
        assert_eq!(line, wanted);
    }

    #[test]
    fn an_instant_is_written_as_rfc_3339_has_it() {
        let mut line = String::new();
        let at = time::macros::datetime!(2026-03-04 05:06:07.000_089 UTC);
        instant(&mut line, at);
        assert_eq!(line, "2026-03-04T05:06:07.000089Z");
    }

    #[test]
    fn log_02_a_line_names_its_request() {
        let id = RequestId::new(SystemClock.now(), &SystemEntropy);
        let text = logged(Style::Json, || {
            let request = InRequest {
                id,
                method: "GET",
                route: Route::Unmatched,
            };
            let runtime = tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap();
            runtime.block_on(request.run(async { tracing::warn!("within") }));
            tracing::warn!("outside");
        });
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["request_id"], id.to_string());
        assert_eq!(lines[0]["method"], "GET");
        assert_eq!(lines[0]["route"], "unmatched");
        assert_eq!(lines[1].get("request_id"), None);
    }

    #[test]
    fn lines_for_people_hold_no_control_characters() {
        let text = logged(Style::Plain, || {
            tracing::error!(name = "x\u{1b}[2J\r\nERROR forged", "it broke");
        });
        assert_eq!(text.lines().count(), 1);
        assert!(!text.trim_end().contains(char::is_control), "{text}");
        assert!(
            text.contains("ERROR identity_server::telemetry::line::tests: it broke name=x\\u001b"),
            "{text}"
        );
    }
}
