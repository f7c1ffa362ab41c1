//! Statements are written once with `?`; PostgreSQL wants `$1`, `$2`, ….

/// Appends `sql` to `out` with its placeholders numbered from `next` on; returns the next free number. `?` counts up,
/// `?N` is the statement's N-th argument, so that one argument can be used twice.
pub(crate) fn renumber(out: &mut String, sql: &str, next: usize) -> usize {
    let first = next;
    let mut next = next;
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('?') {
        out.push_str(before);
        out.push('$');
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = after.split_at(digits);
        let place = match number.parse::<usize>() {
            Ok(nth) => first + nth - 1,
            Err(_) => next,
        };
        next = next.max(place + 1);
        out.push_str(&place.to_string());
        rest = tail;
    }
    out.push_str(rest);
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through_a_unit() {
        let mut out = String::new();
        let next = renumber(&mut out, "UPDATE t SET a = ?, b = ? WHERE id = ?; ", 1);
        assert_eq!(
            renumber(
                &mut out,
                "DELETE FROM t WHERE a = ?1 OR b = ?1 AND c = ?2",
                next
            ),
            6
        );
        assert_eq!(
            out,
            "UPDATE t SET a = $1, b = $2 WHERE id = $3; DELETE FROM t WHERE a = $4 OR b = $4 AND c = $5"
        );
    }
}
