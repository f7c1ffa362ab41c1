//! Time zones: what o'clock it is where the reader is. The names are the domain's, the rules come with the library: a container has none.

use jiff::tz::TimeZone;
use time::{OffsetDateTime, UtcOffset};

const UTC: &str = "UTC";

/// Where the reader's clock hangs.
pub(crate) struct Zone(Option<TimeZone>);

/// An instant on a clock, and how that clock is called at that instant: summer time has its own name.
pub(crate) struct Local {
    pub(crate) at: OffsetDateTime,
    pub(crate) zone: String,
}

impl Zone {
    /// The zone of somebody who named one; UTC for everybody else, and for a name that is none.
    pub(crate) fn named(name: Option<&str>) -> Self {
        // The library reads "unknown" as a zone whose clock is UTC's, under a name nobody knows.
        let known = |zone: &TimeZone| !zone.is_unknown();
        Self(name.and_then(|name| TimeZone::get(name).ok()).filter(known))
    }

    /// The instant on this clock.
    pub(crate) fn local(&self, millis: i64) -> Local {
        self.0
            .as_ref()
            .and_then(|zone| there(zone, millis))
            .unwrap_or_else(|| Local {
                at: utc(millis),
                zone: UTC.to_owned(),
            })
    }
}

/// The instant on the clock of Greenwich.
pub(crate) fn utc(millis: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn there(zone: &TimeZone, millis: i64) -> Option<Local> {
    let instant = jiff::Timestamp::from_millisecond(millis).ok()?;
    let info = zone.to_offset_info(instant);
    let seconds = info.offset().seconds();
    let offset = UtcOffset::from_whole_seconds(seconds).ok()?;
    Some(Local {
        at: utc(millis).checked_to_offset(offset)?,
        zone: spoken(info.abbreviation(), seconds),
    })
}

/// "CET". Zones without a name of their own are abbreviated by digits, which say nothing beside a time: "UTC-3", "UTC+5:45".
fn spoken(abbreviation: &str, seconds: i32) -> String {
    if abbreviation.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return abbreviation.to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => UTC.to_owned(),
        (hours, 0) => format!("{UTC}{sign}{hours}"),
        (hours, minutes) => format!("{UTC}{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "tests")]
    use super::*;

    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;

    fn read(zone: &str, text: &str, later: i64) -> String {
        let start: jiff::Timestamp = text.parse().expect("an instant");
        let local = Zone::named(Some(zone)).local(start.as_millisecond() + later);
        let at = local.at;
        format!(
            "{} {:02}:{:02} {}",
            at.date(),
            at.hour(),
            at.minute(),
            local.zone
        )
    }

    #[test]
    fn summer_time_begins_and_ends_at_its_minute() {
        let berlin = |text, later| read("Europe/Berlin", text, later);
        let spring = "2026-03-29T01:00:00Z";
        assert_eq!(berlin(spring, -MINUTE), "2026-03-29 01:59 CET");
        assert_eq!(berlin(spring, -1), "2026-03-29 01:59 CET");
        assert_eq!(berlin(spring, 0), "2026-03-29 03:00 CEST");
        let autumn = "2026-10-25T01:00:00Z";
        assert_eq!(berlin(autumn, -HOUR), "2026-10-25 02:00 CEST");
        assert_eq!(berlin(autumn, -MINUTE), "2026-10-25 02:59 CEST");
        // The same o'clock for the second time, under another name.
        assert_eq!(berlin(autumn, 0), "2026-10-25 02:00 CET");
        // Beyond the years that are written down, by the rule.
        assert_eq!(berlin("2061-07-01T12:00:00Z", 0), "2061-07-01 14:00 CEST");
    }

    #[test]
    fn a_zone_is_off_by_half_an_hour_or_on_another_day() {
        let at = "2026-11-21T21:34:00Z";
        for (zone, local) in [
            ("Asia/Kolkata", "2026-11-22 03:04 IST"),
            ("Asia/Kathmandu", "2026-11-22 03:19 UTC+5:45"),
            ("America/Sao_Paulo", "2026-11-21 18:34 UTC-3"),
            ("America/New_York", "2026-11-21 16:34 EST"),
            ("Pacific/Kiritimati", "2026-11-22 11:34 UTC+14"),
            ("Pacific/Marquesas", "2026-11-21 12:04 UTC-9:30"),
            ("Antarctica/Troll", "2026-11-21 21:34 UTC"),
            ("UTC", "2026-11-21 21:34 UTC"),
        ] {
            assert_eq!(read(zone, at, 0), local, "{zone}");
        }
    }

    #[test]
    fn what_is_no_zone_is_utc() {
        for name in [
            "",
            "Atlantis",
            "Etc/Unknown",
            "Europe/Berlin\n<b>",
            "../x",
            "+02:00",
        ] {
            assert_eq!(
                read(name, "2026-11-21T21:34:00Z", 0),
                "2026-11-21 21:34 UTC",
                "{name:?}"
            );
        }
        assert_eq!(Zone::named(None).local(0).zone, "UTC");
        let berlin = Zone::named(Some("Europe/Berlin"));
        for beyond in [i64::MIN, i64::MAX] {
            assert_eq!(berlin.local(beyond).at, OffsetDateTime::UNIX_EPOCH);
        }
        // The last instant there is has no later o'clock.
        let last = 253_402_300_799_000;
        assert_eq!(berlin.local(last).zone, "UTC");
    }

    #[test]
    fn every_zone_that_can_be_chosen_has_a_clock() {
        for name in identity_domain::time_zone::names() {
            let zone = Zone::named(Some(name));
            assert!(zone.0.is_some(), "{name}");
            let spoken = zone.local(1_795_296_840_000).zone;
            assert!(
                spoken.chars().next().is_some_and(char::is_alphabetic),
                "{name}: {spoken}"
            );
        }
    }
}
