//! Names of time zones, as the IANA database has them (`zone.tab` and UTC). Only names: what o'clock it is there, others know.

const NAMES: &str = include_str!("time_zones.txt");

/// All names, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines()
}

/// The zone a person means: the name in any case, with blanks for underscores, or its city alone where only one zone has it.
pub fn find(typed: &str) -> Option<&'static str> {
    let typed = typed.trim().replace(' ', "_");
    let whole = names().find(|name| name.eq_ignore_ascii_case(&typed));
    whole.or_else(|| {
        let is_meant = |name: &&str| {
            let city = name.rsplit('/').next();
            city.is_some_and(|city| city.eq_ignore_ascii_case(&typed))
        };
        let mut found = names().filter(is_meant);
        found.next().filter(|_| found.next().is_none())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_zone_is_found_by_name_and_by_city() {
        for (typed, zone) in [
            ("Europe/Berlin", "Europe/Berlin"),
            (" europe/berlin ", "Europe/Berlin"),
            ("Berlin", "Europe/Berlin"),
            ("new york", "America/New_York"),
            ("utc", "UTC"),
        ] {
            assert_eq!(find(typed), Some(zone), "{typed}");
        }
        for typed in ["", "Atlantis", "Europe", "Europe/Berlin\n<b>"] {
            assert_eq!(find(typed), None, "{typed}");
        }
    }

    #[test]
    fn the_names_are_sorted_and_once() {
        let all: Vec<_> = names().collect();
        assert!(all.len() > 400);
        assert!(all.windows(2).all(|pair| pair.first() < pair.last()));
    }
}
