//! Pruning, and the rule above it: the last administrator stays.

use identity_domain::email::EmailKey;
use serde_json::json;

use super::reconciling::{acted, seed};
use super::{Fixture, document};
use crate::declarative::{Action, ObjectKind};

#[tokio::test]
async fn pruning_removes_what_files_manage_and_keeps_the_last_administrator() {
    let fixture = Fixture::new().await;
    let by_hand =
        json!({"version": 1, "ownership": "keep", "users": [{"email": "hand@acme.test"}]});
    fixture.apply(&document(&by_hand)).await;
    fixture.apply(&document(&seed())).await;
    let nothing = document(&json!({"version": 1, "organizations": [{"slug": "acme"}]}));
    assert_eq!(
        acted(&fixture.apply(&nothing).await),
        [],
        "nothing is removed unasked"
    );
    let report = fixture.prune(&nothing).await;
    assert_eq!(
        acted(&report),
        [
            (ObjectKind::Client, "chat", Action::Remove),
            (ObjectKind::Client, "spa", Action::Remove),
            (ObjectKind::Client, "svc", Action::Remove),
            (ObjectKind::User, "ben@acme.test", Action::Remove),
            (ObjectKind::Organization, "contoso", Action::Remove),
        ]
    );
    let kept = report
        .changes
        .iter()
        .find(|change| change.name == "ana@acme.test")
        .unwrap();
    assert_eq!(
        kept.note.as_deref(),
        Some("kept: the last administrator of `acme`")
    );
    let found = fixture
        .env
        .store
        .user_by_email(&EmailKey::of("hand@acme.test"))
        .await
        .unwrap();
    assert!(found.is_some(), "what no file manages stays");
}

#[tokio::test]
async fn the_organization_of_the_last_administrator_of_all_is_kept_too() {
    let fixture = Fixture::new().await;
    fixture.apply(&document(&seed())).await;
    let report = fixture.prune(&document(&json!({"version": 1}))).await;
    let kept: Vec<_> = report
        .changes
        .iter()
        .filter(|change| change.note.is_some())
        .map(|change| change.name.as_str())
        .collect();
    assert_eq!(kept, ["ana@acme.test", "acme"]);
}

#[tokio::test]
async fn a_file_cannot_demote_or_suspend_the_last_administrator() {
    let fixture = Fixture::new().await;
    fixture.apply(&document(&seed())).await;
    for (key, value) in [
        (
            "memberships",
            json!([{"organization": "acme", "roles": ["viewer"]}]),
        ),
        ("memberships", json!([])),
        ("status", json!("suspended")),
    ] {
        let mut changed = seed();
        changed["users"][0][key] = value;
        let problems = fixture.refused(&document(&changed), false).await;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].path, "users[0]");
        assert!(
            problems[0]
                .message
                .contains("`acme` without an administrator"),
            "{problems:?}"
        );
    }
    let mut changed = seed();
    changed["users"][0]["memberships"] = json!([]);
    changed["users"][1]["memberships"] = json!([{"organization": "acme", "roles": ["admin"]}]);
    assert_eq!(
        fixture
            .apply(&document(&changed))
            .await
            .count(Action::Update),
        2,
        "another one may take over"
    );
}

#[tokio::test]
async fn administrators_may_change_places_in_one_file() {
    let fixture = Fixture::new().await;
    let places = |ana: &str, ben: &str| {
        let person = |name: &str, role: &str| json!({"email": format!("{name}@acme.test"), "memberships": [{"organization": "acme", "roles": [role]}]});
        json!({"version": 1, "organizations": [{"slug": "acme"}], "users": [person("ana", ana), person("ben", ben)]})
    };
    fixture.apply(&document(&places("admin", "viewer"))).await;
    // The one who leaves stands above the one who takes over.
    let report = fixture.apply(&document(&places("viewer", "admin"))).await;
    assert_eq!(
        acted(&report),
        [
            (ObjectKind::User, "ben@acme.test", Action::Update),
            (ObjectKind::User, "ana@acme.test", Action::Update),
        ]
    );
    let refused = fixture
        .refused(&document(&places("viewer", "viewer")), false)
        .await;
    assert_eq!(refused.len(), 1);
}
