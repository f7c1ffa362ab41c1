//! WAN-01, WAN-05, WAN-06 and MFA-10: what is accepted as a proof, and what it says.

use identity_harness::app::App;
use identity_harness::authenticator::{Authenticator, BE, BS, Parts, Passkeys, UP, UV};
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::{ALICE, BOB};
use serde_json::{Value, json};
use url::Url;

use super::{LIST, Waiting, add, assert_refused, enrolled, filled, options, sign_in};

type Change = Box<dyn Fn(&mut Parts)>;

/// Every single change that WAN-01 names, but for those of the challenge.
fn mutations(app: &App, bob: &impl Passkeys) -> Vec<(&'static str, Change)> {
    let port = app.origin.port().expect("a port");
    let (next, bare) = (
        format!("http://localhost:{}", port ^ 1),
        "http://localhost".to_owned(),
    );
    let secure = format!("https://localhost:{port}");
    let subdomain = format!("http://id.localhost:{port}");
    let path = format!("http://localhost:{port}/");
    let upper = format!("http://LOCALHOST:{port}");
    let (id, handle) = bob.newest();
    let encode = |bytes: &[u8]| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    };
    let (bobs_id, bobs_handle) = (encode(&id), encode(&handle));
    let other_id = bobs_id.clone();
    let set =
        |origin: String| -> Change { Box::new(move |parts| parts.origin.clone_from(&origin)) };
    vec![
        ("another origin", set("https://badidp.test".into())),
        ("another port", set(next)),
        ("no port", set(bare)),
        ("https", set(secure)),
        ("a subdomain", set(subdomain)),
        ("an origin with a path", set(path)),
        ("an origin in capitals", set(upper)),
        ("no origin", set(String::new())),
        (
            "in a frame",
            Box::new(|p| p.more = json!({"crossOrigin": true})),
        ),
        (
            "in a frame of another site",
            Box::new(|p| p.more = json!({"topOrigin": "https://badidp.test"})),
        ),
        (
            "another relying party",
            Box::new(|p| p.rp_id = "badidp.test".into()),
        ),
        (
            "the parent of the host",
            Box::new(|p| p.rp_id = "host".into()),
        ),
        (
            "a creation",
            Box::new(|p| p.client_type = "webauthn.create".into()),
        ),
        (
            "a payment",
            Box::new(|p| p.client_type = "payment.get".into()),
        ),
        ("nobody present", Box::new(|p| p.flags &= !UP)),
        ("nobody verified", Box::new(|p| p.flags &= !UV)),
        ("no flags", Box::new(|p| p.flags = 0)),
        ("a broken signature", Box::new(|p| p.break_signature = true)),
        ("another key", Box::new(|p| p.foreign_key = true)),
        (
            "Bob's user handle",
            Box::new(move |p| p.user_handle = Some(bobs_handle.clone())),
        ),
        ("no user handle", Box::new(|p| p.user_handle = None)),
        (
            "an empty user handle",
            Box::new(|p| p.user_handle = Some(String::new())),
        ),
        (
            "id and rawId differ",
            Box::new(move |p| p.id.clone_from(&other_id)),
        ),
        (
            "Bob's credential",
            Box::new(move |p| {
                p.id.clone_from(&bobs_id);
                p.raw_id.clone_from(&bobs_id);
            }),
        ),
        (
            "an unknown credential",
            Box::new(|p| {
                p.id = "AAAAAAAAAAAAAAAAAAAAAA".into();
                p.raw_id = "AAAAAAAAAAAAAAAAAAAAAA".into();
            }),
        ),
        ("no public key", Box::new(|p| p.kind = "password".into())),
        (
            "backed up but not eligible",
            Box::new(|p| p.flags = p.flags & !BE | BS),
        ),
        (
            "eligible now, or no more",
            Box::new(|p| p.flags = (p.flags ^ BE) & !BS),
        ),
    ]
}

/// Client data may have members that nobody knows.
pub fn allowed(parts: &mut Parts) {
    parts.more["other_keys_can_be_added_here"] = json!("do not compare");
}

#[tokio::test]
async fn wan_01_every_change_of_an_assertion_is_refused() {
    every_change_is_refused(Authenticator::new).await;
}

pub async fn every_change_is_refused<P: Passkeys>(make: fn(&Url) -> P) {
    let app = App::start().await;
    let (mut alice, mut bob) = (make(&app.origin), make(&app.origin));
    enrolled(&app, ALICE, &mut alice).await;
    enrolled(&app, BOB, &mut bob).await;
    for (what, change) in mutations(&app, &bob) {
        let waiting = Waiting::new(&app).await;
        let credential = alice.get_with(&waiting.options().await, |parts| change(parts));
        let page = waiting.answer(&credential).await;
        assert_refused(&waiting, &page, what);
    }
    // The yardsticks: unchanged the same authenticator signs in, and so it does after a change that the standard allows (§5.8.1).
    assert_eq!(sign_in(&app, &mut alice).await["email"], ALICE.email);
    let waiting = Waiting::new(&app).await;
    let credential = alice.get_with(&waiting.options().await, allowed);
    let page = waiting.answer(&credential).await;
    assert_eq!(waiting.claims(&page).await["email"], ALICE.email);
}

