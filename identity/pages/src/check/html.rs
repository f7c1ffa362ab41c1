//! A scanner for the tags of our own output: enough for lints, no parser.

/// One start or end tag.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) end: bool,
    attributes: Vec<(String, String)>,
    /// What stands between this tag and the next.
    pub(super) text: String,
}

impl Tag {
    /// The value of an attribute; empty for one without a value.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// All tags in order. Comments and the doctype are left out.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        if after.starts_with('!') {
            rest = after.split_once('>').map_or("", |(_, tail)| tail);
            continue;
        }
        let (inner, tail) = split_tag(after);
        let text = tail.split('<').next().unwrap_or_default();
        tags.push(read_tag(inner, text));
        rest = tail;
    }
    tags
}

/// Cuts at the `>` that ends the tag and not at one inside quotes.
fn split_tag(after: &str) -> (&str, &str) {
    let mut quote = None;
    for (index, c) in after.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '>') => {
                return (
                    after.get(..index).unwrap_or(""),
                    after.get(index + 1..).unwrap_or(""),
                );
            }
            _ => {}
        }
    }
    (after, "")
}

fn read_tag(inner: &str, text: &str) -> Tag {
    let end = inner.starts_with('/');
    let inner = inner.trim_start_matches('/').trim_end_matches('/');
    let name_end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at(name_end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let name_end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (attribute, tail) = rest.split_at(name_end.max(1).min(rest.len()));
        let (value, tail) = read_value(tail.trim_start());
        attributes.push((attribute.to_ascii_lowercase(), value.to_owned()));
        rest = tail;
    }
    Tag {
        name: name.to_ascii_lowercase(),
        end,
        attributes,
        text: text.to_owned(),
    }
}

fn read_value(tail: &str) -> (&str, &str) {
    let Some(value) = tail.strip_prefix('=') else {
        return ("", tail);
    };
    let value = value.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    value.split_at(value.find(char::is_whitespace).unwrap_or(value.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn attributes_are_read_with_their_quotes() {
        let tags =
            tags("<!doctype html><input name=\"a>b\" required value='x y' data-n=3><p>hi</p>");
        assert_eq!(tags.len(), 3);
        assert_eq!(tags[0].get("name"), Some("a>b"));
        assert_eq!(tags[0].get("required"), Some(""));
        assert_eq!(tags[0].get("value"), Some("x y"));
        assert_eq!(tags[0].get("data-n"), Some("3"));
        assert_eq!(
            (tags[1].name.as_str(), tags[1].text.as_str(), tags[2].end),
            ("p", "hi", true)
        );
    }
}
