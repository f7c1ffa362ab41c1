//! TOK: tokens and keys.

use identity_harness::answer::Answer;
use identity_harness::app::App;
use identity_harness::canary::Canary;
use identity_harness::forge::{self, Es256};
use identity_harness::seed::{ADAM, ALICE};
use serde_json::{Value, json};

/// Tokens that an attacker builds from a good one.
fn forgeries(good: &str, keys: &Value, canary: &Canary) -> Vec<(&'static str, String)> {
    let (header, claims) = (forge::header(good), forge::claims(good));
    let stranger = Es256::generate();
    let changed = |name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        header
    };
    let kid = header["kid"].as_str().unwrap();
    let jwk = keys["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["kid"] == kid)
        .unwrap();
    let mut promoted = claims.clone();
    promoted["roles"] = json!(["admin"]);
    vec![
        (
            "alg none",
            forge::assemble(
                &json!({"alg": "none", "typ": "at+jwt"}).to_string(),
                &claims.to_string(),
                b"",
            ),
        ),
        (
            "alg None, old signature",
            forge::with_header(good, &changed("alg", json!("None"))),
        ),
        (
            "HS256 by the JWK's text",
            forge::hs256(
                &changed("alg", json!("HS256")),
                &claims,
                jwk.to_string().as_bytes(),
            ),
        ),
        (
            "HS256 by x",
            forge::hs256(
                &changed("alg", json!("HS256")),
                &claims,
                jwk["x"].as_str().unwrap_or_default().as_bytes(),
            ),
        ),
        (
            "HS256 by an empty secret",
            forge::hs256(&changed("alg", json!("HS256")), &claims, b""),
        ),
        (
            "a kid that is a path",
            stranger.sign(&changed("kid", json!("../../../dev/null")), &claims),
        ),
        (
            "a kid that is SQL",
            stranger.sign(&changed("kid", json!("x' OR '1'='1")), &claims),
        ),
        (
            "no kid",
            stranger.sign(&json!({"alg": "ES256", "typ": "at+jwt"}), &claims),
        ),
        (
            "its own jwk",
            stranger.sign(&changed("jwk", stranger.jwk(kid)), &claims),
        ),
        (
            "jku",
            stranger.sign(&changed("jku", json!(canary.url("/jwks"))), &claims),
        ),
        (
            "x5u",
            stranger.sign(&changed("x5u", json!(canary.url("/x5u"))), &claims),
        ),
        (
            "crit",
            forge::with_header(good, &changed("crit", json!(["exp"]))),
        ),
        (
            "b64 false",
            forge::with_header(good, &changed("b64", json!(false))),
        ),
        ("another signature", stranger.sign(&header, &claims)),
        (
            "an empty signature",
            forge::assemble(&header.to_string(), &claims.to_string(), b""),
        ),
        (
            "changed claims",
            forge::assemble(
                &header.to_string(),
                &promoted.to_string(),
                &forge::signature(good),
            ),
        ),
        (
            "a zero signature",
            forge::assemble(&header.to_string(), &claims.to_string(), &[0; 64]),
        ),
        ("a tail", format!("{good}A")),
        ("a fourth part", format!("{good}.x")),
        ("padding", format!("{good}==")),
        ("nothing", String::from("..")),
    ]
}

#[tokio::test]
async fn tok_01_a_forged_token_opens_nothing_and_fetches_nothing() {
    let app = App::setup().fetch_allow(&["127.0.0.0/8"]).start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let canary = Canary::serving_json(&json!({"keys": []})).await;
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 200);
    for (what, token) in forgeries(&tokens.access_token, &rp.keys().await, &canary) {
        let answer = rp.userinfo(&token).await;
        assert_eq!(answer.status, 401, "{what}: {answer:?}");
        assert!(
            answer.header("www-authenticate").contains("invalid_token"),
            "{what}: {answer:?}"
        );
        let answer = rp.introspect(&token).await;
        assert_eq!(answer.expect_ok(), json!({"active": false}), "{what}");
    }
    canary.expect_silence();
}

#[tokio::test]
async fn tok_03_a_token_of_one_kind_is_not_one_of_another() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    assert_eq!(
        rp.userinfo(&tokens.id_token).await.status,
        401,
        "an ID token is no access token"
    );
    assert_eq!(
        rp.userinfo(tokens.refresh()).await.status,
        401,
        "a refresh token is no access token"
    );
    for other in [&tokens.access_token, &tokens.id_token] {
        rp.refresh(other).await.expect_error(400, "invalid_grant");
        let code = [
            ("grant_type", "authorization_code"),
            ("code", other.as_str()),
            ("redirect_uri", &rp.registration.redirect_uri),
            ("code_verifier", "x"),
        ];
        let answer = rp.token(&code).await;
        assert_eq!(answer.status, 400, "{answer:?}");
    }
    assert_eq!(
        rp.introspect(&tokens.id_token).await.expect_ok()["active"],
        false
    );
    let page = app
        .browser()
        .open(
            &rp.attempt()
                .with("prompt", "none")
                .with("id_token_hint", &tokens.access_token)
                .url(),
        )
        .await;
    assert_ne!(
        page.redirect_param("error"),
        None,
        "an access token is no hint"
    );
}

