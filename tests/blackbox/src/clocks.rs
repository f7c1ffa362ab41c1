//! H-79: instants are told on the clock of whoever reads, once they said where they live, and it is always said which clock that is.

use std::time::Duration;

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::mailbox::Mail;
use identity_harness::seed::{ALICE, Seed};
use serde_json::json;

use crate::account::{EMAIL, NEW_EMAIL, PASSWORD, ask_for, nora};
use crate::devices::{behind_proxy, known_and_new, read};
use crate::mfa::{asked, with_app};
use crate::mfa_enrol::{add_app, requiring};
use crate::mfa_recovery::begins;

/// So far ahead of Greenwich are clocks in India.
const INDIA: Duration = Duration::from_mins(5 * 60 + 30);

/// This very minute on a clock so many minutes ahead of Greenwich.
fn now(app: &App, ahead: i64, zone: &str) -> String {
    let minutes = app.clock.seconds() / 60 + ahead;
    format!("{:02}:{:02} {zone}", minutes / 60 % 24, minutes % 60)
}

async fn moves_to(browser: &Browser, zone: &str) {
    let form = browser.open("/account/profile").await.form("zoneinfo");
    let page = browser.send(&form.fill("zoneinfo", zone)).await;
    assert!(page.text().contains("Saved"), "{}", page.text());
}

async fn asks_for_a_mail(app: &App) -> Mail {
    let stranger = app.browser();
    let form = stranger.open("/recover").await.form("identifier");
    stranger.send(&form.fill("identifier", EMAIL)).await;
    app.run_jobs().await;
    app.mailbox().newest(EMAIL).await
}

#[tokio::test]
async fn h_79_pages_and_mails_are_on_the_clock_of_their_reader() {
    let app = App::start().await;
    let browser = nora(&app).await;
    for (zone, time) in [
        ("Asia/Kolkata", now(&app, 5 * 60 + 30, "IST")),
        // Its people have no short name for it.
        ("America/Sao_Paulo", now(&app, -3 * 60, "UTC-3")),
        ("", now(&app, 0, "UTC")),
    ] {
        moves_to(&browser, zone).await;
        for path in ["/account/sessions", "/account/activity"] {
            let page = browser.open(path).await.expect(200);
            let text = read(&page);
            assert!(text.contains(&time), "{path} in {zone:?}: {time}: {text}");
            let others = ["UTC)", "IST)", "UTC-3)"];
            let others = others.iter().filter(|other| text.contains(**other));
            assert_eq!(others.count(), 1, "one clock: {text}");
            let machines = page.select("time[datetime]");
            assert!(!machines.is_empty());
            for at in machines {
                assert!(at.attr("datetime").ends_with('Z'), "for machines: UTC");
            }
        }
        let mail = asks_for_a_mail(&app).await;
        assert!(mail.text.contains(&time), "{zone:?}: {}", mail.text);
        assert!(mail.html.contains(&time), "{zone:?}: {}", mail.html);
    }
}

/// "3 December 2026", as of an instant so much later.
fn day(app: &App, span: Duration) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let at = app.clock.rfc3339_in(span);
    let number = |range: std::ops::Range<usize>| at[range].parse::<usize>().expect("digits");
    format!(
        "{} {} {}",
        number(8..10),
        MONTHS[number(5..7) - 1],
        number(0..4)
    )
}

/// An evening in Greenwich: in India the next day has begun.
fn evening(app: &App) {
    let until = (20 * 3600 - app.clock.seconds()).rem_euclid(24 * 3600);
    app.clock
        .advance(Duration::from_secs(until.try_into().expect("positive")));
}

#[tokio::test]
async fn h_79_a_day_is_that_of_its_reader_and_a_former_address_learns_nothing_of_where_they_live() {
    let app = App::start().await;
    evening(&app);
    let browser = nora(&app).await;
    moves_to(&browser, "Asia/Kolkata").await;
    let page = ask_for(&app, &browser, NEW_EMAIL).await;
    let code = app.mailbox().newest(NEW_EMAIL).await.code().to_owned();
    browser.send(&page.form("code").fill("code", &code)).await;
    let end = Duration::from_hours(30 * 24);
    let (here, there) = (day(&app, end), day(&app, end + INDIA));
    assert_ne!(here, there);
    let page = browser.open("/account/delete").await;
    assert!(read(&page).contains(&there), "{}", page.text());
    let page = browser.send(&page.form("confirm").tick("confirm")).await;
    assert!(read(&page).contains(&there), "{}", page.text());
    let again = app.browser();
    let page = again.sign_in("/account", NEW_EMAIL, PASSWORD).await;
    assert!(read(&page).contains(&there), "{}", page.text());
    app.run_jobs().await;
    for (to, day) in [(NEW_EMAIL, there), (EMAIL, here)] {
        let mails = app.mailbox().to(to).await;
        let mail = mails.iter().find(|mail| mail.text.contains("/cancel/"));
        let mail = mail.expect("a way back");
        assert!(mail.text.contains(&day), "{to} {day}: {}", mail.text);
    }
}

fn from_india(mut seed: Seed) -> Seed {
    seed.value()["users"][0]["zoneinfo"] = json!("Asia/Kolkata");
    seed
}

#[tokio::test]
async fn h_79_the_pages_behind_a_first_proof_are_on_the_clock_of_whoever_gave_it() {
    let app = requiring(7).seed(from_india(Seed::common())).start().await;
    evening(&app);
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = asked(&browser, &rp.attempt()).await;
    let time = now(&app, 5 * 60 + 30, "IST");
    assert!(read(&page).contains(&time), "{time}: {}", page.text());
    let (_, page) = add_app(&app, &browser, &page).await;
    let today = day(&app, INDIA);
    assert!(read(&page).contains(&today), "{today}: {}", page.text());
    let file = browser.open(page.link("/file").as_str()).await;
    let today = &app.clock.rfc3339_in(INDIA)[..10];
    assert!(file.body.contains(today), "{today}: {}", file.body);
}

#[tokio::test]
async fn h_79_the_wait_for_lost_factors_ends_on_the_clock_of_whoever_waits() {
    let app = App::setup().seed(from_india(with_app())).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = begins(&app, &rp, &browser).await;
    let time = now(&app, 5 * 60 + 30, "IST");
    assert!(read(&page).contains(&time), "{time}: {}", page.text());
    app.run_jobs().await;
    let mail = app.mailbox().newest(ALICE.email).await;
    assert!(mail.text.contains(&time), "{time}: {}", mail.text);
    let page = asked(&browser, &rp.attempt()).await;
    let page = browser.open(page.link("method=lost").as_str()).await;
    assert!(read(&page).contains(&time), "{time}: {}", page.text());
}

#[tokio::test]
async fn h_79_the_mail_about_a_sign_in_and_the_page_behind_its_link_tell_the_same_time() {
    let setup = behind_proxy().seed(from_india(Seed::common()));
    let app = setup.start().await;
    let (_, _, mail) = known_and_new(&app).await;
    let time = now(&app, 5 * 60 + 30, "IST");
    assert!(mail.text.contains(&time), "{time}: {}", mail.text);
    let page = app.browser().open(mail.link("it=not_me")).await;
    assert!(read(&page).contains(&time), "{time}: {}", page.text());
}
