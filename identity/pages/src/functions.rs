//! What templates may call: texts, assets, dates and the few filters that keep markup safe.

use std::sync::Arc;

use minijinja::value::{Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State};

use crate::i18n::{self, Arg, Markup, Messages, Zone};
use crate::static_files::StaticFiles;

/// What the functions of one locale reach.
pub(crate) struct Reach {
    pub(crate) messages: Arc<Messages>,
    pub(crate) files: Arc<StaticFiles>,
    /// Missing texts and assets are errors.
    pub(crate) strict: bool,
}

/// Adds all functions and filters.
pub(crate) fn install(env: &mut Environment<'static>, reach: Reach) {
    let reach = Arc::new(reach);
    let r = Arc::clone(&reach);
    env.add_function(
        "t",
        move |state: &State, key: String, args: Rest<ValueOrKwargs>| {
            let markup = markup_of(state);
            let args = arguments(args)?;
            r.finish(r.messages.format(&key, &args, markup), markup)
        },
    );
    let r = Arc::clone(&reach);
    env.add_function("asset", move |name: String| r.asset(&name));
    let r = Arc::clone(&reach);
    env.add_function("has_asset", move |name: String| {
        r.files.named(&name).is_some()
    });
    let r = Arc::clone(&reach);
    env.add_filter("date", move |state: &State, at: i64| {
        r.finish(
            i18n::date(&r.messages, at, &zone_of(state), markup_of(state)),
            markup_of(state),
        )
    });
    let r = Arc::clone(&reach);
    env.add_filter("datetime", move |state: &State, at: i64| {
        r.finish(
            i18n::datetime(&r.messages, at, &zone_of(state), markup_of(state)),
            markup_of(state),
        )
    });
    let r = reach;
    env.add_filter("ago", move |state: &State, at: i64, now: i64| {
        r.finish(
            i18n::ago(&r.messages, (at, now), &zone_of(state), markup_of(state)),
            markup_of(state),
        )
    });
    env.add_filter("iso", |at: i64| i18n::iso(at));
    env.add_filter("href", |address: &str| {
        Value::from_safe_string(i18n::escape(safe_address(address)).into_owned())
    });
    env.add_filter("strong", |text: &str| {
        Value::from_safe_string(format!("<strong>{}</strong>", i18n::escape(text)))
    });
    env.add_filter("initials", |text: &str| initials(text));
    env.add_function("link", |url: &str, text: &Value| {
        let text = if text.is_safe() {
            text.to_string()
        } else {
            i18n::escape(&text.to_string()).into_owned()
        };
        Value::from_safe_string(format!(
            "<a href=\"{}\">{text}</a>",
            i18n::escape(safe_address(url))
        ))
    });
}

impl Reach {
    fn finish(
        &self,
        result: Result<String, i18n::MessageError>,
        markup: Markup,
    ) -> Result<Value, Error> {
        let text = match result {
            Ok(text) => text,
            Err(error) if self.strict => {
                return Err(Error::new(ErrorKind::InvalidOperation, error.message));
            }
            Err(error) => {
                tracing::warn!(problem = error.message, "a text of the theme is incomplete");
                error.best
            }
        };
        Ok(match markup {
            Markup::Html => Value::from_safe_string(text),
            Markup::Text => Value::from(text),
        })
    }

    fn asset(&self, name: &str) -> Result<Value, Error> {
        match self.files.named(name) {
            Some(file) => Ok(Value::from_safe_string(
                i18n::escape(&file.url()).into_owned(),
            )),
            None if self.strict => Err(Error::new(
                ErrorKind::InvalidOperation,
                format!("static/{name} does not exist"),
            )),
            None => Ok(Value::from("")),
        }
    }
}

fn markup_of(state: &State) -> Markup {
    if matches!(state.auto_escape(), AutoEscape::Html) {
        Markup::Html
    } else {
        Markup::Text
    }
}

/// The clock of whoever reads: `frame` is the root's, so macros of other files see it, too.
fn zone_of(state: &State) -> Zone {
    let zone = state
        .lookup("frame")
        .and_then(|frame| frame.get_attr("zone").ok());
    Zone::named(zone.as_ref().and_then(Value::as_str))
}

/// Keyword arguments and maps, as Fluent knows only named arguments.
fn arguments(values: Rest<ValueOrKwargs>) -> Result<Vec<(String, Arg)>, Error> {
    let mut named = Vec::new();
    for value in values.0 {
        let map = value.into_value();
        if matches!(map.kind(), ValueKind::Undefined | ValueKind::None) {
            continue;
        }
        for key in map.try_iter()? {
            let value = map.get_item(&key)?;
            named.push((key.to_string(), argument(&value)));
        }
    }
    Ok(named)
}

fn argument(value: &Value) -> Arg {
    match value.as_i64() {
        Some(number) if value.is_number() => Arg::Number(number),
        _ if value.is_safe() => Arg::Safe(value.to_string()),
        _ => Arg::Text(value.to_string()),
    }
}

/// The address if it may stand in `href` or `action`: http(s), mail, telephone, an authenticator app, or a path of ours. Anything else (first of
/// all `javascript:` and `data:`) becomes `#`.
fn safe_address(address: &str) -> &str {
    // Browsers drop tabs and line feeds inside addresses and spaces before them: `java\tscript:` would run.
    if address.contains(|c: char| c.is_control())
        || address.starts_with(char::is_whitespace)
        || address.contains('\\')
    {
        return "#";
    }
    let scheme_end = address.find(['/', '?', '#']).unwrap_or(address.len());
    match address
        .get(..scheme_end)
        .and_then(|start| start.split_once(':'))
    {
        Some((scheme, _))
            if ["http", "https", "mailto", "tel", "otpauth"]
                .iter()
                .any(|s| scheme.eq_ignore_ascii_case(s)) =>
        {
            address
        }
        Some(_) => "#",
        // Another host in disguise.
        None if address.starts_with("//") => "#",
        None => address,
    }
}

/// One or two letters for an avatar.
fn initials(text: &str) -> String {
    let mut words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let local = text.contains('@');
    let first = words.next().and_then(|word| word.chars().next());
    let last = if local {
        None
    } else {
        words.next_back().and_then(|word| word.chars().next())
    };
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_addresses_pass() {
        for good in [
            "https://a.example/x?y=javascript:",
            "/account",
            "?a=b",
            "mailto:help@acme.example",
            "#email",
            "",
        ] {
            assert_eq!(safe_address(good), good);
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            " javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//evil.example",
            "/\\evil.example",
        ] {
            assert_eq!(safe_address(bad), "#", "{bad:?}");
        }
    }

    #[test]
    fn initials_are_one_or_two_letters() {
        assert_eq!(initials("Ana Maria Petrova"), "AP");
        assert_eq!(initials("ana@acme.test"), "A");
        assert_eq!(initials("Ωmega"), "Ω");
        assert_eq!(initials(""), "");
    }
}
