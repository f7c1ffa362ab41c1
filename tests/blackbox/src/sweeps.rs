//! Sweeps over everything that can be reached, so that nothing is forgotten.

use identity_harness::app::App;
use identity_harness::browser::Browser;
use identity_harness::page::{Form, Page};
use identity_harness::seed::{ALICE, Seed, WEB1_SECRET, registration, web};
use reqwest::Method;
use serde_json::json;

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
    let (browser, pages) = everything(&app).await;
    assert!(pages.len() >= 20, "{} pages", pages.len());
    // The switches in the footer set cookies of their own.
    for switch in ["locale=de", "theme=dark"] {
        let address = format!("/preferences?{switch}&return_to=/account");
        browser.get(&address).await.expect(303);
    }
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

#[tokio::test]
async fn ses_05_names_of_people_applications_and_organizations_are_never_markup() {
    let evil = |what: &str| format!("{what}\"><img src=x onerror=alert(1)>");
    let mut client = web("evil", Some(WEB1_SECRET));
    client["client_name"] = evil("app").into();
    client["require_consent"] = true.into();
    let seed = Seed::empty()
        .organization(json!({"slug": "a", "name": evil("organization")}))
        .user(json!({
            "email": ALICE.email, "email_verified": true, "name": evil("person"), "password_hash": ALICE.password_hash,
            "memberships": [{"organization": "a", "roles": ["analyst"]}],
        }))
        .client(client);
    let app = App::setup().seed(seed).start().await;
    let rp = app
        .relying_party(registration("evil", Some(WEB1_SECRET)))
        .await;
    let browser = app.browser();
    let attempt = rp.attempt();
    let mut pages = vec![browser.open(&attempt.url()).await];
    let form = pages[0].form("password").fill("identifier", ALICE.email);
    let consent = browser.send(&form.fill("password", ALICE.password)).await;
    assert!(consent.has("[name=decision]"), "{}", consent.summary());
    let allow = consent.form("decision").press("decision", "allow");
    pages.push(consent);
    let tokens = rp.tokens(&attempt, &browser.send(&allow).await).await;
    tokens.expect("tokens");
    for path in [
        "/account",
        "/account/profile",
        "/account/applications",
        "/account/sessions",
        "/account/activity",
        "/oauth2/logout",
    ] {
        pages.push(browser.open(path).await);
    }
    let wrong = rp.attempt().with("redirect_uri", "https://elsewhere.test/");
    pages.push(browser.open(&wrong.url()).await);
    let mut shown = 0;
    for page in pages {
        assert!(!page.has("img[onerror]"), "{}", page.summary());
        shown += usize::from(page.text().contains("onerror=alert(1)"));
    }
    assert!(shown >= 5, "the names are shown as they are: {shown}");
}
