use identity_domain::audit::{Actor, Event, Record, RequestContext};
use identity_domain::id::Id;
use identity_domain::organization::Organization;
use identity_domain::secret::ValueHash;
use identity_domain::time::Duration;

use super::fixture::{Fixture, NOW, work};
use super::on_both;
use crate::value::args;
use crate::{Finding, Lost, Signed, Work};

pub(super) fn record(fixture: &Fixture, organization_id: Option<Id<Organization>>) -> Record {
    let event = Event::ClientRefused {
        client: "chat".to_owned(),
        reason: "wrong secret".to_owned(),
    };
    let context = RequestContext::new("192.0.2.1", "Browser/1", "r1");
    Record {
        id: fixture.id(),
        at: NOW,
        organization_id,
        actor: Actor::Client("chat".to_owned()),
        event,
        context,
    }
}

pub(super) fn sign(message: &str) -> Signed {
    Signed {
        signature: ValueHash::of(format!("key {message}").as_bytes())
            .0
            .to_vec(),
        kid: "k".to_owned(),
    }
}

pub(super) fn is_signed(message: &str, signed: &Signed) -> bool {
    *signed == sign(message)
}

/// Ten records in one organization's chain and three in the instance's, sealed in portions, with a checkpoint at the fifth and at the end.
pub(super) async fn filled(fixture: &Fixture) -> Id<Organization> {
    let organization = fixture.id();
    for n in 0..10 {
        fixture
            .commit(Work::audited(record(fixture, Some(organization))))
            .await;
        if n == 4 {
            assert_eq!(fixture.store.seal_audit(1000).await.unwrap(), 5);
            fixture
                .store
                .checkpoint_audit(NOW, |message| Ok(sign(message)))
                .await
                .unwrap();
        }
    }
    for _ in 0..3 {
        fixture.commit(Work::audited(record(fixture, None))).await;
    }
    assert_eq!(fixture.store.seal_audit(1000).await.unwrap(), 8);
    assert_eq!(
        fixture
            .store
            .checkpoint_audit(NOW + Duration::minutes(1), |message| Ok(sign(message)))
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        fixture
            .store
            .checkpoint_audit(NOW + Duration::minutes(2), |message| Ok(sign(message)))
            .await
            .unwrap(),
        0
    );
    organization
}

pub(super) async fn finding(fixture: &Fixture, organization: Id<Organization>) -> Option<Finding> {
    let reports = fixture.store.verify_audit(is_signed).await.unwrap();
    let instance = reports
        .iter()
        .find(|report| report.chain.is_empty())
        .unwrap();
    assert_eq!(
        (instance.proven, instance.finding),
        (3, None),
        "the other chain is sound"
    );
    reports
        .iter()
        .find(|report| report.chain == organization.to_string())
        .unwrap()
        .finding
}

pub(super) async fn tamper(
    fixture: &Fixture,
    sql: &'static str,
    args: impl Into<Vec<crate::value::Value>>,
) {
    fixture.commit(work().step(sql, args).ordered()).await;
}

on_both! {
    async fn aud_01_a_record_stands_or_falls_with_its_unit(fixture: Fixture) {
        let lost = Work::audited(record(&fixture, None)).update_user(&fixture.a_user("ana@acme.test"));
        assert!(matches!(fixture.store.commit(lost).await, Err(Lost::Guard("user"))));
        assert_eq!(fixture.store.seal_audit(1000).await.unwrap(), 0);
        fixture.commit(Work::audited(record(&fixture, None)).and_event(record(&fixture, None))).await;
        assert_eq!(fixture.store.seal_audit(1000).await.unwrap(), 2);
    }

    async fn aud_03_without_an_audit_log_nothing_happens(fixture: Fixture) {
        let user = fixture.a_user("ana@acme.test");
        tamper(&fixture, "ALTER TABLE audit RENAME TO audit_away", Vec::new()).await;
        let unit = Work::audited(record(&fixture, None)).insert_user(&user);
        assert!(matches!(fixture.store.commit(unit).await, Err(Lost::Fault(_))));
        assert!(fixture.store.user(user.id).await.unwrap().is_none());
    }

    async fn aud_02_an_untouched_log_is_proven_to_its_heads(fixture: Fixture) {
        let organization = filled(&fixture).await;
        let reports = fixture.store.verify_audit(is_signed).await.unwrap();
        assert_eq!(reports.len(), 2);
        assert!(reports.iter().all(|report| report.finding.is_none()));
        assert_eq!(reports.iter().find(|report| report.chain == organization.to_string()).unwrap().proven, 10);
        assert!(fixture.reopened().await.verify_audit(is_signed).await.unwrap().iter().all(|report| report.finding.is_none()));
    }

    async fn aud_02_an_edited_record_is_named(fixture: Fixture) {
        let organization = filled(&fixture).await;
        tamper(&fixture, "UPDATE audit SET actor = 'user:mallory' WHERE organization_id = ? AND seal_seq = ?", args![organization, 7]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Changed(7)));
    }

    async fn aud_02_a_deleted_record_is_named(fixture: Fixture) {
        let organization = filled(&fixture).await;
        tamper(&fixture, "DELETE FROM audit WHERE organization_id = ? AND seal_seq = ?", args![organization, 4]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Missing(4)));
    }

    async fn aud_02_records_in_another_order_are_named(fixture: Fixture) {
        let organization = filled(&fixture).await;
        for (from, to) in [(3, 999), (6, 3), (999, 6)] {
            tamper(&fixture, "UPDATE audit SET seal_seq = ? WHERE organization_id = ? AND seal_seq = ?", args![to, organization, from]).await;
        }
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Changed(3)));
    }

    async fn aud_02_a_truncated_log_is_named(fixture: Fixture) {
        let organization = filled(&fixture).await;
        tamper(&fixture, "DELETE FROM audit WHERE organization_id = ? AND seal_seq > ?", args![organization, 8]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Missing(9)));
        // Winding the head back too does not help against the checkpoint.
        tamper(&fixture, "UPDATE audit_chains SET seq = ? WHERE chain = ?", args![8, organization.to_string()]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Missing(9)));
        tamper(&fixture, "DELETE FROM audit WHERE organization_id = ?", args![organization]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Missing(1)));
    }

    async fn aud_02_a_log_that_was_computed_anew_fails_at_its_checkpoint(fixture: Fixture) {
        let organization = filled(&fixture).await;
        tamper(&fixture, "UPDATE audit SET actor = 'user:mallory' WHERE organization_id = ? AND seal_seq = ?", args![organization, 2]).await;
        tamper(&fixture, "UPDATE audit SET seal_seq = NULL, prev_hash = NULL, hash = NULL WHERE organization_id = ?", args![organization]).await;
        tamper(&fixture, "DELETE FROM audit_chains WHERE chain = ?", args![organization.to_string()]).await;
        assert_eq!(fixture.store.seal_audit(1000).await.unwrap(), 10);
        assert_eq!(finding(&fixture, organization).await, Some(Finding::BadCheckpoint(5)));
    }

    async fn several_sealers_make_one_chain(fixture: Fixture) {
        let organization = fixture.id();
        for _ in 0..200 {
            fixture.commit(Work::audited(record(&fixture, Some(organization)))).await;
        }
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let store = fixture.store.clone();
            tasks.spawn(async move { while store.seal_audit(50).await.unwrap() > 0 {} });
        }
        tasks.join_all().await;
        while fixture.store.seal_audit(1000).await.unwrap() > 0 {}
        let reports = fixture.store.verify_audit(is_signed).await.unwrap();
        assert_eq!((reports[0].proven, reports[0].finding), (200, None));
    }
}
