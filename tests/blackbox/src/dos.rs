//! DOS: resource limits.

use std::time::{Duration, Instant};

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::Page;
use identity_harness::seed::ALICE;
use identity_harness::wire;
use tokio::io::AsyncWriteExt as _;

fn host(app: &App) -> String {
    format!(
        "{}:{}",
        app.origin.host_str().unwrap(),
        app.origin.port().unwrap()
    )
}

/// Devices of one person that are kept.
const MOST_DEVICES: usize = 50;

const POSTS: [&str; 5] = [
    "/oauth2/token",
    "/oauth2/introspect",
    "/oauth2/revoke",
    "/recover",
    "/register",
];

#[tokio::test]
async fn dos_03_large_bodies_are_refused_quickly() {
    let app = App::start().await;
    let client = app.network.client();
    let body = "a".repeat(10 << 20);
    for path in POSTS {
        let started = Instant::now();
        let request = client
            .post(app.origin.join(path).unwrap())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.clone());
        // A connection that is closed in the middle of the body is a refusal too.
        if let Ok(answer) = request.send().await {
            assert!(
                [400, 413].contains(&answer.status().as_u16()),
                "{path}: {}",
                answer.status()
            );
        }
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{path} took {:?}",
            started.elapsed()
        );
    }
}

#[tokio::test]
async fn dos_03_every_route_refuses_a_body_beyond_its_limit() {
    let app = App::start().await;
    let browser = app.browser();
    app.client("web1")
        .await
        .sign_in(&browser, ALICE.email, ALICE.password)
        .await;
    let page = browser.open("/account/password").await;
    let token = page.form("csrf").value("csrf").expect("a token").to_owned();
    let own = app.origin.origin().ascii_serialization();
    let home = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    let large = "a".repeat(3 << 20);
    let fields = [("csrf", token.as_str()), ("x", large.as_str())];
    let paths = crate::routes::routes("post");
    let named = ["/oauth2/authorize", "/oauth2/logout", "/oauth2/userinfo"];
    let all = paths.iter().map(String::as_str).chain(POSTS).chain(named);
    for path in all {
        let page = browser
            .request_raw(reqwest::Method::POST, path, &fields, &home)
            .await;
        assert_eq!(page.status, 413, "{path}: {}", page.summary());
    }
}

#[tokio::test]
async fn dos_03_a_body_without_end_is_cut() {
    let app = App::start().await;
    let mut stream = wire::connect(&app.origin).await;
    let head = format!(
        "POST /oauth2/token HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n",
        host(&app)
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x1_0000));
    let mut sent = 0;
    while sent < 1 << 30 && stream.write_all(chunk.as_bytes()).await.is_ok() {
        sent += chunk.len();
    }
    assert!(sent < 64 << 20, "{sent} bytes were taken");
}

#[tokio::test]
async fn dos_03_headers_and_parameters_are_bounded() {
    let app = App::start().await;
    let long = format!(
        "GET / HTTP/1.1\r\nhost: {}\r\nx-long: {}\r\n\r\n",
        host(&app),
        "a".repeat(1 << 20)
    );
    let many = format!(
        "GET / HTTP/1.1\r\nhost: {}\r\n{}\r\n",
        host(&app),
        "x: y\r\n".repeat(5_000)
    );
    let target = format!(
        "GET /?{} HTTP/1.1\r\nhost: {}\r\n\r\n",
        "a".repeat(1 << 20),
        host(&app)
    );
    for (what, request) in [("long", long), ("many", many), ("target", target)] {
        let status = wire::status(&wire::exchange(&app.origin, request.as_bytes()).await);
        assert!([0, 400, 414, 431].contains(&status), "{what}: {status}");
    }
    let parameters = (0..2_000)
        .map(|n| format!("p{n}=1"))
        .collect::<Vec<_>>()
        .join("&");
    let answer = app.get(&format!("/oauth2/authorize?{parameters}")).await;
    assert!((400..500).contains(&answer.status), "{answer:?}");
    let rp = app.client("web1").await;
    let owned: Vec<(String, String)> = (0..10_000)
        .map(|n| (format!("p{n}"), "1".to_owned()))
        .collect();
    let fields: Vec<(&str, &str)> = owned
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let answer = rp.authenticated("token_endpoint", &fields).await;
    assert!([400, 413].contains(&answer.status), "{answer:?}");
}

#[tokio::test]
async fn dos_03_a_compressed_body_is_not_inflated() {
    let app = App::start().await;
    let request = app
        .network
        .client()
        .post(app.origin.join("/oauth2/token").unwrap())
        .header("content-type", "application/x-www-form-urlencoded")
        .header("content-encoding", "gzip")
        .body(vec![0x1f, 0x8b, 8, 0]);
    let answer = request.send().await.unwrap();
    assert!(
        [400, 401, 415].contains(&answer.status().as_u16()),
        "{}",
        answer.status()
    );
}

#[tokio::test]
async fn dos_02_a_slow_head_is_closed_and_others_are_served() {
    let app = App::start().await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = wire::connect(&app.origin).await;
        stream.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
        slow.push(stream);
    }
    assert_eq!(app.get("/oauth2/jwks").await.status, 200);
    // Real time here: the limit guards a socket. All fifty wait together.
    for stream in &mut slow {
        wire::read_to_end(stream).await;
    }
}

