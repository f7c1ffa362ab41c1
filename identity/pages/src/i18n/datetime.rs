//! Instants in words. The patterns and month names are messages; the time zone is always named.

use time::OffsetDateTime;

use super::messages::{Arg, Markup, MessageError, Messages, escape};
use super::zone::{Local, Zone, utc};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A message whose parts belong together. Parts that are isolated one by one leave nothing that says in which direction the whole runs
/// once a sentence isolates it, too (UAX #9, rule P2): an Arabic date would be torn apart.
fn whole(
    messages: &Messages,
    key: &str,
    args: &[(String, Arg)],
    markup: Markup,
) -> Result<String, MessageError> {
    let text = messages.format(key, args, Markup::Text)?;
    Ok(match markup {
        Markup::Html => escape(&text).into_owned(),
        Markup::Text => text,
    })
}

fn month_key(at: OffsetDateTime) -> String {
    format!("month-{}", u8::from(at.month()))
}

/// "21 November 2026".
pub(crate) fn date(
    messages: &Messages,
    millis: i64,
    zone: &Zone,
    markup: Markup,
) -> Result<String, MessageError> {
    day(messages, zone.local(millis).at, markup)
}

fn day(messages: &Messages, at: OffsetDateTime, markup: Markup) -> Result<String, MessageError> {
    let month = messages.format(&month_key(at), &[], Markup::Text)?;
    let args = [
        ("day".to_owned(), Arg::Text(at.day().to_string())),
        ("month".to_owned(), Arg::Text(month)),
        ("year".to_owned(), Arg::Text(at.year().to_string())),
    ];
    whole(messages, "date", &args, markup)
}

/// "21 November 2026, 21:34 UTC", or on the reader's clock: "21 November 2026, 22:34 CET".
pub(crate) fn datetime(
    messages: &Messages,
    millis: i64,
    zone: &Zone,
    markup: Markup,
) -> Result<String, MessageError> {
    let Local { at, zone } = zone.local(millis);
    let args = [
        (
            "date".to_owned(),
            Arg::Text(day(messages, at, Markup::Text)?),
        ),
        (
            "time".to_owned(),
            Arg::Text(format!("{:02}:{:02}", at.hour(), at.minute())),
        ),
        ("zone".to_owned(), Arg::Text(zone)),
    ];
    whole(messages, "datetime", &args, markup)
}

/// "4 minutes ago"; a date when it was more than a month ago.
pub(crate) fn ago(
    messages: &Messages,
    (millis, now): (i64, i64),
    zone: &Zone,
    markup: Markup,
) -> Result<String, MessageError> {
    let span = now.saturating_sub(millis).max(0);
    let count = |unit: i64| [("count".to_owned(), Arg::Number(span / unit))];
    match span {
        ..MINUTE => messages.format("ago-now", &[], markup),
        MINUTE..HOUR => messages.format("ago-minutes", &count(MINUTE), markup),
        HOUR..DAY => messages.format("ago-hours", &count(HOUR), markup),
        DAY.. if span < 30 * DAY => messages.format("ago-days", &count(DAY), markup),
        _ => date(messages, millis, zone, markup),
    }
}

/// RFC 3339 for the `datetime` attribute.
pub(crate) fn iso(millis: i64) -> String {
    utc(millis)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}

/// "2026-11-21" on the reader's clock, for files.
pub(crate) fn iso_day(millis: i64, zone: &Zone) -> String {
    zone.local(millis).at.date().to_string()
}
