//! TOK-11: claims that say what happened come from what happened. No configuration and no request can set them.

mod asked;

use identity_harness::app::App;
use identity_harness::forge;
use identity_harness::seed::{ALICE, Seed, WEB1_SECRET, web};
use serde_json::{Value, json};

/// Claims that services decide by.
const PROTECTED: [&str; 22] = [
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "amr",
    "acr",
    "auth_time",
    "sid",
    "azp",
    "nonce",
    "at_hash",
    "client_id",
    "scope",
    "status",
    "cnf",
    "act",
    "org_id",
    "roles",
    "permissions",
];

/// Why a file is refused; empty if it is not.
async fn refusal(app: &App, seed: &Seed) -> String {
    app.apply(seed).await.err().unwrap_or_default()
}

#[tokio::test]
async fn tok_11_no_configuration_maps_an_attribute_to_a_claim() {
    let app = App::start().await;
    // The names that other products give to their mappers, for an application, a person, a role and the whole file.
    for key in [
        "claims",
        "claim_mappers",
        "protocol_mappers",
        "mappers",
        "id_token_claims",
        "access_token_claims",
    ] {
        for claim in ["sub", "aud", "amr", "client_id"] {
            let mapping = json!([{"claim": claim, "from": "name"}]);
            let mut client = web("mapped", Some(WEB1_SECRET));
            client[key] = mapping.clone();
            let mut file = Seed::common();
            file.value()[key] = mapping.clone();
            let person = json!({"email": "eve@a.test", key: {claim: "somebody else"}});
            let organization = json!({"slug": "c", "name": "C", key: mapping});
            for (what, seed) in [
                ("clients", Seed::common().client(client)),
                ("users", Seed::common().user(person)),
                ("organizations", Seed::common().organization(organization)),
                ("file", file),
            ] {
                let refused = refusal(&app, &seed).await;
                assert!(
                    refused.contains(key) && refused.contains("unknown"),
                    "{what} with {key}: {refused:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn tok_11_a_person_has_no_members_that_are_claims_of_the_protocol() {
    let app = App::start().await;
    for claim in PROTECTED {
        // The state of an account has the name of a claim, and takes its own words only.
        let why = if claim == "status" {
            "must be"
        } else {
            "unknown"
        };
        let person = json!({"email": "eve@a.test", "name": "Eve", claim: "forged"});
        let refused = refusal(&app, &Seed::common().user(person)).await;
        assert!(
            refused.contains(claim) && refused.contains(why),
            "{claim}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn tok_11_the_claims_parameter_asks_and_cannot_set() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let plain = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let forged: Value = PROTECTED
        .iter()
        .map(|claim| {
            (
                (*claim).to_owned(),
                json!({"essential": true, "value": "forged"}),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into();
    let asked = json!({"id_token": forged, "userinfo": forged}).to_string();
    let attempt = rp.attempt().with("claims", &asked);
    let page = app
        .browser()
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    // A subject that nobody has may be refused (Core section 5.5.1); if it is not, the tokens tell the truth.
    if let Ok(tokens) = rp.tokens(&attempt, &page).await {
        expect_truth(&plain.claims, &tokens.claims);
        expect_truth(&plain.access_claims(), &tokens.access_claims());
    }
    // Without the impossible wishes, for another person and for a level that nobody reaches, the answer has to come.
    let mut possible = forged.clone();
    possible.as_object_mut().expect("claims").remove("sub");
    possible["acr"] = json!({"value": "forged"});
    let asked = json!({"id_token": possible, "userinfo": possible}).to_string();
    let attempt = rp.attempt().with("claims", &asked);
    let page = app
        .browser()
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let tokens = rp.tokens(&attempt, &page).await.expect("tokens");
    expect_truth(&plain.claims, &tokens.claims);
    expect_truth(&plain.access_claims(), &tokens.access_claims());
    let about = rp.userinfo(&tokens.access_token).await;
    assert!(!about.text.contains("forged"), "{}", about.text);
    assert_eq!(about.expect_ok()["sub"], plain.claims["sub"]);
    // Each claim is there once: a second one of the same name would be what the next reader takes.
    for token in [&tokens.id_token, &tokens.access_token] {
        let text = forge::claims_text(token);
        for claim in PROTECTED {
            let times = text.matches(&format!("\"{claim}\":")).count();
            assert!(times <= 1, "{claim} is there {times} times: {text}");
        }
    }
}

/// What does not differ from one sign-in to the next is the same, and nothing asked for came back.
fn expect_truth(plain: &Value, tokens: &Value) {
    assert!(!tokens.to_string().contains("forged"), "{tokens}");
    for claim in [
        "sub",
        "iss",
        "aud",
        "exp",
        "amr",
        "acr",
        "azp",
        "client_id",
        "org_id",
        "roles",
    ] {
        assert_eq!(plain[claim], tokens[claim], "{claim}");
    }
}

#[tokio::test]
async fn inv_08_a_name_of_a_sign_up_is_one_line_that_reads_one_way_in_tokens() {
    let (email, password) = ("eve@new.test", "umbrella-forest-piano-66");
    let app = App::start().await;
    let browser = app.browser();
    let form = browser.open("/register").await.form("email");
    let form = form
        .fill("name", "Eve\r\nrole: admin \u{202e}nimda")
        .fill("email", email)
        .fill("password", password);
    let page = browser.send(&form).await;
    app.run_jobs().await;
    let code = app.mailbox().newest(email).await.code().to_owned();
    browser.send(&page.form("code").fill("code", &code)).await;
    let rp = app.client("web1").await;
    let tokens = rp.sign_in(&browser, email, password).await;
    let name = tokens.claims["name"].as_str().expect("a name");
    assert!(name.starts_with("Eve"), "{name:?}");
    assert!(!name.contains(['\r', '\n', '\u{202e}']), "{name:?}");
}
