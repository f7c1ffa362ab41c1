//! Sweeps made from the URL table itself, so that a route nobody thought of is swept too.

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::seed::ALICE;
use reqwest::Method;

const TABLE: &str = include_str!("../../../identity/server/src/router.rs");

/// Called by applications: proven by client authentication or tokens, not by cookies.
const FOR_PROGRAMS: [&str; 3] = ["path::TOKEN", "path::INTROSPECT", "path::REVOKE"];

/// The routes of the table with a handler of this method, with something in place of their parameters.
pub fn routes(method: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in TABLE.split(".route(").skip(1) {
        let mut depth = 1;
        let end = part
            .find(|c| {
                depth += match c {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                depth == 0
            })
            .expect("an end");
        let part = &part[..end];
        let (path, handlers) = part.split_once(',').expect("a path and its handlers");
        let path = path.trim().trim_matches('"');
        let takes = handlers.contains(&format!("{method}("));
        if takes && path.starts_with('/') {
            found.push(
                path.replace("{id}", "018f0000-0000-7000-8000-000000000000")
                    .replace("{link}", "018f0000-0000-7000-8000-000000000000.x")
                    .replace("{*path}", "none")
                    .replace("{number}", "1"),
            );
        }
        // An application's endpoint or a named one must be one that this file knows of.
        if takes && method == "post" && !path.starts_with('/') {
            let known = ["path::AUTHORIZE", "path::LOGOUT", "path::USERINFO"];
            assert!(
                FOR_PROGRAMS.contains(&path) || known.contains(&path),
                "{path} is new: say here how it is protected"
            );
        }
    }
    found
}

async fn post(
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> u16 {
    browser
        .request_raw(Method::POST, path, fields, headers)
        .await
        .status
}

#[tokio::test]
async fn ses_04_every_post_of_the_table_refuses_a_missing_token_and_a_foreign_origin() {
    let app = App::start().await;
    let browser = app.browser();
    app.client("web1")
        .await
        .sign_in(&browser, ALICE.email, ALICE.password)
        .await;
    let own = app.origin.origin().ascii_serialization();
    let home = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
    let page = browser.open("/account/password").await;
    let token = page.form("csrf").value("csrf").expect("a token").to_owned();
    let posts = routes("post");
    assert!(posts.len() >= 15, "{posts:?}");
    for path in posts {
        assert_eq!(
            post(&browser, &path, &[("x", "1")], &home).await,
            403,
            "{path} without a token"
        );
        assert_eq!(
            post(&browser, &path, &[("csrf", "forged")], &home).await,
            403,
            "{path} with a forged token"
        );
        let good = [("csrf", token.as_str())];
        for foreign in [
            [
                ("origin", "https://evil.test"),
                ("sec-fetch-site", "cross-site"),
            ],
            [("origin", "null"), ("sec-fetch-site", "cross-site")],
        ] {
            assert_eq!(
                post(&browser, &path, &good, &foreign).await,
                403,
                "{path} from {foreign:?}"
            );
        }
        // Without a cookie of ours the token of another browser is worth nothing.
        let stranger = post(&app.browser(), &path, &good, &home).await;
        assert!((400..500).contains(&stranger), "{path}: {stranger}");
    }
}

#[tokio::test]
async fn ses_03_every_get_of_the_table_sends_the_security_headers() {
    let app = App::start().await;
    // Browser checks the headers of each answer as it arrives.
    let (stranger, browser) = (app.browser(), app.browser());
    app.client("web1")
        .await
        .sign_in(&browser, ALICE.email, ALICE.password)
        .await;
    let gets = routes("get");
    assert!(gets.len() >= 20, "{gets:?}");
    for path in gets {
        for who in [&stranger, &browser] {
            let page = who.get(&path).await;
            assert!(page.status < 500, "{path}: {}", page.summary());
        }
    }
}

#[tokio::test]
async fn ses_12_every_route_that_only_takes_a_post_refuses_a_get() {
    let app = App::start().await;
    let browser = app.browser();
    let gets = routes("get");
    for path in routes("post").iter().filter(|path| !gets.contains(path)) {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let page = browser.request_raw(method.clone(), path, &[], &[]).await;
            assert!(
                [403, 405].contains(&page.status),
                "{method} {path}: {}",
                page.summary()
            );
        }
    }
}
