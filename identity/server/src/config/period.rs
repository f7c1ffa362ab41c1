//! Spans of time as people write them: `10m`, `1h30m`, `30d`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A span of time in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period(u64);

const UNITS: [(&str, u64); 5] = [
    ("w", 604_800),
    ("d", 86_400),
    ("h", 3_600),
    ("m", 60),
    ("s", 1),
];

impl Period {
    /// From seconds.
    pub const fn seconds(n: u64) -> Self {
        Self(n)
    }

    /// From minutes.
    pub const fn minutes(n: u64) -> Self {
        Self(n * 60)
    }

    /// From hours.
    pub const fn hours(n: u64) -> Self {
        Self(n * 3_600)
    }

    /// From days of 24 hours.
    pub const fn days(n: u64) -> Self {
        Self(n * 86_400)
    }

    /// For timers.
    pub const fn as_std(self) -> Duration {
        Duration::from_secs(self.0)
    }

    /// For rules of the domain.
    pub fn as_domain(self) -> identity_domain::Duration {
        identity_domain::Duration::seconds(i64::try_from(self.0).unwrap_or(i64::MAX))
    }

    /// Whether it switches something off.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no span of time; write it like 30s, 10m, 1h30m or 30d");
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(wrong());
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
            let (number, tail) = rest.split_at_checked(digits).ok_or_else(wrong)?;
            let number: u64 = number.parse().map_err(|_| wrong())?;
            let (unit, seconds) = UNITS
                .iter()
                .find(|(unit, _)| tail.starts_with(unit))
                .ok_or_else(wrong)?;
            total = number
                .checked_mul(*seconds)
                .and_then(|part| total.checked_add(part))
                .ok_or_else(wrong)?;
            rest = tail.get(unit.len()..).unwrap_or_default();
        }
        // A hundred years: more is a slip, and sums with it must not overflow anywhere.
        if total > 100 * 366 * 86_400 {
            Err(wrong())
        } else {
            Ok(Self(total))
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        // Weeks are read but never written: "30d" is what people compare with.
        let mut rest = self.0;
        for (unit, seconds) in UNITS.iter().skip(1) {
            if rest >= *seconds {
                write!(f, "{}{unit}", rest / seconds)?;
                rest %= seconds;
            }
        }
        Ok(())
    }
}

text_setting!(Period, { "type": "string", "format": "period", "pattern": "^([0-9]+[wdhms])+$" });

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use super::*;

    #[test]
    fn spans_read_as_people_write_them() {
        for (text, seconds, again) in [
            ("10m", 600, "10m"),
            ("1h30m", 5_400, "1h30m"),
            ("30d", 2_592_000, "30d"),
            ("2w", 1_209_600, "14d"),
            ("90s", 90, "1m30s"),
            ("0s", 0, "0s"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period, Period::seconds(seconds));
            assert_eq!(period.to_string(), again);
        }
        for text in [
            "",
            "10",
            "m",
            "10 m",
            "-1h",
            "1.5h",
            "1y",
            "99999999999999999999s",
            "9999999d",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
