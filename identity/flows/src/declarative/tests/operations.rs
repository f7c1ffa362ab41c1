//! The operations of the command line, over the same fixture.

use identity_domain::failure::Failure;
use identity_domain::login::Step;
use identity_domain::refusal::LoginRefusal;
use identity_domain::time::Duration;
use serde_json::{Value, json};

use super::{Fixture, context, document};
use crate::admin::clients::{self, NewClient, Rotation};
use crate::admin::users::{self, NewUser};
use crate::admin::{AdminRefusal, link, organizations, sessions};
use crate::browser::Browser;
use crate::login::Next;

async fn with_admin() -> Fixture {
    let fixture = Fixture::new().await;
    let people = json!({"version": 1, "ownership": "keep", "organizations": [{"slug": "acme"}], "users": [
        {"email": "ana@acme.test", "email_verified": true, "password": "violet-harbour-drums-27",
         "memberships": [{"organization": "acme", "roles": ["admin"]}]},
        {"email": "ben@acme.test", "memberships": [{"organization": "acme", "roles": ["analyst"]}]},
    ]});
    fixture.apply(&document(&people)).await;
    fixture
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Failure<AdminRefusal>>) -> AdminRefusal {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn last_part(link: &link::Link) -> String {
    link.url.expose().rsplit('/').next().unwrap().to_owned()
}

fn person(email: &str) -> NewUser {
    NewUser {
        email: email.to_owned(),
        name: Some("Cleo".to_owned()),
        email_verified: true,
        password: None,
        require_change: false,
        membership: Some(("acme".to_owned(), vec!["admin".to_owned()])),
    }
}

#[tokio::test]
async fn an_admin_link_signs_in_once_and_only_for_a_quarter_of_an_hour() {
    let fixture = with_admin().await;
    let env = &fixture.env;
    let made = link::create(env, None, &context()).await.unwrap();
    assert!(made.url.expose().starts_with("https://id.test/admin/link/"));
    let text = last_part(&made);
    assert_eq!(
        link::peek(env, &text).await.unwrap().email.as_str(),
        "ana@acme.test"
    );
    let outcome = link::redeem(env, &text, &Browser::default(), &context())
        .await
        .unwrap();
    assert!(matches!(outcome.next, Next::Account(_)), "{outcome:?}");
    assert!(outcome.cookies.binding.is_some() && outcome.cookies.sessions.is_some());
    let again = link::redeem(env, &text, &Browser::default(), &context()).await;
    assert!(matches!(
        again,
        Err(Failure::Refused(LoginRefusal::LinkDead))
    ));

    let late = last_part(&link::create(env, None, &context()).await.unwrap());
    fixture.pass(Duration::minutes(15));
    assert!(link::peek(env, &late).await.is_err());
    let older = last_part(&link::create(env, None, &context()).await.unwrap());
    link::create(env, None, &context()).await.unwrap();
    assert!(
        link::peek(env, &older).await.is_err(),
        "a newer link kills the older"
    );
    assert!(link::peek(env, "nonsense").await.is_err());
}

#[tokio::test]
async fn links_are_for_administrators_and_recovery_makes_one_again() {
    let fixture = with_admin().await;
    let env = &fixture.env;
    assert_eq!(
        link::create(env, Some("ben@acme.test"), &context())
            .await
            .err()
            .map(|failure| failure.map(|r| r.to_string()))
            .map(|f| format!("{f:?}")),
        Some("Refused(\"ben@acme.test administers no organization\")".to_owned())
    );
    assert!(
        link::recover(env, "ben@acme.test", None, &context())
            .await
            .is_err()
    );
    let made = link::recover(env, "ben@acme.test", Some("acme"), &context())
        .await
        .unwrap();
    let outcome = link::redeem(env, &last_part(&made), &Browser::default(), &context())
        .await
        .unwrap();
    // Without credentials of his own he must choose some first.
    assert!(
        matches!(outcome.next, Next::Page(_, Step::ChangePassword)),
        "{outcome:?}"
    );
    assert_eq!(env.store.administrators().await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_last_administrator_cannot_be_suspended_another_can() {
    let fixture = with_admin().await;
    let env = &fixture.env;
    let refused = refusal(users::suspend(env, "ana@acme.test", &context()).await);
    assert_eq!(refused, AdminRefusal::LastAdministrator("acme".to_owned()));
    users::create(env, person("cleo@acme.test"), &context())
        .await
        .unwrap();
    let suspended = users::suspend(env, "ana@acme.test", &context())
        .await
        .unwrap();
    assert!(!suspended.is_active());
    assert!(matches!(
        refusal(users::suspend(env, "ana@acme.test", &context()).await),
        AdminRefusal::NotApplicable(_)
    ));
    users::activate(env, "ana@acme.test", &context())
        .await
        .unwrap();
    users::require_change(env, "ana@acme.test", &context())
        .await
        .unwrap();
    assert_eq!(users::list(env, Some("acme")).await.unwrap().len(), 3);
    assert_eq!(users::list(env, Some("nowhere")).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_new_user_is_checked_like_any_other() {
    let fixture = with_admin().await;
    let env = &fixture.env;
    let taken = refusal(users::create(env, person("ANA@acme.test"), &context()).await);
    assert!(matches!(taken, AdminRefusal::Exists(_)));
    let weak = NewUser {
        password: Some("password".into()),
        ..person("dora@acme.test")
    };
    assert!(matches!(
        refusal(users::create(env, weak, &context()).await),
        AdminRefusal::NotApplicable(_)
    ));
    let nowhere = NewUser {
        membership: Some(("acme".to_owned(), vec!["wizard".to_owned()])),
        ..person("dora@acme.test")
    };
    assert!(matches!(
        refusal(users::create(env, nowhere, &context()).await),
        AdminRefusal::UnknownRole { .. }
    ));
    assert!(matches!(
        refusal(users::suspend(env, "dora@acme.test", &context()).await),
        AdminRefusal::UnknownUser(_)
    ));
}

#[tokio::test]
async fn a_client_is_made_rotated_disabled_and_deleted() {
    let fixture = with_admin().await;
    let env = &fixture.env;
    let new = || NewClient {
        client_id: Some("chat".to_owned()),
        organization: Some("acme".to_owned()),
        metadata: json!({"redirect_uris": ["https://chat.test/cb"]})
            .as_object()
            .unwrap()
            .clone(),
    };
    let (client, secret) = clients::create(env, new(), &context()).await.unwrap();
    assert!(secret.is_some() && client.secrets.len() == 1);
    assert!(matches!(
        refusal(clients::create(env, new(), &context()).await),
        AdminRefusal::Exists(_)
    ));
    for expected in [2, 2] {
        let (client, _) = clients::rotate_secret(env, "chat", Rotation::KeepOld, &context())
            .await
            .unwrap();
        assert_eq!(client.secrets.len(), expected);
    }
    let (client, _) = clients::rotate_secret(env, "chat", Rotation::DropOld, &context())
        .await
        .unwrap();
    assert_eq!(client.secrets.len(), 1);
    assert!(
        !clients::disable(env, "chat", &context())
            .await
            .unwrap()
            .is_active()
    );
    assert!(
        env.directory
            .client("chat")
            .is_some_and(|client| !client.is_active()),
        "seen at once"
    );
    clients::enable(env, "chat", &context()).await.unwrap();
    assert_eq!(clients::list(env).await.unwrap().len(), 1);
    clients::delete(env, "chat", &context()).await.unwrap();
    assert!(matches!(
        refusal(clients::delete(env, "chat", &context()).await),
        AdminRefusal::UnknownClient(_)
    ));
    let bad = NewClient {
        metadata: [("redirect_uri".to_owned(), Value::from("x"))]
            .into_iter()
            .collect(),
        ..new()
    };
    assert!(matches!(
        refusal(clients::create(env, bad, &context()).await),
        AdminRefusal::Metadata(_)
    ));
}

#[tokio::test]
async fn sessions_end_for_one_for_an_organization_for_all_and_by_age() {
    let fixture = with_admin().await;
    let env = &fixture.env;
    let sign_in = async || {
        let made = link::create(env, None, &context()).await.unwrap();
        link::redeem(env, &last_part(&made), &Browser::default(), &context())
            .await
            .unwrap();
    };
    for whose in [
        sessions::Whose::All,
        sessions::Whose::User("ana@acme.test".to_owned()),
        sessions::Whose::Organization("acme".to_owned()),
    ] {
        sign_in().await;
        assert_eq!(
            sessions::revoke(env, &whose, None, &context())
                .await
                .unwrap(),
            1,
            "{whose:?}"
        );
        assert_eq!(
            sessions::revoke(env, &whose, None, &context())
                .await
                .unwrap(),
            0,
            "{whose:?}"
        );
    }
    sign_in().await;
    let between = env.now() + Duration::minutes(1);
    fixture.pass(Duration::minutes(2));
    sign_in().await;
    assert_eq!(
        sessions::revoke(env, &sessions::Whose::All, Some(between), &context())
            .await
            .unwrap(),
        1
    );
    assert_eq!(env.store.people_with_sessions().await.unwrap().len(), 1);
}

#[tokio::test]
async fn organizations_are_made_and_listed() {
    let fixture = with_admin().await;
    let env = &fixture.env;
    organizations::create(env, "contoso", Some("Contoso"), &context())
        .await
        .unwrap();
    assert!(matches!(
        refusal(organizations::create(env, "contoso", None, &context()).await),
        AdminRefusal::Exists(_)
    ));
    let listed = organizations::list(env).await.unwrap();
    let shown: Vec<_> = listed
        .iter()
        .map(|organization| (organization.slug.as_str(), organization.members))
        .collect();
    assert_eq!(shown, [("acme", 2), ("contoso", 0)]);
}
