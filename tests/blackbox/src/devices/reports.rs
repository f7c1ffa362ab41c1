//! H-53, H-54: "Yes, it was me" and "This wasn't me".

use std::sync::Arc;
use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::{Element, Form, Page};
use identity_harness::seed::{ALICE, BOB};

use super::{
    FIREFOX, attempt, behind_proxy, browser, events, known_and_new, path, read, sign_in, signed_in,
    told,
};

const NEW: &str = "granite-meadow-owls-93";

/// Opens a mailed link and answers.
async fn answer(browser: &Browser, link: &str, answer: &str) -> Page {
    let page = browser.open(&path(link)).await;
    browser
        .send(&page.form("csrf").press("answer", answer))
        .await
}

#[tokio::test]
async fn ses_10_this_was_not_me_ends_everything_and_leads_to_a_new_password_and_the_guided_page() {
    let app = behind_proxy().start().await;
    let rp = app.client("web1").await;
    let (known, new, mail) = known_and_new(&app).await;
    let tokens = sign_in(&app, &new, ALICE).await;
    let reader = app.browser();
    // Opening the link, as mail scanners do, changes nothing.
    for _ in 0..2 {
        let page = reader.open(&path(mail.link("it=not_me"))).await;
        assert!(read(&page).contains("Firefox"), "{}", read(&page));
    }
    assert!(signed_in(&app, &new).await && signed_in(&app, &known).await);
    // Trusted devices are disowned like any other, and no device stays trusted.
    app.database
        .tamper("UPDATE devices SET trusted_until = 9999999999999")
        .await;
    let page = answer(&reader, mail.link("it=not_me"), "not_me").await;
    assert_eq!(page.status, 200, "{}", page.summary());
    let devices = app.database.rows("devices").await;
    assert!(
        devices
            .iter()
            .all(|device| device["trusted_until"].is_null())
    );
    let disowned = devices.iter().filter(|d| !d["distrusted_at"].is_null());
    assert_eq!(disowned.count(), 1);
    assert!(!signed_in(&app, &new).await && !signed_in(&app, &known).await);
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 401);
    rp.refresh(tokens.refresh())
        .await
        .expect_error(400, "invalid_grant");
    let reported = events(&app, "session.report").await;
    assert_eq!(reported.len(), 1);
    // Whoever knows the password cannot get in with it, not even to choose another.
    let thief = attempt(&app, &new, ALICE.email, ALICE.password).await;
    assert!(
        read(&thief).contains("couldn’t sign you in"),
        "{}",
        read(&thief)
    );
    // The owner chooses a new one at once.
    let page = reader.open(page.link("/recover/").path()).await;
    let page = reader
        .send(&page.form("password").fill("password", NEW))
        .await;
    let page = reader.enter(page, ALICE.email, NEW).await;
    assert_eq!(page.url.path(), "/account/secure", "{}", page.summary());
    assert!(read(&page).contains("2 of 5 done"), "{}", read(&page));
    // The disowned device is told of again, every time.
    let before = told(&app, ALICE.email).await.len();
    let rp_attempt = rp.attempt();
    let back = new.sign_in(&rp_attempt.url(), ALICE.email, NEW).await;
    rp.code(&rp_attempt, &back).expect("a code");
    assert_eq!(told(&app, ALICE.email).await.len(), before + 1);
    // The link is used up.
    let page = reader.open(&path(mail.link("it=not_me"))).await;
    assert_eq!(page.status, 410, "{}", page.summary());
}

#[tokio::test]
async fn ses_10_yes_it_was_me_is_noted_once_and_leaves_the_other_answer_open() {
    let app = behind_proxy().start().await;
    let (known, new, mail) = known_and_new(&app).await;
    let reader = app.browser();
    for _ in 0..2 {
        let page = answer(&reader, mail.link("it=me"), "me").await;
        assert!(read(&page).contains("noted"), "{}", read(&page));
    }
    assert!(signed_in(&app, &new).await && signed_in(&app, &known).await);
    let noted = events(&app, "device.change").await;
    assert_eq!(noted.len(), 1, "{noted:?}");
    answer(&reader, mail.link("it=me"), "not_me").await;
    assert!(!signed_in(&app, &new).await);
}

