//! JSON read without mercy: a member given twice, too deep nesting and trailing text are errors.
//!
//! `serde_json` keeps the last of two equal members, other parsers the first; two readers of one token must never
//! see different claims (RFC 8725 §2.4, RFC 7519 §4).

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text was refused. Never quotes the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StrictJsonError {
    #[error("is not JSON, has a duplicate member, or is nested too deeply")]
    Malformed,
    #[error("is not a JSON object")]
    NotAnObject,
}

/// Parse any JSON value; containers may be nested `max_depth` deep.
pub fn value(bytes: &[u8], max_depth: usize) -> Result<Value, StrictJsonError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: max_depth }
        .deserialize(&mut deserializer)
        .map_err(|_| StrictJsonError::Malformed)?;
    deserializer.end().map_err(|_| StrictJsonError::Malformed)?;
    Ok(value)
}

/// Parse a JSON object; the object itself counts as one level.
pub fn object(bytes: &[u8], max_depth: usize) -> Result<Map<String, Value>, StrictJsonError> {
    match value(bytes, max_depth)? {
        Value::Object(members) => Ok(members),
        _ => Err(StrictJsonError::NotAnObject),
    }
}

/// Reads one value; `depth` containers may still be opened.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        self.depth
            .checked_sub(1)
            .map(|depth| Self { depth })
            .ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut elements = Vec::new();
        while let Some(element) = access.next_element_seed(inner)? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(inner)?;
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("duplicate member"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = br#" {"a":[1,-2,3.5,true,null,"x\u00e9"],"b":{"c":{}}} "#;
        assert_eq!(
            value(text, 4).unwrap(),
            serde_json::from_slice::<Value>(text).unwrap()
        );
    }

    #[test]
    fn duplicates_depth_and_trailing_text_are_refused() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"\u0062":2}}"#,
            "{} x",
            "{}{}",
            "",
            "{",
            r#"{"a":01}"#,
            "NaN",
            "1e999",
        ] {
            assert_eq!(
                value(text.as_bytes(), 8),
                Err(StrictJsonError::Malformed),
                "{text}"
            );
        }
        assert!(value(b"[[[]]]", 3).is_ok());
        assert!(value(b"[[[]]]", 2).is_err());
        assert!(value("[".repeat(100_000).as_bytes(), 8).is_err());
        assert_eq!(object(b"[]", 8), Err(StrictJsonError::NotAnObject));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = value(&bytes, 8);
        }

        #[test]
        fn agrees_with_serde_json(text in "[\\[\\]{}\",:0-9a-e. \\\\-]{0,60}") {
            if let Ok(strict) = value(text.as_bytes(), 64) {
                prop_assert_eq!(strict, serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
