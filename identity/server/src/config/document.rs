//! `docs/configuration.md`, made from the list of keys.

use std::fmt::Write as _;

use serde_json::Value;

use super::keys::{Key, Table, table};

const INTRODUCTION: &str = "\
# Configuration

<!-- Made from the code by `identity config schema --markdown`. A test fails when this file is stale. -->

One TOML file, named by `--config` or `IDENTITY_CONFIG`. Every key can also be given as an environment variable, which wins
over the file; lists are separated by commas there, and an empty variable sets nothing. Keys that are not listed here are
errors. Paths in the file are relative to the file. Spans of time are written like `30s`, `10m`, `1h30m`, `30d`.

Secrets are better kept out of the file: name a file that holds them (`…_file`), or use the environment (`…_FILE` works
there as well). `identity config print` shows the configuration in force without them, `identity config check` finds
mistakes with file, line and column, and `identity config schema` prints the JSON schema for editors.

The smallest production file:

```toml
public_url = \"https://id.example.com\"

[database]
url = \"postgres://identity@db.internal/identity\"

[secrets]
master_key_file = \"/run/secrets/identity-master-key\"

[mail]
url = \"smtps://user:password@mail.example.com\"

[http]
trusted_proxies = [\"10.0.0.0/8\"]   # or tls_certificate_file and tls_key_file
```
";

/// The whole page.
pub fn reference() -> String {
    let table = table();
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n## Top level\n");
    write_keys(&mut page, table, "");
    for section in &table.sections {
        let _ = write!(
            page,
            "\n## `[{}]`\n\n{}\n",
            section.name, section.description
        );
        write_keys(&mut page, table, &section.name);
    }
    page
}

fn write_keys(page: &mut String, table: &Table, section: &str) {
    page.push_str("\n| key | default | meaning |\n|---|---|---|\n");
    for key in table.keys.iter().filter(|key| key.section == section) {
        let _ = writeln!(
            page,
            "| `{}`<br>`{}` | {} | {} |",
            key.name,
            key.environment(),
            default(key),
            meaning(key).replace('|', "\\|"),
        );
    }
}

fn default(key: &Key) -> String {
    match &key.default {
        None => "–".to_owned(),
        Some(Value::Array(list)) if list.is_empty() => "none".to_owned(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(value) => format!("`{value}`"),
    }
}

fn meaning(key: &Key) -> String {
    let mut text = key.description.clone();
    if !key.choices.is_empty() {
        let _ = write!(text, " One of `{}`.", key.choices.join("`, `"));
    }
    if let (Some(least), Some(most)) = key.bounds {
        let _ = write!(text, " From {least} to {most}.");
    }
    if key.is_secret {
        text.push_str(" Secret.");
    }
    text
}
