//! `aud`: one string or an array of strings (RFC 7519 §4.1.3).

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The recipients a token is meant for, never none. One is written as a string, several as an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience(Vec<String>);

impl Audience {
    /// The audience of one resource.
    pub fn one(value: impl Into<String>) -> Self {
        Self(vec![value.into()])
    }

    /// Several resources; `None` when there is none.
    pub fn many(values: Vec<String>) -> Option<Self> {
        (!values.is_empty()).then_some(Self(values))
    }

    /// Whether `value` is among them, compared whole.
    pub fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|one| one == value)
    }

    /// All of them, in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// All of them as a slice.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl From<&str> for Audience {
    fn from(value: &str) -> Self {
        Self::one(value)
    }
}

impl Serialize for Audience {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one),
            many => many.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StringOrArray;

        impl<'de> Visitor<'de> for StringOrArray {
            type Value = Audience;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string or a non-empty array of strings")
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Audience, E> {
                Ok(Audience::one(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Audience, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element::<String>()? {
                    values.push(value);
                }
                Audience::many(values).ok_or_else(|| A::Error::custom("empty audience"))
            }
        }

        deserializer.deserialize_any(StringOrArray)
    }
}
