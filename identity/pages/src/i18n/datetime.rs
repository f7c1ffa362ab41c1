//! Instants in words. The patterns and month names are messages; the time zone is always named.

use time::OffsetDateTime;

use super::messages::{Arg, Markup, MessageError, Messages, escape};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn utc(millis: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

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
    markup: Markup,
) -> Result<String, MessageError> {
    let at = utc(millis);
    let month = messages.format(&month_key(at), &[], Markup::Text)?;
    let args = [
        ("day".to_owned(), Arg::Text(at.day().to_string())),
        ("month".to_owned(), Arg::Text(month)),
        ("year".to_owned(), Arg::Text(at.year().to_string())),
    ];
    whole(messages, "date", &args, markup)
}

/// "21 November 2026, 21:34 UTC".
pub(crate) fn datetime(
    messages: &Messages,
    millis: i64,
    markup: Markup,
) -> Result<String, MessageError> {
    let at = utc(millis);
    let args = [
        (
            "date".to_owned(),
            Arg::Text(date(messages, millis, Markup::Text)?),
        ),
        (
            "time".to_owned(),
            Arg::Text(format!("{:02}:{:02}", at.hour(), at.minute())),
        ),
        ("zone".to_owned(), Arg::Text("UTC".to_owned())),
    ];
    whole(messages, "datetime", &args, markup)
}

/// "4 minutes ago"; a date when it was more than a month ago.
pub(crate) fn ago(
    messages: &Messages,
    millis: i64,
    now: i64,
    markup: Markup,
) -> Result<String, MessageError> {
    let span = now.saturating_sub(millis).max(0);
    let count = |unit: i64| [("count".to_owned(), Arg::Number(span / unit))];
    match span {
        ..MINUTE => messages.format("ago-now", &[], markup),
        MINUTE..HOUR => messages.format("ago-minutes", &count(MINUTE), markup),
        HOUR..DAY => messages.format("ago-hours", &count(HOUR), markup),
        DAY.. if span < 30 * DAY => messages.format("ago-days", &count(DAY), markup),
        _ => date(messages, millis, markup),
    }
}

/// RFC 3339 for the `datetime` attribute.
pub(crate) fn iso(millis: i64) -> String {
    utc(millis)
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap_or_default()
}
