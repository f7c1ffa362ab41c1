//! H-85, H-86: looks in files.

use identity_domain::brand::{Radius, Rgb};
use serde_json::{Value, json};

use super::{Fixture, document, read_as};
use crate::declarative::{Action, Document, export, looks_in};

pub(super) const LOGO: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><path d=\"M0 0h8v8z\"/></svg>";
pub(super) const SCRIPTED: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\">\n<script>alert(1)</script></svg>";

fn organization(branding: &Value) -> Value {
    json!({"version": 1, "organizations": [{"slug": "acme", "name": "Acme", "branding": branding}]})
}

fn client(branding: &Value) -> Value {
    json!({"version": 1, "clients": [{
        "client_id": "chat", "redirect_uris": ["https://chat.test/cb"], "token_endpoint_auth_method": "none",
        "policy_uri": "https://chat.test/privacy", "branding": branding,
    }]})
}

fn everything() -> Value {
    json!({
        "name": "Acme Cloud", "logo_file": "acme.svg", "favicon_file": "acme.svg", "accent": "#0a7d55", "background": "#123",
        "radius": "large", "support_mail": "help@acme.test", "privacy_url": "https://acme.test/privacy",
    })
}

fn problems(value: &Value) -> Vec<String> {
    let found = read_as("seed.yaml", value).err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn h_85_every_field_is_read_and_every_field_may_be_missing() {
    let read = document(&organization(&everything()));
    let looks = read.organizations[0].branding.clone().unwrap();
    assert_eq!(looks.name.as_deref(), Some("Acme Cloud"));
    assert_eq!(looks.accent, Some(Rgb(0x0a, 0x7d, 0x55)));
    assert_eq!(looks.background, Some(Rgb(0x11, 0x22, 0x33)));
    assert_eq!(looks.radius, Some(Radius::Large));
    assert_eq!(looks.logo.unwrap().light.bytes(), LOGO.as_bytes());
    assert_eq!(looks.support.unwrap().url, None);
    let nothing = document(&organization(&json!({})));
    assert_eq!(
        nothing.organizations[0].branding,
        Some(identity_domain::brand::Branding::default())
    );
    let silent = document(&json!({"version": 1, "organizations": [{"slug": "acme"}]}));
    assert_eq!(silent.organizations[0].branding, None);
}

#[test]
fn h_85_looks_are_previewed_as_they_will_be_a_clients_over_its_organizations() {
    let mut both = organization(&everything());
    let mut chat = client(&json!({"accent": "#7a1fa2"}))["clients"][0].clone();
    chat["organization"] = json!("acme");
    let plain = json!({"client_id": "plain", "redirect_uris": ["https://plain.test/cb"], "token_endpoint_auth_method": "none"});
    both["clients"] = json!([chat, plain]);
    let all = looks_in(&document(&both));
    let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["acme", "chat"], "who has no looks is not offered");
    let (acme, chat) = (&all[0].1, &all[1].1);
    assert_eq!(acme.accent, Some(Rgb(0x0a, 0x7d, 0x55)));
    assert_eq!(chat.accent, Some(Rgb(0x7a, 0x1f, 0xa2)));
    assert_eq!(chat.radius, Some(Radius::Large));
    let privacy = "https://chat.test/privacy";
    assert_eq!(chat.privacy_url.as_deref(), Some(privacy));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn h_85_each_mistake_is_named_with_its_path_and_what_to_do() {
    for (branding, expected) in [
        (json!([]), "branding: must be a mapping"),
        (
            json!({"acent": "#123456"}),
            "branding.acent: is unknown; did you mean `accent`?",
        ),
        (
            json!({"accent": "red}*{display:none"}),
            "branding.accent: is not a colour such as \"#1f5fd6\"",
        ),
        (
            json!({"accent": 123_456}),
            "branding.accent: must be a text: put it in quotes",
        ),
        (
            json!({"radius": "huge"}),
            "branding.radius: must be one of none, small, large",
        ),
        (json!({"name": " "}), "branding.name: must not be empty"),
        (
            json!({"name": "x".repeat(61)}),
            "branding.name: must have a letter or a digit, at most 60 characters",
        ),
        (
            json!({"support_url": "javascript:alert(1)"}),
            "branding.support_url: is not an address",
        ),
        (
            json!({"support_mail": "nobody"}),
            "branding.support_mail: is not a mail address",
        ),
        (
            json!({"logo": "https://acme.test/logo.svg"}),
            "branding.logo: must be written as \"data:image/png;base64,…\" or \"data:image/svg+xml;base64,…\"; pictures of other places are never loaded, and a file is named by `logo_file`",
        ),
        (
            json!({"logo_file": "scripted.svg"}),
            "branding.logo_file: is an SVG that can't be taken: line 2 has <script>",
        ),
        (
            json!({"favicon_file": "large.svg"}),
            "branding.favicon_file: is too large: a picture has at most 32 kB",
        ),
        (
            json!({"logo_file": "gone.svg"}),
            "branding.logo_file: names gone.svg, which is not there",
        ),
        (
            json!({"logo_dark_file": "acme.svg"}),
            "branding.logo_dark: needs a logo for light pages beside it: write `logo_file`",
        ),
        (
            json!({"logo": "data:image/png;base64,", "logo_file": "acme.svg"}),
            "branding.logo_file: is set together with `logo`; keep one",
        ),
        (
            json!({"mail_sender": "Acme"}),
            "branding.mail_sender: is not supported by this release yet",
        ),
    ] {
        let found = problems(&organization(&branding));
        assert_eq!(found.len(), 1, "{branding}: {found:?}");
        let expected = format!("seed.yaml: organizations[0].{expected}");
        assert!(found[0].starts_with(&expected), "{found:?}");
    }
    let found = problems(&client(
        &json!({"privacy_url": "https://chat.test/privacy"}),
    ));
    assert_eq!(
        found,
        [
            "seed.yaml: clients[0].branding.privacy_url: is what `policy_uri` of the client says; write it there"
        ]
    );
}

#[tokio::test]
async fn h_85_looks_are_stored_compared_written_down_and_taken_away() {
    let fixture = Fixture::new().await;
    let branded = Document::join([
        document(&organization(&everything())),
        document(&client(&json!({"accent": "#7a1fa2"}))),
    ])
    .unwrap();
    fixture.apply(&branded).await;
    let again = fixture.apply(&branded).await;
    assert_eq!(again.count(Action::Unchanged), 2, "{again:?}");
    let written = export(&fixture.env).await.unwrap();
    let exported = fixture.apply(&document(&written)).await;
    assert_eq!(exported.count(Action::Unchanged), 2, "{exported:?}");
    let looks = &written["organizations"][0]["branding"];
    assert_eq!(looks["accent"], "#0a7d55");
    assert!(
        looks["logo"]
            .as_str()
            .unwrap()
            .starts_with("data:image/svg+xml;base64,")
    );
    let stored = fixture.env.directory.client("chat").unwrap();
    let own = stored.looks().unwrap();
    assert_eq!(own.accent, Some(Rgb(0x7a, 0x1f, 0xa2)));
    assert_eq!(
        own.privacy_url.as_deref(),
        Some("https://chat.test/privacy")
    );

    // A silent file leaves an organization as it is, and a client as if it had said nothing.
    let silent = json!({"version": 1, "organizations": [{"slug": "acme"}], "clients": [{
        "client_id": "chat", "redirect_uris": ["https://chat.test/cb"], "token_endpoint_auth_method": "none",
    }]});
    fixture.apply(&document(&silent)).await;
    let tenant = fixture.env.directory.organization_by_slug("acme").unwrap();
    assert!(tenant.organization.looks().is_some());
    assert!(
        fixture
            .env
            .directory
            .client("chat")
            .unwrap()
            .looks()
            .is_none()
    );
    let report = fixture.apply(&document(&organization(&json!({})))).await;
    let tenant = fixture.env.directory.organization_by_slug("acme").unwrap();
    assert!(tenant.organization.branding.is_none());
    // Pictures are told by a short name, not by all of their bytes.
    assert!(format!("{report:?}").len() < 4_000, "{report:?}");
}

#[tokio::test]
async fn h_86_a_colour_that_had_to_be_shifted_is_told() {
    let fixture = Fixture::new().await;
    let report = fixture
        .apply(&document(&organization(&json!({"accent": "#ffe000"}))))
        .await;
    let warnings: Vec<String> = report.changes[0]
        .warnings
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].starts_with(
            "seed.yaml: organizations[0].branding.accent: #ffe000 would be read with a contrast of 1."
        ),
        "{warnings:?}"
    );
    let fine = fixture
        .apply(&document(&organization(&json!({"accent": "#1f5fd6"}))))
        .await;
    assert!(fine.changes[0].warnings.is_empty());
}
