//! PWD-05 where more than the word itself decides: what was breached, what was there before, what names the house.

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::canary::Canary;
use identity_harness::page::{Form, Page};
use identity_harness::seed::{ADAM, ALICE, Seed, WEB1_SECRET, web};
use reqwest::Method;
use serde_json::{Value, json};

use crate::pwd::change_password;

/// SHA-1: 82121 553700DB6FB0AC39B0BEBFD36CB3C09CBE4.
const KNOWN: &str = "granite-meadow-owls-93";
const UNKNOWN: &str = "umbrella-forest-piano-66";

async fn signed_in(app: &App) -> Browser {
    let browser = app.browser();
    let rp = app.client("web1").await;
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    browser
}

/// The page with the reason.
async fn refused(browser: &Browser, current: &str, new: &str) -> Page {
    match change_password(browser, current, new).await {
        Err(page) => page,
        Ok(page) => panic!("{new:?} was accepted: {}", page.summary()),
    }
}

/// A provider that asks this range service.
async fn asking(range: &Canary) -> App {
    let url: url::Url = range.url("/range/").parse().expect("an address");
    App::setup()
        .configure(move |config| config.password.breached_range_url = Some(url.clone()))
        .fetch_allow(&["127.0.0.0/8"])
        .start()
        .await
}

#[tokio::test]
async fn pwd_05_a_password_known_from_a_breach_is_refused_with_the_reason() {
    let body =
        "0018A45C4D1DEF81644B54AB7F969B88D65:10\r\n553700DB6FB0AC39B0BEBFD36CB3C09CBE4:7\r\n";
    let range = Canary::answering(&format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
    .await;
    let app = asking(&range).await;
    let browser = signed_in(&app).await;
    let page = refused(&browser, ALICE.password, KNOWN).await;
    assert!(page.text().contains("data breach"), "{}", page.text());
    change_password(&browser, ALICE.password, UNKNOWN)
        .await
        .expect("changed");
    // Five digits of a hash are all that leaves the house.
    let asked: Vec<String> = range.calls().into_iter().map(|call| call.request).collect();
    assert!(
        asked.contains(&"GET /range/82121 HTTP/1.1".to_owned()),
        "{asked:?}"
    );
    for call in range.calls() {
        let text = format!("{} {:?} {}", call.request, call.headers, call.body);
        assert!(
            !text.contains("553700DB") && !text.contains(KNOWN),
            "{text}"
        );
    }
}

#[tokio::test]
async fn pwd_05_a_range_service_that_is_away_stops_nobody() {
    let range =
        Canary::answering("HTTP/1.1 503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            .await;
    let app = asking(&range).await;
    let browser = signed_in(&app).await;
    change_password(&browser, ALICE.password, UNKNOWN)
        .await
        .expect("changed");
    assert!(!range.calls().is_empty());
}

#[tokio::test]
async fn pwd_05_earlier_passwords_do_not_come_back_until_five_others_were_there() {
    let app = App::start().await;
    let browser = signed_in(&app).await;
    let page = refused(&browser, ALICE.password, ALICE.password).await;
    assert!(page.has("[aria-invalid=true]"), "{}", page.summary());
    let mut current = ALICE.password.to_owned();
    for number in 1..=6 {
        let new = format!("umbrella-forest-piano-{number}{number}");
        change_password(&browser, &current, &new)
            .await
            .unwrap_or_else(|page| panic!("{number}: {}", page.summary()));
        current = new;
        if number <= 5 {
            let page = refused(&browser, &current, ALICE.password).await;
            let text = page.text();
            assert!(
                text.contains("used this password before"),
                "{number}: {text}"
            );
        }
    }
    change_password(&browser, &current, ALICE.password)
        .await
        .expect("five others were there");
}

/// What the check while typing has against a password in the form of a page.
async fn hints(browser: &Browser, form: &Form, password: &str) -> Vec<Value> {
    let own = browser.address("/").origin().ascii_serialization();
    let headers = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    let form = form.clone().fill("password", password);
    let data = form.data();
    let fields: Vec<(&str, &str)> = data
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let page = browser
        .request_raw(Method::POST, "/password/check", &fields, &headers)
        .await;
    assert_eq!(page.status, 200, "{}", page.summary());
    let answer: Value = serde_json::from_str(&page.body).expect("JSON");
    answer["hints"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn pwd_05_the_check_while_typing_knows_the_house_wherever_it_knows_the_person() {
    let house =
        json!({"slug": "a", "name": "Quixotic Lighthouse Federation", "domains": ["a.test"]});
    let app = App::setup()
        .seed(
            Seed::empty()
                .organization(house)
                .person(ALICE, "a", "analyst")
                .person(ADAM, "a", "admin")
                .client(web("web1", Some(WEB1_SECRET))),
        )
        .start()
        .await;
    let word = "Quixotic-Lighthouse-Federation";
    let fine = "umbrella-forest-piano-77";
    let stranger = app.browser();
    let sign_up = stranger.open("/register").await.form("password");
    assert!(hints(&stranger, &sign_up, word).await.is_empty());

    let browser = signed_in(&app).await;
    let change = browser.open("/account/password").await.form("password");
    let asked = app.browser();
    let form = asked.open("/recover").await.form("identifier");
    asked.send(&form.fill("identifier", ALICE.email)).await;
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    let link = mail.link("/recover/");
    let reset = asked.open(link).await.form("password");
    app.require_new_password(ADAM.email).await;
    let told = app.browser();
    let attempt = app.client("web1").await.attempt();
    let demanded = told
        .sign_in(&attempt.url(), ADAM.email, ADAM.password)
        .await
        .form("password");
    for (who, browser, form) in [
        ("session", &browser, &change),
        ("link", &asked, &reset),
        ("login", &told, &demanded),
    ] {
        assert!(!hints(browser, form, word).await.is_empty(), "{who}");
        assert!(hints(browser, form, fine).await.is_empty(), "{who}");
        let mut posted = form.clone().fill("password", word);
        if form.has("current_password") {
            posted = posted.fill("current_password", ALICE.password);
        }
        let answer = browser.submit(&posted).await;
        assert_eq!(answer.status, 422, "{who}: {}", answer.summary());
    }
    // Signing up, a browser says nothing about whoever else is signed in there.
    let other = change.without("session");
    assert!(hints(&browser, &other, word).await.is_empty());
    // Nor does a sign-in in which nothing is proven yet.
    let begun = stranger.open(&attempt.url()).await.form("password");
    let login = begun.action.path().split('/').nth(2).expect("a login");
    let early = sign_up.forge("login", login);
    assert!(hints(&stranger, &early, word).await.is_empty());
    // A link that is none proves nobody.
    let forged = reset
        .clone()
        .forge("link", &format!("{}.{}", app.issuer, "a"));
    assert!(hints(&asked, &forged, word).await.is_empty());
}

#[tokio::test]
async fn pwd_05_names_of_the_person_the_house_and_the_product_make_no_password() {
    let app = App::start().await;
    let browser = signed_in(&app).await;
    for word in [
        "tenant-a-2026",
        "tenanttenanttenant",
        "alice-abel-2026",
        "identity-identity",
        "alice@a.test2026",
    ] {
        let page = refused(&browser, ALICE.password, word).await;
        assert!(
            page.has("[aria-invalid=true]"),
            "{word}: {}",
            page.summary()
        );
    }
}
