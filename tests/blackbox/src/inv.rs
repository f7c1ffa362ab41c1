//! INV: recovery, verification and the mails that carry them.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::mailbox::Mail;
use identity_harness::page::Page;
use identity_harness::seed::{ALICE, BOB};
use identity_harness::smtp::MailServer;

/// Asks for a new password and returns the page that answers.
async fn ask(browser: &Browser, email: &str) -> Page {
    let form = browser
        .open("/recover")
        .await
        .form("identifier")
        .fill("identifier", email);
    browser.send(&form).await
}

/// Asks for a new password and returns the mail.
async fn recovery_mail(app: &App) -> Mail {
    ask(&app.browser(), ALICE.email).await;
    app.run_jobs().await;
    app.mailbox().newest(ALICE.email).await
}

/// Opens a recovery link, confirms it, and returns the page that asks for a new password, if it comes to that.
async fn follow(browser: &Browser, link: &str) -> Page {
    let page = browser.open(link).await;
    if page.has("input[name=password]") {
        return page;
    }
    match page.forms().into_iter().find(|form| form.method == "post") {
        Some(form) => browser.send(&form).await,
        None => page,
    }
}

/// Recovers with a link to a new password.
async fn reset(browser: &Browser, link: &str, new: &str) -> Page {
    let page = follow(browser, link).await;
    match page.find_form("password") {
        Some(form) => browser.send(&form.fill("password", new)).await,
        None => page,
    }
}

async fn opens(app: &App, password: &str) -> bool {
    let rp = app.client("web1").await;
    app.browser()
        .sign_in(&rp.attempt().url(), ALICE.email, password)
        .await
        .location()
        .is_some()
}

const NEW: &str = "granite-meadow-owls-93";

#[tokio::test]
async fn inv_01_links_name_the_public_address_whatever_a_request_claims() {
    let app = App::start().await;
    for (name, value) in [
        ("x-forwarded-host", "evil.test"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "666"),
        ("x-forwarded-prefix", "/evil"),
        ("forwarded", "host=evil.test;proto=https"),
        ("x-original-url", "http://evil.test/"),
        ("x-host", "evil.test"),
        ("x-forwarded-server", "evil.test"),
    ] {
        let browser = app.browser().with_header(name, value);
        assert!(ask(&browser, ALICE.email).await.status < 400, "{name}");
        app.run_jobs().await;
        let mail = app.mailbox().newest(ALICE.email).await;
        assert!(
            !mail.text.contains("evil") && !mail.html.contains("evil"),
            "{name}: {mail:?}"
        );
        assert!(
            mail.links
                .iter()
                .any(|link| link.starts_with(app.origin.as_str())),
            "{name}: {:?}",
            mail.links
        );
        app.clock.advance(Duration::from_hours(1));
    }
}

#[tokio::test]
async fn inv_01_another_host_is_refused_before_anything_happens() {
    let app = App::start().await;
    let client = app.network.client();
    for host in [
        "evil.test",
        "localhost.evil.test",
        "127.0.0.1.evil.test",
        "evil.test:80",
    ] {
        let request = client
            .post(app.origin.join("/recover").unwrap())
            .header("host", host)
            .form(&[("identifier", ALICE.email)]);
        let answer = request.send().await.unwrap();
        assert!(
            [400, 403, 421].contains(&answer.status().as_u16()),
            "{host}: {}",
            answer.status()
        );
        let answer = client
            .get(
                app.origin
                    .join("/.well-known/openid-configuration")
                    .unwrap(),
            )
            .header("host", host)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 421, "{host}");
        assert!(
            !answer.text().await.unwrap().contains("evil.test/oauth2"),
            "{host}"
        );
    }
    app.run_jobs().await;
    assert_eq!(app.mailbox().all().await.len(), 0);
}

#[tokio::test]
async fn inv_02_a_link_works_once_and_only_the_newest() {
    let app = App::start().await;
    let first = recovery_mail(&app).await;
    app.clock.advance(Duration::from_mins(2));
    let second = recovery_mail(&app).await;
    let (first, second) = (
        first.link("/recover").to_owned(),
        second.link("/recover").to_owned(),
    );
    assert_ne!(first, second);
    reset(&app.browser(), &first, "an-older-link-opens-nothing-1").await;
    assert!(!opens(&app, "an-older-link-opens-nothing-1").await);
    reset(&app.browser(), &second, NEW).await;
    assert!(opens(&app, NEW).await);
    reset(&app.browser(), &second, "a-used-link-opens-nothing-22").await;
    assert!(!opens(&app, "a-used-link-opens-nothing-22").await);
}

