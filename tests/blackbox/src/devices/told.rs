//! SES-10: who is told of a sign-in, and when.

use std::io::Write as _;
use std::sync::Arc;

use identity_harness::app::App;
use identity_harness::mmdb::Places;
use identity_harness::seed::{ALICE, BOB};

use super::{
    CHROME, FIREFOX, behind_proxy, browser, elsewhere, events, known_and_new, read, sign_in, told,
};

/// Germany, Brazil, and a city that is known well.
fn places() -> tempfile::NamedTempFile {
    let bytes = Places::default()
        .country("192.0.2.0", 24, "DE")
        .country("198.51.100.0", 24, "BR")
        .city("203.0.113.0", 24, ("PT", "Porto"), 20)
        .bytes(1_700_000_000);
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(&bytes).expect("written");
    file
}

#[tokio::test]
async fn ses_10_a_sign_in_from_a_new_device_is_told_once_and_the_first_one_is_not() {
    let app = behind_proxy().start().await;
    let known = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &known, ALICE).await;
    sign_in(&app, &known, ALICE).await;
    assert!(told(&app, ALICE.email).await.is_empty(), "the first device");
    let new = browser(&app, FIREFOX, "198.51.100.20");
    sign_in(&app, &new, ALICE).await;
    let mails = told(&app, ALICE.email).await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(
        mail.subject,
        format!("New sign-in to your Identity account {}", ALICE.email)
    );
    for fact in [
        ALICE.email,
        "Identity",
        "App web1",
        "Firefox",
        "Linux",
        "198.51.100.20",
        "UTC",
    ] {
        assert!(mail.text.contains(fact), "{fact}: {}", mail.text);
        assert!(mail.html.contains(fact), "{fact}: {}", mail.html);
    }
    assert!(mail.link("it=me").contains("/report/"));
    assert!(mail.link("it=not_me").contains("/report/"));
    for _ in 0..2 {
        sign_in(&app, &new, ALICE).await;
        sign_in(&app, &known, ALICE).await;
    }
    assert_eq!(told(&app, ALICE.email).await.len(), 1);
    let events = events(&app, "device.new").await;
    assert_eq!(events.len(), 1, "{events:?}");
}

#[tokio::test]
async fn ses_10_a_sign_up_is_not_told() {
    let app = App::start().await;
    let browser = app.browser();
    let form = browser.open("/register").await.form("email");
    let form = form
        .fill("email", "new@c.test")
        .fill("name", "New Person")
        .fill("password", "umbrella-forest-piano-66");
    let page = browser.send(&form).await;
    app.run_jobs().await;
    let code = app.mailbox().newest("new@c.test").await.code().to_owned();
    let page = browser.send(&page.form("code").fill("code", &code)).await;
    assert!(
        page.url.path().starts_with("/account"),
        "{}",
        page.summary()
    );
    assert!(told(&app, "new@c.test").await.is_empty());
    assert!(events(&app, "device.new").await.is_empty());
}

#[tokio::test]
async fn ses_10_many_sign_ins_at_once_in_one_new_browser_are_one_device_and_one_mail() {
    let app = behind_proxy().start().await;
    let rp = app.client("web1").await;
    let known = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &known, ALICE).await;
    let new = Arc::new(browser(&app, FIREFOX, "198.51.100.20"));
    let mut pages = Vec::new();
    for _ in 0..6 {
        let page = new.open(&rp.attempt().url()).await;
        pages.push(
            page.form("password")
                .fill("identifier", ALICE.email)
                .fill("password", ALICE.password),
        );
    }
    let mut sent = Vec::new();
    for form in pages {
        let new = Arc::clone(&new);
        sent.push(tokio::spawn(async move { new.submit(&form).await.status }));
    }
    let mut done = 0;
    for sent in sent {
        done += usize::from(sent.await.expect("an answer") == 303);
    }
    assert_eq!(done, 6);
    assert_eq!(told(&app, ALICE.email).await.len(), 1);
    assert_eq!(app.database.rows("devices").await.len(), 2);
}

