//! OAU-11: clients that sign (`private_key_jwt`).

use identity_harness::answer::Answer;
use identity_harness::app::App;
use identity_harness::forge::{self, Es256};
use identity_harness::relying_party::random;
use identity_harness::seed::{Seed, web};
use serde_json::{Value, json};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn start() -> (App, Es256) {
    let key = Es256::generate();
    let client = |id: &str, jwk: Value| {
        json!({
            "client_id": id, "client_name": id, "grant_types": ["client_credentials"], "scope": "reports:read", "audience": ["https://api.rp.test"],
            "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256", "jwks": {"keys": [jwk]},
        })
    };
    let other = Es256::generate();
    let seed = Seed::common()
        .client(client("pk1", key.jwk("k1")))
        .client(client("pk2", other.jwk("k2")));
    (App::setup().seed(seed).start().await, key)
}

fn claims(app: &App) -> Value {
    let now = app.clock.seconds();
    json!({"iss": "pk1", "sub": "pk1", "aud": app.issuer, "iat": now, "exp": now + 60, "jti": random()})
}

async fn ask(app: &App, assertion: &str) -> Answer {
    present(app, assertion, &[("grant_type", "client_credentials")]).await
}

async fn present(app: &App, assertion: &str, fields: &[(&str, &str)]) -> Answer {
    let mut fields = fields.to_vec();
    fields.extend([
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ]);
    let request = app
        .network
        .client()
        .post(app.origin.join("/oauth2/token").unwrap())
        .form(&fields);
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn oau_11_an_assertion_for_the_issuer_works_once() {
    let (app, key) = start().await;
    let assertion = key.sign(&json!({"alg": "ES256", "kid": "k1"}), &claims(&app));
    ask(&app, &assertion).await.expect_ok();
    ask(&app, &assertion)
        .await
        .expect_error(401, "invalid_client");
}

#[tokio::test]
async fn oau_02_a_code_that_a_client_presents_for_another_is_dead_although_it_signs_well() {
    let key = Es256::generate();
    let mut signing = web("pk1", None);
    signing["token_endpoint_auth_method"] = json!("private_key_jwt");
    signing["token_endpoint_auth_signing_alg"] = json!("ES256");
    signing["jwks"] = json!({"keys": [key.jwk("k1")]});
    let seed = Seed::common().client(signing);
    let app = App::setup().seed(seed).start().await;
    let web1 = app.client("web1").await;
    let (attempt, code) = super::fresh_code(&app, &web1).await;
    let assertion = key.sign(&json!({"alg": "ES256", "kid": "k1"}), &claims(&app));
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &web1.registration.redirect_uri),
        ("code_verifier", &attempt.verifier),
    ];
    present(&app, &assertion, &fields)
        .await
        .expect_error(400, "invalid_grant");
    web1.redeem(&attempt, &code)
        .await
        .expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn oau_11_an_assertion_that_proves_less_is_refused() {
    let (app, key) = start().await;
    let good = json!({"alg": "ES256", "kid": "k1"});
    let now = app.clock.seconds();
    let with = |name: &str, value: Value| {
        let mut changed = claims(&app);
        changed[name] = value;
        changed
    };
    let without = |name: &str| {
        let mut changed = claims(&app);
        changed.as_object_mut().unwrap().remove(name);
        changed
    };
    let token_url = app.origin.join("/oauth2/token").unwrap().to_string();
    for claims in [
        with("aud", json!(token_url)),
        with("aud", json!(format!("{}/oauth2/par", app.issuer))),
        with("aud", json!(format!("{}/", app.issuer))),
        with("aud", json!([app.issuer])),
        with("aud", json!([app.issuer, "https://other.test"])),
        with("aud", json!("https://other.test")),
        with("exp", json!(now + 3600)),
        with("exp", json!(now - 61)),
        with("exp", json!((now + 60).to_string())),
        with("iat", json!(now + 3600)),
        with("iss", json!("pk2")),
        with("sub", json!("pk2")),
        without("exp"),
        without("aud"),
        without("jti"),
        without("iss"),
        without("sub"),
    ] {
        let answer = ask(&app, &key.sign(&good, &claims)).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (401, "invalid_client"),
            "{claims}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn oau_11_an_assertion_with_another_key_or_algorithm_is_refused() {
    let (app, key) = start().await;
    let jwk = key.jwk("k1");
    let stranger = Es256::generate();
    let embedded = json!({"alg": "ES256", "kid": "k1", "jwk": stranger.jwk("k1")});
    let none = forge::assemble(
        r#"{"alg":"none","kid":"k1"}"#,
        &claims(&app).to_string(),
        b"",
    );
    let hmac = forge::hs256(
        &json!({"alg": "HS256", "kid": "k1"}),
        &claims(&app),
        jwk["x"].as_str().unwrap().as_bytes(),
    );
    for assertion in [
        none,
        hmac,
        stranger.sign(&json!({"alg": "ES256", "kid": "k1"}), &claims(&app)),
        stranger.sign(&embedded, &claims(&app)),
        key.sign(&json!({"alg": "ES256", "kid": "k2"}), &claims(&app)),
        key.sign(&json!({"alg": "ES384", "kid": "k1"}), &claims(&app)),
        key.sign(
            &json!({"alg": "ES256", "kid": "k1", "crit": ["x"], "x": 1}),
            &claims(&app),
        ),
        "a.b.c".to_owned(),
        String::new(),
    ] {
        let answer = ask(&app, &assertion).await;
        assert!(
            answer.status == 401 || (answer.status == 400 && assertion.len() < 6),
            "{assertion}: {answer:?}"
        );
    }
}