#[tokio::test]
async fn inv_02_a_link_expires_and_dies_with_a_new_password_and_cannot_be_edited() {
    let app = App::start().await;
    let link = recovery_mail(&app).await.link("/recover").to_owned();
    let (before, token) = link.rsplit_once('.').expect("a token");
    let first = if token.starts_with('A') { 'B' } else { 'A' };
    let (other, user) = (
        before[..before.len() - 1].to_owned(),
        if before.ends_with('a') { 'b' } else { 'a' },
    );
    for bad in [
        format!("{link}A"),
        link[..link.len() - 1].to_owned(),
        format!("{before}.{first}{}", &token[1..]),
        format!("{other}{user}.{token}"),
    ] {
        reset(&app.browser(), &bad, "an-edited-link-opens-nothing-3").await;
    }
    assert!(!opens(&app, "an-edited-link-opens-nothing-3").await);
    let browser = app.browser();
    app.client("web1")
        .await
        .sign_in(&browser, ALICE.email, ALICE.password)
        .await;
    crate::pwd::change_password(&browser, ALICE.password, NEW)
        .await
        .expect("changed");
    reset(&app.browser(), &link, "a-link-from-before-opens-nothing-4").await;
    assert!(!opens(&app, "a-link-from-before-opens-nothing-4").await);

    app.clock.advance(Duration::from_mins(10));
    let link = recovery_mail(&app).await.link("/recover").to_owned();
    app.clock.advance(Duration::from_hours(24));
    let page = reset(&app.browser(), &link, "an-expired-link-opens-nothing-5").await;
    assert!(!opens(&app, "an-expired-link-opens-nothing-5").await);
    // H-25: an expired link explains itself and offers a new one in place.
    assert!(
        page.status < 500 && (page.has("form") || page.has("a[href*='/recover']")),
        "{}",
        page.summary()
    );
}

#[tokio::test]
async fn inv_03_recovery_signs_nobody_in_and_ends_other_sessions() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let old = app.browser();
    let tokens = rp.sign_in(&old, ALICE.email, ALICE.password).await;
    let link = recovery_mail(&app).await.link("/recover").to_owned();
    let browser = app.browser();
    let page = reset(&browser, &link, NEW).await;
    assert!(page.status < 400, "{}", page.summary());
    let attempt = rp.attempt().with("prompt", "none");
    for (who, browser) in [
        ("the one who recovered", &browser),
        ("the old session", &old),
    ] {
        let page = browser.open(&attempt.url()).await;
        assert_eq!(
            page.redirect_param("error").as_deref(),
            Some("login_required"),
            "{who}"
        );
    }
    rp.refresh(tokens.refresh())
        .await
        .expect_error(400, "invalid_grant");
    app.run_jobs().await;
    let notice = app.mailbox().newest(ALICE.email).await;
    assert!(
        notice.subject.to_lowercase().contains("password"),
        "{}",
        notice.subject
    );
    assert!(!opens(&app, ALICE.password).await && opens(&app, NEW).await);
}

#[tokio::test]
async fn inv_06_one_mailbox_is_not_flooded_and_the_answer_stays_the_same() {
    let app = App::start().await;
    let first = ask(&app.browser(), ALICE.email).await;
    for _ in 0..30 {
        let page = ask(&app.browser(), ALICE.email).await;
        assert!(
            page.status == first.status || page.status == 429,
            "{}",
            page.summary()
        );
    }
    app.run_jobs().await;
    let mails = app.mailbox().to(ALICE.email).await.len();
    assert!((1..=10).contains(&mails), "{mails} mails");
}