#[tokio::test]
async fn x_02_what_became_of_the_answer_is_still_told_after_a_reload() {
    let app = behind_proxy().start().await;
    let (_, _, mail) = known_and_new(&app).await;
    let reader = app.browser();
    // Nothing is told that was not said.
    let link = path(mail.link("it=not_me")).replace("?it=not_me", "?said=");
    for word in ["me", "not_me"] {
        let page = reader.open(&format!("{link}{word}")).await;
        assert_eq!(page.status, 410, "{}", page.summary());
    }
    let page = answer(&reader, mail.link("it=me"), "me").await;
    let again = reader.open(page.url.as_str()).await.expect(200);
    assert!(read(&again).contains("noted"), "{}", read(&again));
    let page = answer(&reader, mail.link("it=not_me"), "not_me").await;
    let again = reader.open(page.url.as_str()).await.expect(200);
    assert_eq!(read(&again), read(&page));
    // A reset that nobody reported stopped nothing.
    let asked = reader.open("/recover").await.form("identifier");
    reader.send(&asked.fill("identifier", BOB.email)).await;
    app.run_jobs().await;
    let plain = app.mailbox().newest(BOB.email).await;
    let plain = path(plain.link("/recover/"));
    let plain = reader.open(&format!("{plain}?said=stopped")).await;
    assert!(plain.find_form("password").is_some(), "{}", plain.summary());
    // The button of the page that was shown again is the same.
    let page = reader.open(again.link("/recover/").path()).await;
    let page = reader
        .send(&page.form("password").fill("password", NEW))
        .await;
    let page = reader.enter(page, ALICE.email, NEW).await;
    assert_eq!(page.url.path(), "/account/secure", "{}", page.summary());
}

#[tokio::test]
async fn dos_05_reports_of_ones_own_activity_have_a_budget() {
    let app = behind_proxy().start().await;
    let (known, _, _) = known_and_new(&app).await;
    let list = known.open("/account/activity").await;
    let mut forms = Vec::new();
    for entry in entries(&list).iter().take(2) {
        forms.push(report(&known, entry).await);
    }
    let mut refused = 0;
    for at in 0..30 {
        let status = known.submit(&forms[at % 2]).await.status;
        assert!([303, 429].contains(&status), "{status}");
        refused += usize::from(status == 429);
    }
    // The one that counted last is no new report.
    assert_eq!(refused, 5);
    assert_eq!(events(&app, "session.report").await.len(), 20);
    app.clock.advance(Duration::from_mins(4));
    known.send(&forms[0]).await.expect(200);
}

#[tokio::test]
async fn ses_10_of_many_reports_at_once_one_counts() {
    let app = behind_proxy().start().await;
    let (_, _, mail) = known_and_new(&app).await;
    let reader = Arc::new(app.browser());
    let page = reader.open(&path(mail.link("it=not_me"))).await;
    let form = page.form("csrf").press("answer", "not_me");
    let mut sent = Vec::new();
    for _ in 0..50 {
        let (reader, form) = (Arc::clone(&reader), form.clone());
        sent.push(tokio::spawn(
            async move { reader.submit(&form).await.status },
        ));
    }
    let mut done = 0;
    for sent in sent {
        let status = sent.await.expect("an answer");
        assert!([303, 410, 503].contains(&status), "{status}");
        done += usize::from(status == 303);
    }
    assert_eq!(done, 1);
    assert_eq!(events(&app, "session.report").await.len(), 1);
}

#[tokio::test]
async fn ses_11_a_report_link_of_one_person_is_none_of_another() {
    let app = behind_proxy().start().await;
    let (_, _, mail) = known_and_new(&app).await;
    let bob = sign_in(&app, &browser(&app, FIREFOX, "192.0.2.3"), BOB).await;
    let token = mail.link("it=me").split('.').next_back().expect("a token");
    let id = bob.claims["sub"].as_str().expect("an id");
    let page = app.browser().open(&format!("/report/{id}.{token}")).await;
    assert_eq!(page.status, 410, "{}", page.summary());
    for nonsense in ["x", "x.y"] {
        let page = app.browser().open(&format!("/report/{nonsense}")).await;
        assert_eq!(page.status, 410, "{nonsense}");
    }
}

#[tokio::test]
async fn ses_10_the_guided_page_shows_what_is_done_and_ends_with_a_fresh_proof() {
    let app = behind_proxy().start().await;
    // A password that was just made counts as new.
    app.clock.advance(Duration::from_hours(2));
    let (known, new, _) = known_and_new(&app).await;
    let page = known.open("/account/secure").await;
    assert!(read(&page).contains("0 of 5 done"), "{}", read(&page));
    let step = |page: &Page, action: &str| {
        page.forms()
            .into_iter()
            .find(|form| form.action.path().ends_with(action))
            .expect("a form")
    };
    let page = known.send(&step(&page, "secure/sign_out")).await;
    assert!(read(&page).contains("1 of 5 done"), "{}", read(&page));
    assert!(!signed_in(&app, &new).await && signed_in(&app, &known).await);
    let mut page = page;
    for (at, review) in ["factors", "devices", "applications"]
        .into_iter()
        .enumerate()
    {
        let form = step(&page, "secure/review").press("step", review);
        page = known.send(&form).await;
        let progress = format!("{} of 5 done", at + 2);
        assert!(read(&page).contains(&progress), "{}", read(&page));
    }
    crate::pwd::change_password(&known, ALICE.password, NEW)
        .await
        .expect("changed");
    let home = known.open("/account").await;
    assert!(read(&home).contains("Finish securing"), "{}", read(&home));
    let page = known.open("/account/secure").await;
    assert!(read(&page).contains("5 of 5 done"), "{}", read(&page));
    let finish = step(&page, "secure/finish");
    // Whoever holds an old session does not take the reminder away.
    app.clock.advance(Duration::from_mins(20));
    let page = known.send(&finish).await;
    assert!(page.url.path().starts_with("/login/"), "{}", page.summary());
    let home = known.open("/account").await;
    assert!(read(&home).contains("Finish securing"), "{}", read(&home));
    let page = known.open("/account/security/apps/add").await;
    let page = known
        .send(&page.form("password").fill("password", NEW))
        .await;
    assert_eq!(page.status, 200, "{}", page.summary());
    let home = known.send(&finish).await;
    assert!(
        read(&home).contains("account is secured"),
        "{}",
        read(&home)
    );
    let home = known.open("/account").await;
    assert!(!read(&home).contains("Finish securing"), "{}", read(&home));
}

