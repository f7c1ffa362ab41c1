//! H-56: many failures are told once in an hour.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::mailbox::Mail;
use identity_harness::seed::{ALICE, BOB};

use crate::mfa::{phone, prove, with_app};

use super::{FIREFOX, attempt, behind_proxy, browser};

async fn digests(app: &App, email: &str) -> Vec<Mail> {
    app.clock.advance(Duration::from_mins(5));
    app.run_jobs().await;
    let mut mails = app.mailbox().to(email).await;
    mails.retain(|mail| mail.subject.contains("many failed"));
    mails
}

async fn fail(app: &App, email: &str, times: u8) {
    for at in 0..times {
        let stranger = browser(app, FIREFOX, &format!("203.0.113.{at}"));
        attempt(app, &stranger, email, "not the password").await;
    }
}

#[tokio::test]
async fn many_failures_are_one_mail_an_hour_and_few_are_none() {
    let app = behind_proxy().start().await;
    fail(&app, ALICE.email, 4).await;
    fail(&app, "nobody@a.test", 8).await;
    assert!(digests(&app, ALICE.email).await.is_empty(), "four are few");
    assert!(digests(&app, "nobody@a.test").await.is_empty());
    fail(&app, ALICE.email, 8).await;
    let mails = digests(&app, ALICE.email).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("12"), "{}", mails[0].text);
    assert!(mails[0].link("/account/secure").starts_with(&app.issuer));
    fail(&app, ALICE.email, 8).await;
    assert_eq!(
        digests(&app, ALICE.email).await.len(),
        1,
        "not twice an hour"
    );
    app.clock.advance(Duration::from_mins(61));
    fail(&app, ALICE.email, 8).await;
    assert_eq!(digests(&app, ALICE.email).await.len(), 2);
    assert!(digests(&app, BOB.email).await.is_empty());
}

#[tokio::test]
async fn wrong_second_factors_count_like_wrong_passwords() {
    let app = behind_proxy().seed(with_app()).start().await;
    fail(&app, ALICE.email, 2).await;
    let stranger = browser(&app, FIREFOX, "203.0.113.9");
    let page = attempt(&app, &stranger, ALICE.email, ALICE.password).await;
    for _ in 0..2 {
        prove(&stranger, &page, &phone().wrong_code(&app.clock)).await;
    }
    assert!(digests(&app, ALICE.email).await.is_empty(), "four are few");
    prove(&stranger, &page, &phone().wrong_code(&app.clock)).await;
    let mails = digests(&app, ALICE.email).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains('5'), "{}", mails[0].text);
}

#[tokio::test]
async fn known_and_unknown_accounts_leave_the_same_jobs() {
    let app = behind_proxy().start().await;
    let mut counts = Vec::new();
    for email in [ALICE.email, "nobody@a.test"] {
        let before = app.database.rows("jobs").await.len();
        fail(&app, email, 9).await;
        counts.push(app.database.rows("jobs").await.len() - before);
    }
    assert_eq!(counts[0], counts[1]);
    assert_eq!(counts[0], 1);
}
