//! INV-02, INV-05: mailed proofs that were asked for before the owner threw everybody out.

use std::sync::Arc;
use std::time::Duration;

use identity_harness::app::App;
use identity_harness::authenticator::Authenticator;

use super::{
    EVIL, FRESH, LONG, changed, nora_and_another, nora_for, pending_change, press, recover,
};
use crate::account::{EMAIL, NEW_EMAIL, PASSWORD, ask_for, nora, signs_in};
use crate::wan;

#[tokio::test]
async fn inv_02_a_pending_change_of_address_dies_with_a_recovery() {
    let app = App::start().await;
    let (_, intruder) = nora_and_another(&app).await;
    let link = pending_change(&app, &intruder, EVIL).await;
    assert_eq!(app.browser().open(&link).await.status, 200);
    app.clock.advance(Duration::from_mins(2));
    recover(&app, EMAIL).await;
    assert_eq!(app.browser().open(&link).await.status, 410);
    press(&app.browser(), &link).await;
    press(&intruder, &link).await;
    assert!(signs_in(&app, EMAIL, FRESH).await);
    assert!(!signs_in(&app, EVIL, FRESH).await);
}

#[tokio::test]
async fn inv_02_of_fifty_who_use_one_link_at_once_one_chooses_the_password() {
    let app = App::start().await;
    nora(&app).await;
    let browser = Arc::new(app.browser());
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", EMAIL)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(EMAIL).await;
    let form = browser.open(mail.link("/recover/")).await.form("password");
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..50 {
        let password = format!("granite-meadow-owls-{number:02}");
        let (browser, form) = (
            Arc::clone(&browser),
            form.clone().fill("password", &password),
        );
        tries.spawn(async move { (browser.submit(&form).await.status, password) });
    }
    let answers = tries.join_all().await;
    // Who finds the queue of hashes full may try again, with a link that is used by then.
    let expected = |status: &u16| [200, 303, 410, 503].contains(status);
    assert!(
        answers.iter().all(|(status, _)| expected(status)),
        "{answers:?}"
    );
    let mut chosen = answers.iter().filter(|(status, _)| *status < 400);
    let (_, password) = chosen.next().expect("one");
    assert!(chosen.next().is_none(), "{answers:?}");
    assert!(signs_in(&app, EMAIL, password).await);
}

#[tokio::test]
async fn inv_02_a_pending_change_of_address_and_a_recovery_die_with_a_change_of_password() {
    for everywhere in [true, false] {
        let app = App::start().await;
        let (owner, intruder) = nora_and_another(&app).await;
        let link = pending_change(&app, &intruder, EVIL).await;
        let form = intruder.open("/recover").await.form("identifier");
        intruder.send(&form.fill("identifier", EMAIL)).await;
        app.run_jobs().await;
        let mail = app.mailbox().newest(EMAIL).await;
        let recovery = mail.link("/recover/").to_owned();
        let form = owner.open("/account/password").await.form("password");
        let form = form
            .fill("current_password", PASSWORD)
            .fill("password", FRESH);
        let form = if everywhere {
            form
        } else {
            form.without("sign_out_everywhere")
        };
        let page = owner.send(&form).await;
        assert_eq!(page.url.path(), "/account/security", "{}", page.summary());
        assert_eq!(app.browser().open(&link).await.status, 410);
        assert_eq!(app.browser().open(&recovery).await.status, 410);
    }
}

#[tokio::test]
async fn inv_02_a_pending_change_of_address_dies_when_its_owner_signs_out_everywhere_else() {
    let app = App::start().await;
    let (owner, intruder) = nora_and_another(&app).await;
    let link = pending_change(&app, &intruder, EVIL).await;
    let page = owner.open("/account/secure").await;
    let forms = page.forms();
    let out = forms
        .iter()
        .find(|form| form.action.path().ends_with("/secure/sign_out"));
    owner.send(out.expect("sign out everywhere else")).await;
    assert_eq!(intruder.get("/account").await.status, 303);
    assert_eq!(owner.open(&link).await.status, 410);
}

#[tokio::test]
async fn inv_05_the_link_to_a_new_address_works_for_the_person_alone() {
    let app = App::start().await;
    let owner = nora(&app).await;
    ask_for(&app, &owner, NEW_EMAIL).await;
    let mail = app.mailbox().newest(NEW_EMAIL).await;
    let link = mail.link("/account/email/confirm/").to_owned();
    // Whoever reads a mistyped address has the link and is nobody here.
    let stranger = app.browser();
    let page = press(&stranger, &link).await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    assert!(signs_in(&app, EMAIL, PASSWORD).await);
    // On another device its owner signs in first, and is there.
    let page = stranger.enter(page, EMAIL, PASSWORD).await;
    assert!(
        page.url.path().starts_with("/account/email"),
        "{}",
        page.summary()
    );
    press(&stranger, &link).await;
    assert!(signs_in(&app, NEW_EMAIL, PASSWORD).await);
}