#[tokio::test]
async fn tok_07_a_token_for_another_api_is_refused_by_ours() {
    let app = App::start().await;
    let service = app.client("svc1").await;
    let token = service
        .token(&[
            ("grant_type", "client_credentials"),
            ("scope", "reports:read"),
        ])
        .await
        .expect_ok();
    let token = token["access_token"].as_str().unwrap();
    let claims = forge::claims(token);
    assert_eq!(claims["aud"], "https://api.rp.test");
    assert_eq!(
        (&claims["sub"], &claims["client_id"]),
        // RFC 9700 §4.15: never to be read as a person.
        (&json!("client:svc1"), &json!("svc1"))
    );
    for absent in ["sid", "auth_time", "acr", "amr"] {
        assert!(claims[absent].is_null(), "a service has no {absent}");
    }
    assert!([401, 403].contains(&service.userinfo(token).await.status));
    service
        .token(&[
            ("grant_type", "client_credentials"),
            ("scope", "reports:write"),
        ])
        .await
        .expect_error(400, "invalid_scope");
    service
        .token(&[
            ("grant_type", "client_credentials"),
            ("resource", "https://elsewhere.test"),
        ])
        .await
        .expect_error(400, "invalid_target");
}

#[tokio::test]
async fn tok_07_a_persons_token_without_openid_is_for_another_api_than_ours() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    let attempt = rp.attempt().with("scope", "profile email");
    let page = browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let code = rp.code(&attempt, &page).expect("a code");
    let tokens = rp.redeem(&attempt, &code).await.expect_ok();
    assert!(tokens["id_token"].is_null());
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(forge::claims(token)["aud"], "https://api.web1.rp.test");
    let refused = rp.userinfo(token).await;
    assert_eq!(refused.status, 403, "{refused:?}");
    let challenge = refused.header("www-authenticate");
    assert!(challenge.contains("insufficient_scope"), "{challenge}");
}

#[tokio::test]
async fn mfa_10_discovery_names_the_levels_that_can_be_asked_for() {
    let levels = async |app: &App| {
        let answer = app.get("/.well-known/openid-configuration").await;
        answer.json()["acr_values_supported"].clone()
    };
    let app = App::start().await;
    let (one, two) = (crate::mfa::ONE, crate::mfa::TWO);
    assert_eq!(levels(&app).await, json!([one, two]));
    let app = App::setup()
        .configure(|config| config.mfa.methods.clear())
        .start()
        .await;
    assert_eq!(levels(&app).await, json!([one]));
}

#[tokio::test]
async fn tok_08_no_public_answer_holds_a_private_key() {
    let app = App::start().await;
    let administrator = app.browser();
    app.client("web1")
        .await
        .sign_in(&administrator, ADAM.email, ADAM.password)
        .await;
    let documents = [
        "/oauth2/jwks",
        "/oauth2/status/0",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    ];
    let table = crate::routes::routes("get");
    assert!(table.len() > 40, "{table:?}");
    let all = documents
        .into_iter()
        .chain(table.iter().map(String::as_str));
    for path in all {
        let answer = administrator.get(path).await;
        for mark in [
            "\"d\":",
            "\"d\" :",
            "\"p\":",
            "\"q\":",
            "\"dp\":",
            "\"k\":",
            "PRIVATE KEY",
        ] {
            assert!(!answer.body.contains(mark), "{path} holds {mark}");
        }
    }
}

#[tokio::test]
async fn tok_access_tokens_are_as_the_contract_says() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    let header = forge::header(&tokens.access_token);
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&json!("at+jwt"), &json!("ES256"))
    );
    let claims = tokens.access_claims();
    let now = app.clock.seconds();
    assert_eq!(claims["iss"], app.issuer);
    assert_eq!(claims["aud"], "https://api.web1.rp.test");
    assert_eq!(
        (&claims["sub"], &claims["client_id"]),
        (&tokens.claims["sub"], &json!("web1"))
    );
    assert_eq!(
        (claims["iat"].as_i64(), claims["exp"].as_i64()),
        (Some(now), Some(now + 600))
    );
    assert_eq!(claims["auth_time"], now);
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert_eq!(claims["scope"], "openid profile email offline_access");
    assert_eq!(
        (&claims["org_slug"], &claims["roles"]),
        (&json!("a"), &json!(["analyst"]))
    );
    for present in ["jti", "sid", "acr", "org_id", "permissions", "status"] {
        assert!(!claims[present].is_null(), "no {present} in {claims}");
    }
    for absent in ["email", "name"] {
        assert!(claims[absent].is_null(), "{absent} belongs to userinfo");
    }
}

#[tokio::test]
async fn jwks_and_discovery_can_be_cached_and_asked_again_cheaply() {
    let app = App::start().await;
    for path in [
        "/oauth2/jwks",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer.header("cache-control").contains("max-age"),
            "{path}: {answer:?}"
        );
        let tag = answer.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path} has no ETag");
        let again: Answer = app
            .request(reqwest::Method::GET, path, &[("if-none-match", &tag)])
            .await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{path}");
    }
}
