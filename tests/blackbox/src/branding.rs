//! H-85, H-86: each organization and each application has its own looks, and never another's.

use identity_harness::app::App;
use identity_harness::page::Page;
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::{ALICE, Seed, registration, web};
use serde_json::{Value, json};

const SHEET: &str = "link[rel=stylesheet][href*='/theme/brand-']";

fn drawing(color: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"><rect width=\"8\" height=\"8\" fill=\"{color}\"/></svg>"
    )
}

fn picture(color: &str) -> String {
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(drawing(color));
    format!("data:image/svg+xml;base64,{data}")
}

/// The common setting with looks for A and B, a client of each, and one of nobody's.
fn branded() -> Seed {
    let mut seed = Seed::common();
    let looks = [
        json!({"name": "Alpha Cloud", "accent": "#065f46", "logo": picture("teal"), "favicon": picture("teal"), "support_mail": "help@a.test"}),
        json!({"name": "Beta Works", "accent": "#6b1a8f", "background": "#102040", "radius": "large", "privacy_url": "https://b.test/privacy"}),
    ];
    for (index, looks) in looks.into_iter().enumerate() {
        seed.value()["organizations"][index]["branding"] = looks;
    }
    set(&mut seed, "web1", "organization", json!("a"));
    set(&mut seed, "webB", "organization", json!("b"));
    seed.client(web("plain", None))
}

fn set(seed: &mut Seed, client_id: &str, key: &str, value: Value) {
    let clients = seed.value()["clients"].as_array_mut().unwrap();
    let client = clients
        .iter_mut()
        .find(|client| client["client_id"] == client_id);
    client.unwrap()[key] = value;
}

async fn public(app: &App, client_id: &str) -> RelyingParty {
    app.relying_party(registration(client_id, None)).await
}

async fn first_page(app: &App, rp: &RelyingParty) -> Page {
    app.browser().open(&rp.attempt().url()).await.expect(200)
}

/// The style sheet of the brand, and its address.
async fn sheet(app: &App, page: &Page) -> (String, String) {
    let links = page.select(SHEET);
    assert_eq!(links.len(), 1, "{}", page.body);
    let address = links[0].attr("href").to_owned();
    let answer = app.get(&address).await;
    assert_eq!(answer.status, 200, "{address}");
    assert!(answer.header("content-type").starts_with("text/css"));
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    (address, answer.text)
}

#[tokio::test]
async fn h_85_two_organizations_show_their_own_looks_and_never_each_others() {
    let app = App::setup().seed(branded()).start().await;
    let alpha = first_page(&app, &app.client("web1").await).await;
    let beta = first_page(&app, &app.client("webB").await).await;
    assert_eq!(alpha.title(), "Sign in – Alpha Cloud");
    assert_eq!(beta.title(), "Sign in – Beta Works");
    let (alphas, alpha_css) = sheet(&app, &alpha).await;
    let (betas, beta_css) = sheet(&app, &beta).await;
    assert_ne!(alphas, betas);
    assert!(alpha_css.contains("--accent:#065f46") && !alpha_css.contains("--ground"));
    assert!(beta_css.contains("--accent:#6b1a8f") && beta_css.contains("--ground:#102040"));
    for (own, other) in [
        (&alpha, ["Beta", "b.test", &betas]),
        (&beta, ["Alpha", "a.test", &alphas]),
    ] {
        for word in other {
            assert!(!own.body.contains(word), "{word}");
        }
    }
    assert!(alpha.has("[data-part=brand] img[alt='Alpha Cloud']"));
    assert!(alpha.has("a[href='mailto:help@a.test']"));
    assert!(beta.has("a[href='https://b.test/privacy']"));
    assert!(!beta.has("[data-part=brand] img"), "B has no logo");
    // The instance is as it was, and so is an application of nobody's.
    let plain = first_page(&app, &public(&app, "plain").await).await;
    let own = app.browser().open("/account").await;
    for page in [&plain, &own] {
        assert_eq!(page.title(), "Sign in – Identity");
        assert!(!page.has(SHEET) && !page.has("[data-part=brand] img"));
    }
}

