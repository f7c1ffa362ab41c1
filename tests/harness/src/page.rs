//! What a browser shows: a status, headers and a document with forms and links.

use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::security_headers::Policy;

/// One answer to a browser.
#[derive(Clone, Debug)]
pub struct Page {
    /// The address that answered.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The document.
    pub body: String,
}

impl Page {
    /// A header, or `""`.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Where a redirect leads, resolved against this page.
    pub fn location(&self) -> Option<Url> {
        let target = self
            .headers
            .get("location")?
            .to_str()
            .expect("a readable Location");
        Some(
            self.url
                .join(target)
                .expect("a Location that is an address"),
        )
    }

    /// The redirect's target; fails when this is none.
    pub fn redirect(&self) -> Url {
        self.location()
            .filter(|_| (300..400).contains(&self.status))
            .unwrap_or_else(|| panic!("no redirect: {}", self.summary()))
    }

    /// A parameter of the redirect's query or fragment.
    pub fn redirect_param(&self, name: &str) -> Option<String> {
        parameter(&self.redirect(), name)
    }

    /// The page's Content-Security-Policy.
    pub fn policy(&self) -> Policy {
        Policy::parse(self.header("content-security-policy"))
    }

    /// The referrer policy in force: a `<meta name=referrer>` replaces the header's.
    pub fn referrer_policy(&self) -> String {
        let meta = self.select("meta[name=referrer]").pop();
        meta.map_or_else(
            || self.header("referrer-policy").to_owned(),
            |meta| meta.attr("content").to_owned(),
        )
    }

    /// The text of `<title>`.
    pub fn title(&self) -> String {
        self.select("title")
            .first()
            .map(|element| element.text.clone())
            .unwrap_or_default()
    }

    /// The visible text of the body, white space collapsed.
    pub fn text(&self) -> String {
        let document = Html::parse_document(&self.body);
        let hidden = ["script", "style", "template", "title"];
        let visible = document.root_element().descendants().filter_map(|node| {
            let text = node.value().as_text()?;
            let inside_hidden = node.ancestors().any(|up| {
                up.value()
                    .as_element()
                    .is_some_and(|e| hidden.contains(&e.name()))
            });
            (!inside_hidden).then_some(&**text)
        });
        collapse(&visible.collect::<Vec<_>>().join(" "))
    }

    /// The elements that a CSS selector matches, in document order.
    pub fn select(&self, css: &str) -> Vec<Element> {
        let selector = Selector::parse(css).expect("a CSS selector");
        Html::parse_document(&self.body)
            .select(&selector)
            .map(Element::read)
            .collect()
    }

    /// Whether anything matches.
    pub fn has(&self, css: &str) -> bool {
        !self.select(css).is_empty()
    }

    /// All forms.
    pub fn forms(&self) -> Vec<Form> {
        let selector = Selector::parse("form").expect("a CSS selector");
        Html::parse_document(&self.body)
            .select(&selector)
            .map(|form| Form::read(form, self))
            .collect()
    }

    /// The form that has a field or button of this name; fails when there is none.
    pub fn form(&self, field: &str) -> Form {
        self.find_form(field)
            .unwrap_or_else(|| panic!("no form with {field:?}: {}", self.summary()))
    }

    /// The form that has a field or button of this name.
    pub fn find_form(&self, field: &str) -> Option<Form> {
        self.forms().into_iter().find(|form| form.has(field))
    }

    /// The address of the first link whose text or address contains `part`.
    pub fn link(&self, part: &str) -> Url {
        let links = self.select("a[href]");
        let link = links
            .iter()
            .find(|link| link.text.contains(part) || link.attr("href").contains(part));
        let link = link.unwrap_or_else(|| panic!("no link {part:?}: {}", self.summary()));
        self.url.join(link.attr("href")).expect("an address")
    }

    /// Fails unless the status is this one.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.summary());
        self
    }

    /// Status, address and text in one line, for messages.
    pub fn summary(&self) -> String {
        let text: String = self.text().chars().take(300).collect();
        format!(
            "{} {} -> {:?} {text:?}",
            self.status,
            self.url,
            self.location().map(String::from)
        )
    }
}

/// A parameter of an address's query, or else of its fragment.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    let fragment = url.fragment().unwrap_or_default();
    let in_query = url
        .query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned());
    in_query.or_else(|| {
        url::form_urlencoded::parse(fragment.as_bytes())
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    })
}

/// One element: attributes and text.
#[derive(Clone, Debug)]
pub struct Element {
    /// Attributes.
    pub attributes: Vec<(String, String)>,
    /// The text inside, white space collapsed.
    pub text: String,
}

impl Element {
    fn read(element: ElementRef<'_>) -> Self {
        let attributes = element
            .value()
            .attrs()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            attributes,
            text: collapse(&element.text().collect::<Vec<_>>().join(" ")),
        }
    }

    /// An attribute, or `""`.
    pub fn attr(&self, name: &str) -> &str {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .unwrap_or_default()
    }
}

/// A form as a person would fill it in.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes.
    pub action: Url,
    /// `get` or `post`.
    pub method: String,
    /// What would be sent, in document order, without the pressed button.
    pub fields: Vec<(String, String)>,
    /// Boxes and radio buttons that are not ticked.
    unticked: Vec<(String, String)>,
    /// Submit buttons with a name.
    buttons: Vec<(String, String)>,
    /// The button that will be pressed.
    pressed: Option<(String, String)>,
    /// Where the form stood, and what that page allows.
    pub(crate) source: Source,
}

/// The page a request starts from, as far as a browser's rules ask for it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) url: Url,
    pub(crate) policy: Policy,
    pub(crate) referrer_policy: String,
}

