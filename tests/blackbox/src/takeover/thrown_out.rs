//! INV-03: a browser that knew the password weeks ago, with the mailbox, takes no second factor away at once, whatever its owner did first.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::authenticator::Authenticator;
use identity_harness::browser::Browser;
use identity_harness::seed::ALICE;

use super::held::says_not_me;
use super::{FRESH, LONG, recover};
use crate::devices::path;
use crate::wan;

/// Chosen by the owner.
const OWNERS: &str = "cobalt-lantern-fjords-41";
/// Chosen by the owner, later.
const AGAIN: &str = "velvet-anchor-prairie-17";

/// Somebody who signed in weeks ago with the password alone, the owner in a browser that is new, and the owner's new factor to come.
struct Account {
    app: App,
    thief: Browser,
    owner: Browser,
}

impl Account {
    async fn with_a_thief() -> Self {
        let app = App::start().await;
        let (thief, owner) = (app.browser(), app.browser());
        thief.sign_in("/account", ALICE.email, ALICE.password).await;
        app.clock.advance(LONG);
        owner.sign_in("/account", ALICE.email, ALICE.password).await;
        Self { app, thief, owner }
    }

    async fn changes_password(&self, from: &str, to: &str) {
        self.later();
        crate::pwd::change_password(&self.owner, from, to)
            .await
            .expect("changed");
        self.later();
    }

    async fn turns_two_factors_on(&self) {
        wan::add(&self.owner, &mut Authenticator::new(&self.app.origin)).await;
    }

    fn later(&self) {
        self.app.clock.advance(Duration::from_mins(2));
    }

    /// Whether the thief's "This wasn't me" about the new factor puts it on hold.
    async fn is_held(&self) -> bool {
        self.app.run_jobs().await;
        let mails = self.app.mailbox().to(ALICE.email).await;
        let mail = mails.iter().find(|mail| mail.subject.contains("was added"));
        let link = path(mail.expect("a mail").link("it=not_me"));
        let page = says_not_me(&self.thief, &link, "meadow-copper-anvil-58").await;
        page.has("[data-part=on-hold]")
    }
}

#[tokio::test]
async fn inv_03_a_thief_who_was_thrown_out_and_resets_the_password_is_not_believed() {
    let account = Account::with_a_thief().await;
    account.changes_password(ALICE.password, OWNERS).await;
    account.turns_two_factors_on().await;
    account.later();
    recover(&account.app, ALICE.email).await;
    assert!(account.is_held().await);
}

#[tokio::test]
async fn inv_03_a_password_that_was_changed_before_and_after_does_not_make_a_thief_believed() {
    let account = Account::with_a_thief().await;
    account.changes_password(ALICE.password, OWNERS).await;
    account.turns_two_factors_on().await;
    account.changes_password(OWNERS, AGAIN).await;
    assert!(account.is_held().await);
}

#[tokio::test]
async fn inv_03_whoever_was_signed_out_from_elsewhere_is_not_believed() {
    for all in [true, false] {
        let account = Account::with_a_thief().await;
        // Still signed in, so that there is something to end.
        account.thief.forget("session");
        account
            .thief
            .sign_in("/account", ALICE.email, ALICE.password)
            .await;
        account.later();
        let page = account.owner.open("/account/sessions").await;
        let end = if all { "end_others" } else { "sessions/end" };
        let forms = page.forms().into_iter();
        let mut forms = forms.filter(|form| form.action.path().ends_with(end));
        let form = forms.next_back().expect("a form");
        account.owner.send(&form).await;
        assert!(!crate::devices::signed_in(&account.app, &account.thief).await);
        assert!(crate::devices::signed_in(&account.app, &account.owner).await);
        account.later();
        account.turns_two_factors_on().await;
        assert!(account.is_held().await, "all: {all}");
    }
}

#[tokio::test]
async fn inv_03_a_thief_known_for_as_long_as_the_owner_is_not_believed() {
    let app = App::start().await;
    let (thief, owner) = (app.browser(), app.browser());
    for browser in [&thief, &owner] {
        browser
            .sign_in("/account", ALICE.email, ALICE.password)
            .await;
    }
    app.clock.advance(LONG);
    owner.forget("session");
    owner.sign_in("/account", ALICE.email, ALICE.password).await;
    let account = Account { app, thief, owner };
    account.turns_two_factors_on().await;
    account.changes_password(ALICE.password, OWNERS).await;
    assert!(account.is_held().await);
}

#[tokio::test]
async fn inv_03_an_owner_who_changed_their_password_in_their_browser_is_known_in_it() {
    let app = App::start().await;
    let owner = app.browser();
    owner.sign_in("/account", ALICE.email, ALICE.password).await;
    app.clock.advance(LONG);
    owner.forget("session");
    owner.sign_in("/account", ALICE.email, ALICE.password).await;
    let mut passkey = Authenticator::new(&app.origin);
    wan::add(&owner, &mut passkey).await;
    app.clock.advance(Duration::from_mins(2));
    crate::pwd::change_password(&owner, ALICE.password, OWNERS)
        .await
        .expect("changed");
    app.clock.advance(Duration::from_hours(1));
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await;
    let mail = mails.iter().find(|mail| mail.subject.contains("was added"));
    let link = path(mail.expect("a mail").link("it=not_me"));
    says_not_me(&app.browser(), &link, FRESH).await;
    app.clock.advance(Duration::from_hours(10));
    let waiting = wan::Waiting::at(&app, owner).await;
    let credential = passkey.get(&waiting.options().await);
    let page = waiting.answer(&credential).await;
    assert!(page.text().contains("put off"), "{}", page.summary());
}

#[tokio::test]
async fn inv_05_an_undo_by_somebody_thrown_out_before_the_change_of_address_takes_no_factor_away() {
    let app = App::start().await;
    let (former, owner) = super::nora_for(&app, LONG).await;
    crate::pwd::change_password(&owner, crate::account::PASSWORD, OWNERS)
        .await
        .expect("changed");
    app.clock.advance(Duration::from_mins(2));
    let undo = super::changed(&app, &owner, crate::account::EMAIL, "nora.new@inbox.test").await;
    wan::add(&owner, &mut Authenticator::new(&app.origin)).await;
    app.clock.advance(Duration::from_mins(2));
    super::press(&former, &undo).await;
    let rows = app.database.rows("credentials").await;
    assert!(
        rows.iter().any(|row| row["kind"] == "webauthn"),
        "on hold: {rows:?}"
    );
}
