//! The list of keys, read from the JSON schema, so that file, environment, schema and documentation cannot disagree.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::sections::Config;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of any form.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A list of texts.
    List,
}

/// One key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its section; empty at the top level.
    pub section: String,
    /// Its name in the section.
    pub name: String,
    /// Shape of its value.
    pub kind: Kind,
    /// Whether it names a file or folder.
    pub is_path: bool,
    /// Whether it is secret itself.
    pub is_secret: bool,
    /// Bounds of a number.
    pub bounds: (Option<i64>, Option<i64>),
    /// What it means.
    pub description: String,
    /// The default, if there is one.
    pub default: Option<Value>,
    /// The values that are allowed, where they can be counted.
    pub choices: Vec<String>,
}

/// One section.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
}

/// All sections and keys, in the order they are written in.
#[derive(Clone, Debug)]
pub struct Table {
    /// The sections.
    pub sections: Vec<Section>,
    /// The keys.
    pub keys: Vec<Key>,
}

impl Key {
    /// `section.name`.
    pub fn path(&self) -> String {
        if self.section.is_empty() {
            self.name.clone()
        } else {
            format!("{}.{}", self.section, self.name)
        }
    }

    /// `IDENTITY_SECTION__NAME`.
    pub fn environment(&self) -> String {
        let inner = if self.section.is_empty() {
            self.name.clone()
        } else {
            format!("{}__{}", self.section, self.name)
        };
        format!("IDENTITY_{}", inner.to_ascii_uppercase())
    }
}

impl Table {
    /// The key of that section and name.
    pub fn find(&self, section: &str, name: &str) -> Option<&Key> {
        self.keys
            .iter()
            .find(|key| key.section == section && key.name == name)
    }

    /// Whether there is such a section.
    pub fn has_section(&self, name: &str) -> bool {
        self.sections.iter().any(|section| section.name == name)
    }
}

/// The JSON schema of the file.
pub fn schema() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<Config>();
    schema.insert(
        "title".to_owned(),
        "Configuration of the identity provider".into(),
    );
    schema.to_value()
}

/// The table, computed once.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table {
            sections: Vec::new(),
            keys: Vec::new(),
        };
        for (name, property) in properties(&schema()) {
            let inner = properties(&property);
            if inner.is_empty() {
                table.keys.push(key("", &name, &property));
                continue;
            }
            table.sections.push(Section {
                name: name.clone(),
                description: text(&property, "description"),
            });
            table.keys.extend(
                inner
                    .iter()
                    .map(|(inner_name, property)| key(&name, inner_name, property)),
            );
        }
        table
    })
}

fn properties(schema: &Value) -> Vec<(String, Value)> {
    let Some(Value::Object(properties)) = schema.get("properties") else {
        return Vec::new();
    };
    properties
        .iter()
        .map(|(name, property)| (name.clone(), property.clone()))
        .collect()
}

fn key(section: &str, name: &str, schema: &Value) -> Key {
    let bound = |which| schema.get(which).and_then(Value::as_i64);
    Key {
        section: section.to_owned(),
        name: name.to_owned(),
        kind: kind(schema),
        is_path: schema.get("format").is_some_and(|format| format == "path"),
        is_secret: schema.get("writeOnly").is_some_and(|yes| yes == true)
            || nested_write_only(schema),
        bounds: (bound("minimum"), bound("maximum")),
        description: text(schema, "description"),
        default: schema
            .get("default")
            .filter(|value| !value.is_null())
            .cloned(),
        choices: choices(schema),
    }
}

fn nested_write_only(schema: &Value) -> bool {
    variants(schema).any(|variant| variant.get("writeOnly").is_some_and(|yes| yes == true))
}

fn variants(schema: &Value) -> impl Iterator<Item = &Value> {
    ["anyOf", "oneOf"]
        .into_iter()
        .filter_map(|name| schema.get(name))
        .filter_map(Value::as_array)
        .flatten()
}

fn kind(schema: &Value) -> Kind {
    let named = |wanted: &str| match schema.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name == wanted),
        _ => false,
    };
    if named("boolean") {
        Kind::Boolean
    } else if named("integer") {
        Kind::Integer
    } else if named("array") {
        Kind::List
    } else {
        Kind::Text
    }
}

fn choices(schema: &Value) -> Vec<String> {
    let listed = schema
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let constant = variants(schema).filter_map(|variant| variant.get("const"));
    listed
        .chain(constant)
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// A description in one line: the source breaks lines where the editor does.
fn text(schema: &Value, name: &str) -> String {
    schema
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