#[tokio::test]
async fn an_unknown_step_is_refused() {
    let app = App::start().await;
    let here = app.browser();
    sign_in(&app, &here, ALICE).await;
    let page = here.open("/account/secure").await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.path().ends_with("review"))
        .expect("a form");
    let page = here.send(&form.forge("step", "everything")).await;
    assert_eq!(page.status, 400, "{}", page.summary());
}

#[tokio::test]
async fn inv_02_the_new_password_after_this_was_not_me_waits_half_an_hour_and_works_once() {
    let app = behind_proxy().start().await;
    let (_, _, mail) = known_and_new(&app).await;
    let reader = app.browser();
    // The question may wait for days; what its answer opens may not.
    app.clock.advance(Duration::from_hours(6 * 24));
    let page = answer(&reader, mail.link("it=not_me"), "not_me").await;
    let link = page.link("/recover/").path().to_owned();
    let again = reader.open(&path(mail.link("it=not_me"))).await;
    assert_eq!(again.status, 410, "{}", again.summary());
    app.clock.advance(Duration::from_mins(29));
    let form = reader.open(&link).await.expect(200).form("password");
    app.clock.advance(Duration::from_mins(2));
    let late = reader.send(&form.fill("password", NEW)).await;
    assert_eq!(late.status, 410, "{}", late.summary());
    assert_eq!(reader.open(&link).await.status, 410);
}

/// What an activity list offers to report.
fn entries(list: &Page) -> Vec<Element> {
    list.select("[data-part=activity] a[href*=report]")
}

/// The form behind one of them.
async fn report(browser: &Browser, entry: &Element) -> Form {
    let page = browser.open(entry.attr("href")).await.expect(200);
    assert_eq!(page.select("[data-part=about]").len(), 1);
    page.form("entry")
}

#[tokio::test]
async fn h_53_an_entry_that_was_not_me_is_named_and_only_a_later_password_counts() {
    let app = behind_proxy().start().await;
    let (known, _, _) = known_and_new(&app).await;
    app.clock.advance(Duration::from_mins(1));
    // Whoever else is here changes the password.
    crate::pwd::change_password(&known, ALICE.password, NEW)
        .await
        .expect("changed");
    app.clock.advance(Duration::from_mins(1));
    let step = "[data-part=steps] > li:nth-child(2) .badge";
    let page = known.open("/account/secure").await;
    assert!(!page.has(step), "nothing is done by age alone");
    assert!(!page.has("[data-part=about]"));
    let list = known.open("/account/activity").await;
    let entries_here = entries(&list);
    let changed = entries_here
        .iter()
        .find(|entry| entry.text.contains("Password changed"));
    // A look reports nothing.
    let form = report(&known, changed.expect("the entry")).await;
    assert!(events(&app, "session.report").await.is_empty());
    let entry = form.value("entry").expect("an entry").to_owned();
    let page = known.send(&form).await.expect(200);
    assert_eq!(page.url.path(), "/account/secure");
    let about = page.select("[data-part=about]");
    let about = about.first().expect("the entry").text.clone();
    assert!(about.contains("Password changed"), "{about}");
    assert!(!page.has(step), "it was changed before: {}", read(&page));
    assert_eq!(events(&app, "session.report").await.len(), 1);
    // Once more says nothing new.
    known.send(&form).await.expect(200);
    assert_eq!(events(&app, "session.report").await.len(), 1);
    let mut forms = page.forms().into_iter();
    let choose = forms.find(|form| form.action.path() == "/account/secure/password");
    let page = known.send(&choose.expect("a form")).await;
    assert_eq!(page.url.path(), "/account/password");
    crate::pwd::change_password(&known, NEW, "velvet-anchor-prairie-17")
        .await
        .expect("changed");
    assert!(known.open("/account/secure").await.has(step));
    // An entry of somebody else's is nobody's here.
    let bob = browser(&app, FIREFOX, "192.0.2.3");
    sign_in(&app, &bob, BOB).await;
    let list = bob.open("/account/activity").await;
    let form = report(&bob, &entries(&list)[0]).await.without("entry");
    bob.send(&form.forge("entry", &entry)).await.expect(404);
    let theirs = format!("/account/secure/report?entry={entry}");
    bob.open(&theirs).await.expect(404);
    assert!(!bob.open("/account/secure").await.has("[data-part=about]"));
}
