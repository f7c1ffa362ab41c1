//! PRI-04: what is over is kept as long as `docs/guides/operate.md` says, and no longer.

use std::time::Duration;

use identity_harness::app::{App, Period};
use identity_harness::seed::{ALICE, BOB};
use serde_json::Value;

use crate::devices::{CHROME, FIREFOX, attempt, behind_proxy, browser, sign_in};

const DAY: Duration = Duration::from_hours(24);
const MINUTE: Duration = Duration::from_mins(1);
const ADDRESS: &str = "198.51.100.20";

/// Lets time pass, and does the work that is due then.
async fn pass(app: &App, time: Duration) {
    app.clock.advance(time);
    app.run_jobs().await;
}

async fn count(app: &App, table: &str) -> usize {
    app.database.rows(table).await.len()
}

/// Records of the audit log that hold the address.
async fn records(app: &App) -> Vec<Value> {
    let mut rows = app.database.rows("audit").await;
    rows.retain(|row| row["address"] == ADDRESS);
    rows
}

#[tokio::test]
async fn pri_04_sessions_go_thirty_days_after_their_end_and_logins_a_day_after_theirs() {
    let app = App::start().await;
    sign_in(&app, &app.browser(), ALICE).await;
    let rp = app.client("web1").await;
    app.browser().open(&rp.attempt().url()).await;
    assert_eq!(count(&app, "logins").await, 2, "one is open, one finished");
    pass(&app, DAY + DAY / 2).await;
    assert_eq!(count(&app, "logins").await, 0);
    // A session of a day, then thirty more.
    pass(&app, 29 * DAY + 719 * MINUTE).await;
    assert_eq!(count(&app, "sessions").await, 1, "after thirty days");
    assert_eq!(count(&app, "session_clients").await, 1);
    pass(&app, DAY + 2 * MINUTE).await;
    assert_eq!(count(&app, "sessions").await, 0);
    assert_eq!(count(&app, "session_clients").await, 0);
}

#[tokio::test]
async fn pri_04_grants_go_ninety_days_after_they_were_made_and_devices_stay_recognised() {
    let app = App::start().await;
    sign_in(&app, &app.browser(), ALICE).await;
    assert_eq!(count(&app, "refresh_families").await, 1);
    // Sixty days are the longest that one can be used, then thirty more.
    pass(&app, 89 * DAY + 1439 * MINUTE).await;
    assert_eq!(count(&app, "refresh_families").await, 1);
    pass(&app, 2 * MINUTE).await;
    assert_eq!(count(&app, "refresh_families").await, 0);
    assert_eq!(count(&app, "devices").await, 1);
    pass(&app, 309 * DAY + 1438 * MINUTE).await;
    assert_eq!(count(&app, "devices").await, 1, "400 days");
    pass(&app, 2 * MINUTE).await;
    assert_eq!(count(&app, "devices").await, 0);
}

#[tokio::test]
async fn pri_04_work_that_failed_for_good_and_links_that_ran_out_are_not_kept() {
    let app = App::start().await;
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", ALICE.email)).await;
    let links = async || {
        let rows = app.database.rows("single_use").await;
        rows.iter().filter(|row| row["kind"] == "recovery").count()
    };
    assert!(links().await > 0, "the test's own check");
    // Waits five minutes for more of them: nobody has claimed it when it is given up.
    for _ in 0..6 {
        attempt(&app, &app.browser(), BOB.email, "wrong wrong wrong").await;
    }
    app.run_jobs().await;
    let buried = app.database.tamper("UPDATE jobs SET state = 'dead'").await;
    assert!(buried > 0, "the test's own check");
    pass(&app, DAY).await;
    assert!(links().await > 0, "for a day beyond their end");
    pass(&app, DAY).await;
    assert_eq!(links().await, 0);
    pass(&app, 28 * DAY + 4 * MINUTE).await;
    assert_eq!(count(&app, "jobs").await as u64, buried);
    pass(&app, 2 * MINUTE).await;
    assert_eq!(count(&app, "jobs").await, 0);
}

#[tokio::test]
async fn pri_04_the_audit_log_forgets_and_what_is_left_of_it_is_still_proven() {
    let app = behind_proxy()
        .configure(|config| config.audit.keep = Period::days(90))
        .start()
        .await;
    sign_in(&app, &browser(&app, FIREFOX, ADDRESS), ALICE).await;
    app.run_jobs().await;
    let before = records(&app).await;
    assert!(before.len() > 1, "{before:?}");
    pass(&app, 80 * DAY).await;
    sign_in(&app, &browser(&app, CHROME, "192.0.2.10"), ALICE).await;
    pass(&app, 9 * DAY + 1439 * MINUTE).await;
    assert_eq!(records(&app).await.len(), before.len(), "for ninety days");
    // Whole days at once.
    pass(&app, DAY + 2 * MINUTE).await;
    assert_eq!(records(&app).await, Vec::<Value>::new());
    app.run_jobs().await;
    let reports = app.verify_audit().await;
    assert!(!reports.is_empty());
    for report in &reports {
        assert_eq!(report.finding, None, "{report:?}");
        assert!(report.first > 1 && report.proven > 0, "{report:?}");
    }
    let rows = app.database.rows("audit").await;
    let is_there = |action: &str| rows.iter().any(|row| row["action"] == action);
    assert!(is_there("audit.prune"), "it leaves a trace");
    assert!(is_there("session.sign_in"), "the later one stays");

    // Nobody shortens the log behind our back.
    let first = reports[0].first;
    let of_chain = if reports[0].chain.is_empty() {
        "organization_id IS NULL"
    } else {
        "organization_id IS NOT NULL"
    };
    let removed = app
        .database
        .tamper(&format!(
            "DELETE FROM audit WHERE {of_chain} AND seal_seq = {first}"
        ))
        .await;
    assert_eq!(removed, 1);
    let finding = async || app.verify_audit().await.remove(0).finding;
    let missing = finding().await.expect("a finding").to_string();
    assert_eq!(missing, format!("record {first} is missing"));
    // A public key that stands in the database is nobody's word: only what we sealed proves anything.
    let foreign = "UPDATE signing_keys SET kid = kid || 'x'";
    assert!(app.database.tamper(foreign).await > 0);
    let unproven = finding().await.expect("a finding").to_string();
    assert_ne!(unproven, missing);
    let moved = "UPDATE audit_anchors SET seq = seq + 1";
    assert!(app.database.tamper(moved).await > 0);
    let forged = finding().await.expect("a finding").to_string();
    assert!(forged.contains("nothing of ours says"), "{forged}");
}

#[tokio::test]
async fn pri_04_an_audit_log_that_is_kept_for_ever_is_kept() {
    let app = behind_proxy()
        .configure(|config| config.audit.keep = Period::seconds(0))
        .start()
        .await;
    sign_in(&app, &browser(&app, FIREFOX, ADDRESS), ALICE).await;
    app.run_jobs().await;
    let before = records(&app).await.len();
    pass(&app, 800 * DAY).await;
    assert!(before > 0);
    assert_eq!(records(&app).await.len(), before);
}
