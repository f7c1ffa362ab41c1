use identity_domain::client::ClientStatus;
use identity_domain::secret::Secret;
use identity_domain::session::EndReason;
use identity_domain::signing_key::{KeyRecord, KeyState};
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::Duration;

use super::fixture::{Fixture, NOW, work};
use super::on_both;
use crate::{Change, Lost, SessionState};

fn artefact(fixture: &Fixture, kind: SingleUseKind) -> Artefact {
    Artefact {
        kind,
        tenant: "chat".to_owned(),
        value_hash: fixture.hash(),
        payload: "{}".to_owned(),
        created_at: NOW,
        expires_at: NOW + Duration::minutes(1),
        used_at: None,
    }
}

on_both! {
    async fn oau_03_of_64_who_present_one_code_one_succeeds(fixture: Fixture) {
        for _ in 0..5 {
            let code = artefact(&fixture, SingleUseKind::AuthorizationCode);
            fixture.commit(work().issue(&code)).await;
            let mut tasks = tokio::task::JoinSet::new();
            for n in 0..64 {
                let (store, code) = (fixture.store.clone(), code.clone());
                let login = fixture.a_login();
                tasks.spawn(async move {
                    let unit = work().consume(code.kind, &code.tenant, code.value_hash, NOW).insert_login(&login);
                    (n, login.id, store.commit(unit).await)
                });
            }
            let mut winners = 0;
            for (n, login, outcome) in tasks.join_all().await {
                let won = outcome.is_ok();
                assert!(won || matches!(outcome, Err(Lost::Guard("authorization_code"))), "{n}: {outcome:?}");
                // The winner's whole unit is there, nothing of the others'.
                assert_eq!(fixture.store.login(login).await.unwrap().is_some(), won);
                winners += usize::from(won);
            }
            assert_eq!(winners, 1);
        }
    }

    async fn a_value_works_for_its_kind_tenant_and_time_only(fixture: Fixture) {
        let code = artefact(&fixture, SingleUseKind::Recovery);
        fixture.commit(work().issue(&code)).await;
        let lost = [
            work().consume(SingleUseKind::AdminLink, "chat", code.value_hash, NOW),
            work().consume(code.kind, "other", code.value_hash, NOW),
            work().consume(code.kind, "chat", fixture.hash(), NOW),
            work().consume(code.kind, "chat", code.value_hash, code.expires_at),
        ];
        for unit in lost {
            assert!(matches!(fixture.store.commit(unit).await, Err(Lost::Guard(_))));
        }
        let read = fixture.store.artefact(code.kind, "chat", code.value_hash).await.unwrap().unwrap();
        assert_eq!((read.payload.as_str(), read.used_at), ("{}", None));
        fixture.commit(work().consume(code.kind, "chat", code.value_hash, NOW)).await;
        assert_eq!(fixture.store.artefact(code.kind, "chat", code.value_hash).await.unwrap().unwrap().used_at, Some(NOW));
    }

    async fn oau_11_a_jti_is_claimed_once(fixture: Fixture) {
        let jti = fixture.hash();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let store = fixture.store.clone();
            let unit = work().claim(SingleUseKind::ClientAssertion, "chat", jti, NOW, NOW + Duration::minutes(5));
            tasks.spawn(async move { store.commit(unit).await.is_ok() });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
        fixture.commit(work().claim(SingleUseKind::ClientAssertion, "other", jti, NOW, NOW)).await;
    }

    async fn a_new_proof_kills_its_predecessors_and_a_used_one_its_sibling(fixture: Fixture) {
        let kind = SingleUseKind::EmailVerification;
        let (old, link, code) = (artefact(&fixture, kind), artefact(&fixture, kind), artefact(&fixture, kind));
        fixture.commit(work().cancel(kind, "chat", None).issue(&old)).await;
        let issue = work().cancel(kind, "chat", None).issue(&link).issue(&code);
        assert!(!issue.needs_order(), "values are told apart by their key");
        fixture.commit(issue).await;
        assert!(fixture.store.artefact(kind, "chat", old.value_hash).await.unwrap().is_none());
        let consume = work().consume(kind, "chat", link.value_hash, NOW).cancel(kind, "chat", Some(link.value_hash));
        fixture.commit(consume).await;
        assert!(fixture.store.artefact(kind, "chat", code.value_hash).await.unwrap().is_none());
        assert!(fixture.store.artefact(kind, "chat", link.value_hash).await.unwrap().unwrap().used_at.is_some());
    }

    async fn tok_04_of_64_who_rotate_one_refresh_token_one_succeeds(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let session = fixture.session(&user).await;
        let client = fixture.client("chat").await;
        let mut family = fixture.family(&session, &client).await;
        for generation in 1..=5 {
            let mut next = family.clone();
            next.generation = generation + 1;
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..64 {
                let (store, next) = (fixture.store.clone(), next.clone());
                tasks.spawn(async move { store.commit(work().advance_family(&next, generation)).await.is_ok() });
            }
            assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1, "generation {generation}");
            family = fixture.store.family(family.id).await.unwrap().unwrap();
            assert_eq!(family.generation, generation + 1);
        }
    }

    async fn a_family_is_read_with_all_its_use_depends_on(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let session = fixture.session(&user).await;
        let client = fixture.client("chat").await;
        let family = fixture.family(&session, &client).await;
        let read = fixture.store.family_in_use(family.id).await.unwrap().unwrap();
        assert_eq!((&read.user, read.client_status), (&user, ClientStatus::Active));
        assert_eq!(read.session, Some(SessionState { ended_at: None, security_epoch: 1 }));
        assert_eq!(format!("{:?}", read.family), format!("{family:?}"));
        fixture.commit(work().end_session(session.id, EndReason::SignedOut, NOW)).await;
        let read = fixture.store.family_in_use(family.id).await.unwrap().unwrap();
        assert_eq!(read.session, Some(SessionState { ended_at: Some(NOW), security_epoch: 1 }));
        assert_eq!(fixture.store.applications_of(user.id).await.unwrap(), [("chat".to_owned(), NOW)]);
        assert!(fixture.store.family_in_use(fixture.id()).await.unwrap().is_none());
    }

    async fn a_revoked_family_rotates_no_more_and_its_bit_is_set(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let (here, there) = (fixture.session(&user).await, fixture.session(&user).await);
        let (chat, analysis) = (fixture.client("chat").await, fixture.client("analysis").await);
        let mut families = Vec::new();
        for (session, client) in [(&here, &chat), (&there, &chat), (&here, &analysis), (&there, &analysis)] {
            families.push(fixture.family(session, client).await);
        }
        let until = NOW + Duration::minutes(10);
        let revoked = async |expected: [bool; 4]| {
            for (family, expected) in families.iter().zip(expected) {
                let read = fixture.store.family(family.id).await.unwrap().unwrap();
                assert_eq!(read.revoked_at.is_some(), expected);
            }
            let bits: Vec<_> = fixture.store.revoked_statuses_since(NOW, NOW).await.unwrap().iter().map(|bit| bit.status_index).collect();
            for (family, expected) in families.iter().zip(expected) {
                assert_eq!(bits.contains(&family.grant.status_index), expected);
            }
        };
        fixture.commit(work().revoke_family(families[0].id, "reuse", NOW, until)).await;
        revoked([true, false, false, false]).await;
        let mut next = families[0].clone();
        next.generation = 2;
        assert!(matches!(fixture.store.commit(work().advance_family(&next, 1)).await, Err(Lost::Guard("family"))));
        fixture.commit(work().revoke_families_of_user_and_client(user.id, "chat", "consent", NOW, until)).await;
        revoked([true, true, false, false]).await;
        fixture.commit(work().revoke_families_of_user(user.id, Some(here.id), "password", NOW, until)).await;
        revoked([true, true, false, true]).await;
        fixture.commit(work().revoke_families_of_session(here.id, "signed_out", NOW, until)).await;
        revoked([true, true, true, true]).await;
        fixture.commit(work().revoke_families_of_client("chat", "again", NOW, until).revoke_families_of_user(user.id, None, "again", NOW, until)).await;
        assert!(fixture.store.revoked_statuses_since(NOW, until).await.unwrap().is_empty());
        assert!(fixture.store.applications_of(user.id).await.unwrap().is_empty());
    }

    async fn status_indexes_are_given_out_once(fixture: Fixture) {
        let mut tasks = tokio::task::JoinSet::new();
        for count in [1, 10, 100, 1, 10, 100, 1, 10] {
            let store = fixture.store.clone();
            tasks.spawn(async move { (store.allocate_status_indexes(count).await.unwrap(), count) });
        }
        let mut blocks = tasks.join_all().await;
        blocks.sort_unstable();
        let mut next = 0;
        for (first, count) in blocks {
            assert_eq!(first, next);
            next += count;
        }
    }

    async fn single_tokens_are_revoked_until_they_expire(fixture: Fixture) {
        let jti = fixture.hash();
        assert!(!fixture.store.is_token_revoked(jti).await.unwrap());
        let until = NOW + Duration::minutes(10);
        for _ in 0..2 {
            fixture.commit(work().revoke_token(jti, NOW, until).revoke_status(7, NOW, until)).await;
        }
        assert!(fixture.store.is_token_revoked(jti).await.unwrap());
        assert_eq!(fixture.store.revoked_tokens_since(NOW, NOW).await.unwrap(), [(jti, until)]);
        assert!(fixture.store.revoked_tokens_since(NOW + Duration::seconds(1), NOW).await.unwrap().is_empty());
    }

    async fn signing_keys_move_through_their_states_once(fixture: Fixture) {
        let algorithm = serde_json::from_str("\"ES256\"").unwrap();
        let key = |kid: &str, state| KeyRecord {
            kid: kid.to_owned(),
            algorithm,
            state,
            public_jwk: "{}".to_owned(),
            created_at: NOW,
            active_at: None,
            retiring_at: None,
            retired_at: None,
        };
        let private = Secret::new(vec![1, 2, 3]);
        fixture.commit(work().insert_key(&key("a", KeyState::Active), &private).insert_key(&key("b", KeyState::Pending), &private)).await;
        let read = fixture.store.keys().await.unwrap();
        assert_eq!(read.iter().map(|(record, private)| (record.kid.as_str(), private.expose().clone())).collect::<Vec<_>>(),
            [("a", vec![1, 2, 3]), ("b", vec![1, 2, 3])]);
        let later = NOW + Duration::days(1);
        let activate = || work()
            .set_key_state("b", KeyState::Pending, KeyState::Active, later)
            .set_key_state("a", KeyState::Active, KeyState::Retiring, later);
        fixture.commit(activate()).await;
        assert!(matches!(fixture.store.commit(activate()).await, Err(Lost::Guard("key"))));
        let all = fixture.store.all_keys().await.unwrap();
        assert_eq!((all[0].state, all[0].retiring_at, all[1].state, all[1].active_at), (KeyState::Retiring, Some(later), KeyState::Active, Some(later)));
        fixture.commit(work().set_key_state("a", KeyState::Retiring, KeyState::Revoked, later)).await;
        assert_eq!(fixture.store.keys().await.unwrap().len(), 1);
        assert_eq!(fixture.store.changes_since(later).await.unwrap(), [Change::Keys]);
    }

    async fn refresh_keys_are_numbered(fixture: Fixture) {
        let key = Secret::new(vec![5; 32]);
        fixture.commit(work().insert_refresh_key(1, &key, NOW)).await;
        assert!(matches!(fixture.store.commit(work().insert_refresh_key(1, &key, NOW)).await, Err(Lost::Conflict("server_keys"))));
        fixture.commit(work().insert_refresh_key(2, &key, NOW)).await;
        let read = fixture.store.refresh_keys().await.unwrap();
        assert_eq!(read.iter().map(|(number, key)| (*number, key.expose().len())).collect::<Vec<_>>(), [(1, 32), (2, 32)]);
        fixture.commit(work().delete_refresh_key(1, NOW)).await;
        assert_eq!(fixture.store.refresh_keys().await.unwrap().len(), 1);
    }
}
