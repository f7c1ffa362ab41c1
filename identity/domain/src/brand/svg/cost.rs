//! How much a picture makes its reader draw: shapes filled with shapes filled with shapes are a bomb, however small the file.
//!
//! Counted and not forbidden: logos clip groups and fill shapes with patterns. Where a style sheet says what an element looks like, the
//! count is never too low, and now and then too high.

use std::collections::HashMap;

use super::style;

/// Shapes drawn, with each use of a shape counted. A file of the largest size that repeats nothing has far fewer.
const MOST: u64 = 10_000;
/// Elements within elements, references followed.
const DEEPEST: usize = 100;

const TOO_MUCH: &str = "draws too much: patterns, masks, clip paths and <use> within each other are counted as often as they are drawn; \
     draw the shapes themselves";

/// What one element is, as far as it counts.
#[derive(Default)]
struct Element<'a> {
    name: &'a str,
    parent: Option<usize>,
    children: Vec<usize>,
    classes: Vec<&'a str>,
    named: Vec<Reference<'a>>,
    /// Drawn by itself.
    weight: Known,
    /// Drawn by whatever this element or one around it is filled with: its shapes inherit that.
    paint: Known,
}

/// A name, and how often what it names is drawn.
#[derive(Clone, Copy)]
pub(super) struct Reference<'a> {
    pub(super) target: &'a str,
    pub(super) how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Once for the element: `clip-path`, `mask`.
    Once,
    /// For each shape in the element: `fill`, `stroke`, and whatever is not known better.
    Inherited,
    /// As a part of the element: `href`.
    Part,
}

#[derive(Clone, Copy, Default)]
enum Known {
    #[default]
    No,
    /// Who comes here again goes in a circle.
    Asked,
    Yes(u64),
}

/// The elements of a file and what they refer to.
#[derive(Default)]
pub(super) struct Drawing<'a> {
    elements: Vec<Element<'a>>,
    ids: HashMap<&'a str, Vec<usize>>,
    rules: Vec<style::Rule<'a>>,
}

impl<'a> Drawing<'a> {
    /// One more element, in the order of the file; its number.
    pub(super) fn element(&mut self, name: &'a str, parent: Option<usize>) -> usize {
        let number = self.elements.len();
        if let Some(parent) = parent.and_then(|parent| self.elements.get_mut(parent)) {
            parent.children.push(number);
        }
        self.elements.push(Element {
            name,
            parent,
            ..Element::default()
        });
        number
    }

    /// An attribute of the newest element.
    pub(super) fn attribute(&mut self, key: &str, value: &'a str) -> Result<(), String> {
        let newest = self.elements.len().saturating_sub(1);
        let Some(element) = self.elements.get_mut(newest) else {
            return Ok(());
        };
        match key.rsplit(':').next().unwrap_or(key) {
            "id" => self.ids.entry(value).or_default().push(newest),
            "class" => element.classes.extend(value.split_whitespace()),
            "href" => element.named.push(Reference {
                target: style::name(value.trim().trim_start_matches('#'))?,
                how: How::Part,
            }),
            "style" => element.named.extend(style::declarations(value)?),
            property => {
                let targets = style::targets(value)?;
                element
                    .named
                    .extend(targets.into_iter().map(|(_, target)| Reference {
                        target,
                        how: style::how(property),
                    }));
            }
        }
        Ok(())
    }

    /// The text of a `<style>`.
    pub(super) fn sheet(&mut self, text: &'a str) -> Result<(), String> {
        self.rules.extend(style::rules(text)?);
        Ok(())
    }

    /// Whether all of it is little enough to be drawn.
    pub(super) fn check(mut self) -> Result<(), String> {
        for element in &mut self.elements {
            let of_sheets = self
                .rules
                .iter()
                .filter(|rule| rule.class.is_none_or(|c| element.classes.contains(&c)));
            element.named.extend(of_sheets.map(|rule| rule.names));
        }
        if self.elements.is_empty() || self.weight(0, 0)? <= MOST {
            Ok(())
        } else {
            Err(TOO_MUCH.to_owned())
        }
    }

