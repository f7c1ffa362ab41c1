use identity_domain::credential::password::PasswordCredential;
use identity_domain::credential::password_hash::PasswordHash;
use identity_domain::email::EmailKey;
use identity_domain::membership::Membership;
use identity_domain::organization::OrganizationStatus;
use identity_domain::role::Role;
use identity_domain::secret::SecretString;
use identity_domain::time::Duration;
use identity_domain::user::UserStatus;

use super::fixture::{Fixture, NOW, metadata, work};
use super::on_both;
use crate::{Change, Lost};

fn password(tail: &str) -> PasswordCredential {
    let hash = format!(
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA${}A",
        tail.repeat(42)
    );
    PasswordCredential::new(PasswordHash::parse(&hash).unwrap(), NOW)
}

on_both! {
    async fn people_are_found_by_every_spelling_of_their_address(fixture: Fixture) {
        let user = fixture.user("Ana@Acme.test").await;
        for spelling in ["ana@acme.test", " ANA@ACME.TEST "] {
            assert_eq!(fixture.store.user_by_email(&EmailKey::of(spelling)).await.unwrap().unwrap(), user);
        }
        assert!(fixture.store.user_by_email(&EmailKey::of("ben@acme.test")).await.unwrap().is_none());
    }

    async fn a_change_of_a_person_is_guarded_by_the_version_read(fixture: Fixture) {
        let mut user = fixture.user("ana@acme.test").await;
        user.status = UserStatus::Suspended;
        user.security_epoch = 7;
        fixture.commit(work().update_user(&user)).await;
        let read = fixture.store.user(user.id).await.unwrap().unwrap();
        assert_eq!((read.status, read.security_epoch, read.version), (UserStatus::Suspended, 7, 2));
        assert!(matches!(fixture.store.commit(work().update_user(&user)).await, Err(Lost::Guard("user"))));
    }

    async fn passwords_are_stored_sealed_and_changed_under_a_guard(fixture: Fixture) {
        let user = fixture.a_user("ana@acme.test");
        let id = fixture.id();
        fixture.commit(work().insert_user(&user).insert_password(id, user.id, &password("A"), NOW)).await;
        let owner = fixture.store.password_owner(&user.email.key()).await.unwrap().unwrap();
        assert_eq!((owner.credential_id, owner.credential_version, &owner.user), (id, 1, &user));
        assert_eq!(owner.credential.hash, password("A").hash);
        let changed = owner.credential.changed(password("B").hash, 5, NOW);
        fixture.commit(work().update_password(id, &changed, 1)).await;
        assert!(matches!(fixture.store.commit(work().update_password(id, &changed, 1)).await, Err(Lost::Guard("credential"))));
        let owner = fixture.store.password_owner(&user.email.key()).await.unwrap().unwrap();
        assert_eq!((owner.credential.hash, owner.credential.history.len()), (password("B").hash, 1));
        let second = work().insert_password(fixture.id(), user.id, &password("C"), NOW);
        assert!(matches!(fixture.store.commit(second).await, Err(Lost::Conflict("credentials"))));
        let lost = work().update_password(fixture.id(), &changed, 1);
        assert!(matches!(fixture.store.commit(lost).await, Err(Lost::Guard("credential"))));
    }

    async fn an_account_comes_with_everything_in_one_read(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let bare = fixture.store.account(user.id).await.unwrap().unwrap();
        assert!(bare.credentials.is_empty() && bare.memberships.is_empty());
        let (acme, contoso) = (fixture.organization("acme").await, fixture.organization("contoso").await);
        let member = |organization_id, role: &str| Membership { user_id: user.id, organization_id, roles: vec![role.to_owned()], created_at: NOW };
        let id = fixture.id();
        fixture
            .commit(work().insert_password(id, user.id, &password("A"), NOW).use_credential(id, NOW)
                .put_membership(&member(acme.id, "admin"), NOW).put_membership(&member(contoso.id, "guest"), NOW))
            .await;
        let account = fixture.store.account(user.id).await.unwrap().unwrap();
        assert_eq!(account.user, user);
        assert_eq!(account.credentials.len(), 1);
        assert_eq!(account.credentials[0].last_used_at, Some(NOW));
        assert!(account.credentials[0].data.contains("argon2id"));
        assert_eq!(account.memberships.len(), 2);
        let person = fixture.store.person(user.id).await.unwrap().unwrap();
        assert_eq!((person.user, person.memberships.len()), (user.clone(), 2));
        let listed = fixture.store.credentials_of(user.id).await.unwrap();
        assert_eq!(listed[0].data, account.credentials[0].data);
        fixture.commit(work().delete_credential(id, user.id)).await;
        assert!(fixture.store.credentials_of(user.id).await.unwrap().is_empty());
        assert!(fixture.store.account(fixture.id()).await.unwrap().is_none());
    }

    async fn a_phone_number_is_sealed_and_can_be_taken_back(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        assert!(fixture.store.phone_of(user.id).await.unwrap().is_none());
        fixture.commit(work().set_phone(user.id, Some(&SecretString::from("+4915112345678")))).await;
        assert_eq!(fixture.store.phone_of(user.id).await.unwrap().unwrap().expose(), "+4915112345678");
        fixture.commit(work().set_phone(user.id, None)).await;
        assert!(fixture.store.phone_of(user.id).await.unwrap().is_none());
    }

    async fn a_person_who_is_removed_takes_everything_along(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let session = fixture.session(&user).await;
        let client = fixture.client("chat").await;
        let family = fixture.family(&session, &client).await;
        fixture.commit(work().insert_password(fixture.id(), user.id, &password("A"), NOW)).await;
        fixture.commit(work().delete_user(user.id, NOW)).await;
        assert!(fixture.store.user(user.id).await.unwrap().is_none());
        assert!(fixture.store.session_by_token(session.token_hash).await.unwrap().is_none());
        assert!(fixture.store.family(family.id).await.unwrap().is_none());
        assert!(matches!(fixture.store.commit(work().delete_user(user.id, NOW)).await, Err(Lost::Guard("user"))));
    }

    async fn organizations_carry_roles_and_members(fixture: Fixture) {
        let mut acme = fixture.organization("acme").await;
        let contoso = fixture.organization("contoso").await;
        let role = Role { organization_id: acme.id, name: "support".to_owned(), permissions: ["chat:read".to_owned()].into() };
        fixture.commit(work().put_role(&role, NOW)).await;
        let wider = Role { permissions: ["chat:read".to_owned(), "chat:reply".to_owned()].into(), ..role };
        fixture.commit(work().put_role(&wider, NOW)).await;
        let all = fixture.store.all_organizations().await.unwrap();
        assert_eq!(all.len(), 2);
        let of = |id| all.iter().find(|(organization, _)| organization.id == id).unwrap();
        assert_eq!(of(acme.id), &(acme.clone(), vec![wider.clone()]));
        assert_eq!(of(contoso.id), &(contoso.clone(), vec![]));
        assert_eq!(fixture.store.roles_of(acme.id).await.unwrap(), [wider]);
        assert_eq!(fixture.store.organization_by_slug(&acme.slug).await.unwrap().unwrap(), acme);
        acme.status = OrganizationStatus::Suspended;
        fixture.commit(work().update_organization(&acme)).await;
        assert!(matches!(fixture.store.commit(work().update_organization(&acme)).await, Err(Lost::Guard("organization"))));
        assert_eq!(fixture.store.organization(acme.id).await.unwrap().unwrap().version, 2);
        fixture.commit(work().delete_role(acme.id, "support", NOW)).await;
        assert!(fixture.store.roles_of(acme.id).await.unwrap().is_empty());
    }

    async fn memberships_are_put_changed_and_taken_away(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let acme = fixture.organization("acme").await;
        let mut member = Membership { user_id: user.id, organization_id: acme.id, roles: vec!["guest".to_owned()], created_at: NOW };
        fixture.commit(work().put_membership(&member, NOW)).await;
        member.roles = vec!["admin".to_owned()];
        fixture.commit(work().put_membership(&member, NOW)).await;
        assert_eq!(fixture.store.membership(user.id, acme.id).await.unwrap().unwrap(), member);
        assert_eq!(fixture.store.memberships_of(user.id).await.unwrap(), [member.clone()]);
        assert_eq!(fixture.store.organizations_of(user.id).await.unwrap(), [(member, acme.clone())]);
        fixture.commit(work().delete_membership(user.id, acme.id, NOW)).await;
        assert!(fixture.store.membership(user.id, acme.id).await.unwrap().is_none());
        assert!(matches!(fixture.store.commit(work().delete_membership(user.id, acme.id, NOW)).await, Err(Lost::Guard("membership"))));
    }

    async fn clients_change_under_a_guard_and_other_nodes_notice(fixture: Fixture) {
        let mut client = fixture.client("chat").await;
        fixture.client("analysis").await;
        assert_eq!(fixture.store.all_clients().await.unwrap().len(), 2);
        client.metadata = metadata("Chat");
        client.updated_at = NOW + Duration::hours(1);
        fixture.commit(work().update_client(&client)).await;
        assert!(matches!(fixture.store.commit(work().update_client(&client)).await, Err(Lost::Guard("client"))));
        let read = fixture.store.client("chat").await.unwrap().unwrap();
        assert_eq!((read.display_name(), read.version), ("Chat", 2));
        let changes = fixture.store.changes_since(NOW + Duration::minutes(1)).await.unwrap();
        assert_eq!(changes, [Change::Client("chat".to_owned())]);
        let user = fixture.user("ana@acme.test").await;
        let acme = fixture.organization("acme").await;
        let changes = fixture.store.changes_since(NOW).await.unwrap();
        assert!(changes.contains(&Change::User(user.id)) && changes.contains(&Change::Organization(acme.id)) && changes.len() == 4);
        fixture.commit(work().delete_client("chat", NOW + Duration::hours(2))).await;
        assert!(fixture.store.client("chat").await.unwrap().is_none());
        assert_eq!(fixture.store.changes_since(NOW + Duration::hours(2)).await.unwrap().len(), 1);
    }
}
