//! Rules every rendered page and mail has to keep (T-03).

use std::collections::BTreeSet;

use super::html::{Tag, tags};
use crate::mail::RenderedMail;

/// Autofill field names of the HTML standard that belong on our pages; anything else is a mistake.
const AUTOFILL: [&str; 19] = [
    "on",
    "off",
    "name",
    "given-name",
    "family-name",
    "nickname",
    "username",
    "email",
    "tel",
    "organization",
    "organization-title",
    "street-address",
    "country",
    "postal-code",
    "current-password",
    "new-password",
    "one-time-code",
    "language",
    "url",
];

/// What is wrong with a page.
pub(super) fn page(html: &str) -> Vec<String> {
    let tags = tags(html);
    let mut found = Vec::new();
    document(&tags, &mut found);
    no_inline_code(&tags, &mut found);
    forms(&tags, &mut found);
    references(&tags, &mut found);
    for tag in &tags {
        autofill(tag, &mut found);
        addresses(tag, &mut found);
    }
    found
}

/// What is wrong with a mail.
pub(super) fn mail(mail: &RenderedMail) -> Vec<String> {
    let mut found = Vec::new();
    if mail.subject.is_empty() || mail.subject.chars().any(char::is_control) {
        found.push("the subject is empty or has control characters".to_owned());
    }
    for text in [&mail.subject, &mail.text] {
        if text.contains(['\u{2068}', '\u{2069}']) || text.contains("&amp;") || text.contains("&#")
        {
            found.push("plain text has markup or isolation marks".to_owned());
        }
    }
    if mail.text.contains("\n\n\n") {
        found.push("the text has gaps of more than one empty line".to_owned());
    }
    let tags = tags(&mail.html);
    if count(&tags, "h1") != 1 {
        found.push("a mail has exactly one h1".to_owned());
    }
    if !tags
        .iter()
        .any(|tag| tag.name == "html" && tag.get("lang").is_some() && tag.get("dir").is_some())
    {
        found.push("html needs lang and dir".to_owned());
    }
    if tags.iter().any(|tag| {
        matches!(
            tag.name.as_str(),
            "script" | "img" | "link" | "iframe" | "form"
        )
    }) {
        found.push("a mail has no scripts, pictures, links to style sheets or forms".to_owned());
    }
    found
}

fn count(tags: &[Tag], name: &str) -> usize {
    tags.iter()
        .filter(|tag| tag.name == name && !tag.end)
        .count()
}

fn document(tags: &[Tag], found: &mut Vec<String>) {
    if count(tags, "h1") != 1 {
        found.push(format!("{} h1 elements instead of one", count(tags, "h1")));
    }
    if count(tags, "main") != 1 {
        found.push("a page has exactly one main".to_owned());
    }
    let html = tags.iter().find(|tag| tag.name == "html");
    if !html.is_some_and(|tag| {
        tag.get("lang").is_some() && matches!(tag.get("dir"), Some("ltr" | "rtl"))
    }) {
        found.push("html needs lang and dir".to_owned());
    }
    let title = tags
        .iter()
        .find(|tag| tag.name == "title" && !tag.end)
        .map_or("", |tag| tag.text.trim());
    if title.is_empty() || title.starts_with('–') {
        found.push("the title is empty".to_owned());
    }
}

/// T-09: the content security policy would block it.
fn no_inline_code(tags: &[Tag], found: &mut Vec<String>) {
    for tag in tags.iter().filter(|tag| !tag.end) {
        if tag.name == "style" {
            found.push("a style element".to_owned());
        }
        if tag.name == "script" && (tag.get("src").is_none() || !tag.text.trim().is_empty()) {
            found.push("an inline script".to_owned());
        }
        for (name, _) in tag.attributes() {
            if name == "style" || name.starts_with("on") {
                found.push(format!("the attribute {name} on {}", tag.name));
            }
        }
        if tag.name == "img" && tag.get("alt").is_none() {
            found.push("a picture without alt".to_owned());
        }
    }
}

fn forms(tags: &[Tag], found: &mut Vec<String>) {
    let mut open: Option<(&Tag, bool, bool)> = None;
    for tag in tags {
        match (tag.name.as_str(), tag.end) {
            ("form", false) => {
                if open.is_some() {
                    found.push("a form inside a form".to_owned());
                }
                open = Some((tag, false, false));
            }
            ("form", true) => {
                if let Some((form, csrf, submit)) = open.take() {
                    judge_form(form, csrf, submit, found);
                }
            }
            ("input", false) if tag.get("name") == Some("csrf") => {
                open = open.map(|(form, _, submit)| {
                    (
                        form,
                        tag.get("value").is_some_and(|v| !v.is_empty()),
                        submit,
                    )
                });
            }
            ("button", false) => {
                if tag.get("type").is_none() {
                    found.push("a button without type".to_owned());
                }
                open = open.map(|(form, csrf, submit)| {
                    (form, csrf, submit || tag.get("type") == Some("submit"))
                });
            }
            _ => {}
        }
    }
}