    fn weight(&mut self, number: usize, depth: usize) -> Result<u64, String> {
        let paint = self.paint(number, depth + 1)?;
        let Some(element) = self.elements.get_mut(number) else {
            return Ok(0);
        };
        if is_circle_or_too_deep(element.weight, depth) {
            return Err(TOO_MUCH.to_owned());
        }
        if let Known::Yes(weight) = element.weight {
            return Ok(weight);
        }
        element.weight = Known::Asked;
        let (children, named) = (element.children.clone(), element.named.clone());
        let mut weight = 1_u64.saturating_add(paint);
        for child in children {
            weight = weight.saturating_add(self.weight(child, depth + 1)?);
        }
        for reference in named {
            let times = match reference.how {
                How::Once => 1,
                How::Part => 1_u64.saturating_add(paint),
                How::Inherited => continue,
            };
            let target = self.target(reference.target, depth)?;
            weight = weight.saturating_add(target.saturating_mul(times));
        }
        if let Some(element) = self.elements.get_mut(number) {
            element.weight = Known::Yes(weight);
        }
        Ok(weight)
    }

    fn paint(&mut self, number: usize, depth: usize) -> Result<u64, String> {
        let Some(element) = self.elements.get_mut(number) else {
            return Ok(0);
        };
        if is_circle_or_too_deep(element.paint, depth) {
            return Err(TOO_MUCH.to_owned());
        }
        if let Known::Yes(paint) = element.paint {
            return Ok(paint);
        }
        element.paint = Known::Asked;
        let (parent, named) = (element.parent, element.named.clone());
        let mut paint = match parent {
            Some(parent) => self.paint(parent, depth + 1)?,
            None => 0,
        };
        for reference in named {
            if reference.how == How::Inherited {
                paint = paint.saturating_add(self.target(reference.target, depth)?);
            }
        }
        if let Some(element) = self.elements.get_mut(number) {
            element.paint = Known::Yes(paint);
        }
        Ok(paint)
    }

    /// What a name stands for. A gradient holds no shapes, whatever it takes its colours from.
    fn target(&mut self, name: &str, depth: usize) -> Result<u64, String> {
        let mut weight = 0_u64;
        for number in self.ids.get(name).cloned().unwrap_or_default() {
            let element = self.elements.get(number).map(|element| element.name);
            if !matches!(element, Some("linearGradient" | "radialGradient")) {
                weight = weight.saturating_add(self.weight(number, depth + 1)?);
            }
        }
        Ok(weight)
    }
}

