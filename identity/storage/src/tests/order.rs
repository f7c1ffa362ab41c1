//! A unit does the same on both databases, whether it was one statement or many.

use identity_domain::credential::{Credential, CredentialKind};
use identity_domain::secret::ValueHash;
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::Duration;

use super::fixture::{Fixture, NOW, work};
use super::on_both;
use crate::Work;
use crate::value::args;

const KIND: SingleUseKind = SingleUseKind::Recovery;

fn put(key: &'static str, value: &'static str) -> Work {
    work().step(
        "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        args![key, value],
    )
}

fn and(work: Work, next: Work) -> Work {
    next.steps.into_iter().fold(work, |work, step| {
        work.push(step.sql, step.args, step.guard)
    })
}

async fn text(fixture: &Fixture, sql: &'static str) -> Option<String> {
    fixture
        .store
        .first(sql, &args![], |row| row.text(0))
        .await
        .unwrap()
}

fn value(value_hash: ValueHash) -> Artefact {
    Artefact {
        kind: KIND,
        tenant: "t".to_owned(),
        value_hash,
        payload: String::new(),
        created_at: NOW,
        expires_at: NOW + Duration::hours(1),
        used_at: None,
    }
}

/// Whether a value is there, and whether it was used.
async fn state(fixture: &Fixture, hash: ValueHash) -> Option<bool> {
    let found = fixture.store.artefact(KIND, "t", hash).await.unwrap();
    found.map(|it| it.used_at.is_some())
}

on_both! {
    async fn the_last_change_of_a_row_holds(fixture: Fixture) {
        let set = "UPDATE settings SET value = ? WHERE key = ?";
        fixture.commit(put("a", "before")).await;
        fixture.commit(work().step(set, args!["first", "a"]).step(set, args!["last", "a"])).await;
        assert_eq!(text(&fixture, "SELECT /* whole table */ value FROM settings WHERE key = 'a'").await.as_deref(), Some("last"));
        fixture.commit(and(put("a", "once"), put("a", "twice"))).await;
        assert_eq!(text(&fixture, "SELECT /* whole table */ value FROM settings WHERE key = 'a'").await.as_deref(), Some("twice"));
        fixture.commit(and(put("b", "new"), put("b", "newer"))).await;
        assert_eq!(text(&fixture, "SELECT /* whole table */ value FROM settings WHERE key = 'b'").await.as_deref(), Some("newer"));
    }

    async fn a_step_sees_what_another_wrote_before_it(fixture: Fixture) {
        let copy = "INSERT INTO changes (topic, subject, at) SELECT key, value, 1 FROM settings WHERE key = ?";
        fixture.commit(and(put("a", "seen"), work().step(copy, args!["a"]))).await;
        assert_eq!(text(&fixture, "SELECT /* whole table */ subject FROM changes WHERE topic = 'a'").await.as_deref(), Some("seen"));
    }

    async fn rows_that_go_with_another_go_last(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let credential = Credential {
            id: fixture.id(),
            user_id: user.id,
            kind: CredentialKind::Totp,
            label: "Phone".to_owned(),
            data: "{}".to_owned(),
            created_at: NOW,
            last_used_at: None,
            device_id: None,
            version: 1,
        };
        fixture.commit(work().insert_credential(&credential)).await;
        // Changed and taken along in one statement.
        fixture.commit(work().rename_credential(credential.id, user.id, "Tablet").delete_user(user.id, NOW)).await;
        assert_eq!(text(&fixture, "SELECT /* whole table */ label FROM credentials").await, None);
        let [one, two] = [fixture.user("ben@acme.test").await, fixture.user("cleo@acme.test").await];
        let theirs = Credential { id: fixture.id(), user_id: two.id, ..credential };
        fixture.commit(work().delete_user(one.id, NOW).insert_credential(&theirs)).await;
        assert_eq!(text(&fixture, "SELECT /* whole table */ label FROM credentials").await.as_deref(), Some("Phone"));
    }

    async fn a_used_value_stays_although_all_are_taken_back(fixture: Fixture) {
        let [used, other] = [fixture.hash(), fixture.hash()];
        fixture.commit(work().issue(&value(used)).issue(&value(other))).await;
        fixture.commit(work().consume(KIND, "t", used, NOW).cancel(KIND, "t", None)).await;
        assert_eq!(state(&fixture, used).await, Some(true));
        assert_eq!(state(&fixture, other).await, None);
    }

    async fn a_value_taken_back_in_the_unit_that_stored_it_is_gone(fixture: Fixture) {
        let [before, after] = [fixture.hash(), fixture.hash()];
        fixture.commit(work().issue(&value(before)).cancel(KIND, "t", None).issue(&value(after))).await;
        assert_eq!(state(&fixture, before).await, None);
        assert_eq!(state(&fixture, after).await, Some(false));
    }
}

#[test]
fn what_cannot_be_told_apart_is_one_statement() {
    let hash = |n| ValueHash([n; 32]);
    let free = [
        work()
            .consume(KIND, "t", hash(1), NOW)
            .cancel(KIND, "t", Some(hash(1)))
            .issue(&value(hash(2))),
        work()
            .consume(KIND, "t", hash(1), NOW)
            .cancel(SingleUseKind::EmailChange, "t", None),
        work()
            .consume(KIND, "t", hash(1), NOW)
            .consume(KIND, "t", hash(2), NOW),
        work()
            .clear_budget(hash(1))
            .consume(KIND, "t", hash(1), NOW),
    ];
    for unit in free {
        assert!(!unit.needs_order(), "{unit:?}");
        assert!(!unit.needs_order_for_its_values(), "{unit:?}");
    }
    let strange = work().clear_budget(hash(1)).step("WITH x", args![]);
    assert!(strange.needs_order(), "nothing is known of it");
}
