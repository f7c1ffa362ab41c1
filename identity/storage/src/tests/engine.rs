use super::fixture::{Fixture, NOW, work};
use super::on_both;
use crate::store::Engine;
use crate::value::args;
use crate::work::Lost;

fn put(key: &str) -> crate::Work {
    work().step(
        "INSERT INTO settings (key, value) VALUES (?, ?)",
        args![key, "v"],
    )
}

async fn has(fixture: &Fixture, key: &str) -> bool {
    fixture
        .store
        .first(
            "SELECT value FROM settings WHERE key = ?",
            &args![key],
            |row| row.text(0),
        )
        .await
        .unwrap()
        .is_some()
}

/// How SQLite ends the transaction that a unit is in, noted by the unit itself: 1 is NORMAL, 2 is FULL.
fn note_level(key: &str) -> crate::Work {
    let sql = "INSERT INTO settings (key, value) SELECT ?, synchronous FROM pragma_synchronous";
    work().step(sql, args![key])
}

on_both! {
    async fn only_a_unit_that_may_be_lost_with_the_power_is_not_synced(fixture: Fixture) {
        if fixture.store.is_shared() {
            return;
        }
        let level = async |key: &str| {
            fixture.store.first("SELECT value FROM settings WHERE key = ?", &args![key], |row| row.text(0)).await.unwrap().unwrap()
        };
        fixture.commit(note_level("first")).await;
        assert_eq!(level("first").await, "2");
        fixture.commit(note_level("second").without_sync()).await;
        assert_eq!(level("second").await, "1");
        fixture.commit(note_level("third")).await;
        assert_eq!(level("third").await, "2");
        // Side by side: no unit that has to be synced joins a group that is not.
        let mixed = (0..200).map(|n| {
            let (store, unit) = (fixture.store.clone(), note_level(&format!("k{n}")));
            let unit = if n % 3 == 0 { unit } else { unit.without_sync() };
            tokio::spawn(async move { store.commit(unit).await })
        });
        for task in mixed.collect::<Vec<_>>() {
            task.await.unwrap().unwrap();
        }
        for n in (0..200).step_by(3) {
            assert_eq!(level(&format!("k{n}")).await, "2", "{n}");
        }
    }

    async fn a_lost_guard_takes_the_whole_unit_back(fixture: Fixture) {
        let lost = put("before")
            .guarded("nobody", "UPDATE settings SET value = ? WHERE key = ?", args!["x", "absent"])
            .step("INSERT INTO changes (topic, subject, at) VALUES (?, ?, ?)", args!["t", "s", NOW]);
        assert!(matches!(fixture.store.commit(lost).await, Err(Lost::Guard("nobody"))));
        assert!(!has(&fixture, "before").await);
        assert!(fixture.store.changes_since(NOW).await.unwrap().is_empty());
    }

    async fn the_first_lost_guard_is_named(fixture: Fixture) {
        let unit = || work()
            .guarded("first", "UPDATE settings SET value = ? WHERE key = ?", args!["x", "absent"])
            .guarded("second", "UPDATE counters SET value = ? WHERE name = ?", args![1, "absent"]);
        assert!(matches!(fixture.store.commit(unit()).await, Err(Lost::Guard("first"))));
        assert!(matches!(fixture.store.commit(unit().ordered()).await, Err(Lost::Guard("first"))));
    }

    async fn an_ordered_unit_sees_its_own_steps(fixture: Fixture) {
        let unit = put("a")
            .guarded("own row", "UPDATE settings SET value = ? WHERE key = ?", args!["w", "a"])
            .step("DELETE FROM settings WHERE value = ?", args!["w"]);
        assert!(unit.needs_order());
        fixture.commit(unit).await;
        assert!(!has(&fixture, "a").await);
        let lost = put("b").guarded("nobody", "UPDATE settings SET value = ? WHERE key = ?", args!["x", "absent"]).ordered();
        assert!(matches!(fixture.store.commit(lost).await, Err(Lost::Guard("nobody"))));
        assert!(!has(&fixture, "b").await);
    }

    async fn a_taken_key_is_a_conflict_that_names_the_table(fixture: Fixture) {
        fixture.commit(put("once")).await;
        assert!(matches!(fixture.store.commit(put("once")).await, Err(Lost::Conflict("settings"))));
        fixture.user("ana@acme.test").await;
        let twin = fixture.a_user("Ana@ACME.test");
        assert!(matches!(fixture.store.commit(work().insert_user(&twin)).await, Err(Lost::Conflict("users"))));
    }

    async fn a_reference_to_what_is_gone_is_a_lost_guard(fixture: Fixture) {
        let stranger = fixture.a_user("ana@acme.test");
        let session = fixture.a_session(&stranger);
        assert!(matches!(fixture.store.commit(work().insert_session(&session)).await, Err(Lost::Guard("reference"))));
    }

    async fn breaking_units_harm_no_other(fixture: Fixture) {
        let mut tasks = Vec::new();
        for n in 0..200 {
            let store = fixture.store.clone();
            tasks.push(tokio::spawn(async move {
                let unit = put(&format!("k{n}"));
                let unit = match n % 4 {
                    0 => unit.guarded("nobody", "UPDATE counters SET value = ? WHERE name = ?", args![n, "absent"]),
                    1 => unit.step("INSERT INTO counters (name, value) VALUES ('same', ?)", args![n]),
                    2 => unit.step("INSERT INTO no_such_table (a) VALUES (?)", args![n]),
                    _ => unit,
                };
                (n, store.commit(unit).await)
            }));
        }
        let mut same = 0;
        for task in tasks {
            let (n, outcome) = task.await.unwrap();
            match n % 4 {
                0 => assert!(matches!(outcome, Err(Lost::Guard("nobody"))), "{n}: {outcome:?}"),
                1 => same += usize::from(outcome.is_ok()),
                2 => assert!(matches!(outcome, Err(Lost::Fault(_))), "{n}: {outcome:?}"),
                _ => assert!(outcome.is_ok(), "{n}: {outcome:?}"),
            }
            assert!(n % 4 == 1 || has(&fixture, &format!("k{n}")).await == (n % 4 == 3), "{n}");
        }
        assert_eq!(same, 1, "one of those that want the same row");
    }

    async fn units_that_cross_each_other_both_succeed_in_the_end(fixture: Fixture) {
        fixture.commit(put("a")).await;
        fixture.commit(put("b")).await;
        for _ in 0..3 {
            let mut tasks = tokio::task::JoinSet::new();
            for pair in [["a", "b"], ["b", "a"]] {
                let store = fixture.store.clone();
                tasks.spawn(async move {
                    let set = "UPDATE settings SET value = 'w' WHERE key = ?";
                    store.commit(work().guarded("first", set, args![pair[0]]).guarded("second", set, args![pair[1]])).await
                });
            }
            for outcome in tasks.join_all().await {
                outcome.unwrap();
            }
        }
    }

    async fn absent_values_and_odd_texts_come_back_as_they_were(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let read = fixture.store.user(user.id).await.unwrap().unwrap();
        assert_eq!(read, user);
        let odd = "NUL \0, quote ' \" ? $1 ; -- 🦀";
        fixture.commit(work().step("INSERT INTO settings (key, value) VALUES (?, ?)", args!["odd", odd])).await;
        let read = fixture.store.first("SELECT value FROM settings WHERE key = ?", &args!["odd"], |row| row.text(0)).await.unwrap();
        assert_eq!(read.unwrap(), odd.replace('\0', "\u{fffd}"));
    }

    async fn a_store_opened_again_finds_everything(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let again = fixture.reopened().await;
        assert_eq!(again.user(user.id).await.unwrap().unwrap(), user);
        again.ping().await.unwrap();
        let status = crate::migration_status(&fixture.url).await.unwrap();
        assert!(status.len() >= 7 && status.iter().all(|change| change.applied));
        assert!(crate::migrate(&fixture.url).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dos_a_full_queue_answers_busy_and_recovers() {
    let fixture = Fixture::sqlite().await;
    let Engine::Sqlite { writer, .. } = fixture.store.engine() else {
        panic!("SQLite")
    };
    let turn = writer.turn().await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..crate::sqlite::QUEUE + 50 {
        let store = fixture.store.clone();
        tasks.spawn(async move { store.commit(put(&format!("k{n}"))).await });
    }
    let mut busy = 0;
    while busy < 50 {
        // Only refusals can be answered while the writer keeps still.
        match tasks.join_next().await.unwrap().unwrap() {
            Err(Lost::Busy) => busy += 1,
            other => panic!("{other:?}"),
        }
    }
    drop(turn);
    let mut done = 0;
    while let Some(outcome) = tasks.join_next().await {
        outcome.unwrap().unwrap();
        done += 1;
    }
    assert_eq!(done, crate::sqlite::QUEUE);
    fixture.commit(put("after")).await;
}

#[tokio::test]
async fn what_was_accepted_is_durable_although_the_store_is_dropped_at_once() {
    let fixture = Fixture::sqlite().await;
    let second = fixture.reopened().await;
    let pending = second.commit(put("last words"));
    pending.await.unwrap();
    drop(second);
    assert!(has(&fixture, "last words").await);
}

#[tokio::test]
async fn a_schema_that_is_behind_is_named_when_migrating_is_not_wanted() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().join("empty.db").display());
    let mut options = Fixture::options([1; 32], std::sync::Arc::default());
    options.migrate = false;
    let fault = crate::Store::open(&url, options).await.err().unwrap();
    assert!(fault.context.contains("identity migrate"), "{fault}");
}

#[tokio::test]
async fn an_unusable_url_is_named() {
    for url in [
        "",
        "sqlite:",
        "sqlite::memory:",
        "mysql://x",
        "sqlite:/no/such/directory/x.db",
    ] {
        assert!(
            crate::Store::open(url, Fixture::options([1; 32], std::sync::Arc::default()))
                .await
                .is_err(),
            "{url}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn log_02_the_database_file_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::sqlite().await;
    let path = crate::sqlite::path_of(&fixture.url).unwrap();
    assert_eq!(
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}