fn is_circle_or_too_deep(known: Known, depth: usize) -> bool {
    depth > DEEPEST || matches!(known, Known::Asked)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::super::{NAMESPACE, check};

    fn svg(inner: &str) -> String {
        format!("<svg xmlns=\"{NAMESPACE}\" viewBox=\"0 0 32 32\">\n{inner}\n</svg>")
    }

    /// A sheet and the definition number N of the bomb, which refers to number M: what is inherited, a style, a sheet, what is used, a
    /// name written in another way.
    const WAYS: [(&str, &str); 13] = [
        ("", "<pattern id=\"dN\" fill=\"url(#dM)\">RECTS</pattern>"),
        (
            "",
            "<g fill=\"url(#dM)\"><pattern id=\"dN\">RECTS</pattern></g>",
        ),
        (
            "",
            "<pattern id=\"dN\" style=\"opacity:1;stroke: URL( '#dM' )\">RECTS</pattern>",
        ),
        (
            "",
            "<pattern id=\"dN\" style=\"--a:url(#dM\">RECTS</pattern>",
        ),
        (
            "",
            "<pattern id=\"dN\"><use href=\"#gN\"/></pattern><g id=\"gN\" fill=\"url(#dM)\">RECTS</g>",
        ),
        (
            "",
            "<g id=\"sN\">RECTS</g><pattern id=\"dN\"><use fill=\"url(#dM)\" xlink:href=\" #sN \"/></pattern>",
        ),
        (
            ".cN{fill:url(#dM)}",
            "<pattern id=\"dN\" class=\"x cN\">RECTS</pattern>",
        ),
        (
            ".cN,.y{a:b;mask-image:url(#dM)}",
            "<pattern id=\"dN\" class=\"cN\">RECTS</pattern>",
        ),
        ("#dN{fill:url(#dM)}", "<pattern id=\"dN\">RECTS</pattern>"),
        (
            ".cN{font-family:\"};.z{\";fill:url(#dM)}",
            "<pattern id=\"dN\" class=\"cN\">RECTS</pattern>",
        ),
        (
            ".cN{/*}.z{*/fill:url(#dM)}",
            "<pattern id=\"dN\" class=\"cN\">RECTS</pattern>",
        ),
        (
            ".z{.cN{a:(});fill:url(#dM)}}",
            "<pattern id=\"dN\" class=\"cN\">RECTS</pattern>",
        ),
        ("", "<pattern id=\"dN\" fill=\"url(#%64M)\">RECTS</pattern>"),
    ];

    /// Definitions that lead to each other, `levels` of them with `shapes` shapes each.
    fn levels(levels: usize, definition: impl Fn(usize) -> String) -> String {
        let all: String = (0..levels).map(definition).collect();
        svg(&format!("{all}<rect fill=\"url(#d{})\"/>", levels - 1))
    }

    #[test]
    fn dos_03_shapes_of_shapes_of_shapes_are_refused() {
        let filled = |level: usize| {
            let before = level.wrapping_sub(1);
            format!("<rect fill=\"url(#d{before})\"/>").repeat(20)
        };
        let bomb = levels(11, |level| {
            format!("<pattern id=\"d{level}\">{}</pattern>", filled(level))
        });
        assert!(bomb.len() < 11_000);
        let (_, problem) = check(&bomb).unwrap_err();
        assert!(problem.contains("draws too much"), "{problem}");
        let rects = "<rect/>".repeat(20);
        for (sheet, definition) in WAYS {
            let text = levels(11, |level| {
                let number = |text: &str| {
                    text.replace('N', &level.to_string())
                        .replace('M', &level.wrapping_sub(1).to_string())
                };
                let sheet = format!("<style>{}</style>", number(sheet));
                sheet + &number(definition).replace("RECTS", &rects)
            });
            assert!(check(&text).is_err(), "{sheet} {definition}");
        }
    }

    #[test]
    fn dos_03_circles_masks_and_depth_are_refused() {
        for (property, element) in [("mask", "mask"), ("clip-path", "clipPath")] {
            let text = levels(11, |level| {
                let before = level.wrapping_sub(1);
                let inner = format!("<rect {property}=\"url(#d{before})\"/>").repeat(20);
                format!("<{element} id=\"d{level}\">{inner}</{element}>")
            });
            assert!(check(&text).is_err(), "{element}");
        }
        for circle in [
            "<pattern id=\"a\"><rect fill=\"url(#a)\"/></pattern><rect fill=\"url(#a)\"/>",
            "<g id=\"a\"><use href=\"#a\"/></g>",
        ] {
            assert!(check(&svg(circle)).is_err(), "{circle}");
        }
        let deep = format!("{}{}", "<g>".repeat(3_000), "</g>".repeat(3_000));
        assert!(check(&svg(&deep)).is_err());
    }

    #[test]
    fn logos_that_clip_and_fill_are_taken() {
        let paths = "<path d=\"M0 0h8v8z\" class=\"cls-1\"/>".repeat(200);
        for inner in [
            // As a program for drawing writes it: clipped groups, a sheet of classes, gradients that take their colours from others.
            format!(
                "<defs><style>.cls-1{{fill:none;}}.cls-2{{clip-path:url(#clip-path);}}.cls-3{{fill:url(#b);font-family:'Foo Bold'}}</style>                 <clipPath id=\"clip-path\"><rect class=\"cls-1\" width=\"8\"/></clipPath>                 <linearGradient id=\"a\"><stop offset=\"0\"/></linearGradient><linearGradient id=\"b\" xlink:href=\"#a\"/></defs>                 <g class=\"cls-2\"><g class=\"cls-2\"><g class=\"cls-3\">{paths}</g></g></g>"
            ),
            format!(
                "<path id=\"path-1\" d=\"M0 0\"/><mask id=\"mask-2\"><use xlink:href=\"#path-1\"/></mask>                 <g mask=\"url(#mask-2)\" fill=\"url(#g)\"><use fill=\"#fff\" xlink:href=\"#path-1\"/>{paths}</g><radialGradient id=\"g\"/>"
            ),
            "<pattern id=\"p\"><rect fill=\"url(#g)\"/><rect/></pattern><linearGradient id=\"g\"/>             <g style=\"fill:url(#p)\"><path/><path/></g>"
                .to_owned(),
            "<style>text{font-family:'Foo';fill:url(#g)}</style><linearGradient id=\"g\"/><text>Acme</text>".to_owned(),
        ] {
            assert_eq!(check(&svg(&inner)), Ok(()), "{inner}");
        }
    }
}
