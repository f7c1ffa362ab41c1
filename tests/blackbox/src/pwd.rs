//! PWD: passwords, guessing, enumeration.

use std::time::{Duration, Instant};

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::{ALICE, Seed};
use serde_json::json;

/// bcrypt, cost 4, of 72 times the letter a.
const BCRYPT_OF_72_A: &str = "$2b$04$t90.k5Vr0lgDszQQtwTnauPkCpi6MnMULz3ytXCWx0ctpuhoPccK2";
/// Hashes of `correct horse` as other products keep them.
const SCRYPT: &str =
    "$scrypt$ln=14,r=8,p=1$c29tZXNhbHRzb21lc2FsdA$ICojmM1zy3lHlMbN9uc74G5myH6ugCkmKhmEWeSE8jc";
const PBKDF2_OF_DJANGO: &str =
    "pbkdf2_sha256$1000$seasalt$mQnueSakb748zqBAC1tmWVZsZbi2zPGZarEzTGdfmso=";
const PBKDF2: &str = "$pbkdf2-sha512$i=1000,l=64$c29tZXNhbHQ$kWTxjb5bmjyCaz8VTtVsypPLazovnuSaPx5JtyU06PlApDwMFgMDrU8D3sfjiLagZOED1BgjUE9fBmH5w64lzg";

/// Changes a signed-in person's password; the page if it was refused.
pub async fn change_password(browser: &Browser, current: &str, new: &str) -> Result<Page, Page> {
    let page = browser.open("/.well-known/change-password").await;
    let form = page
        .form("current_password")
        .fill("current_password", current)
        .fill("password", new);
    let page = browser.send(&form).await;
    if page.status < 400
        && page
            .find_form("current_password")
            .is_none_or(|_| !page.has("[aria-invalid=true], [role=alert]"))
    {
        Ok(page)
    } else {
        Err(page)
    }
}

/// Sends one sign-in and returns the page that answers.
async fn try_sign_in(app: &App, browser: &Browser, email: &str, password: &str) -> Page {
    let rp = app.client("web1").await;
    browser.sign_in(&rp.attempt().url(), email, password).await
}

fn is_throttled(page: &Page) -> bool {
    page.status == 429 || page.text().contains("Too many tries")
}

/// A page without what differs by design from one request to the next.
fn shape(page: &Page, identifier: &str) -> String {
    let mut body = page.body.replace(identifier, "ADDRESS");
    let hidden: Vec<String> = page
        .select("input[type=hidden]")
        .iter()
        .map(|input| input.attr("value").to_owned())
        .collect();
    for value in hidden.into_iter().filter(|value| value.len() > 8) {
        body = body.replace(&value, "HIDDEN");
    }
    let login = page
        .url
        .path()
        .split('/')
        .find(|part| part.len() == 36)
        .unwrap_or("none");
    body.replace(login, "LOGIN")
}