#[tokio::test]
async fn inv_06_strangers_do_not_use_up_the_mails_of_somebody_who_is_further() {
    let app = App::start().await;
    let email = "nina@new.test";
    let sign_up = async |browser: &Browser| {
        let form = browser.open("/register").await.form("email");
        let form = form.fill("email", email);
        let form = if form.has("name") {
            form.fill("name", "Nina New")
        } else {
            form
        };
        let form = form.fill("password", "umbrella-forest-piano-66");
        browser.send(&form).await
    };
    let browser = app.browser();
    let waiting = sign_up(&browser).await;
    for _ in 0..5 {
        ask(&app.browser(), email).await;
        // Over the limit a sign-up looks like any other.
        let page = sign_up(&app.browser()).await;
        assert!(page.has("input[name=code]"), "{}", page.summary());
    }
    app.run_jobs().await;
    let before = app.mailbox().to(email).await.len();
    assert!(before <= 7, "{before} mails");
    app.clock.advance(Duration::from_mins(2));
    let resend = waiting
        .forms()
        .into_iter()
        .find(|form| form.action.path().ends_with("/resend"))
        .expect("a way to another mail");
    let page = browser.send(&resend).await;
    assert_eq!(page.status, 200, "{}", page.summary());
    app.run_jobs().await;
    assert_eq!(app.mailbox().to(email).await.len(), before + 1);
    let code = app.mailbox().newest(email).await.code().to_owned();
    let done = browser
        .send(&waiting.form("code").fill("code", &code))
        .await;
    assert_eq!(done.url.path(), "/account", "{}", done.summary());
}

#[tokio::test]
async fn inv_06_of_the_pairs_that_strangers_ask_for_one_is_always_good() {
    let app = App::start().await;
    for minute in 0..90 {
        ask(&app.browser(), ALICE.email).await;
        if minute % 10 == 9 {
            app.run_jobs().await;
            let link = app.mailbox().newest(ALICE.email).await;
            let page = app.browser().open(link.link("/recover")).await;
            assert!(page.status < 400, "minute {minute}: {}", page.summary());
        }
        app.clock.advance(Duration::from_mins(1));
    }
    assert!(app.mailbox().to(ALICE.email).await.len() <= 9);
}

#[tokio::test]
async fn inv_07_looking_at_a_link_neither_uses_nor_leaks_it() {
    let app = App::start().await;
    let link = recovery_mail(&app).await.link("/recover").to_owned();
    for _ in 0..3 {
        let scanner = app.browser();
        let page = scanner.open(&link).await;
        assert!(
            ["no-referrer", "same-origin"].contains(&page.referrer_policy().as_str()),
            "{}",
            page.referrer_policy()
        );
        let own = app.origin.origin().ascii_serialization();
        let foreign = page.select("[src], link[href]");
        assert!(
            foreign.iter().all(|element| ["src", "href"]
                .iter()
                .all(|name| !element.attr(name).starts_with("http")
                    || element.attr(name).starts_with(&own))),
            "{foreign:?}"
        );
    }
    reset(&app.browser(), &link, NEW).await;
    assert!(opens(&app, NEW).await);
}

#[tokio::test]
async fn inv_sign_up_proves_the_address_by_link_or_code_in_any_browser() {
    let app = App::start().await;
    let browser = app.browser();
    let mut form = browser
        .open("/register")
        .await
        .form("email")
        .fill("email", "nina@new.test");
    for (name, value) in [
        ("name", "Nina New"),
        ("password", "umbrella-forest-piano-66"),
    ] {
        if form.has(name) {
            form = form.fill(name, value);
        }
    }
    let page = browser.send(&form).await;
    assert!(page.has("input[name=code]"), "{}", page.summary());
    app.run_jobs().await;
    let mail = app.mailbox().newest("nina@new.test").await;
    let page = browser
        .send(&page.form("code").fill("code", "000000"))
        .await;
    assert!(
        page.has("input[name=code]"),
        "a wrong code: {}",
        page.summary()
    );
    let page = browser
        .send(&page.form("code").fill("code", mail.code()))
        .await;
    assert!(page.status < 400, "{}", page.summary());
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), "nina@new.test", "umbrella-forest-piano-66")
        .await;
    assert_eq!(
        rp.userinfo(&tokens.access_token).await.expect_ok()["email_verified"],
        true
    );
}

#[tokio::test]
async fn inv_08_a_name_is_no_markup_and_no_header_in_a_mail() {
    let app = App::start().await;
    let browser = app.browser();
    let evil = "Eve <b>x</b> http://evil.test\r\nBcc: all@a.test";
    let mut form = browser
        .open("/register")
        .await
        .form("email")
        .fill("email", "eve@new.test");
    for (name, value) in [("name", evil), ("password", "umbrella-forest-piano-66")] {
        if form.has(name) {
            form = form.fill(name, value);
        }
    }
    browser.send(&form).await;
    app.run_jobs().await;
    for mail in app.mailbox().all().await {
        assert!(
            !mail.html.contains("<b>x</b>")
                && !mail.subject.contains(['\r', '\n'])
                && mail.to == "eve@new.test",
            "{mail:?}"
        );
    }
}

