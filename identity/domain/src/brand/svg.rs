//! Whether an SVG only draws (T-13): nothing that runs, nothing that is fetched, nothing that hides what it says.
//!
//! A list of what may be there, not of what may not. The picture is shown by `<img>` and sent with a policy that forbids scripts, so
//! this is the first of three walls. Files are refused and not repaired: whoever made one gets to know what it holds.

mod cost;
mod style;

use cost::Drawing;

/// Elements that draw, and those they need.
const ELEMENTS: [&str; 24] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "title",
    "desc",
    "style",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "metadata",
];
/// A few shapes used often are a logo.
const MAX_USES: usize = 16;
const NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// The five names every XML has. Any other reference could hide a word from the checks.
const ENTITIES: [&str; 5] = ["amp;", "lt;", "gt;", "quot;", "apos;"];

/// The line, and what is there.
type Refused = (usize, String);

/// Checks a whole file.
pub(super) fn check(text: &str) -> Result<(), Refused> {
    let mut scan = Scan {
        text,
        at: 0,
        open: Vec::new(),
        uses: 0,
        seen_root: false,
        drawing: Drawing::default(),
    };
    scan.run().map_err(|problem| (scan.line(), problem))?;
    let lines = scan.line();
    scan.drawing.check().map_err(|problem| (lines, problem))
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// What is open, with its number in the drawing.
    open: Vec<(&'a str, usize)>,
    uses: usize,
    seen_root: bool,
    drawing: Drawing<'a>,
}

impl<'a> Scan<'a> {
    fn line(&self) -> usize {
        let before = self.text.get(..self.at).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Everything up to `end`, which is passed over.
    fn until(&mut self, end: &str) -> Result<&'a str, String> {
        let rest = self.rest();
        let length = rest.find(end).ok_or("is not well-formed")?;
        self.at += length + end.len();
        Ok(rest.get(..length).unwrap_or_default())
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn is_in_style(&self) -> bool {
        self.open.last().is_some_and(|(name, _)| *name == "style")
    }

    fn run(&mut self) -> Result<(), String> {
        while let Some(next) = self.rest().find('<') {
            let between = self.rest().get(..next).unwrap_or_default();
            if self.is_in_style() {
                check_style(between)?;
                self.drawing.sheet(between)?;
            }
            check_references(between)?;
            self.at += next + 1;
            let rest = self.rest();
            if self.is_in_style() && !rest.starts_with('/') {
                // Readers join the pieces around it: a word could be cut in two.
                return Err("has markup or a comment within <style>; take it out".to_owned());
            }
            if rest.starts_with("!--") {
                self.until("-->")?;
            } else if rest.starts_with("?xml ") && !self.seen_root {
                self.until("?>")?;
            } else if rest.starts_with(['!', '?']) {
                return Err(
                    "has an instruction such as <!DOCTYPE, <![CDATA[ or <?xml-stylesheet; take it out"
                        .to_owned(),
                );
            } else if rest.starts_with('/') {
                self.close()?;
            } else {
                self.element()?;
            }
        }
        if self.seen_root && self.open.is_empty() && self.rest().trim().is_empty() {
            Ok(())
        } else {
            Err("is not well-formed".to_owned())
        }
    }

    fn close(&mut self) -> Result<(), String> {
        self.at += 1;
        let name = self.until(">")?.trim_end();
        if self.open.pop().is_some_and(|(open, _)| open == name) {
            Ok(())
        } else {
            Err("is not well-formed".to_owned())
        }
    }

    fn name(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=' | '<' | '"' | '\''))
            .unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn element(&mut self) -> Result<(), String> {
        let name = self.name();
        if !ELEMENTS.contains(&name) {
            let shown: String = name.chars().take(40).collect();
            return Err(format!(
                "has <{shown}>, and a picture may only draw: take it out, or save the file as a plain SVG"
            ));
        }
        if self.open.is_empty() && (name != "svg" || self.seen_root) {
            return Err("is not one <svg>".to_owned());
        }
        self.uses += usize::from(name == "use");
        if self.uses > MAX_USES {
            return Err(format!("has more than {MAX_USES} times <use>"));
        }
        let parent = self.open.last().map(|(_, number)| *number);
        let number = self.drawing.element(name, parent);
        let mut draws = self.seen_root;
        loop {
            self.skip_space();
            if self.rest().starts_with("/>") {
                self.at += 2;
                break;
            }
            if self.rest().starts_with('>') {
                self.at += 1;
                self.open.push((name, number));
                break;
            }
            let (key, value) = self.attribute()?;
            draws |= key == "xmlns" && value == NAMESPACE;
            check_attribute(key, value)?;
            self.drawing.attribute(key, value)?;
        }
        if !draws {
            return Err(format!(
                "lacks xmlns=\"{NAMESPACE}\", without which browsers show nothing"
            ));
        }
        self.seen_root = true;
        Ok(())
    }

    fn attribute(&mut self) -> Result<(&'a str, &'a str), String> {
        let key = self.name();
        self.skip_space();
        if key.is_empty() || !self.rest().starts_with('=') {
            return Err("is not well-formed".to_owned());
        }
        self.at += 1;
        self.skip_space();
        let quote = match self.rest().chars().next() {
            Some('"') => "\"",
            Some('\'') => "'",
            _ => return Err("is not well-formed".to_owned()),
        };
        self.at += 1;
        let value = self.until(quote)?;
        Ok((key, value))
    }
}

fn check_attribute(key: &str, value: &str) -> Result<(), String> {
    let shown: String = key.chars().take(40).collect();
    let local = key.rsplit(':').next().unwrap_or(key).to_ascii_lowercase();
    check_references(value)?;
    if local.starts_with("on") {
        return Err(format!("has {shown}=…, which runs a script; take it out"));
    }
    if value.contains('<') {
        return Err("is not well-formed".to_owned());
    }
    if key == "xmlns" && value != NAMESPACE {
        return Err(format!(
            "has another xmlns than \"{NAMESPACE}\"; take it out"
        ));
    }
    if key == "xmlns" || key.starts_with("xmlns:") {
        return Ok(());
    }
    if matches!(local.as_str(), "href" | "src" | "base") && !value.trim_start().starts_with('#') {
        return Err(format!(
            "has {shown}=… that leads out of the file; only \"#name\" may stand there"
        ));
    }
    if local == "stroke-dasharray" {
        return check_dashes(value);
    }
    check_style(value)
}

/// A line of any length may be cut into dashes of any size: a file of some lines keeps a browser busy for minutes.
fn check_dashes(value: &str) -> Result<(), String> {
    match value.trim().to_ascii_lowercase().as_str() {
        "none" | "0" | "inherit" => Ok(()),
        _ => Err("has stroke-dasharray, which may cut a line into any number of dashes; draw the dashes themselves".to_owned()),
    }
}

/// Styles, and values of attributes, which are styles in the end.
fn check_style(text: &str) -> Result<(), String> {
    let lower = text.to_ascii_lowercase();
    if lower.contains('\\') {
        return Err("has a \\ in a style, which could hide a word".to_owned());
    }
    if lower
        .split('@')
        .skip(1)
        .any(|rule| !rule.starts_with("media"))
    {
        return Err("has a style that loads more; only @media may stand there".to_owned());
    }
    for after in lower.split("stroke-dasharray").skip(1) {
        let value = after.trim_start().strip_prefix(':').unwrap_or_default();
        check_dashes(value.split([';', '}']).next().unwrap_or_default())?;
    }
    let outward = lower.split("url(").skip(1).any(|target| {
        !target
            .trim_start_matches([' ', '"', '\'', '\t', '\n', '\r'])
            .starts_with('#')
    });
    if outward
        || ["javascript:", "data:", "//", "expression(", "image-set("]
            .iter()
            .any(|word| lower.contains(word))
    {
        return Err("names another file or address; only url(#name) may stand there".to_owned());
    }
    Ok(())
}

fn check_references(text: &str) -> Result<(), String> {
    let hides = text
        .split('&')
        .skip(1)
        .any(|after| !ENTITIES.iter().any(|name| after.starts_with(name)));
    if hides {
        Err("has a reference such as &#106; or &name;; write the character itself".to_owned())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn svg(inner: &str) -> String {
        format!("<svg xmlns=\"{NAMESPACE}\" viewBox=\"0 0 32 32\">\n{inner}\n</svg>")
    }

    #[test]
    fn what_programs_for_drawing_write_is_taken() {
        for inner in [
            "<path d=\"M0 0h8v8z\" fill=\"#1f5fd6\"/>",
            "<title>A &amp; B</title><g transform=\"scale(2)\"><circle cx='4' cy='4' r='2'/></g>",
            "<defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"red\"/></linearGradient></defs><rect fill=\"url(#a)\"/>",
            "<style>.a{fill:#fff}@media (prefers-color-scheme: dark){.a{fill:#000}}</style><path class=\"a\" d=\"M0 0\"/>",
            "<symbol id=\"s\"><path d=\"M0 0\"/></symbol><use href=\"#s\"/><use xlink:href=\"#s\"/>",
            "<path style=\"stroke:#000;stroke-dasharray:none;fill:none\" stroke-dasharray=\"none\" d=\"M0 0\"/>",
            "<!-- made by hand --><text x=\"1\">Acme</text>",
            "",
        ] {
            assert_eq!(check(&svg(inner)), Ok(()), "{inner}");
        }
        let with_prolog = format!("<?xml version=\"1.0\"?>\n<!-- x -->\n{}\n", svg(""));
        assert_eq!(check(&with_prolog), Ok(()));
        let empty = format!("<svg xmlns=\"{NAMESPACE}\"/>");
        assert_eq!(check(&empty), Ok(()));
    }

    #[test]
    fn what_runs_or_is_fetched_or_hides_is_refused() {
        for inner in [
            "<style>.a{fill:u<!-- -->rl(https:/<!-- -->/evil.test/x)}</style>",
            "<style>.a{fill:<g/>red}</style>",
            "<g xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "<path d=\"M0 0L9e5 9e5\" stroke-dasharray=\"2 2\"/>",
            "<path style=\"stroke:#000; stroke-dasharray : 1,2;fill:none\"/>",
            "<style>.a{stroke-dasharray:1 2}</style>",
            "<script>alert(1)</script>",
            "<SCRIPT>alert(1)</SCRIPT>",
            "<svg:script>alert(1)</svg:script>",
            "<script xlink:href=\"https://evil.test/x.js\"/>",
            "<rect onload=\"alert(1)\"/>",
            "<rect ONCLICK='alert(1)'/>",
            "<rect ev:onload=\"alert(1)\"/>",
            "<rect/onload=\"alert(1)\"/>",
            "<foreignObject><body/></foreignObject>",
            "<image href=\"https://evil.test/x.png\"/>",
            "<use href=\"https://evil.test/x.svg#a\"/>",
            "<use xlink:href=\" data:image/svg+xml;base64,AA\"/>",
            "<a href=\"javascript:alert(1)\"><path/></a>",
            "<animate attributeName=\"href\" to=\"javascript:alert(1)\"/>",
            "<set attributeName=\"onload\" to=\"alert(1)\"/>",
            "<style>@import url(https://evil.test/x.css);</style>",
            "<style>@import 'x.css';</style>",
            "<style>.a{fill:url(https://evil.test/#x)}</style>",
            "<style>.a{fill:u\\72l(//evil.test)}</style>",
            "<style><![CDATA[.a{}]]></style>",
            "<rect style=\"fill:url( 'https://evil.test')\"/>",
            "<rect fill=\"url(//evil.test/#x)\"/>",
            "<rect fill=\"&#117;rl(x)\"/>",
            "<text>&evil;</text>",
            "<rect a=b/>",
            "<rect a/>",
            "<g>",
            "</g>",
            "<rect a=\"<script>\"/>",
            "</svg><script>alert(1)</script><svg>",
            "</svg><svg>",
            "<?xml-stylesheet href=\"https://evil.test/x.css\"?>",
            "<iframe/>",
            "<handler/>",
            "<",
        ] {
            assert!(check(&svg(inner)).is_err(), "{inner}");
        }
        let doctype = format!("<!DOCTYPE svg [<!ENTITY x \"y\">]>{}", svg(""));
        assert!(check(&doctype).is_err());
        assert!(check(&svg(&"<use href=\"#a\"/>".repeat(17))).is_err());
        assert!(
            check("<svg><path/></svg>").is_err(),
            "browsers show nothing"
        );
        assert!(check("<html><svg/></html>").is_err());
        assert!(check("").is_err());
    }

    #[test]
    fn the_line_is_told() {
        let (line, problem) = check(&svg("<rect/>\n<script>x</script>")).unwrap_err();
        assert_eq!(line, 3);
        assert!(problem.contains("<script>"), "{problem}");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_check(text in "[<>/&'\"=a-zé@\\\\!? \n-]{0,80}") {
            let _ = check(&text);
            let _ = check(&svg(&text));
        }
    }
}