#[tokio::test]
async fn pwd_01_known_and_unknown_accounts_answer_alike() {
    let app = App::start().await;
    let wrong = "not the password of anybody";
    let mut seen = Vec::new();
    for email in [ALICE.email, "nobody@a.test", "nobody@elsewhere.test"] {
        let page = try_sign_in(&app, &app.browser(), email, wrong).await;
        let names: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
        seen.push((page.status, names, shape(&page, email)));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    for (path, field) in [("/recover", "identifier"), ("/register", "email")] {
        let mut seen = Vec::new();
        for email in [ALICE.email, "nobod@a.test"] {
            let browser = app.browser();
            let mut form = browser.open(path).await.form(field).fill(field, email);
            for (name, value) in [
                ("name", "Some Body"),
                ("password", "umbrella-forest-piano-66"),
            ] {
                if form.has(name) {
                    form = form.fill(name, value);
                }
            }
            let page = browser.send(&form).await;
            let names: Vec<String> = page.headers.keys().map(ToString::to_string).collect();
            let path = page
                .url
                .path()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            seen.push((page.status, names, path, shape(&page, email)));
        }
        assert_eq!(seen[0], seen[1], "{path}");
    }
}

#[tokio::test]
async fn pwd_01_a_sign_in_after_a_sign_up_does_not_tell_whether_there_was_an_account() {
    let app = App::start().await;
    let password = "umbrella-forest-piano-66";
    for same_browser in [true, false] {
        let mut seen = Vec::new();
        for email in [ALICE.email, &format!("new-{same_browser}@a.test")] {
            let browser = app.browser();
            let form = browser.open("/register").await.form("email");
            let form = form.fill("email", email).fill("password", password);
            let form = if form.has("name") {
                form.fill("name", "Some Body")
            } else {
                form
            };
            browser.send(&form).await;
            let other = app.browser();
            let browser = if same_browser { &browser } else { &other };
            let page = try_sign_in(&app, browser, email, password).await;
            seen.push((page.status, shape(&page, email)));
        }
        assert_eq!(seen[0], seen[1], "same browser: {same_browser}");
    }
}

#[tokio::test]
async fn pwd_02_the_budget_is_the_accounts_and_survives_spellings_and_restarts() {
    let mut app = App::start().await;
    let spellings = [
        "alice@a.test",
        "ALICE@A.TEST",
        " alice@a.test ",
        "Alice@a.test",
        "alice@A.test",
        "\u{ff41}lice@a.test",
    ];
    let mut attempts = 0;
    let mut restarted = false;
    loop {
        let page = try_sign_in(
            &app,
            &app.browser(),
            spellings[attempts % spellings.len()],
            "wrong wrong wrong",
        )
        .await;
        if is_throttled(&page) {
            break;
        }
        attempts += 1;
        assert!(
            attempts <= 100,
            "a hundred guesses at one account were allowed"
        );
        if attempts == 3 && !restarted {
            restarted = true;
            app = app.restart().await;
        }
    }
    app = app.restart().await;
    let page = try_sign_in(&app, &app.browser(), ALICE.email, "wrong wrong wrong").await;
    assert!(
        is_throttled(&page),
        "a restart forgot the failures: {}",
        page.summary()
    );
    let page = try_sign_in(&app, &app.browser(), "nobody@a.test", "wrong wrong wrong").await;
    assert!(
        !is_throttled(&page),
        "another account has its own budget: {}",
        page.summary()
    );
}

#[tokio::test]
async fn pwd_03_a_flood_of_guesses_does_not_lock_the_owner_out() {
    let app = App::start().await;
    let known = app.browser();
    let rp = app.client("web1").await;
    rp.sign_in(&known, ALICE.email, ALICE.password).await;
    let out = known.open(&rp.logout_url(&[])).await;
    known
        .send(
            &out.forms()
                .into_iter()
                .find(|form| form.method == "post")
                .expect("a form"),
        )
        .await;
    for _ in 0..100 {
        if is_throttled(&try_sign_in(&app, &app.browser(), ALICE.email, "wrong wrong wrong").await)
        {
            break;
        }
    }
    let page = try_sign_in(&app, &known, ALICE.email, ALICE.password).await;
    assert!(
        page.location().is_some(),
        "her own device is let in: {}",
        page.summary()
    );
}

#[tokio::test]
async fn pwd_03_a_throttled_account_is_free_again_after_a_while() {
    let app = App::start().await;
    for _ in 0..100 {
        if is_throttled(&try_sign_in(&app, &app.browser(), ALICE.email, "wrong wrong wrong").await)
        {
            break;
        }
    }
    app.clock.advance(Duration::from_hours(25));
    let page = try_sign_in(&app, &app.browser(), ALICE.email, ALICE.password).await;
    assert!(page.location().is_some(), "{}", page.summary());
}

#[tokio::test]
async fn pwd_04_one_password_over_many_accounts_is_slowed_and_told() {
    let app = App::setup()
        .trusted_proxies(&["127.0.0.0/8", "::1/128"])
        .start()
        .await;
    let from = |address: &str| app.browser().with_header("x-forwarded-for", address);
    let sprayer = from("198.51.100.7");
    let mut tries = 0;
    loop {
        let email = format!("person{tries}@a.test");
        let page = try_sign_in(&app, &sprayer, &email, "Winter-2026-Winter").await;
        if is_throttled(&page) {
            break;
        }
        tries += 1;
        assert!(tries <= 60, "{tries} accounts were tried from one address");
    }
    let records = crate::aud::records(&app).await;
    let told: Vec<_> = records
        .iter()
        .filter(|record| record["action"] == "limit.reached")
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["target"], "address:198.51.100.7");
    // The limit is that address's: elsewhere people sign in.
    app.client("web1")
        .await
        .sign_in(&from("198.51.100.8"), ALICE.email, ALICE.password)
        .await;
}

#[tokio::test]
async fn pwd_05_new_passwords_follow_the_policy() {
    let app = App::start().await;
    let browser = app.browser();
    app.client("web1")
        .await
        .sign_in(&browser, ALICE.email, ALICE.password)
        .await;
    let huge = "a b c d e f g h ".repeat(65_536);
    let (blanks, too_long) = (" ".repeat(65), "kite ".repeat(26));
    for bad in [
        "short",
        "password1234",
        "123456789012",
        "aliceabel2026",
        "qwertyuiop12",
        "",
        &blanks,
        &too_long,
        &huge,
        "alice@a.test",
        "correct\u{0}horse-battery-9",
    ] {
        let started = Instant::now();
        let refused = change_password(&browser, ALICE.password, bad).await;
        let shown: String = bad.chars().take(30).collect();
        assert!(refused.is_err(), "{shown:?} was accepted");
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{shown:?} took {:?}",
            started.elapsed()
        );
    }
    let long = "räuber-hotzenplotz ".repeat(6) + "und kasperl";
    assert!(long.chars().count() <= 128);
    for (current, new) in [
        (ALICE.password, "pa\u{308}prika-mond-scheune-5"),
        ("p\u{e4}prika-mond-scheune-5", "🦉🌒🚲🎻🪵🧭🥁🪁🏔🛶🧶🫖"),
        ("🦉🌒🚲🎻🪵🧭🥁🪁🏔🛶🧶🫖", long.trim()),
    ] {
        let changed = change_password(&browser, current, new).await;
        assert!(
            changed.is_ok(),
            "{new:?}: {}",
            changed.unwrap_err().summary()
        );
    }
    let page = try_sign_in(
        &app,
        &app.browser(),
        ALICE.email,
        &long.trim()[..long.trim().len() - 1],
    )
    .await;
    assert!(page.location().is_none(), "the last character counts");
    let page = try_sign_in(&app, &app.browser(), ALICE.email, long.trim()).await;
    assert!(page.location().is_some(), "{}", page.summary());
}

