//! Lists that operators ask for.

use identity_domain::membership::Membership;
use identity_domain::time::Duration;
use identity_domain::user::UserStatus;

use super::fixture::{Fixture, NOW, work};
use super::on_both;

on_both! {
    async fn people_come_in_portions_in_the_order_of_their_addresses(fixture: Fixture) {
        let organization = fixture.organization("acme").await;
        for address in ["cleo@acme.test", "ana@acme.test", "Ben@acme.test"] {
            let user = fixture.user(address).await;
            let place = Membership { user_id: user.id, organization_id: organization.id, roles: vec!["viewer".to_owned()], created_at: NOW };
            fixture.commit(work().put_membership(&place, NOW)).await;
        }
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let people = fixture.store.people_after(after.as_ref(), 2).await.unwrap();
            let Some(last) = people.last() else { break };
            after = Some(last.user.email.key());
            assert!(people.len() <= 2 && people.iter().all(|person| person.memberships.len() == 1));
            found.extend(people.into_iter().map(|person| person.user.email.as_str().to_owned()));
        }
        assert_eq!(found, ["ana@acme.test", "Ben@acme.test", "cleo@acme.test"]);
        assert_eq!(fixture.store.members_of(organization.id).await.unwrap().len(), 3);
    }

    async fn managed_people_are_those_of_files(fixture: Fixture) {
        fixture.user("ana@acme.test").await;
        let mut ben = fixture.a_user("ben@acme.test");
        ben.managed_by = Some("seed.yaml".to_owned());
        fixture.commit(work().insert_user(&ben)).await;
        let found = fixture.store.managed_people().await.unwrap();
        assert_eq!(found.iter().map(|person| person.user.id).collect::<Vec<_>>(), [ben.id]);
    }

    async fn administrators_are_active_and_have_the_role_itself(fixture: Fixture) {
        let organization = fixture.organization("acme").await;
        let mut expected = Vec::new();
        for (address, role, status) in [
            ("ana@acme.test", "admin", UserStatus::Active),
            ("ben@acme.test", "admin", UserStatus::Suspended),
            ("cleo@acme.test", "sub-admin", UserStatus::Active),
        ] {
            let mut user = fixture.a_user(address);
            user.status = status;
            let place = Membership { user_id: user.id, organization_id: organization.id, roles: vec![role.to_owned()], created_at: NOW };
            fixture.commit(work().insert_user(&user)).await;
            fixture.commit(work().put_membership(&place, NOW)).await;
            if address.starts_with("ana") {
                expected.push((organization.id, user.id));
            }
        }
        assert_eq!(fixture.store.administrators().await.unwrap(), expected);
    }

    async fn people_with_sessions_are_named_once(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        fixture.user("ben@acme.test").await;
        fixture.session(&user).await;
        fixture.session(&user).await;
        assert_eq!(fixture.store.people_with_sessions().await.unwrap(), [user.id]);
    }

    async fn the_database_tells_a_time_that_goes_forward(fixture: Fixture) {
        let first = fixture.store.database_time().await.unwrap();
        let second = fixture.store.database_time().await.unwrap();
        assert!(second >= first && second.since(first) < Duration::minutes(1));
        assert!(first > identity_domain::Timestamp(1_700_000_000_000));
    }
}