#[tokio::test]
async fn inv_02_a_link_ends_to_the_second_although_nothing_sweeps() {
    let app = App::start().await;
    let (early, over) = (Duration::from_secs(1_799), Duration::from_secs(1_801));
    for (late, works) in [(false, true), (true, false)] {
        let link = recovery_mail(&app).await.link("/recover").to_owned();
        let password = format!("granite-meadow-owls-{late}");
        app.clock.advance(if late { over } else { early });
        reset(&app.browser(), &link, &password).await;
        assert_eq!(opens(&app, &password).await, works, "late: {late}");
    }
}

#[tokio::test]
async fn inv_02_a_link_is_worth_nothing_for_another_purpose_or_person() {
    let app = App::start().await;
    let browser = app.browser();
    let rp = app.client("web1").await;
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let link = recovery_mail(&app).await.link("/recover").to_owned();
    let proof = link.rsplit('/').next().expect("a last part").to_owned();
    let token = proof.rsplit_once('.').expect("a token").1;
    let bob = app.client("webB").await;
    let bob = bob.sign_in(&app.browser(), BOB.email, BOB.password).await;
    let bob = bob.claims["sub"].as_str().expect("an id");
    let alice = tokens.claims["sub"].as_str().expect("an id");
    assert!(proof.starts_with(alice), "{proof}");
    let before = crate::aud::records(&app).await;
    for path in [
        format!("/verify/{proof}"),
        format!("/account/email/confirm/{proof}"),
        format!("/account/email/undo/{proof}"),
        format!("/account/delete/cancel/{proof}"),
        format!("/recover/factors/{proof}"),
        format!("/recover/factors/keep/{proof}"),
        format!("/report/{proof}"),
        format!("/admin/link/{proof}"),
        format!("/recover/{bob}.{token}"),
    ] {
        for who in [&browser, &app.browser()] {
            let page = who.open(&path).await;
            let buttons = page.forms().into_iter();
            let buttons = buttons.filter(|form| form.action.path() == path);
            for button in buttons {
                let page = who.send(&button).await;
                assert!(page.status >= 400, "{path}: {}", page.summary());
            }
        }
    }
    // Nothing was used up, and nothing was done.
    let mut after = crate::aud::records(&app).await;
    after.retain(|row| before.iter().all(|old| old["id"] != row["id"]));
    assert!(
        after.iter().all(|record| record["result"] == "refused"),
        "{after:?}"
    );
    let page = reset(&app.browser(), &link, NEW).await;
    assert!(page.status < 400 && opens(&app, NEW).await);
}

#[tokio::test]
async fn inv_06_while_the_mail_server_is_away_the_answer_is_the_same_and_the_mail_comes_later() {
    let mut server = MailServer::start().await;
    let address = server.address();
    server.stop().await;
    let app = App::setup()
        .mail(&format!("smtp://{address}?tls=none"))
        .start()
        .await;
    let known = ask(&app.browser(), ALICE.email).await;
    let unknown = ask(&app.browser(), "nobody@a.test").await;
    assert_eq!((known.status, known.url.path()), (200, "/recover/sent"));
    assert_eq!(
        (known.status, known.url.path()),
        (unknown.status, unknown.url.path())
    );
    // Signing in does not wait for it either.
    assert!(opens(&app, ALICE.password).await);
    for _ in 0..4 {
        app.run_jobs().await;
        app.clock.advance(Duration::from_mins(2));
    }
    let waiting = app.database.rows("jobs").await;
    assert!(
        waiting
            .iter()
            .any(|job| job["attempts"].as_i64().is_some_and(|tries| tries >= 3)),
        "{waiting:?}"
    );
    let server = MailServer::on(address).await;
    app.clock.advance(Duration::from_mins(30));
    app.run_jobs().await;
    let mail = server.wait_for(ALICE.email, "/recover/").await;
    assert!(mail.link("/recover/").starts_with(app.origin.as_str()));
}