fn judge_form(form: &Tag, csrf: bool, submit: bool, found: &mut Vec<String>) {
    let action = form.get("action").unwrap_or_default();
    let post = form
        .get("method")
        .is_some_and(|method| method.eq_ignore_ascii_case("post"));
    if !post {
        found.push("a form that is no POST".to_owned());
    }
    if action.is_empty() || action == "#" {
        found.push("a form without action".to_owned());
    }
    // A form for another origin must not carry our token.
    let foreign = form.get("data-foreign").is_some();
    if csrf == foreign {
        found.push(format!(
            "the form to {action} {} the field csrf",
            if foreign { "gives away" } else { "lacks" }
        ));
    }
    if !submit {
        found.push(format!("the form to {action} has no submit button"));
    }
}

/// Ids are unique, and everything that names an id finds it; every visible input has a label.
fn references(tags: &[Tag], found: &mut Vec<String>) {
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        if !ids.insert(id) {
            found.push(format!("the id {id} twice"));
        }
    }
    for tag in tags {
        let described = tag
            .get("aria-describedby")
            .unwrap_or_default()
            .split_whitespace();
        let named = [
            "for",
            "data-reveal",
            "data-capslock",
            "data-copy",
            "data-note",
        ]
        .into_iter()
        .filter_map(|a| tag.get(a));
        let fragment = tag.get("href").and_then(|href| href.strip_prefix('#'));
        for id in described.chain(named).chain(fragment) {
            if !ids.contains(id) {
                found.push(format!(
                    "{} points to the id {id}, which does not exist",
                    tag.name
                ));
            }
        }
    }
    let labelled: BTreeSet<&str> = tags
        .iter()
        .filter(|tag| tag.name == "label")
        .filter_map(|tag| tag.get("for"))
        .collect();
    for input in tags.iter().filter(|tag| tag.name == "input") {
        let kind = input.get("type").unwrap_or("text");
        // A button's name is what stands on it.
        let says_itself =
            kind == "submit" && input.get("value").is_some_and(|word| !word.is_empty());
        let needs_label = !matches!(kind, "hidden" | "checkbox")
            && !says_itself
            && input.get("aria-hidden").is_none();
        if needs_label && !input.get("id").is_some_and(|id| labelled.contains(id)) {
            found.push(format!(
                "the input {} has no label",
                input.get("name").unwrap_or("?")
            ));
        }
    }
}

fn autofill(tag: &Tag, found: &mut Vec<String>) {
    let Some(value) = tag.get("autocomplete") else {
        if tag.name == "input"
            && matches!(
                tag.get("type"),
                Some("text" | "email" | "password" | "tel") | None
            )
        {
            found.push(format!(
                "the input {} has no autocomplete",
                tag.get("name").unwrap_or("?")
            ));
        }
        return;
    };
    let mut tokens: Vec<&str> = value.split_whitespace().collect();
    // `webauthn` may only stand last.
    if tokens.last() == Some(&"webauthn") {
        tokens.pop();
    }
    if tokens.is_empty() || tokens.iter().any(|token| !AUTOFILL.contains(token)) {
        found.push(format!("autocomplete=\"{value}\" is not in the HTML list"));
    }
}

fn addresses(tag: &Tag, found: &mut Vec<String>) {
    for address in ["href", "src", "action", "formaction"]
        .into_iter()
        .filter_map(|name| tag.get(name))
    {
        let scheme = address
            .split(':')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if address.contains(':') && matches!(scheme.as_str(), "javascript" | "data" | "vbscript") {
            found.push(format!("the address {address}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(body: &str) -> String {
        format!(
            "<html lang=en dir=ltr><head><title>T</title></head><body><main><h1>x</h1>{body}</main></body></html>"
        )
    }

    #[test]
    fn a_plain_page_is_fine() {
        assert_eq!(page(&doc("")), Vec::<String>::new());
    }

    #[test]
    fn each_rule_finds_its_breach() {
        for (body, part) in [
            ("<h1>y</h1>", "2 h1"),
            ("<p style=\"x\"></p>", "attribute style"),
            ("<script>alert(1)</script>", "inline script"),
            (
                "<form method=post action=\"/x\"><button type=submit>y</button></form>",
                "lacks the field csrf",
            ),
            ("<a href=\"javascript:x\">y</a>", "javascript"),
            (
                "<input name=a type=text autocomplete=password>",
                "not in the HTML list",
            ),
            (
                "<input name=a id=a type=text autocomplete=\"webauthn username\">",
                "not in the HTML list",
            ),
            ("<input type=submit name=a value=\"\">", "has no label"),
            ("<p id=a></p><p id=a></p>", "twice"),
            ("<button>z</button>", "without type"),
            ("<img src=\"/x.png\">", "without alt"),
            ("<p aria-describedby=\"nothing\"></p>", "does not exist"),
        ] {
            let found = page(&doc(body)).join("; ");
            assert!(found.contains(part), "{body}: {found}");
        }
    }
}
