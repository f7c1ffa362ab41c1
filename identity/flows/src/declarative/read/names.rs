//! What was probably meant.

/// The sentence about a key that nobody knows.
pub(super) fn unknown<'k>(key: &str, known: impl Iterator<Item = &'k str>) -> String {
    match suggestion(key, known) {
        Some(meant) => format!("is unknown; did you mean `{meant}`?"),
        None => "is unknown".to_owned(),
    }
}

/// The known key most like `key`, if any is like it.
pub(super) fn suggestion<'k>(key: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    // No key is longer than this, and the comparison is quadratic.
    if key.len() > 64 {
        return None;
    }
    known
        .map(|known| (strsim::damerau_levenshtein(known, key), known))
        .min()
        .filter(|(distance, known)| *distance <= (known.len() / 3).clamp(1, 4))
        .map(|(_, known)| known)
}