#[tokio::test]
async fn h_85_every_page_of_a_login_and_no_page_of_the_account_has_the_looks() {
    let app = App::setup().seed(branded()).start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let page = browser.open(&rp.attempt().url()).await;
    let wrong = browser.enter(page, ALICE.email, "wrong wrong wrong").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has(SHEET), "{}", wrong.summary());
    let forgot = browser
        .send(&wrong.form("recover").forge("recover", "1"))
        .await;
    assert!(forgot.has(SHEET), "{}", forgot.summary());
    assert!(forgot.title().ends_with("– Alpha Cloud"));
    rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let account = browser.open("/account").await.expect(200);
    assert!(!account.has(SHEET));
    assert!(account.title().ends_with("– Identity"));
}

#[tokio::test]
async fn h_85_the_application_lies_over_the_organization_and_that_over_the_instance() {
    let mut seed = branded();
    set(
        &mut seed,
        "web1",
        "branding",
        json!({"name": "Alpha Chat", "accent": "#8a3c00"}),
    );
    set(
        &mut seed,
        "web1",
        "tos_uri",
        json!("https://chat.a.test/terms"),
    );
    set(
        &mut seed,
        "webB",
        "tos_uri",
        json!("https://guest.test/terms"),
    );
    let app = App::setup()
        .seed(seed)
        .configure(|config| {
            config.branding.accent = Some("#1f5fd6".to_owned());
            config.branding.background = Some("#fff4d6".to_owned());
            config.branding.privacy_url = Some("https://id.test/privacy".to_owned());
        })
        .start()
        .await;
    let page = first_page(&app, &app.client("web1").await).await;
    assert_eq!(page.title(), "Sign in – Alpha Chat");
    let (_, css) = sheet(&app, &page).await;
    assert!(css.contains("--accent:#8a3c00"), "the application's");
    assert!(css.contains("--ground:#fff4d6"), "the instance's");
    let logo = &page.select("[data-part=brand] img")[0];
    let answer = app.get(logo.attr("src")).await;
    assert_eq!(answer.text, drawing("teal"), "the organization's");
    assert!(page.has("a[href='https://id.test/privacy']"));
    assert!(page.has("a[href='https://chat.a.test/terms']"));
    // An application without looks of its own is a guest: its links stay on the page where it is introduced.
    let beta = first_page(&app, &app.client("webB").await).await;
    assert!(!beta.body.contains("guest.test"));
    assert!(beta.has("a[href='https://b.test/privacy']"));
}

#[tokio::test]
async fn h_85_the_organization_asked_for_is_shown_if_it_has_looks() {
    let app = App::setup()
        .seed(branded().organization(json!({"slug": "quiet", "name": "Quiet Quarry"})))
        .start()
        .await;
    let rp = public(&app, "plain").await;
    for (slug, title) in [
        ("a", "Sign in – Alpha Cloud"),
        ("b", "Sign in – Beta Works"),
        ("quiet", "Sign in – Identity"),
        ("nobody", "Sign in – Identity"),
    ] {
        let attempt = rp.attempt().with("organization", slug);
        let page = app.browser().open(&attempt.url()).await.expect(200);
        assert_eq!(page.title(), title);
        assert!(
            !page.body.contains("Quiet Quarry"),
            "nobody may guess names"
        );
    }
    app.suspend_organization("a").await;
    let attempt = rp.attempt().with("organization", "a");
    let page = app.browser().open(&attempt.url()).await;
    assert_eq!(page.title(), "Sign in – Identity");
}

