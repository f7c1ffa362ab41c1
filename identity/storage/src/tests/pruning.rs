use identity_domain::id::Id;
use identity_domain::organization::Organization;
use identity_domain::time::{Duration, Timestamp};

use super::audit::{filled, finding, is_signed, record, sign, tamper};
use super::fixture::{Fixture, NOW};
use super::on_both;
use crate::value::args;
use crate::{Finding, Lost, Prunable, Signed, Work};

/// Past the first checkpoint of [`filled`], at the fifth record, and before its last.
const BETWEEN: Timestamp = Timestamp(NOW.0 + 1);
const LATER: Timestamp = Timestamp(NOW.0 + 90_000);

async fn prunable(
    fixture: &Fixture,
    chain: &str,
    before: Timestamp,
    most: i64,
) -> Result<Option<Prunable>, Finding> {
    let found = fixture.store.prunable(chain, before, most, is_signed);
    found.await.unwrap()
}

/// Removes what is old enough, as the worker does.
async fn prune(fixture: &Fixture, chain: &str, before: Timestamp) -> i64 {
    let found = prunable(fixture, chain, before, 1000)
        .await
        .unwrap()
        .unwrap();
    let signed = sign(&found.message(LATER));
    fixture
        .commit(
            Work::audited(record(fixture, found.organization_id()))
                .prune_audit(&found, &signed, LATER),
        )
        .await;
    found.records
}

async fn left(fixture: &Fixture, organization: Id<Organization>) -> i64 {
    let sql = "SELECT count(*) FROM audit WHERE organization_id = ?";
    let arguments = args![organization];
    let found = fixture.store.first(sql, &arguments, |row| row.int(0));
    found.await.unwrap().unwrap()
}