impl Form {
    fn read(form: ElementRef<'_>, page: &Page) -> Self {
        let value = form.value();
        let mut read = Self {
            action: page
                .url
                .join(value.attr("action").unwrap_or_default())
                .expect("a form action"),
            method: value.attr("method").unwrap_or("get").to_ascii_lowercase(),
            fields: Vec::new(),
            unticked: Vec::new(),
            buttons: Vec::new(),
            pressed: None,
            source: Source {
                url: page.url.clone(),
                policy: page.policy(),
                referrer_policy: page.referrer_policy(),
            },
        };
        let controls = Selector::parse("input, textarea, select, button").expect("a CSS selector");
        form.select(&controls)
            .for_each(|control| read.take(control));
        // A browser presses the form's first submit button when Enter is hit.
        read.pressed = read
            .buttons
            .first()
            .cloned()
            .filter(|(name, _)| !name.is_empty());
        read
    }

    fn take(&mut self, control: ElementRef<'_>) {
        let element = control.value();
        if element.attr("disabled").is_some() {
            return;
        }
        let name = element.attr("name").unwrap_or_default().to_owned();
        let value = element.attr("value").unwrap_or_default().to_owned();
        match (element.name(), element.attr("type").unwrap_or_default()) {
            ("button", "submit" | "") | ("input", "submit") => self.buttons.push((name, value)),
            _ if name.is_empty() => {}
            ("input", "checkbox" | "radio") => {
                let pair = (name, element.attr("value").unwrap_or("on").to_owned());
                if element.attr("checked").is_some() {
                    self.fields.push(pair);
                } else {
                    self.unticked.push(pair);
                }
            }
            ("input", _) => self.fields.push((name, value)),
            ("textarea", _) => self.fields.push((name, control.text().collect())),
            ("select", _) => {
                let chosen = |css: &str| {
                    control
                        .select(&Selector::parse(css).expect("a CSS selector"))
                        .next()
                };
                let option = chosen("option[selected]").or_else(|| chosen("option"));
                self.fields.push((
                    name,
                    option
                        .and_then(|o| o.value().attr("value").map(str::to_owned))
                        .unwrap_or_default(),
                ));
            }
            _ => {}
        }
    }

    /// Whether it has a field, box or button of this name.
    pub fn has(&self, name: &str) -> bool {
        [&self.fields, &self.unticked, &self.buttons]
            .iter()
            .any(|list| list.iter().any(|(known, _)| known == name))
    }

    /// A field's present value.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Fills in a field, which must exist.
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(known, _)| known == name);
        value.clone_into(&mut field.unwrap_or_else(|| panic!("no field {name:?}")).1);
        self
    }

    /// Ticks a box.
    pub fn tick(mut self, name: &str) -> Self {
        let at = self
            .unticked
            .iter()
            .position(|(known, _)| known == name)
            .unwrap_or_else(|| panic!("no box {name:?}"));
        let pair = self.unticked.remove(at);
        self.fields.push(pair);
        self
    }

    /// Chooses the button to press, by name and value.
    pub fn press(mut self, name: &str, value: &str) -> Self {
        let button = (name.to_owned(), value.to_owned());
        assert!(
            self.buttons.contains(&button),
            "no button {name}={value} in {:?}",
            self.buttons
        );
        self.pressed = Some(button);
        self
    }

    /// What an attacker would do: sets a field whether or not the form has it.
    pub fn forge(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What an attacker would do: leaves a field out.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.pressed = self.pressed.filter(|(known, _)| known != name);
        self
    }

    /// All that will be sent.
    pub fn data(&self) -> Vec<(String, String)> {
        self.fields
            .iter()
            .cloned()
            .chain(self.pressed.clone())
            .collect()
    }
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let body = r#"<html><head><title>Sign in – X</title></head><body><script>no()</script><h1>Sign  in</h1>
            <form method="post" action="next"><input type="hidden" name="csrf" value="t">
            <input name="identifier" value=""><input type="password" name="password"><input type="checkbox" name="remember">
            <select name="lang"><option value="de">D</option><option value="en" selected>E</option></select>
            <button type="button" name="show">Show</button><button type="submit" name="decision" value="allow">Yes</button>
            <button type="submit" name="decision" value="deny">No</button></form><a href="/recover">Forgot?</a></body></html>"#;
        Page {
            url: Url::parse("http://127.0.0.1:1/login/7/start").unwrap(),
            status: 200,
            headers: HeaderMap::new(),
            body: body.to_owned(),
        }
    }

    #[test]
    fn a_form_is_read_and_filled_as_a_person_would() {
        let form = page()
            .form("identifier")
            .fill("identifier", "ana@acme.test")
            .tick("remember")
            .press("decision", "deny");
        assert_eq!(form.action.as_str(), "http://127.0.0.1:1/login/7/next");
        let expected = [
            ("csrf", "t"),
            ("identifier", "ana@acme.test"),
            ("password", ""),
            ("lang", "en"),
            ("remember", "on"),
            ("decision", "deny"),
        ];
        let expected: Vec<(String, String)> = expected
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        assert_eq!(form.data(), expected);
        assert_eq!(
            page().form("csrf").data().last().unwrap().1,
            "allow",
            "Enter presses the first button"
        );
    }

    #[test]
    fn text_and_links_are_those_a_person_sees() {
        assert_eq!(page().text(), "Sign in D E Show Yes No Forgot?");
        assert_eq!(page().title(), "Sign in – X");
        assert_eq!(page().link("Forgot").as_str(), "http://127.0.0.1:1/recover");
    }
}
