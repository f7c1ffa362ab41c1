//! YAML (and JSON, which is YAML) into a plain value, and the line and column of everything in it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;

/// Most nodes of a document: some hundred thousand people.
const MAX_NODES: usize = 8_000_000;
/// Most nodes that aliases may add: enough not to repeat oneself, too few for a bomb.
const MAX_REPLAYED: usize = 20_000;

/// A document.
pub(super) struct Parsed {
    pub value: Value,
    /// Line and column, from 1, by path.
    pub places: Vec<(String, (u64, u64))>,
}

/// Why a text is no document.
pub(super) struct Unreadable {
    pub message: String,
    pub place: Option<(u64, u64)>,
}

/// Parses one document. A key given twice is an error.
pub(super) fn parse(text: &str) -> Result<Parsed, Unreadable> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_documents: 1,
            max_depth: 16,
            max_events: MAX_NODES * 2,
            max_nodes: MAX_NODES,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MAX_REPLAYED },
        strict_booleans: true,
        with_snippet: false,
    };
    let root: Spanned<Node> =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| Unreadable {
            place: error
                .location()
                .map(|location| (location.line(), location.column()))
                .filter(|(line, _)| *line > 0),
            message: message(&error.without_snippet().to_string()),
        })?;
    let mut places = Vec::new();
    let value = flatten(root, "", &mut places);
    Ok(Parsed { value, places })
}

/// The parser's text without the place, which is shown in front. Values are not quoted by it in the errors that can occur here.
fn message(text: &str) -> String {
    let text = text.trim();
    match text.split_once(": ") {
        Some((place, rest)) if place.starts_with("error: line") => rest.to_owned(),
        _ => text.to_owned(),
    }
}

enum Node {
    Plain(Value),
    List(Vec<Spanned<Node>>),
    Mapping(Vec<(String, Spanned<Node>)>),
}

fn flatten(node: Spanned<Node>, path: &str, places: &mut Vec<(String, (u64, u64))>) -> Value {
    let place = (node.referenced.line(), node.referenced.column());
    places.push((path.to_owned(), place));
    match node.value {
        Node::Plain(value) => value,
        Node::List(list) => {
            let entries = list.into_iter().enumerate();
            entries
                .map(|(index, entry)| flatten(entry, &format!("{path}[{index}]"), places))
                .collect()
        }
        Node::Mapping(members) => {
            let mut map = Map::with_capacity(members.len());
            for (key, member) in members {
                let path = match path {
                    "" => key.clone(),
                    path => format!("{path}.{key}"),
                };
                map.insert(key, flatten(member, &path, places));
            }
            Value::Object(map)
        }
    }
}

struct NodeVisitor;

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true or false, a list or a mapping")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Plain(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Plain(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Plain(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Plain(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Plain(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node, E> {
        Number::from_f64(value)
            .map(|number| Node::Plain(number.into()))
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Plain(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Plain(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = access.next_element()? {
            list.push(entry);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut members: Vec<(String, Spanned<Node>)> = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            if members.iter().any(|(earlier, _)| *earlier == key) {
                return Err(A::Error::custom(format!("the key `{key}` is given twice")));
            }
            members.push((key, access.next_value()?));
        }
        Ok(Node::Mapping(members))
    }
}
