//! PRI-01: everything we hold about a person, handed to them.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::seed::ALICE;
use serde_json::Value;

use super::{EMAIL, NAME, PASSWORD, nora, signs_in};

async fn export(browser: &Browser) -> Value {
    let form = browser.open("/account/data").await.forms();
    let form = form
        .into_iter()
        .find(|form| form.action.path().ends_with("/download"))
        .expect("a download");
    let page = browser.submit(&form).await.expect(200);
    assert!(page.header("content-disposition").contains("attachment"));
    serde_json::from_str(&page.body).expect("JSON")
}

#[tokio::test]
async fn pri_01_an_export_is_complete_and_holds_nobody_else_and_no_secret() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let rp = app.client("web1").await;
    rp.sign_in(&browser, EMAIL, PASSWORD).await;
    signs_in(&app, ALICE.email, ALICE.password).await;
    let document = export(&browser).await;
    assert_eq!(document["person"]["email"], EMAIL);
    assert_eq!(document["person"]["profile"]["name"], NAME);
    for part in [
        "sessions",
        "devices",
        "credentials",
        "applications",
        "activity",
    ] {
        let rows = document[part]
            .as_array()
            .unwrap_or_else(|| panic!("{part}"));
        assert!(!rows.is_empty(), "{part} is empty");
    }
    let text = document.to_string();
    for secret in [PASSWORD, "$argon2id$", ALICE.email, ALICE.name] {
        assert!(!text.contains(secret), "{secret} is in the export");
    }
    // Every table that names a person has its part, so that a new table cannot be forgotten.
    for table in tables_about_people(&app).await {
        let part = PARTS.iter().find(|(name, _)| *name == table);
        let (_, part) = part.unwrap_or_else(|| panic!("{table} is in no part of the export"));
        assert!(document.get(part).is_some(), "{part}");
    }
}

/// The columns of tables about people, and what each is called in the export.
const COLUMNS: [(&str, &str, &str); 5] = [
    (
        "users",
        "person",
        "id email email_verified_at=email_verified_at phone_sealed=phone_number profile standing status managed_by language created_at updated_at",
    ),
    (
        "credentials",
        "credentials",
        "kind label=name created_at last_used_at",
    ),
    (
        "sessions",
        "sessions",
        "id amr=methods address user_agent created_at=signed_in_at last_seen_at expires_at ended_at ended_reason=ended_because",
    ),
    (
        "devices",
        "devices",
        "id label=name traits=browser user_agent address country first_seen_at last_seen_at trusted_until distrusted_at=disowned_at passed_over_at",
    ),
    (
        "refresh_families",
        "applications",
        "client_id rotated_at=last_used_at",
    ),
];

/// Columns that are in no export: secrets, what is stored twice, and what only keeps the books.
const NOT_EXPORTED: [&str; 25] = [
    "id",
    "user_id",
    "data_sealed",
    "data_key_sealed",
    "token_hash",
    "email_key",
    "name",
    "version",
    "security_epoch",
    "auth_time",
    "acr",
    "remember",
    "idle_expires_at",
    "device_id",
    "session_id",
    "organization_id",
    "granted",
    "status_index",
    "generation",
    "revoked_at",
    "revoked_reason",
    "expires_at",
    "created_at",
    "renewal_due_at",
    "renewed_at",
];

#[tokio::test]
async fn pri_01_every_column_about_a_person_is_in_the_export_or_named_as_left_out() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let rp = app.client("web1").await;
    rp.sign_in(&browser, EMAIL, PASSWORD).await;
    let document = export(&browser).await;
    for (table, part, columns) in COLUMNS {
        let exported = match &document[part] {
            Value::Array(rows) => rows[0].clone(),
            one => one.clone(),
        };
        let columns: Vec<(&str, &str)> = columns
            .split(' ')
            .map(|column| column.split_once('=').unwrap_or((column, column)))
            .collect();
        for (_, member) in &columns {
            assert!(
                exported.get(member).is_some(),
                "{part}: {member}: {exported}"
            );
        }
        let rows = app.database.rows(table).await;
        for column in rows[0].as_object().expect("a row").keys() {
            let is_known = columns.iter().any(|(known, _)| known == column)
                || NOT_EXPORTED.contains(&column.as_str());
            assert!(is_known, "{table}.{column} is new: is it in the export?");
        }
    }
}

/// The tables that hold personal data, and the part of the export each is in.
const PARTS: [(&str, &str); 7] = [
    ("memberships", "memberships"),
    ("credentials", "credentials"),
    ("webauthn_ids", "credentials"),
    ("sessions", "sessions"),
    ("devices", "devices"),
    ("consents", "consents"),
    ("refresh_families", "applications"),
];

/// The tables with a person's id, by the schema itself; the schema is the same on both databases.
async fn tables_about_people(app: &App) -> Vec<String> {
    if app.database.is_postgres() {
        return PARTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    }
    let schema = app.database.rows("sqlite_master").await;
    let named = schema.iter().filter(|row| row["type"] == "table");
    named
        .filter(|row| {
            row["sql"]
                .as_str()
                .is_some_and(|sql| sql.contains("\"user_id\""))
        })
        .filter_map(|row| row["name"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn pri_01_an_export_needs_a_fresh_proof() {
    let app = App::start().await;
    let browser = nora(&app).await;
    let page = browser.open("/account/data").await;
    app.clock.advance(Duration::from_mins(16));
    let forms = page.forms();
    let form = forms
        .iter()
        .find(|form| form.action.path().ends_with("/download"));
    let answer = browser.submit(form.expect("a download")).await;
    assert_eq!(answer.status, 303);
    assert!(answer.redirect().path().starts_with("/login/"));
}
