//! The token endpoint: client authentication, caching, CORS.

use super::fresh_code;
use identity_harness::app::App;
use identity_harness::relying_party::ClientAuthentication;
use identity_harness::seed::{ALICE, Seed, WEB1_SECRET, registration, web};
use reqwest::Method;

#[tokio::test]
async fn oau_10_one_way_of_authenticating_a_client_at_a_time() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let (attempt, code) = fresh_code(&app, &rp).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &rp.registration.redirect_uri),
        ("code_verifier", &attempt.verifier),
    ];
    let both: Vec<(&str, &str)> = fields
        .into_iter()
        .chain([("client_id", "web1"), ("client_secret", WEB1_SECRET)])
        .collect();
    rp.token(&both).await.expect_error(400, "invalid_request");

    // A secret in the query is no authentication at all: it would end up in logs.
    let client = app.network.client();
    let mut in_query = rp.endpoint("token_endpoint");
    in_query
        .query_pairs_mut()
        .append_pair("client_id", "web1")
        .append_pair("client_secret", WEB1_SECRET);
    let answer = identity_harness::answer::Answer::read(
        client.post(in_query).form(&fields).send().await.unwrap(),
    )
    .await;
    assert!([400, 401].contains(&answer.status), "{answer:?}");

    for (client_id, secret) in [("web1", "wrong"), ("web1", ""), ("nobody", WEB1_SECRET)] {
        let request = client
            .post(rp.endpoint("token_endpoint"))
            .basic_auth(client_id, Some(secret))
            .form(&fields);
        let answer = identity_harness::answer::Answer::read(request.send().await.unwrap()).await;
        answer.expect_error(401, "invalid_client");
        assert!(
            answer.header("www-authenticate").starts_with("Basic"),
            "{answer:?}"
        );
    }
    let mixed = client
        .post(rp.endpoint("token_endpoint"))
        .basic_auth("web1", Some(WEB1_SECRET))
        .form(&[("grant_type", "client_credentials"), ("client_id", "webB")]);
    let answer = identity_harness::answer::Answer::read(mixed.send().await.unwrap()).await;
    assert!([400, 401].contains(&answer.status), "{answer:?}");
    assert_eq!(
        rp.redeem(&attempt, &code).await.status,
        200,
        "none of this used the code up"
    );
}

#[tokio::test]
async fn oau_10_a_client_authenticates_in_the_way_it_registered_and_in_no_other() {
    let mut posting = web("posting", Some(WEB1_SECRET));
    posting["token_endpoint_auth_method"] = "client_secret_post".into();
    let app = App::setup()
        .seed(Seed::common().client(posting))
        .start()
        .await;
    let mut registered = registration("posting", Some(WEB1_SECRET));
    registered.authentication = ClientAuthentication::Post(WEB1_SECRET.to_owned());
    let rp = app.relying_party(registered.clone()).await;
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    for other in [
        ClientAuthentication::Post("wrong".to_owned()),
        ClientAuthentication::Basic(WEB1_SECRET.to_owned()),
        ClientAuthentication::None,
    ] {
        let mut rp = rp.clone();
        rp.registration.authentication = other.clone();
        let answer = rp.refresh(tokens.refresh()).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (401, "invalid_client"),
            "{other:?}: {answer:?}"
        );
    }
    rp.refresh(tokens.refresh()).await.expect_ok();
}

#[tokio::test]
async fn oau_20_token_answers_are_not_stored_and_cors_is_only_where_browser_apps_need_it() {
    let app = App::start().await;
    let rp = app.client("spa1").await;
    let origin = "https://spa1.rp.test";
    let tokens = rp
        .sign_in(&app.browser(), ALICE.email, ALICE.password)
        .await;
    for endpoint in [
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "revocation_endpoint",
    ] {
        let path = rp.endpoint(endpoint);
        let preflight = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            (
                "access-control-request-headers",
                "authorization,content-type",
            ),
        ];
        let answer = app.request(Method::OPTIONS, path.path(), &preflight).await;
        assert!(
            ["*", origin].contains(&answer.header("access-control-allow-origin")),
            "{endpoint}: {answer:?}"
        );
        assert_ne!(
            answer.header("access-control-allow-credentials"),
            "true",
            "{endpoint}"
        );
    }
    // RelyingParty::token refuses every answer that may be stored or is not JSON; these are the other endpoints.
    for answer in [
        rp.revoke("nonsense").await,
        app.client("web1").await.introspect("nonsense").await,
    ] {
        let cached = answer.header("cache-control");
        assert!(cached.contains("no-store"), "{answer:?}");
    }
    for document in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/oauth2/jwks",
    ] {
        let answer = app
            .request(Method::GET, document, &[("origin", "https://any.test")])
            .await;
        let allowed = answer.header("access-control-allow-origin");
        assert_eq!(allowed, "*", "{document}");
    }
    // Only where an application in the browser is registered: not elsewhere, not for one that lives on a server, not for nobody.
    for stranger in [
        "https://evil.test",
        "https://spa1.rp.test.evil.test",
        "http://spa1.rp.test",
        "https://spa1.rp.test:8443",
        "null",
    ] {
        for endpoint in ["token_endpoint", "userinfo_endpoint", "revocation_endpoint"] {
            for method in [Method::OPTIONS, Method::POST] {
                let path = rp.endpoint(endpoint);
                let headers = [
                    ("origin", stranger),
                    ("access-control-request-method", "POST"),
                ];
                let answer = app.request(method, path.path(), &headers).await;
                let allowed = answer.header("access-control-allow-origin");
                assert_eq!(allowed, "", "{endpoint} for {stranger}");
            }
        }
    }
    let bearer = format!("Bearer {}", tokens.access_token);
    let answer = app
        .request(
            Method::GET,
            rp.endpoint("userinfo_endpoint").path(),
            &[("origin", origin), ("authorization", &bearer)],
        )
        .await;
    assert!(
        ["*", origin].contains(&answer.header("access-control-allow-origin")),
        "{answer:?}"
    );
    assert!(
        answer.header("cache-control").contains("no-store"),
        "{answer:?}"
    );
    for path in [
        "/oauth2/authorize",
        "/oauth2/introspect",
        "/oauth2/logout",
        "/recover",
        "/register",
        "/account/security",
    ] {
        let answer = app.request(Method::GET, path, &[("origin", origin)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        let answer = app
            .request(
                Method::OPTIONS,
                path,
                &[
                    ("origin", origin),
                    ("access-control-request-method", "POST"),
                ],
            )
            .await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}