#[tokio::test]
async fn ses_10_two_people_in_one_browser_are_both_recognised_and_other_tabs_go_on() {
    let app = behind_proxy().start().await;
    let rp = app.client("web1").await;
    for person in [ALICE, BOB] {
        sign_in(&app, &browser(&app, CHROME, "192.0.2.10"), person).await;
    }
    let shared = browser(&app, FIREFOX, "192.0.2.10");
    let tab = shared.open(&rp.attempt().url()).await;
    for _ in 0..3 {
        for person in [ALICE, BOB] {
            sign_in(&app, &shared, person).await;
            shared.forget("session");
        }
    }
    for person in [ALICE, BOB] {
        assert_eq!(told(&app, person.email).await.len(), 1, "{}", person.email);
    }
    assert_eq!(app.database.rows("devices").await.len(), 4);
    let form = tab.form("password").fill("identifier", ALICE.email);
    let done = shared.submit(&form.fill("password", ALICE.password)).await;
    assert_eq!(done.status, 303, "{}", done.summary());
}

#[tokio::test]
async fn ses_10_a_country_that_is_new_is_told_and_an_old_one_is_not() {
    let file = places();
    let path = file.path().to_owned();
    let app = behind_proxy()
        .configure(move |config| config.geo.database_file = Some(path.clone()))
        .start()
        .await;
    let browser = browser(&app, CHROME, "192.0.2.10");
    sign_in(&app, &browser, ALICE).await;
    assert!(told(&app, ALICE.email).await.is_empty());
    let away = elsewhere(&app, &browser, CHROME, "198.51.100.20");
    sign_in_again(&app, &away).await;
    let mails = told(&app, ALICE.email).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("Brazil"), "{}", mails[0].text);
    assert!(mails[0].text.contains("country"), "{}", mails[0].text);
    let home = elsewhere(&app, &away, CHROME, "192.0.2.10");
    sign_in_again(&app, &home).await;
    let away = elsewhere(&app, &home, CHROME, "198.51.100.20");
    sign_in_again(&app, &away).await;
    let porto = elsewhere(&app, &away, CHROME, "203.0.113.9");
    // A session of its own, so that Brazil's stays on the list.
    porto.forget("session");
    sign_in_again(&app, &porto).await;
    let mails = told(&app, ALICE.email).await;
    assert_eq!(mails.len(), 2, "home and Brazil are known, Portugal is not");
    assert!(mails[0].text.contains("Portugal") && !mails[0].text.contains("Porto,"));
    let page = porto.open("/account/devices").await;
    assert!(read(&page).contains("Porto, Portugal"), "{}", read(&page));
    let german = porto.with_header("accept-language", "de");
    let page = german.open("/account/sessions").await;
    assert!(read(&page).contains("Brasilien"), "{}", read(&page));
}

/// A proof of one's own, as `prompt=login` asks for.
async fn sign_in_again(app: &App, browser: &identity_harness::browser::Browser) {
    let rp = app.client("web1").await;
    let attempt = rp.attempt().with("prompt", "login");
    let page = browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    rp.code(&attempt, &page).expect("a code");
}

#[tokio::test]
async fn ses_10_the_words_are_the_persons_and_an_unknown_place_is_no_trouble() {
    let app = behind_proxy().start().await;
    let (_, new, mail) = known_and_new(&app).await;
    assert!(!mail.text.contains("country-"), "{}", mail.text);
    let page = new.open("/account/sessions").await;
    assert!(read(&page).contains("Unknown place"), "{}", read(&page));
    let page = new.open("/account/devices").await;
    assert!(
        read(&page).contains("Firefox on Linux") && read(&page).contains("Chrome on Windows"),
        "{}",
        read(&page)
    );
}

#[tokio::test]
async fn a_file_of_places_that_cannot_be_used_is_refused_at_the_start() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(b"not a file of places").expect("written");
    let path = file.path().to_owned();
    let started = behind_proxy()
        .configure(move |config| config.geo.database_file = Some(path.clone()))
        .try_start()
        .await;
    let reason = started.err().expect("a refusal");
    assert!(reason.contains("look places up"), "{reason}");
}
