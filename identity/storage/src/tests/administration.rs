use identity_domain::audit::{Actor, Event, Record, RequestContext};
use identity_domain::membership::Membership;
use identity_domain::time::Duration;
use identity_domain::user::UserStatus;

use super::fixture::{Fixture, NOW, work};
use super::on_both;
use crate::{AuditFilter, AuditScope, Lost, PageRequest, UserFilter, Work};

fn first(limit: u64) -> PageRequest {
    PageRequest { after: None, limit }
}

on_both! {
    async fn an_interactive_transaction_sees_its_own_writes_and_is_durable(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let count = fixture.store.admin(async |open| {
            let mut read = open.user(user.id).await?.unwrap();
            read.status = UserStatus::Suspended;
            open.record(work().update_user(&read)).await?;
            assert_eq!(open.user_by_email(&user.email.key()).await?.unwrap().status, UserStatus::Suspended);
            open.record(work().insert_user(&fixture.a_user("ben@acme.test"))).await?;
            Ok(open.list_users(&UserFilter::default(), &first(0)).await?.items.len())
        }).await.unwrap();
        assert_eq!(count, 2);
        assert_eq!(fixture.store.user(user.id).await.unwrap().unwrap().status, UserStatus::Suspended);
    }

    async fn x_09_of_two_administrators_who_leave_at_once_one_stays(fixture: Fixture) {
        for round in 0..20 {
            let organization = fixture.organization(&format!("acme{round}")).await;
            let mut leaving = tokio::task::JoinSet::new();
            let mut people = Vec::new();
            for name in ["ana", "ben"] {
                let user = fixture.user(&format!("{name}{round}@acme.test")).await;
                let place = Membership { user_id: user.id, organization_id: organization.id, roles: vec!["admin".to_owned()], created_at: NOW };
                fixture.commit(work().put_membership(&place, NOW)).await;
                people.push(user);
            }
            for user in people {
                let store = fixture.store.clone();
                let unit = work()
                    .keep_an_administrator(organization.id, user.id)
                    .delete_membership(user.id, organization.id, NOW);
                leaving.spawn(async move { store.commit(unit).await });
            }
            let left = leaving.join_all().await;
            assert_eq!(left.iter().filter(|done| done.is_ok()).count(), 1, "{left:?}");
            assert!(left.iter().any(|done| matches!(done, Err(Lost::Guard("administrator")))), "{left:?}");
        }
    }

    async fn an_interactive_transaction_that_fails_leaves_nothing(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let lost = fixture.store.admin(async |open| {
            open.record(work().insert_user(&fixture.a_user("ben@acme.test"))).await?;
            open.record(work().update_user(&fixture.a_user("nobody@acme.test"))).await
        }).await;
        assert!(matches!(lost, Err(Lost::Guard("user"))));
        let taken = fixture.store.admin(async |open| open.record(work().insert_user(&fixture.a_user("ana@acme.test"))).await).await;
        assert!(matches!(taken, Err(Lost::Conflict("users"))), "{taken:?}");
        let gone = fixture.a_session(&fixture.a_user("gone@acme.test"));
        let reference = fixture.store.admin(async |open| open.record(work().insert_session(&gone)).await).await;
        assert!(matches!(reference, Err(Lost::Guard("reference"))), "{reference:?}");
        let all = fixture.store.list_users(&UserFilter::default(), &first(0)).await.unwrap().items;
        assert_eq!(all, [user]);
    }

    async fn ordinary_units_and_interactive_transactions_share_the_database(fixture: Fixture) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..40 {
            let store = fixture.store.clone();
            let user = fixture.a_user(&format!("u{n}@acme.test"));
            tasks.spawn(async move {
                if n % 4 == 0 {
                    store.admin(async |open| open.record(work().insert_user(&user)).await).await.unwrap();
                } else {
                    store.commit(work().insert_user(&user)).await.unwrap();
                }
            });
        }
        tasks.join_all().await;
        assert_eq!(fixture.store.list_users(&UserFilter::default(), &first(0)).await.unwrap().items.len(), 40);
    }

    async fn people_are_listed_in_pages_and_by_what_is_asked(fixture: Fixture) {
        let acme = fixture.organization("acme").await;
        let mut members = Vec::new();
        for n in 0..25 {
            let mut user = fixture.user(&format!("u{n:02}@acme.test")).await;
            if n % 5 == 0 {
                let member = Membership { user_id: user.id, organization_id: acme.id, roles: vec!["guest".to_owned()], created_at: NOW };
                fixture.commit(work().put_membership(&member, NOW)).await;
                members.push(user.id);
            }
            if n == 7 {
                user.profile.name = Some("100%_\\ Zoe".to_owned());
                fixture.commit(work().update_user(&user)).await;
            }
        }
        members.sort_unstable();
        let mut seen = Vec::new();
        let mut request = first(10);
        loop {
            let page = fixture.store.list_users(&UserFilter::default(), &request).await.unwrap();
            assert!(page.items.len() <= 10);
            seen.extend(page.items.into_iter().map(|user| user.id));
            let Some(next) = page.next else { break };
            request.after = Some(next);
        }
        assert_eq!(seen.len(), 25);
        assert!(seen.is_sorted());
        let of = async |filter: UserFilter| fixture.store.list_users(&filter, &first(0)).await.unwrap().items;
        let searched = async |text: &str| of(UserFilter { search: Some(text.to_owned()), ..UserFilter::default() }).await.len();
        assert_eq!((searched("U1").await, searched("100%_\\").await, searched("%").await, searched("u_1").await), (10, 1, 0, 0));
        let found = of(UserFilter { organization: Some(acme.id), ..UserFilter::default() }).await;
        assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), members);
        assert!(of(UserFilter { organization: Some(fixture.id()), ..UserFilter::default() }).await.is_empty());
        assert!(of(UserFilter { status: Some(UserStatus::Deleted), ..UserFilter::default() }).await.is_empty());
        let page = fixture.store.list_members(acme.id, &first(3)).await.unwrap();
        assert_eq!(page.items.iter().map(|(user, member)| (user.id, member.user_id)).collect::<Vec<_>>(),
            members[..3].iter().map(|id| (*id, *id)).collect::<Vec<_>>());
        let rest = fixture.store.list_members(acme.id, &PageRequest { after: page.next, limit: 3 }).await.unwrap();
        assert_eq!((rest.items.len(), rest.next), (2, None));
    }

    async fn clients_and_records_are_listed_in_pages(fixture: Fixture) {
        for client_id in ["chat", "analysis", "board"] {
            fixture.client(client_id).await;
        }
        let page = fixture.store.list_clients(None, &PageRequest { after: None, limit: 2 }).await.unwrap();
        assert_eq!(page.items.iter().map(|client| client.client_id.as_str()).collect::<Vec<_>>(), ["analysis", "board"]);
        let rest = fixture.store.list_clients(None, &PageRequest { after: page.next, limit: 2 }).await.unwrap();
        assert_eq!((rest.items[0].client_id.as_str(), rest.next), ("chat", None));
        assert!(fixture.store.list_clients(Some(fixture.id()), &PageRequest::default()).await.unwrap().items.is_empty());
        let acme = fixture.id();
        for n in 0..7 {
            let event = Event::ClientRefused { client: "chat".to_owned(), reason: "x".to_owned() };
            let at = NOW + Duration::seconds(n);
            let organization_id = (n % 2 == 0).then_some(acme);
            let id = identity_domain::Id::new(at, &*fixture.entropy);
            let record = Record { id, at, organization_id, actor: Actor::System, event, context: RequestContext::default() };
            fixture.commit(Work::audited(record)).await;
        }
        let listed = async |filter: AuditFilter| fixture.store.list_audit(&filter, &first(0)).await.unwrap().items;
        let all = listed(AuditFilter::default()).await;
        assert_eq!(all.iter().map(|row| row.at.since(NOW).as_seconds()).collect::<Vec<_>>(), [6, 5, 4, 3, 2, 1, 0]);
        let acme = AuditFilter { scope: AuditScope::Organization(acme), since: Some(NOW + Duration::seconds(2)), ..AuditFilter::default() };
        assert_eq!(listed(acme.clone()).await.len(), 3);
        assert_eq!(listed(AuditFilter { until: Some(NOW + Duration::seconds(4)), ..acme.clone() }).await.len(), 1);
        assert!(listed(AuditFilter { result: Some("ok".to_owned()), ..acme }).await.is_empty());
        assert_eq!(listed(AuditFilter { scope: AuditScope::Instance, actor: Some("system".to_owned()), ..AuditFilter::default() }).await.len(), 3);
        let page = fixture.store.list_audit(&AuditFilter::default(), &first(5)).await.unwrap();
        let rest = fixture.store.list_audit(&AuditFilter::default(), &PageRequest { after: page.next, limit: 5 }).await.unwrap();
        assert_eq!((page.items.len(), rest.items.len(), rest.next), (5, 2, None));
    }
}
