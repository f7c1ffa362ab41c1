use identity_domain::consent::Consent;
use identity_domain::login::Step;
use identity_domain::session::EndReason;
use identity_domain::time::Duration;

use super::fixture::{Fixture, NOW, work};
use super::on_both;
use crate::Lost;

on_both! {
    async fn a_login_advances_once_per_version(fixture: Fixture) {
        let mut login = fixture.a_login();
        fixture.commit(work().insert_login(&login)).await;
        login.state.step = Step::Consent;
        fixture.commit(work().advance_login(&login)).await;
        let read = fixture.store.login(login.id).await.unwrap().unwrap();
        assert_eq!((read.state.step, read.version, read.browser_hash), (Step::Consent, 2, login.browser_hash));
        assert!(matches!(fixture.store.commit(work().advance_login(&login)).await, Err(Lost::Guard("login"))));
        assert!(fixture.store.login(fixture.id()).await.unwrap().is_none());
    }

    async fn of_two_tabs_one_takes_the_step(fixture: Fixture) {
        let login = fixture.a_login();
        fixture.commit(work().insert_login(&login)).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let (store, login) = (fixture.store.clone(), login.clone());
            tasks.spawn(async move { store.commit(work().advance_login(&login)).await.is_ok() });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
    }

    async fn a_session_is_read_with_its_owner(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let session = fixture.session(&user).await;
        let found = fixture.store.session_by_token(session.token_hash).await.unwrap().unwrap();
        let (read, owner) = (found.session, found.user);
        assert!(!found.has_second_factor);
        assert_eq!(owner, user);
        assert_eq!(format!("{read:?}"), format!("{session:?}"));
        assert!(fixture.store.session_by_token(fixture.hash()).await.unwrap().is_none());
        assert_eq!(fixture.store.session(session.id).await.unwrap().unwrap().0.id, session.id);
    }

    async fn ses_02_a_renewed_session_answers_only_to_its_new_token(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let old = fixture.session(&user).await;
        let mut new = old.clone();
        new.token_hash = fixture.hash();
        fixture.commit(work().renew_session(&new, old.token_hash)).await;
        assert!(fixture.store.session_by_token(old.token_hash).await.unwrap().is_none());
        assert_eq!(fixture.store.session_by_token(new.token_hash).await.unwrap().unwrap().session.id, old.id);
        let late = work().renew_session(&new, old.token_hash);
        assert!(matches!(fixture.store.commit(late).await, Err(Lost::Guard("session"))));
    }

    async fn sessions_end_once_and_stay_ended(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let (first, second, third) = (fixture.session(&user).await, fixture.session(&user).await, fixture.session(&user).await);
        fixture.commit(work().end_session(first.id, EndReason::SignedOut, NOW)).await;
        let again = work().end_session(first.id, EndReason::SignedOut, NOW);
        assert!(matches!(fixture.store.commit(again).await, Err(Lost::Guard("session"))));
        let read = fixture.store.session_by_token(first.token_hash).await.unwrap().unwrap().session;
        assert_eq!(read.ended, Some((NOW, EndReason::SignedOut)));
        fixture.commit(work().touch_session(first.id, NOW + Duration::minutes(5), NOW + Duration::hours(2))).await;
        assert_eq!(fixture.store.session(first.id).await.unwrap().unwrap().0.last_seen_at, NOW);
        fixture.commit(work().end_sessions_of(user.id, Some(second.id), EndReason::PasswordChanged, NOW)).await;
        let alive: Vec<_> = fixture.store.sessions_of(user.id).await.unwrap().into_iter().map(|session| session.id).collect();
        assert_eq!(alive, [second.id]);
        assert_eq!(fixture.store.session(third.id).await.unwrap().unwrap().0.ended, Some((NOW, EndReason::PasswordChanged)));
        fixture.commit(work().touch_session(second.id, NOW + Duration::minutes(5), NOW + Duration::hours(2))).await;
        let read = fixture.store.session(second.id).await.unwrap().unwrap().0;
        assert_eq!((read.last_seen_at, read.idle_expires_at), (NOW + Duration::minutes(5), NOW + Duration::hours(2)));
        fixture.commit(work().end_sessions_of(user.id, None, EndReason::EndedByOperator, NOW)).await;
        assert!(fixture.store.sessions_of(user.id).await.unwrap().is_empty());
    }

    async fn the_clients_of_sessions_are_remembered(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let (first, second) = (fixture.session(&user).await, fixture.session(&user).await);
        for at in [NOW, NOW + Duration::minutes(1)] {
            fixture.commit(work().note_session_client(first.id, "chat", at).note_session_client(second.id, "chat", at)).await;
        }
        fixture.commit(work().note_session_client(first.id, "analysis", NOW)).await;
        assert_eq!(fixture.store.clients_of_session(first.id).await.unwrap().len(), 2);
        assert_eq!(fixture.store.clients_of_sessions(user.id, None).await.unwrap().len(), 3);
        assert_eq!(fixture.store.clients_of_sessions(user.id, Some(first.id)).await.unwrap(), [(second.id, "chat".to_owned())]);
    }

    async fn a_consent_is_widened_and_taken_back(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        fixture.client("chat").await;
        let later = NOW + Duration::hours(1);
        let consent = |scopes: &[&str], at| Consent {
            user_id: user.id,
            client_id: "chat".to_owned(),
            scopes: scopes.iter().map(ToString::to_string).collect(),
            granted_at: at,
            updated_at: at,
        };
        fixture.commit(work().put_consent(&consent(&["openid"], NOW))).await;
        fixture.commit(work().put_consent(&consent(&["email", "openid"], later))).await;
        let read = fixture.store.consent(user.id, "chat").await.unwrap().unwrap();
        assert_eq!(read, Consent { granted_at: NOW, ..consent(&["email", "openid"], later) });
        assert_eq!(fixture.store.consents_of(user.id).await.unwrap(), [read]);
        fixture.commit(work().delete_consent(user.id, "chat")).await;
        assert!(fixture.store.consent(user.id, "chat").await.unwrap().is_none());
    }
}
