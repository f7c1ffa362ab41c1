use identity_domain::email::EmailKey;
use serde_json::{Value, json};

use super::{Fixture, document, read_as};
use crate::declarative::{
    Action, DemoServices, Document, ObjectKind, Report, Source, demo_document, export, plan, read,
};

pub(super) fn seed() -> Value {
    json!({
        "version": 1,
        "organizations": [
            {"slug": "acme", "name": "Acme", "domains": ["b.acme.test", "acme.test"],
             "roles": [{"name": "support-agent", "permissions": ["chat:reply", "chat:read"]}]},
            {"slug": "contoso", "name": "Contoso"},
        ],
        "users": [
            {"email": "ana@acme.test", "email_verified": true, "name": "Ana Petrova", "password": "violet-harbour-drums-27",
             "phone": "+4915112345678", "phone_verified": true,
             "memberships": [{"organization": "acme", "roles": ["support-agent", "admin"]}, {"organization": "contoso", "roles": ["viewer"]}]},
            {"email": "ben@acme.test", "name": "Ben", "memberships": [{"organization": "acme", "roles": ["analyst"]}]},
        ],
        "clients": [
            {"client_id": "chat", "client_secret": "chosen-by-hand, with 3 dice & a lot of time", "redirect_uris": ["https://chat.test/cb"],
             "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access"},
            {"client_id": "svc", "organization": "acme", "grant_types": ["client_credentials"], "audience": ["https://api.test"],
             "client_secret": "7Qm2vX9pLk4sTz8wAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "scope": "reports:read"},
            {"client_id": "spa", "token_endpoint_auth_method": "none", "redirect_uris": ["https://spa.test/cb"]},
        ],
    })
}

pub(super) fn acted(report: &Report) -> Vec<(ObjectKind, &str, Action)> {
    let acted = report
        .changes
        .iter()
        .filter(|change| change.action != Action::Unchanged);
    acted
        .map(|change| (change.kind, change.name.as_str(), change.action))
        .collect()
}

async fn exported(fixture: &Fixture) -> Document {
    let written = export(&fixture.env).await.unwrap();
    read(
        &written,
        Source {
            file: Some("export.yaml"),
            managed_by: Some("export.yaml"),
        },
        &super::TwoSecrets,
    )
    .unwrap()
}

#[tokio::test]
async fn applying_twice_changes_nothing_the_second_time() {
    let fixture = Fixture::new().await;
    let document = document(&seed());
    let first = fixture.apply(&document).await;
    assert_eq!(first.count(Action::Create), 7);
    let second = fixture.apply(&document).await;
    assert_eq!(acted(&second), []);
    assert!(
        plan(&fixture.env, &document, true)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn export_into_apply_is_a_no_op_here_and_makes_the_same_elsewhere() {
    let fixture = Fixture::new().await;
    fixture.apply(&document(&seed())).await;
    let written = export(&fixture.env).await.unwrap();
    assert_eq!(acted(&fixture.prune(&exported(&fixture).await).await), []);
    assert_eq!(export(&fixture.env).await.unwrap(), written);
    let text = written.to_string();
    assert!(
        !text.contains("violet-harbour") && !text.contains("chosen-by-hand"),
        "{text}"
    );

    let elsewhere = Fixture::new().await;
    elsewhere.apply(&exported(&fixture).await).await;
    assert_eq!(export(&elsewhere.env).await.unwrap(), written);
    // What was hashed once still proves the same person and client.
    assert_eq!(
        acted(&elsewhere.apply(&strip_owner(document(&seed()))).await),
        []
    );
}

fn strip_owner(mut document: Document) -> Document {
    document
        .organizations
        .iter_mut()
        .for_each(|entry| entry.origin.managed_by = None);
    document
        .users
        .iter_mut()
        .for_each(|entry| entry.origin.managed_by = None);
    document
        .clients
        .iter_mut()
        .for_each(|entry| entry.origin.managed_by = None);
    document
}

#[tokio::test]
async fn a_change_is_shown_field_by_field_without_secrets_and_reaches_the_database() {
    let fixture = Fixture::new().await;
    fixture.apply(&document(&seed())).await;
    let mut changed = seed();
    changed["organizations"][0]["name"] = json!("Acme Corporation");
    changed["users"][0]["password"] = json!("marble-lantern-geese-44");
    changed["users"][1]["memberships"] = json!([]);
    changed["clients"][0]["client_secret"] =
        json!("another-by-hand, with 4 dice & more time still");
    changed["clients"][2]["redirect_uris"] = json!(["https://spa.test/cb", "https://spa.test/cb2"]);
    let changed = document(&changed);
    let shown = plan(&fixture.env, &changed, false).await.unwrap();
    let shown: Vec<_> = shown
        .changes()
        .filter(|change| change.action == Action::Update)
        .collect();
    let text = serde_json::to_string(&shown).unwrap();
    for word in ["marble-lantern", "another-by-hand", "argon2"] {
        assert!(!text.contains(word), "{text}");
    }
    let fields: Vec<_> = shown
        .iter()
        .flat_map(|change| change.fields.iter().map(|field| field.field.as_str()))
        .collect();
    assert_eq!(
        fields,
        [
            "name",
            "password",
            "memberships",
            "client_secret",
            "redirect_uris"
        ]
    );
    assert_eq!(fixture.apply(&changed).await.count(Action::Update), 5);
    assert_eq!(acted(&fixture.apply(&changed).await), []);
    let ben = fixture
        .env
        .store
        .user_by_email(&EmailKey::of("ben@acme.test"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(fixture.env.store.memberships_of(ben.id).await.unwrap(), []);
}

#[tokio::test]
async fn a_new_password_ends_what_was_signed_in_before() {
    let fixture = Fixture::new().await;
    fixture.apply(&document(&seed())).await;
    let key = EmailKey::of("ana@acme.test");
    let before = fixture
        .env
        .store
        .user_by_email(&key)
        .await
        .unwrap()
        .unwrap();
    let mut changed = seed();
    changed["users"][0]["password"] = json!("marble-lantern-geese-44");
    fixture.apply(&document(&changed)).await;
    let after = fixture
        .env
        .store
        .user_by_email(&key)
        .await
        .unwrap()
        .unwrap();
    assert!(after.security_epoch > before.security_epoch);
}

#[tokio::test]
async fn what_a_file_does_not_mention_is_left_alone() {
    let fixture = Fixture::new().await;
    fixture.apply(&document(&seed())).await;
    let less = json!({"version": 1, "users": [{"email": "ana@acme.test"}], "clients": [
        {"client_id": "chat", "redirect_uris": ["https://chat.test/cb"], "grant_types": ["authorization_code", "refresh_token"],
         "scope": "openid offline_access"}]});
    assert_eq!(acted(&fixture.apply(&document(&less)).await), []);
}

#[tokio::test]
async fn references_to_nothing_are_refused_and_nothing_is_changed() {
    let fixture = Fixture::new().await;
    let file = json!({
        "version": 1,
        "organizations": [{"slug": "acme"}],
        "users": [{"email": "ana@acme.test", "memberships": [{"organization": "acme", "roles": ["wizard"]}, {"organization": "nowhere", "roles": []}]}],
        "clients": [{"client_id": "chat", "redirect_uris": ["https://chat.test/cb"]},
                    {"client_id": "svc", "organization": "nowhere", "token_endpoint_auth_method": "none", "redirect_uris": ["https://s.test/cb"]}],
    });
    let problems = fixture.refused(&document(&file), false).await;
    let text: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        text,
        [
            "seed.yaml: users[0].memberships: the organization `acme` has no role `wizard`",
            "seed.yaml: users[0].memberships: there is no organization `nowhere`, neither stored nor in the files",
            "seed.yaml: clients[0].client_secret: is required for client_secret_basic; a public client says `token_endpoint_auth_method: none`",
            "seed.yaml: clients[1].organization: there is no organization `nowhere`, neither stored nor in the files",
        ]
    );
    assert!(
        fixture
            .env
            .store
            .all_organizations()
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_weak_imported_hash_that_gave_way_at_a_sign_in_counts_as_unchanged() {
    let fixture = Fixture::new().await;
    let with = |password: Value| {
        let (key, value) = password.as_object().unwrap().iter().next().unwrap();
        document(&json!({"version": 1, "users": [{"email": "ana@acme.test", key: value}]}))
    };
    let bcrypt =
        json!({"password_hash": "$2b$04$abcdefghijklmnopqrstuuF6w9sPzvpEkOfHsEVd8Jz6zWgdjvXvC"});
    fixture.apply(&with(bcrypt.clone())).await;
    assert_eq!(acted(&fixture.apply(&with(bcrypt.clone())).await), []);
    fixture
        .apply(&with(json!({"password": "violet-harbour-drums-27"})))
        .await;
    assert_eq!(acted(&fixture.apply(&with(bcrypt)).await), []);
}

#[tokio::test]
async fn the_demo_data_is_sound_and_managed_by_nobody() {
    let fixture = Fixture::new().await;
    let chat = "c7Qm2vX9pLk4sTz8w7Rn6yC1dHj7gVu3eaB5xWq0ZtY".into();
    let analysis = "a4Rn6yC1dHj7gVu3eK8pM2vX9pLk4sTz8w7Qm5xWq0Z".into();
    let services = DemoServices {
        chat_url: "http://localhost:8081",
        chat_secret: &chat,
        analysis_url: "http://localhost:8082",
        analysis_secret: &analysis,
    };
    let demo = demo_document(&"violet-harbour-drums-27".into(), Some(&services));
    assert_eq!(fixture.apply(&demo).await.count(Action::Create), 9);
    assert_eq!(acted(&fixture.apply(&demo).await), []);
    assert!(fixture.env.store.managed_people().await.unwrap().is_empty());
    // The exported registrations pass the checks of any other.
    assert_eq!(exported(&fixture).await.clients.len(), 2);
}

#[tokio::test]
async fn objects_change_hands_with_the_file_that_describes_them() {
    let fixture = Fixture::new().await;
    fixture.apply(&document(&seed())).await;
    let moved = read_as(
        "people.yaml",
        &json!({"version": 1, "users": [{"email": "ben@acme.test"}]}),
    )
    .unwrap();
    let report = fixture.apply(&moved).await;
    assert_eq!(report.changes[0].fields[0].field, "managed_by");
    let ben = fixture
        .env
        .store
        .user_by_email(&EmailKey::of("ben@acme.test"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ben.managed_by.as_deref(), Some("people.yaml"));
}

#[tokio::test]
async fn pwd_a_declared_password_is_known_again_in_dev_alone() {
    for dev in [true, false] {
        let mut fixture = Fixture::new().await;
        let mut settings = (*fixture.env.settings).clone();
        settings.dev = dev;
        fixture.env.settings = std::sync::Arc::new(settings);
        fixture.apply(&document(&seed())).await;
        let key = EmailKey::of("ana@acme.test");
        let owner = || async {
            let owner = fixture.env.store.password_owner(&key).await.unwrap();
            owner.unwrap()
        };
        let before = owner().await;
        let name = format!("declared_password/{}", before.credential_id);
        let kept = fixture.env.store.setting(&name).await.unwrap();
        assert_eq!(kept.is_some(), dev);
        if let Some(kept) = kept {
            let password = seed()["users"][0]["password"].as_str().unwrap().to_owned();
            let plain = identity_domain::secret::ValueHash::of(password.as_bytes());
            assert!(!kept.contains(&password) && !kept.contains(&format!("{plain:?}")));
        }
        // The same file again changes nothing; another password is another password, however well the old one is known.
        fixture.apply(&document(&seed())).await;
        assert_eq!(owner().await.credential.hash, before.credential.hash);
        let mut changed = seed();
        changed["users"][0]["password"] = json!("marble-lantern-geese-44");
        fixture.apply(&document(&changed)).await;
        let replaced = owner().await;
        assert_ne!(replaced.credential.hash, before.credential.hash);
        // A password that the person chose is not taken for the declared one, although that was known for this row.
        fixture.apply(&document(&seed())).await;
        assert_ne!(owner().await.credential.hash, replaced.credential.hash);
    }
}

#[tokio::test]
async fn oau_10_a_new_secret_that_can_be_guessed_is_refused_and_an_old_one_goes_on() {
    let with = |secret: &str| {
        let mut seed = seed();
        seed["clients"][0]["client_secret"] = json!(secret);
        document(&seed)
    };
    let mut fixture = Fixture::new().await;
    let production = std::sync::Arc::clone(&fixture.env.settings);
    for weak in ["hunter2-hunter2", "hunter2-hunter2-hunter2-hunter2-hunter2"] {
        let found = fixture.refused(&with(weak), false).await;
        assert_eq!(found.len(), 1, "{found:?}");
        let said = found[0].to_string();
        for word in [
            "clients[0].client_secret: ",
            "openssl rand -base64 32",
            "--client-id chat",
        ] {
            assert!(said.contains(word), "{said}");
        }
        assert!(!said.contains(weak), "{said}");
        // Nobody's provider: examples may be short.
        let mut settings = (*production).clone();
        settings.dev = true;
        fixture.env.settings = std::sync::Arc::new(settings);
        fixture.apply(&with(weak)).await;
        fixture.env.settings = std::sync::Arc::clone(&production);
        // As it was stored before there was such a rule.
        assert!(acted(&fixture.apply(&with(weak)).await).is_empty());
    }
}