#[tokio::test]
async fn dos_04_tokens_of_any_shape_are_just_invalid() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (deep, dots, long) = ("[".repeat(4_000), ".".repeat(8_000), "a".repeat(12_000));
    for token in [
        deep.as_str(),
        &dots,
        &long,
        "\u{1f989}",
        ".",
        "..",
        "...",
        "a.b.c",
        "e30.e30.e30",
        "eyJhbGciOiJFUzI1NiJ9..",
        "",
        "%00",
    ] {
        let answer = rp.introspect(token).await;
        assert!(answer.status < 500, "{answer:?}");
        assert!(answer.json()["active"] != true);
        assert_eq!(rp.refresh(token).await.status, 400);
        rp.revoke(token).await.expect_no_leak();
    }
    let nested = format!("{}{}", "{\"userinfo\":".repeat(1_000), "}".repeat(1_000));
    let numbers = format!(
        "{{\"userinfo\":{{\"a\":{{\"value\":1{}}}}}}}",
        "0".repeat(2_000)
    );
    for claims in [deep.as_str(), &nested, &numbers, "{", "\u{0}", "1e999"] {
        let attempt = rp.attempt().with("claims", claims);
        let page = app.browser().open(&attempt.url()).await;
        assert!(page.status < 500, "{claims:.20}: {}", page.summary());
    }
    let endless = "a".repeat(40_000);
    for answer in [
        rp.introspect(&endless).await,
        rp.revoke(&endless).await,
        rp.refresh(&endless).await,
    ] {
        assert_eq!(answer.error(), "invalid_request", "{answer:?}");
        assert_eq!(answer.status, 413, "{answer:?}");
    }
}

/// A page of somebody signed in, and how often the database was read for it.
async fn read_for(app: &App, browser: &Browser, path: &str) -> (Page, u64) {
    // Once before, so that nothing has to be looked up for the first time.
    browser.open(path).await;
    let before = app.reads();
    let page = browser.open(path).await.expect(200);
    (page, app.reads() - before)
}

#[tokio::test]
async fn dos_07_ten_thousand_devices_are_capped_and_cost_no_further_query() {
    let app = App::start().await;
    let browser = app.browser();
    let rp = app.client("web1").await;
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let (page, few) = read_for(&app, &browser, "/account/devices").await;
    assert_eq!(page.select("[data-part=devices] > li").len(), 1);
    app.more_devices(ALICE.email, 10_000).await;
    let (page, many) = read_for(&app, &browser, "/account/devices").await;
    assert_eq!(many, few, "reads for 10 000 devices, and for one");
    let shown = page.select("[data-part=devices] > li").len();
    assert!((100..=200).contains(&shown), "{shown} are shown");
    for path in ["/account/security", "/account/sessions"] {
        browser.open(path).await.expect(200);
    }
    // The next new device takes the place of all that are too many.
    rp.sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    assert_eq!(app.database.rows("devices").await.len(), MOST_DEVICES);
}

#[tokio::test]
async fn dos_07_ten_thousand_applications_are_paged_and_cost_no_further_query() {
    let app = App::start().await;
    let browser = app.browser();
    let rp = app.client("web1").await;
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let list = "/account/applications";
    let (_, few) = read_for(&app, &browser, list).await;
    let (_, few_at_home) = read_for(&app, &browser, "/account").await;
    app.more_applications(ALICE.email, 10_000, None).await;
    let (page, many) = read_for(&app, &browser, list).await;
    assert_eq!(many, few, "reads for 10 000 applications, and for one");
    let names = |page: &Page| -> Vec<String> {
        let buttons = page.select("[data-part=apps] button[name=client_id]");
        buttons
            .iter()
            .map(|button| button.attr("value").to_owned())
            .collect()
    };
    let first = names(&page);
    assert_eq!(first.len(), 100);
    let next = browser.open(page.link("from=").as_str()).await.expect(200);
    let second = names(&next);
    assert_eq!(second.len(), 100);
    assert!(second.iter().all(|name| !first.contains(name)));
    // The last part has the rest and leads nowhere; beyond it there is nothing.
    let end = browser
        .open(&format!("{list}?from=10000"))
        .await
        .expect(200);
    assert_eq!(names(&end).len(), 1);
    assert!(!end.has("a[href*='from=']"));
    let beyond = format!("{list}?from={}", usize::MAX);
    assert!(names(&browser.open(&beyond).await.expect(200)).is_empty());
    // What is on a later page can be taken back there too.
    let form = next.form("client_id").press("client_id", &second[0]);
    browser.send(&form).await;
    let rows = app.database.rows("consents").await;
    assert!(
        rows.iter()
            .all(|row| row["client_id"] != second[0].as_str())
    );
    let (home, at_home) = read_for(&app, &browser, "/account").await;
    assert_eq!(at_home, few_at_home);
    assert!(home.body.len() < 400_000, "{} bytes", home.body.len());
    rp.sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
}

#[tokio::test]
async fn dos_01_a_storm_of_sign_ins_is_bounded_and_leaves_the_other_paths_alone() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let mut storm = tokio::task::JoinSet::new();
    for turn in 0..200 {
        let browser = app.browser();
        let address = rp.attempt().url();
        storm.spawn(async move {
            let page = browser.open(&address).await;
            let Some(form) = page.find_form("password") else {
                return page;
            };
            browser
                .send(
                    &form
                        .fill("identifier", &format!("nobody{turn}@a.test"))
                        .fill("password", "not the password of anybody"),
                )
                .await
        });
    }
    let started = Instant::now();
    assert_eq!(app.get("/oauth2/jwks").await.status, 200);
    assert_eq!(
        rp.introspect(&tokens.access_token).await.expect_ok()["active"],
        true
    );
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "tokens waited for passwords: {:?}",
        started.elapsed()
    );
    for page in storm.join_all().await {
        assert!(
            [200, 400, 401, 422, 429, 503].contains(&page.status),
            "{}",
            page.summary()
        );
        assert!(
            page.status != 503 || !page.header("retry-after").is_empty(),
            "503 without Retry-After"
        );
    }
}
