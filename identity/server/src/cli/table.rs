//! Columns of text for people.

/// Rows under a head, each column as wide as its longest cell.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_uppercase()).collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in std::iter::once(&head).chain(rows) {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let padded = cells.map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    std::iter::once(&head)
        .chain(rows)
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// A cell for something that may be absent.
pub(super) fn cell(value: Option<&str>) -> String {
    value.unwrap_or("-").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_lines_have_no_blanks_at_their_end() {
        let rows = [
            vec!["chat".to_owned(), cell(None)],
            vec!["a-long-one".to_owned(), "x".to_owned()],
        ];
        assert_eq!(
            table(&["client", "by"], &rows),
            "CLIENT      BY\nchat        -\na-long-one  x"
        );
    }
}
