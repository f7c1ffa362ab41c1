#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::fmt::Write as _;
use std::path::PathBuf;

use super::super::Failed;
use super::load;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("identity-documents-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn text(failed: &Failed) -> String {
    format!("{failed:?}")
}

#[test]
fn problems_name_file_line_column_and_path() {
    let folder = Folder::new("places");
    let file = folder.file(
        "seed.yaml",
        "version: 1\nusers:\n  - email: ana@acme.test\n  - email: nobody\n    nmae: N\n",
    );
    let failed = load(&[file]).err().unwrap();
    let text = text(&failed);
    assert!(
        text.contains("seed.yaml:4:12: users[1].email: not an e-mail address"),
        "{text}"
    );
    assert!(
        text.contains("seed.yaml:5:11: users[1].nmae: is unknown; did you mean `name`?"),
        "{text}"
    );
}

#[test]
fn text_that_is_no_yaml_and_keys_given_twice_are_refused_with_their_place() {
    let folder = Folder::new("broken");
    for (name, broken) in [
        ("a.yaml", "version: 1\nusers: [\n"),
        ("b.yaml", "version: 1\nversion: 1\n"),
        ("c.json", "{\"version\": 1, \"users\": [}"),
        ("d.yaml", "version: 1\n---\nversion: 1\n"),
    ] {
        let failed = load(&[folder.file(name, broken)])
            .err()
            .unwrap_or_else(|| panic!("{name}"));
        assert!(text(&failed).contains(name), "{}", text(&failed));
    }
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = "version: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (before, name) in "abcdefghi".chars().zip("bcdefghij".chars()) {
        writeln!(
            bomb,
            "{name}: &{name} [{}]",
            vec![format!("*{before}"); 10].join(",")
        )
        .unwrap();
    }
    let folder = Folder::new("bomb");
    let failed = load(&[folder.file("bomb.yaml", &bomb)]).err().unwrap();
    assert!(text(&failed).len() < 2000, "{}", text(&failed));
}

#[test]
fn secrets_come_from_files_beside_the_one_that_names_them() {
    let folder = Folder::new("secrets");
    folder.file("chat.secret", "chosen-by-hand\n");
    let client = "clients:\n  - client_id: chat\n    redirect_uris: [\"https://chat.test/cb\"]\n    client_secret: {file: ";
    let good = folder.file("good.yaml", &format!("version: 1\n{client}chat.secret}}\n"));
    assert_eq!(load(&[good]).unwrap().document.clients.len(), 1);
    let bad = folder.file("bad.yaml", &format!("version: 1\n{client}gone.secret}}\n"));
    assert!(text(&load(&[bad]).err().unwrap()).contains("clients[0].client_secret: names "));
}

#[test]
fn json_with_tabs_is_read_too() {
    let folder = Folder::new("json");
    let file = folder.file("seed.json", "{\n\t\"version\": 1,\n\t\"organizations\": [\n\t\t{\"slug\": \"acme\", \"name\": \"Acme\"}\n\t]\n}\n");
    assert_eq!(load(&[file]).unwrap().document.organizations.len(), 1);
}

#[test]
fn one_object_in_two_files_is_refused() {
    let folder = Folder::new("twice");
    let text_of = "version: 1\norganizations:\n  - slug: acme\n";
    let files = [
        folder.file("a.yaml", text_of),
        folder.file("b.yaml", text_of),
    ];
    let failed = load(&files).err().unwrap();
    assert!(
        text(&failed).contains("is described already at"),
        "{}",
        text(&failed)
    );
}

#[test]
fn what_an_export_writes_is_read_back_as_it_was() {
    let odd = [
        "no",
        "yes",
        "on",
        "null",
        "~",
        "123",
        "0x1F",
        "1e3",
        "1_000",
        ".inf",
        " lead",
        "trail ",
        "- dash",
        "a: b",
        "#x",
        "",
        "it's",
        "\"quoted\"",
        "line\nbreak",
        "tab\there",
        "2026-01-31",
        "{env: X}",
        "*alias",
        "&anchor",
        "!tag",
        "%",
        "@",
        "`",
        "jörg 🦀",
        "\u{85}",
        "\u{2028}",
        "x: y: z # not a comment",
        "'",
        "?",
        "? a",
        "<<",
        "=",
    ];
    let list: Vec<serde_json::Value> = odd
        .iter()
        .map(|text| serde_json::json!({ *text: text, "name": text }))
        .collect();
    let value = serde_json::json!({ "users": list, "version": 1, "flag": true, "nothing": null });
    let text = serde_saphyr::to_string(&value).unwrap();
    let Ok(parsed) = super::yaml::parse(&text) else {
        panic!("{text}")
    };
    assert_eq!(parsed.value, value, "{text}");
}