#[tokio::test]
async fn h_85_pictures_are_ours_and_can_not_run() {
    let app = App::setup().seed(branded()).start().await;
    let page = first_page(&app, &app.client("web1").await).await;
    let plain = first_page(&app, &public(&app, "plain").await).await;
    let policy = |page: &Page| {
        let mut policy = page.header("content-security-policy").to_owned();
        policy.truncate(policy.find("form-action").unwrap());
        policy
    };
    assert_eq!(policy(&page), policy(&plain), "the policy is the same");
    assert!(policy(&page).contains("img-src 'self' data:;"));
    let icon = page.select("link[rel=icon]")[0].attr("href").to_owned();
    let logo = page.select("[data-part=brand] img")[0]
        .attr("src")
        .to_owned();
    assert!(logo.starts_with("/theme/"), "{logo}");
    assert_eq!(icon, logo, "one content, one name");
    let answer = app.get(&logo).await;
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let own = answer.header("content-security-policy");
    assert!(
        own.starts_with("default-src 'none'") && own.ends_with("sandbox"),
        "{own}"
    );
    for gone in [
        "/theme/00000000000000000000000000000000.svg",
        "/theme/x.svg",
        "/theme/brand-x.css",
    ] {
        assert_eq!(app.get(gone).await.status, 404, "{gone}");
    }
}

#[tokio::test]
async fn h_85_other_looks_have_another_address_at_once() {
    let app = App::setup().seed(branded()).start().await;
    let rp = app.client("web1").await;
    let before = first_page(&app, &rp).await;
    let (old_sheet, old_css) = sheet(&app, &before).await;
    let old_logo = before.select("[data-part=brand] img")[0]
        .attr("src")
        .to_owned();
    let mut seed = branded();
    seed.value()["organizations"][0]["branding"] =
        json!({"name": "Alpha Cloud", "accent": "#0a5d7d", "logo": picture("navy")});
    app.apply(&seed).await.unwrap();
    let after = first_page(&app, &rp).await;
    let (new_sheet, new_css) = sheet(&app, &after).await;
    let new_logo = after.select("[data-part=brand] img")[0]
        .attr("src")
        .to_owned();
    assert!(new_sheet != old_sheet && new_css != old_css && new_logo != old_logo);
    // A page that was open before finds its style sheet still; a picture that was replaced is gone.
    assert_eq!(app.get(&old_sheet).await.text, old_css);
    assert_eq!(app.get(&old_logo).await.status, 404);
    // Neither the name nor the hash of a style sheet can be made up.
    let made_up = old_sheet.replace("065f46", "065f47");
    assert_eq!(app.get(&made_up).await.status, 404);
}

#[tokio::test]
async fn h_85_no_field_becomes_markup() {
    const EVIL: &str = "\"><script>alert('x')</script><b>&";
    let mut seed = branded();
    seed.value()["organizations"][0]["branding"] = json!({
        "name": EVIL, "logo": picture("teal"), "support_url": "https://a.test/?q=%22%3E<script>",
    });
    let app = App::setup().seed(seed).start().await;
    let page = first_page(&app, &app.client("web1").await).await;
    assert!(!page.body.contains("<script>") && !page.body.contains("<b>&"));
    assert_eq!(page.title(), format!("Sign in – {EVIL}"));
    assert_eq!(page.select("[data-part=brand] img")[0].attr("alt"), EVIL);
    for (branding, expected) in [
        (
            json!({"accent": "red;}body{display:none"}),
            "branding.accent: is not a colour",
        ),
        (
            json!({"support_url": "javascript:alert(1)"}),
            "branding.support_url: is not an address",
        ),
        (
            json!({"logo": "https://evil.test/logo.svg"}),
            "never loaded",
        ),
        (json!({"logoo": picture("teal")}), "did you mean `logo`?"),
    ] {
        let mut seed = branded();
        seed.value()["organizations"][0]["branding"] = branding;
        let refused = app.apply(&seed).await.expect_err("refused");
        assert!(refused.contains(expected), "{refused}");
    }
}

#[tokio::test]
async fn h_86_a_colour_that_can_not_be_read_is_shifted_on_the_page() {
    let mut seed = branded();
    seed.value()["organizations"][0]["branding"] = json!({"accent": "#ffe000"});
    let app = App::setup().seed(seed).start().await;
    let page = first_page(&app, &app.client("web1").await).await;
    let (_, css) = sheet(&app, &page).await;
    assert!(
        !css.contains("--accent:#ffe000") && css.contains("--accent:#"),
        "{css}"
    );
}
