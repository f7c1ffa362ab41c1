//! Sweeps over everything that can be reached, so that nothing is forgotten.

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::{Form, Page};
use identity_harness::seed::ALICE;
use reqwest::Method;

/// Pages that anybody can open, and those of somebody signed in.
const PAGES: [&str; 14] = [
    "/",
    "/recover",
    "/register",
    "/account",
    "/account/security",
    "/account/sessions",
    "/account/applications",
    "/.well-known/change-password",
    "/oauth2/logout",
    "/oauth2/authorize",
    "/login/nonsense",
    "/login/018f0000-0000-7000-8000-000000000000",
    "/no-such-page",
    "/dev/mail",
];

/// All pages within reach by links and addresses, each once.
async fn crawl(browser: &Browser, start: &[String]) -> Vec<Page> {
    let mut waiting: Vec<String> = start.to_vec();
    let mut seen = Vec::new();
    let mut pages = Vec::new();
    while let Some(address) = waiting.pop() {
        if seen.contains(&address) || seen.len() > 200 {
            continue;
        }
        seen.push(address.clone());
        let page = browser.open(&address).await;
        for link in page.select("a[href]") {
            let Ok(target) = page.url.join(link.attr("href")) else {
                continue;
            };
            let signs_out = target.path().contains("logout");
            if target.origin() == browser.address("/").origin()
                && !signs_out
                && target.query().is_none()
            {
                waiting.push(target.path().to_owned());
            }
        }
        pages.push(page);
    }
    pages
}

async fn everything(app: &App) -> (Browser, Vec<Page>) {
    let rp = app.client("web1").await;
    let (stranger, browser) = (app.browser(), app.browser());
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let mut start: Vec<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    start.push(rp.attempt().url());
    let mut pages = crawl(&stranger, &start).await;
    start.push(rp.attempt().with("prompt", "login").url());
    start.push(rp.attempt().with("prompt", "select_account").url());
    start.push(rp.attempt().with("prompt", "consent").url());
    pages.extend(crawl(&browser, &start).await);
    (browser, pages)
}

#[tokio::test]
async fn ses_03_every_page_within_reach_sends_the_security_headers() {
    let app = App::start().await;
    // Browser checks each answer as it arrives; what is left is what they all have in common.
    let (_, pages) = everything(&app).await;
    assert!(pages.len() >= 20, "{} pages", pages.len());
    for page in pages {
        assert!(page.status < 500, "{}", page.summary());
        if page.header("content-type").starts_with("text/html") {
            assert!(
                page.title().contains('–') || page.title().contains('-'),
                "{}: title {:?}",
                page.url,
                page.title()
            );
            assert!(
                page.has("html[lang][dir]"),
                "{} says neither language nor direction",
                page.url
            );
            assert!(
                page.header("x-robots-tag").contains("noindex")
                    || page.has("meta[name=robots][content*=noindex]"),
                "{} may be indexed",
                page.url
            );
            assert!(
                !page.has("[style], [onclick], [onsubmit], [onload]"),
                "{} has inline style or script",
                page.url
            );
        }
    }
}

#[tokio::test]
async fn ses_04_every_form_within_reach_carries_a_token_and_is_refused_without_it() {
    let app = App::start().await;
    let (browser, pages) = everything(&app).await;
    let mut tried: Vec<String> = Vec::new();
    for page in &pages {
        for form in page
            .forms()
            .into_iter()
            .filter(|form| form.method == "post")
        {
            let path = form.action.path().to_owned();
            assert!(
                form.has("csrf"),
                "{}: the form to {path} has no token",
                page.url
            );
            if !tried.contains(&path) {
                tried.push(path);
                refused_without_token(&browser, &form).await;
            }
        }
    }
    assert!(tried.len() >= 6, "{tried:?}");
}

async fn refused_without_token(browser: &Browser, form: &Form) {
    let path = form.action.path();
    for forged in [
        form.clone().without("csrf"),
        form.clone().forge("csrf", ""),
        form.clone()
            .forge("csrf", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        let page = browser.submit(&forged).await;
        assert_eq!(
            (page.status, page.location()),
            (403, None),
            "{path}: {}",
            page.summary()
        );
    }
    let data = form.data();
    let fields: Vec<(&str, &str)> = data
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let page = browser
        .request_raw(
            Method::POST,
            path,
            &fields,
            &[
                ("origin", "https://evil.test"),
                ("sec-fetch-site", "cross-site"),
            ],
        )
        .await;
    assert_eq!(
        (page.status, page.location()),
        (403, None),
        "{path} from elsewhere: {}",
        page.summary()
    );
}

#[tokio::test]
async fn h_04_every_input_has_a_label_and_a_known_autofill_token() {
    const TOKENS: [&str; 9] = [
        "username",
        "webauthn",
        "current-password",
        "new-password",
        "one-time-code",
        "email",
        "name",
        "off",
        "tel",
    ];
    let app = App::start().await;
    let (_, pages) = everything(&app).await;
    for page in pages {
        for input in page.select("input:not([type=hidden]):not([type=submit])") {
            if ["checkbox", "radio"].contains(&input.attr("type")) || input.attr("name").is_empty()
            {
                continue;
            }
            let id = input.attr("id");
            assert!(
                page.has(&format!("label[for='{id}']"))
                    || input.attr("class").contains("hidden")
                    || !input.attr("aria-label").is_empty()
                    || input.attr("tabindex") == "-1",
                "{}: {input:?} has no label",
                page.url
            );
            let tokens = input.attr("autocomplete");
            assert!(
                !tokens.is_empty() && tokens.split(' ').all(|token| TOKENS.contains(&token)),
                "{}: autocomplete={tokens:?}",
                page.url
            );
        }
    }
}