#[tokio::test]
async fn pwd_06_the_current_password_is_needed_to_change_it() {
    let app = App::start().await;
    let browser = app.browser();
    app.client("web1")
        .await
        .sign_in(&browser, ALICE.email, ALICE.password)
        .await;
    let new = "granite-meadow-owls-93";
    for wrong in ["", "wrong wrong wrong"] {
        assert!(
            change_password(&browser, wrong, new).await.is_err(),
            "{wrong:?}"
        );
    }
    let form = browser
        .open("/.well-known/change-password")
        .await
        .form("current_password")
        .fill("password", new)
        .without("current_password");
    let page = browser.send(&form).await;
    assert!(
        page.status >= 400 || page.has("[aria-invalid=true], [role=alert]"),
        "{}",
        page.summary()
    );
    let page = try_sign_in(&app, &app.browser(), ALICE.email, new).await;
    assert!(page.location().is_none());
    // H-20: password managers look for a real 404 beside the change address.
    assert_eq!(
        app.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200")
            .await
            .status,
        404
    );
}

/// Memory, passes and lanes of an Argon2id hash.
fn cost(hash: &str) -> Vec<u32> {
    let parameters = hash.strip_prefix("$argon2id$v=19$").expect(hash);
    let parameters = parameters.split('$').next().expect("parameters");
    parameters
        .split(',')
        .map(|part| part[2..].parse().expect("a number"))
        .collect()
}

#[tokio::test]
async fn pwd_07_only_strong_hashes_are_stored_and_they_grow_with_the_configuration() {
    let app = App::start().await;
    let signs_in = async |app: &App| {
        let page = try_sign_in(app, &app.browser(), ALICE.email, ALICE.password).await;
        assert!(page.location().is_some(), "{}", page.summary());
    };
    signs_in(&app).await;
    let first = app.password_hash(ALICE.email).await;
    assert_eq!(cost(&first), [19_456, 2, 1]);
    signs_in(&app).await;
    assert_eq!(app.password_hash(ALICE.email).await, first, "not each time");
    // Hashes are sealed as well: who has the database alone cannot even guess.
    let dump = String::from_utf8_lossy(&app.database.dump().await).into_owned();
    assert!(!dump.contains(ALICE.password) && !dump.contains(&first));

    let app = app
        .restart_with(|config| {
            config.password.argon2_memory_kib = 20_480;
            config.password.argon2_passes = 3;
        })
        .await;
    let page = try_sign_in(&app, &app.browser(), ALICE.email, "wrong wrong wrong").await;
    assert!(page.location().is_none());
    assert_eq!(
        app.password_hash(ALICE.email).await,
        first,
        "proves nothing"
    );
    signs_in(&app).await;
    let second = app.password_hash(ALICE.email).await;
    assert_eq!(cost(&second), [20_480, 3, 1]);
    signs_in(&app).await;
    assert_eq!(app.password_hash(ALICE.email).await, second);
}

#[tokio::test]
async fn pwd_08_imported_hashes_work_and_become_argon2() {
    let long = "a".repeat(72);
    let imported = [
        ("bcrypt@a.test", BCRYPT_OF_72_A, long.as_str()),
        ("scrypt@a.test", SCRYPT, "correct horse"),
        ("django@a.test", PBKDF2_OF_DJANGO, "correct horse"),
        ("pbkdf2@a.test", PBKDF2, "correct horse"),
    ];
    let seed = imported
        .iter()
        .fold(Seed::common(), |seed, (email, hash, _)| {
            seed.user(json!({
                "email": email, "email_verified": true, "name": "Ida", "password_hash": hash,
                "memberships": [{"organization": "a", "roles": ["viewer"]}],
            }))
        });
    let app = App::setup().seed(seed).start().await;
    for (email, hash, password) in imported {
        assert_eq!(app.password_hash(email).await, hash);
        let more = format!("{password}-and-more");
        let page = try_sign_in(&app, &app.browser(), email, &more).await;
        assert!(
            page.location().is_none(),
            "{email}: bcrypt cuts at 72 bytes, we must not"
        );
        assert_eq!(app.password_hash(email).await, hash);
        let page = try_sign_in(&app, &app.browser(), email, password).await;
        assert!(page.location().is_some(), "{email}: {}", page.summary());
        assert_eq!(cost(&app.password_hash(email).await), [19_456, 2, 1]);
        let page = try_sign_in(&app, &app.browser(), email, password).await;
        assert!(page.location().is_some(), "{email}: {}", page.summary());
        let page = try_sign_in(&app, &app.browser(), email, &more).await;
        assert!(page.location().is_none(), "{email}");
    }
}