#[tokio::test]
async fn inv_05_the_first_address_takes_back_whatever_followed() {
    let app = App::start().await;
    let (_, intruder) = nora_and_another(&app).await;
    let first = changed(&app, &intruder, EMAIL, EVIL).await;
    app.clock.advance(Duration::from_mins(2));
    let evil_too = "nora.evil.too@elsewhere.test";
    let second = changed(&app, &intruder, EVIL, evil_too).await;
    app.clock.advance(Duration::from_hours(24 * 6));
    let owner = app.browser();
    let page = press(&owner, &first).await;
    assert!(page.status < 400, "{}", page.summary());
    assert_eq!(intruder.get("/account").await.status, 303);
    // What the intruder could take back has nothing to do with it any more.
    assert_eq!(app.browser().open(&second).await.status, 410);
    recover(&app, EMAIL).await;
    assert!(signs_in(&app, EMAIL, FRESH).await);
    for other in [EVIL, evil_too] {
        assert!(!signs_in(&app, other, FRESH).await);
        assert!(!signs_in(&app, other, PASSWORD).await);
    }
}

#[tokio::test]
async fn inv_05_a_later_change_that_is_taken_back_leaves_the_earlier_way_back_open() {
    let app = App::start().await;
    let (_, intruder) = nora_and_another(&app).await;
    let first = changed(&app, &intruder, EMAIL, NEW_EMAIL).await;
    app.clock.advance(Duration::from_mins(2));
    let second = changed(&app, &intruder, NEW_EMAIL, EVIL).await;
    app.clock.advance(Duration::from_mins(2));
    press(&app.browser(), &second).await;
    recover(&app, NEW_EMAIL).await;
    assert!(signs_in(&app, NEW_EMAIL, FRESH).await);
    let page = app.browser().open(&first).await;
    assert_eq!(page.status, 200, "{}", page.summary());
    press(&app.browser(), &first).await;
    assert!(!signs_in(&app, NEW_EMAIL, FRESH).await);
}

#[tokio::test]
async fn inv_05_an_old_address_that_is_anothers_by_now_closes_the_account_until_that_is_settled() {
    let app = App::start().await;
    let (owner, intruder) = nora_for(&app, LONG).await;
    let mut theirs = Authenticator::new(&app.origin);
    wan::add(&intruder, &mut theirs).await;
    let undo = changed(&app, &intruder, EMAIL, EVIL).await;
    // Whoever has the mailbox signed up with it in the meantime.
    let second = nora(&app).await;
    for _ in 0..2 {
        let page = press(&owner, &undo).await;
        assert_eq!(page.status, 409, "{}", page.summary());
        assert!(page.text().contains(EMAIL), "{}", page.summary());
        assert!(page.text().contains("administrator"), "{}", page.text());
    }
    assert_eq!(intruder.get("/account").await.status, 303);
    assert!(!signs_in(&app, EVIL, PASSWORD).await);
    recovers_nothing(&app, EVIL).await;
    let left = app.database.rows("webauthn_ids").await;
    assert!(left.is_empty(), "{left:?}");
    // The other account is not touched, and nothing is lost: once the address is free, the link opens the account.
    assert!(signs_in(&app, EMAIL, PASSWORD).await);
    changed(&app, &second, EMAIL, NEW_EMAIL).await;
    let page = press(&owner, &undo).await;
    assert!(page.status < 400, "{}", page.summary());
    recover(&app, EMAIL).await;
    assert!(signs_in(&app, EMAIL, FRESH).await);
    assert!(signs_in(&app, NEW_EMAIL, PASSWORD).await);
}

/// Asks for a recovery, and gets no link.
async fn recovers_nothing(app: &App, email: &str) {
    let browser = app.browser();
    let form = browser.open("/recover").await.form("identifier");
    browser.send(&form.fill("identifier", email)).await;
    app.run_jobs().await;
    let mails = app.mailbox().to(email).await;
    assert!(mails.iter().all(|mail| !mail.text.contains("/recover/")));
}

#[tokio::test]
async fn inv_05_a_sign_up_that_nobody_proved_does_not_keep_an_address_from_its_owner() {
    let app = App::start().await;
    let (_, intruder) = nora_and_another(&app).await;
    let undo = changed(&app, &intruder, EMAIL, EVIL).await;
    let elsewhere = app.browser();
    let form = elsewhere.open("/register").await.form("email");
    let form = form.fill("name", "Eve").fill("email", EMAIL);
    elsewhere.send(&form.fill("password", PASSWORD)).await;
    let page = press(&app.browser(), &undo).await;
    assert!(page.status < 400, "{}", page.summary());
    recover(&app, EMAIL).await;
    assert!(signs_in(&app, EMAIL, FRESH).await);
    assert!(!signs_in(&app, EVIL, PASSWORD).await);
}