on_both! {
    async fn pri_04_the_oldest_records_go_up_to_a_checkpoint_and_the_rest_is_proven(fixture: Fixture) {
        let organization = filled(&fixture).await;
        let chain = organization.to_string();
        assert_eq!(fixture.store.prunable_chains(NOW).await.unwrap(), Vec::<String>::new());
        assert_eq!(fixture.store.prunable_chains(BETWEEN).await.unwrap(), std::slice::from_ref(&chain));
        assert!(prunable(&fixture, &chain, NOW, 1000).await.unwrap().is_none(), "nothing is old enough");
        assert!(prunable(&fixture, "", BETWEEN, 1000).await.unwrap().is_none(), "no checkpoint is");
        assert_eq!(prune(&fixture, &chain, BETWEEN).await, 5);
        assert_eq!(left(&fixture, organization).await, 6, "and the trace of it");
        assert_eq!(fixture.store.seal_audit(1000).await.unwrap(), 1);
        let reports = fixture.store.verify_audit(is_signed).await.unwrap();
        let report = reports.iter().find(|report| report.chain == chain).unwrap();
        assert_eq!((report.first, report.proven, report.finding), (6, 6, None));
        let other = reports.iter().find(|report| report.chain.is_empty()).unwrap();
        assert_eq!((other.first, other.proven), (1, 3));
        // All that has a checkpoint; what came after it stays.
        assert!(fixture.store.prunable_chains(BETWEEN).await.unwrap().is_empty());
        assert_eq!(prune(&fixture, &chain, NOW + Duration::hours(1)).await, 5);
        assert_eq!(left(&fixture, organization).await, 2);
        assert_eq!(fixture.store.seal_audit(1000).await.unwrap(), 1);
        assert_eq!(finding(&fixture, organization).await, None);
        assert!(prunable(&fixture, &chain, NOW + Duration::days(9), 1000).await.unwrap().is_none(), "no checkpoint since");
    }

    async fn pri_04_one_unit_removes_a_portion_and_never_beyond_a_checkpoint(fixture: Fixture) {
        let chain = filled(&fixture).await.to_string();
        let late = NOW + Duration::hours(1);
        for (most, wanted) in [(1, 5), (4, 5), (5, 5), (9, 5), (10, 10), (1000, 10)] {
            let found = prunable(&fixture, &chain, late, most).await.unwrap().unwrap();
            assert_eq!((found.seq, found.records), (wanted, wanted), "{most}");
        }
    }

    async fn pri_04_two_nodes_remove_the_same_records_once(fixture: Fixture) {
        let chain = filled(&fixture).await.to_string();
        let (early, late) = (BETWEEN, NOW + Duration::hours(1));
        for (before, lost) in [(early, Lost::Conflict("audit_anchors")), (late, Lost::Guard("anchor"))] {
            let found = prunable(&fixture, &chain, before, 1000).await.unwrap().unwrap();
            let again = found.clone();
            let remove = |found: &Prunable| {
                Work::audited(record(&fixture, found.organization_id())).prune_audit(found, &sign(&found.message(LATER)), LATER)
            };
            fixture.commit(remove(&found)).await;
            let second = fixture.store.commit(remove(&again)).await.unwrap_err();
            assert_eq!(format!("{second:?}"), format!("{lost:?}"));
        }
    }

    async fn aud_02_what_is_missing_or_changed_behind_the_anchor_is_named(fixture: Fixture) {
        let organization = filled(&fixture).await;
        prune(&fixture, &organization.to_string(), BETWEEN).await;
        fixture.store.seal_audit(1000).await.unwrap();
        tamper(&fixture, "UPDATE audit SET actor = 'user:mallory' WHERE organization_id = ? AND seal_seq = ?", args![organization, 8]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Changed(8)));
        tamper(&fixture, "DELETE FROM audit WHERE organization_id = ? AND seal_seq = ?", args![organization, 6]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Missing(6)));
    }

    async fn aud_02_nobody_but_us_moves_the_anchor(fixture: Fixture) {
        let organization = filled(&fixture).await;
        let chain = organization.to_string();
        prune(&fixture, &chain, BETWEEN).await;
        fixture.store.seal_audit(1000).await.unwrap();
        assert_eq!(finding(&fixture, organization).await, None);
        // Records are removed, and the chain is made to begin behind them, with the hash that fits.
        tamper(&fixture, "DELETE FROM audit WHERE organization_id = ? AND seal_seq <= ?", args![organization, 10]).await;
        let forged = "UPDATE audit_anchors SET seq = 10, hash = (SELECT hash FROM audit_checkpoints WHERE chain = ? AND seq = 10) WHERE chain = ?";
        tamper(&fixture, forged, args![chain.clone(), chain.clone()]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::BadAnchor(10)));
        // The signature of the checkpoint there is one of ours, but not for that.
        let forged = "UPDATE audit_anchors SET signature = (SELECT signature FROM audit_checkpoints WHERE chain = ? AND seq = 10), \
                      at = (SELECT at FROM audit_checkpoints WHERE chain = ? AND seq = 10) WHERE chain = ?";
        tamper(&fixture, forged, args![chain.clone(), chain.clone(), chain.clone()]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::BadAnchor(10)));
        tamper(&fixture, "DELETE FROM audit_anchors WHERE chain = ?", args![chain.clone()]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Missing(1)));
    }

    async fn aud_02_a_record_before_the_anchor_is_nobodys(fixture: Fixture) {
        let organization = filled(&fixture).await;
        prune(&fixture, &organization.to_string(), BETWEEN).await;
        fixture.store.seal_audit(1000).await.unwrap();
        fixture.commit(Work::audited(record(&fixture, Some(organization)))).await;
        tamper(&fixture, "UPDATE audit SET seal_seq = ? WHERE organization_id = ? AND seal_seq IS NULL", args![3, organization]).await;
        assert_eq!(finding(&fixture, organization).await, Some(Finding::Changed(3)));
    }

    async fn aud_02_what_does_not_hold_is_not_removed(fixture: Fixture) {
        let organization = filled(&fixture).await;
        let chain = organization.to_string();
        let late = NOW + Duration::hours(1);
        // A checkpoint that nobody signed lets nothing be removed.
        let forged = "INSERT INTO audit_checkpoints (chain, seq, hash, signature, kid, at) SELECT chain, 7, hash, signature, kid, at \
                      FROM audit_checkpoints WHERE chain = ? AND seq = 5";
        tamper(&fixture, forged, args![chain.clone()]).await;
        assert_eq!(prunable(&fixture, &chain, late, 7).await.unwrap_err(), Finding::BadCheckpoint(7));
        tamper(&fixture, "DELETE FROM audit_checkpoints WHERE chain = ? AND seq = 7", args![chain.clone()]).await;
        assert!(prunable(&fixture, &chain, late, 7).await.unwrap().is_some());
        // A record that was changed is evidence, and so is a gap.
        tamper(&fixture, "UPDATE audit SET result = 'ok' WHERE organization_id = ? AND seal_seq = ?", args![organization, 4]).await;
        assert_eq!(prunable(&fixture, &chain, late, 7).await.unwrap_err(), Finding::Changed(4));
        tamper(&fixture, "DELETE FROM audit WHERE organization_id = ? AND seal_seq = ?", args![organization, 4]).await;
        assert_eq!(prunable(&fixture, &chain, late, 7).await.unwrap_err(), Finding::Missing(4));
        tamper(&fixture, "DELETE FROM audit WHERE organization_id = ? AND seal_seq IN (4, 5)", args![organization]).await;
        assert_eq!(prunable(&fixture, &chain, late, 4).await.unwrap_err(), Finding::Missing(4));
        let bad = |_: &str, _: &Signed| false;
        assert!(fixture.store.prunable(&chain, late, 4, bad).await.unwrap().is_err());
    }
}