#[tokio::test]
async fn wan_01_a_challenge_is_good_for_its_own_ceremony_only() {
    other_challenges_are_refused(Authenticator::new).await;
}

pub async fn other_challenges_are_refused<P: Passkeys>(make: fn(&Url) -> P) {
    let app = App::start().await;
    let mut alice = make(&app.origin);
    let account = enrolled(&app, ALICE, &mut alice).await;

    let waiting = Waiting::new(&app).await;
    let old = waiting.options().await;
    let new = waiting.options().await;
    assert_ne!(old["challenge"], new["challenge"]);
    let page = waiting.answer(&alice.get(&old)).await;
    assert_refused(&waiting, &page, "one that a newer one replaced");

    let other = Waiting::new(&app).await;
    let page = waiting.answer(&alice.get(&other.options().await)).await;
    assert_refused(&waiting, &page, "another browser's");

    let page = account.open(super::ADD).await;
    let creation = options(&account, &page).await["publicKey"].clone();
    let mut options = waiting.options().await;
    options["challenge"] = creation["challenge"].clone();
    let page = waiting.answer(&alice.get(&options)).await;
    assert_refused(&waiting, &page, "a registration's");

    options["challenge"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let page = waiting.answer(&alice.get(&options)).await;
    assert_refused(&waiting, &page, "an invented one");

    let late = waiting.options().await;
    app.clock.advance(std::time::Duration::from_mins(5));
    let page = waiting.answer(&alice.get(&late)).await;
    assert_refused(&waiting, &page, "one of five minutes ago");

    for text in [
        "",
        "{}",
        "null",
        "[1]",
        "{\"type\":\"public-key\"}",
        &"x".repeat(8_000),
    ] {
        let form = waiting.page.form("credential").forge("credential", text);
        let page = waiting.browser.send(&form).await;
        assert_refused(&waiting, &page, "no answer at all");
    }
    let page = waiting.answer(&alice.get(&waiting.options().await)).await;
    assert_eq!(waiting.claims(&page).await["email"], ALICE.email);
}

/// A login whose password was right and that waits for its second factor.
async fn at_second_factor(app: &App, person: identity_harness::seed::Person) -> Waiting {
    let mut waiting = Waiting::new(app).await;
    let page = waiting
        .browser
        .enter(waiting.page.clone(), person.email, person.password)
        .await;
    assert!(
        page.url.path().ends_with("/second_factor"),
        "{}",
        page.summary()
    );
    waiting.page = page;
    waiting
}

#[tokio::test]
async fn wan_01_as_a_second_factor_only_the_same_persons_passkey_counts() {
    another_persons_is_refused(Authenticator::synced).await;
}

pub async fn another_persons_is_refused<P: Passkeys>(make: fn(&Url) -> P) {
    let app = App::start().await;
    let (mut alice, mut bob) = (make(&app.origin), make(&app.origin));
    enrolled(&app, ALICE, &mut alice).await;
    enrolled(&app, BOB, &mut bob).await;

    let waiting = at_second_factor(&app, ALICE).await;
    let mut options = waiting.options().await;
    assert_eq!(
        options["allowCredentials"].as_array().map(Vec::len),
        Some(1)
    );
    options["allowCredentials"] = json!([]);
    let page = waiting.answer(&bob.get(&options)).await;
    assert!(
        page.status >= 400 && page.has("[role=alert]"),
        "{}",
        page.summary()
    );
    assert!(waiting.browser.cookie("session").is_none());

    // A challenge of a sign-in by passkey alone is none of a second step.
    let alone = Waiting::new(&app).await;
    options["challenge"] = alone.options().await["challenge"].clone();
    let page = waiting.answer(&alice.get(&options)).await;
    assert!(page.status >= 400, "{}", page.summary());

    let page = waiting.answer(&alice.get(&waiting.options().await)).await;
    let claims = waiting.claims(&page).await;
    assert_eq!(claims["email"], ALICE.email);
    assert_eq!(claims["amr"], json!(["pwd", "swk", "mfa"]));
    assert_eq!(claims["acr"], "urn:identity:acr:2fa");
}

#[tokio::test]
async fn mfa_10_a_passkey_says_how_it_is_kept_and_stands_for_two_factors() {
    let app = App::start().await;
    for (person, mut authenticator, amr) in [
        (ALICE, Authenticator::new(&app.origin), "hwk"),
        (BOB, Authenticator::synced(&app.origin), "swk"),
    ] {
        let waiting = Waiting::new(&app).await;
        let page = waiting
            .browser
            .enter(waiting.page.clone(), person.email, person.password)
            .await;
        let before = waiting.claims(&page).await;
        assert_eq!(before["amr"], json!(["pwd"]));
        assert_eq!(before["acr"], "urn:identity:acr:1fa");
        enrolled(&app, person, &mut authenticator).await;
        let claims = sign_in(&app, &mut authenticator).await;
        assert_eq!(claims["email"], person.email);
        assert_eq!(claims["amr"], json!([amr, "mfa"]));
        assert_eq!(claims["acr"], "urn:identity:acr:2fa");
    }
}

#[tokio::test]
async fn wan_05_a_counter_that_does_not_rise_ends_the_trust_in_its_key() {
    let app = App::start().await;
    let mut key = Authenticator::new(&app.origin);
    key.counts = true;
    let browser = enrolled(&app, ALICE, &mut key).await;
    for _ in 0..2 {
        sign_in(&app, &mut key).await;
    }
    let before = key.keys[0].counter;
    for (counter, what) in [
        (before, "the same counter"),
        (before + 9, "a higher one, after the key was seen twice"),
    ] {
        let waiting = Waiting::new(&app).await;
        let options = waiting.options().await;
        let credential = key.get_with(&options, |parts| parts.counter = counter);
        let page = waiting.answer(&credential).await;
        assert_refused(&waiting, &page, what);
    }
    let list = browser.open(LIST).await;
    assert!(list.text().contains("Not accepted"), "{}", list.text());
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    assert!(format!("{mail:?}").contains("copy of it"), "{mail:?}");
    let audit = format!("{:?}", app.database.rows("audit").await);
    assert!(
        audit.contains("suspected") && audit.contains("counter"),
        "{audit}"
    );
}

#[tokio::test]
async fn wan_05_what_a_key_once_said_about_copies_stays_true() {
    let app = App::start().await;
    let mut manager = Authenticator::synced(&app.origin);
    enrolled(&app, ALICE, &mut manager).await;
    for (flags, what) in [
        (BE | BS, "eligible no more"),
        (BE, "backed up, not eligible"),
    ] {
        let waiting = Waiting::new(&app).await;
        let options = waiting.options().await;
        let credential = manager.get_with(&options, |parts| parts.flags &= !flags);
        let page = waiting.answer(&credential).await;
        assert_refused(&waiting, &page, what);
    }
    // Its state may change: the copy is gone, or there is one now.
    manager.backup = BE;
    sign_in(&app, &mut manager).await;
    manager.backup = BE | BS;
    sign_in(&app, &mut manager).await;
}

/// What the script gets, without the challenge.
async fn anonymous_options(browser: &Browser, page: &Page) -> Value {
    let mut options = options(browser, page).await;
    let challenge = options["publicKey"]["challenge"].take();
    assert_eq!(challenge.as_str().map(str::len), Some(43));
    options
}

#[tokio::test]
async fn wan_06_options_say_nothing_about_who_exists() {
    let app = App::start().await;
    let mut alice = Authenticator::new(&app.origin);
    let signed_in = enrolled(&app, ALICE, &mut alice).await;
    add(&signed_in, &mut Authenticator::synced(&app.origin)).await;

    let mut seen = Vec::new();
    for email in [
        ALICE.email,
        "bob@b.test",
        "nobody@a.test",
        "nobody@elsewhere.test",
    ] {
        let waiting = Waiting::new(&app).await;
        seen.push(anonymous_options(&waiting.browser, &waiting.page).await);
        // With the address alone the page asks for the password; what the script gets stays the same, again and again.
        let form = waiting.page.form("identifier").fill("identifier", email);
        waiting.browser.send(&form).await;
        for _ in 0..2 {
            seen.push(anonymous_options(&waiting.browser, &waiting.page).await);
        }
    }
    assert!(seen.iter().all(|options| options == &seen[0]), "{seen:?}");
    assert_eq!(seen[0]["publicKey"]["allowCredentials"], json!([]));

    // An answer with an unknown key and one with a key of somebody differ only after the challenge was right.
    let waiting = Waiting::new(&app).await;
    let mut options = waiting.options().await;
    options["challenge"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let known = waiting.answer(&alice.get(&options)).await;
    let unknown = alice.get_with(&options, |parts| {
        parts.id = "AAAAAAAAAAAAAAAAAAAAAA".into();
        parts.raw_id.clone_from(&parts.id);
    });
    let unknown = waiting.browser.send(&filled(&waiting.page, &unknown)).await;
    assert_eq!(known.text(), unknown.text());
}
