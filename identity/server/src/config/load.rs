//! From a file and the environment to one [`Config`]. The environment wins over the file, the file over the defaults.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::environment;
use super::keys::{Key, table};
use super::problem::{ConfigError, Place, Problem, suggestion};
use super::sections::Config;

/// Largest file that is read.
const MAX_BYTES: u64 = 1024 * 1024;

/// A configuration that was read, and where each value came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The values.
    pub config: Config,
    places: BTreeMap<String, Place>,
}

impl Loaded {
    /// Where the value of `section.name` stands, for problems found later.
    pub fn place(&self, key: &str) -> Place {
        self.places.get(key).cloned().unwrap_or(Place::Missing)
    }
}

/// Reads `file`, if there is one, and what `environment` says.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let mut places = BTreeMap::new();
    let mut merged = Table::new();
    let mut problems = Vec::new();
    if let Some(path) = file {
        let text = read(path)?;
        let source = Source { path, text: &text };
        problems.extend(source.check_names(&mut places)?);
        if problems.is_empty() {
            merged = source.values()?;
        }
    }
    for variable in environment::variables(environment) {
        match variable {
            Ok(found) => {
                places.insert(
                    found.key.path(),
                    Place::Environment(found.key.environment()),
                );
                put(&mut merged, found.key, found.value);
            }
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(out_of_bounds(&merged, &places));
    if !problems.is_empty() {
        return Err(ConfigError { problems });
    }
    let config = Config::deserialize(Value::Table(merged))
        .map_err(|error| Problem::new("", Place::Missing, error.message().to_owned()))?;
    Ok(Loaded { config, places })
}

pub(super) fn put(into: &mut Table, key: &Key, value: Value) {
    if key.section.is_empty() {
        into.insert(key.name.clone(), value);
        return;
    }
    let section = into
        .entry(key.section.clone())
        .or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(section) = section {
        section.insert(key.name.clone(), value);
    }
}

fn get<'a>(from: &'a Table, key: &Key) -> Option<&'a Value> {
    if key.section.is_empty() {
        from.get(&key.name)
    } else {
        from.get(&key.section)?.get(&key.name)
    }
}

fn out_of_bounds(merged: &Table, places: &BTreeMap<String, Place>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for key in &table().keys {
        let Some(value) = get(merged, key).and_then(Value::as_integer) else {
            continue;
        };
        let (least, most) = key.bounds;
        if least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most) {
            let place = places.get(&key.path()).cloned().unwrap_or(Place::Missing);
            let range = format!(
                "must be from {} to {}",
                least.unwrap_or(0),
                most.unwrap_or(i64::MAX)
            );
            problems.push(Problem::new(key.path(), place, range));
        }
    }
    problems
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable =
        |reason: String| Problem::new("", Place::Missing, format!("{}: {reason}", path.display()));
    let size = std::fs::metadata(path)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if size > MAX_BYTES {
        return Err(unreadable("the file is too large for a configuration".to_owned()).into());
    }
    std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()).into())
}

struct Source<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    fn place(&self, span: Option<Range<usize>>) -> Place {
        let before = span
            .and_then(|span| self.text.get(..span.start))
            .unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        Place::File {
            file: self.path.to_owned(),
            line,
            column,
        }
    }

    fn wrong(&self, error: &toml::de::Error) -> ConfigError {
        Problem::new(
            "",
            self.place(error.span()),
            error.message().trim().to_owned(),
        )
        .into()
    }

    /// Finds keys and sections that nobody knows, and notes where the others stand.
    fn check_names(
        &self,
        places: &mut BTreeMap<String, Place>,
    ) -> Result<Vec<Problem>, ConfigError> {
        let document = DeTable::parse(self.text).map_err(|error| self.wrong(&error))?;
        let mut problems = Vec::new();
        for (name, value) in document.get_ref() {
            match value.get_ref() {
                DeValue::Table(section) if table().has_section(name.get_ref()) => {
                    for key in section.keys() {
                        self.check_name(name.get_ref(), key, places, &mut problems);
                    }
                }
                _ => self.check_name("", name, places, &mut problems),
            }
        }
        Ok(problems)
    }

    fn check_name(
        &self,
        section: &str,
        name: &Spanned<toml::de::DeString<'_>>,
        places: &mut BTreeMap<String, Place>,
        problems: &mut Vec<Problem>,
    ) {
        let place = self.place(Some(name.span()));
        if let Some(key) = table().find(section, name.get_ref()) {
            places.insert(key.path(), place);
            return;
        }
        let path = if section.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{section}.{}", name.get_ref())
        };
        if section.is_empty() && table().has_section(name.get_ref()) {
            problems.push(Problem::new(
                path.clone(),
                place,
                format!("is a section: write [{path}]"),
            ));
            return;
        }
        problems.push(Problem::new(path, place, unknown(section, name.get_ref())));
    }

    /// The values of the file, with paths taken from the folder of the file that names them.
    fn values(&self) -> Result<Table, ConfigError> {
        toml::from_str::<Config>(self.text).map_err(|error| self.wrong(&error))?;
        let mut values: Table = toml::from_str(self.text).map_err(|error| self.wrong(&error))?;
        let folder = self.path.parent().unwrap_or(Path::new(""));
        for key in table().keys.iter().filter(|key| key.is_path) {
            if let Some(given) = get(&values, key).and_then(Value::as_str).map(PathBuf::from) {
                let joined = folder.join(given).to_string_lossy().into_owned();
                put(&mut values, key, Value::String(joined));
            }
        }
        Ok(values)
    }
}

/// The sentence about a name that nobody knows.
pub(super) fn unknown(section: &str, name: &str) -> String {
    let here = table()
        .keys
        .iter()
        .filter(|key| key.section == section)
        .map(|key| key.name.as_str());
    let sections = table()
        .sections
        .iter()
        .map(|known| known.name.as_str())
        .filter(|_| section.is_empty());
    if let Some(meant) = suggestion(name, here.chain(sections)) {
        return format!("is unknown; did you mean `{meant}`?");
    }
    match table().keys.iter().find(|key| key.name == name) {
        Some(elsewhere) => format!("is unknown here; did you mean `{}`?", elsewhere.path()),
        None => "is unknown; `identity config schema` lists every key".to_owned(),
    }
}
