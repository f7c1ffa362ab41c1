//! Which of our locales fits a person's wishes best.

use fluent_langneg::{LanguageIdentifier, NegotiationStrategy, negotiate_languages};

use super::LocaleWishes;

/// Longer lists come from nobody who reads them.
const MAX_WISHES: usize = 20;

/// The best available locale, if any wish can be met.
pub(crate) fn negotiate<'a>(wishes: LocaleWishes<'_>, available: &[&'a str]) -> Option<&'a str> {
    let known: Vec<(LanguageIdentifier, &'a str)> = available
        .iter()
        .filter_map(|tag| Some((tag.parse().ok()?, *tag)))
        .collect();
    let tags: Vec<LanguageIdentifier> = known.iter().map(|(id, _)| id.clone()).collect();
    let best = negotiate_languages(&requested(wishes), &tags, None, NegotiationStrategy::Lookup)
        .into_iter()
        .next()?;
    known.iter().find(|(id, _)| id == best).map(|(_, tag)| *tag)
}

fn requested(wishes: LocaleWishes<'_>) -> Vec<LanguageIdentifier> {
    let spoken = wishes.ui_locales.unwrap_or_default().split_whitespace();
    let kept = wishes.cookie.into_iter();
    let header = by_quality(wishes.accept_language.unwrap_or_default());
    spoken
        .chain(kept)
        .chain(header)
        .take(MAX_WISHES)
        .filter_map(|tag| tag.parse().ok())
        .collect()
}

/// RFC 9110 §12.5.4: the higher quality first, equal ones in order, zero means "not this".
fn by_quality(header: &str) -> Vec<&str> {
    let mut wishes: Vec<(&str, f32)> = header
        .split(',')
        .take(MAX_WISHES)
        .filter_map(|item| {
            let mut parts = item.split(';');
            let tag = parts.next()?.trim();
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q=")?.parse().ok())
                .unwrap_or(1.0);
            (!tag.is_empty() && quality > 0.0).then_some((tag, quality))
        })
        .collect();
    wishes.sort_by(|a, b| b.1.total_cmp(&a.1));
    wishes.into_iter().map(|(tag, _)| tag).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    const OURS: [&str; 3] = ["ar", "de", "en"];

    fn header(accept_language: &str) -> Option<&'static str> {
        negotiate(
            LocaleWishes {
                accept_language: Some(accept_language),
                ..LocaleWishes::default()
            },
            &OURS,
        )
    }

    proptest! {
        /// Whatever a browser sends, the answer is a locale there is, or none.
        #[test]
        fn any_header_is_met_by_a_locale_there_is(text in "[a-zA-Z*;=,.0-9 _-]{0,200}|\\PC{0,80}") {
            let met = header(&text);
            prop_assert!(met.is_none_or(|tag| OURS.contains(&tag)));
            prop_assert_eq!(met, header(&text.to_ascii_uppercase().replace("Q=", "q=")), "tags have no case");
        }

        /// Of what there is, the one with the highest quality, the first of equals; none with quality zero, wherever strange tags stand.
        #[test]
        fn the_best_quality_wins(wishes in prop::collection::vec((0..4_usize, 0..=10_u32), 1..8)) {
            let tags = ["ar", "de", "en", "tlh"];
            let text: Vec<String> = wishes.iter()
                .map(|(tag, tenths)| format!("{};q={}.{}", tags[*tag], tenths / 10, tenths % 10)).collect();
            let mut ours: Vec<_> = wishes.iter().filter(|(tag, tenths)| *tag < 3 && *tenths > 0).collect();
            ours.sort_by_key(|(_, tenths)| std::cmp::Reverse(*tenths));
            prop_assert_eq!(header(&text.join(", ")), ours.first().map(|(tag, _)| tags[*tag]), "{:?}", text);
        }
    }

    #[test]
    fn regions_fall_back_to_the_language() {
        assert_eq!(header("de-AT"), Some("de"));
        assert_eq!(header("ar-EG, en;q=0.5"), Some("ar"));
    }

    #[test]
    fn quality_decides_and_zero_excludes() {
        assert_eq!(header("en;q=0.3, de;q=0.9"), Some("de"));
        assert_eq!(header("de;q=0, en"), Some("en"));
    }

    #[test]
    fn what_nobody_speaks_is_no_match() {
        assert_eq!(header("fr, *;q=0.1"), None);
        assert_eq!(header("\u{0}garbage;;;q=,,"), None);
    }

    #[test]
    fn ui_locales_beats_the_cookie_and_the_cookie_the_header() {
        let wishes = LocaleWishes {
            ui_locales: Some("fr ar"),
            cookie: Some("de"),
            accept_language: Some("en"),
        };
        assert_eq!(negotiate(wishes, &OURS), Some("ar"));
        assert_eq!(
            negotiate(
                LocaleWishes {
                    ui_locales: None,
                    ..wishes
                },
                &OURS
            ),
            Some("de")
        );
    }
}
