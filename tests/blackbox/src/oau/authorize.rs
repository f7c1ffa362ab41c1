//! The authorization endpoint: who is answered, and how.

use super::fresh_code;
use identity_harness::app::App;
use identity_harness::page::parameter;
use identity_harness::relying_party::Rejected;
use identity_harness::seed::ALICE;

/// Near misses of `https://web1.rp.test/cb`.
#[rustfmt::skip]
const NOT_REGISTERED: [&str; 43] = [
    "https://web1.rp.test/cb/", "https://web1.rp.test/CB", "https://web1.rp.test/cb?x=1", "https://web1.rp.test/cb#f",
    "https://web1.rp.test/cb?", "https://web1.rp.test/cb#", "https://WEB1.rp.test/cb", "HTTPS://web1.rp.test/cb",
    "http://web1.rp.test/cb", "https://web1.rp.test:443/cb", "https://web1.rp.test:8443/cb",
    "https://web1.rp.test./cb", "https://web1.rp.test/./cb", "https://web1.rp.test/a/../cb",
    "https://web1.rp.test/%2e%2e/cb", "https://web1.rp.test/c%62", "https://web1.rp.test//cb",
    "https://web1.rp.test\\cb", "https://web1.rp.test/cb\\", "https://web1.rp.test/cb%00",
    "https://web1.rp.test/cb%0d%0aX: y", "https://web1.rp.test/cb\t", " https://web1.rp.test/cb",
    "https://web1.rp.test/cb ", "https://web1.rp.test/cb\u{200b}", "https://user@web1.rp.test/cb",
    "https://web1.rp.test@evil.test/cb", "https://web1.rp.test:pw@evil.test/cb", "https://evil.test/cb",
    "https://evil.test#web1.rp.test/cb", "https://evil.test\\@web1.rp.test/cb", "https://sub.web1.rp.test/cb",
    "https://web1.rp.test.evil.test/cb", "https://xweb1.rp.test/cb", "https://w\u{435}b1.rp.test/cb",
    "//web1.rp.test/cb", "/cb", "web1.rp.test/cb", "javascript:alert(1)//https://web1.rp.test/cb", "data:text/html,x",
    "https://web1.rp.test/cb/../cb2", "https://webb.rp.test/cb", "",
];

#[tokio::test]
async fn oau_01_only_the_registered_redirect_uri_is_used_character_by_character() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    for variant in NOT_REGISTERED {
        let page = app
            .browser()
            .open(&rp.attempt().with("redirect_uri", variant).url())
            .await;
        assert_eq!(
            (page.status, page.location()),
            (400, None),
            "{variant:?}: {}",
            page.summary()
        );
        assert!(
            !page.has("form[action*='rp.test']") && !page.has("meta[http-equiv]"),
            "{variant:?} is followed by a page"
        );
    }
    let page = app.browser().open(&rp.attempt().url()).await;
    assert!(page.has("input[name=identifier]"), "{}", page.summary());
}

#[tokio::test]
async fn oau_07_unsupported_types_are_refused_and_not_advertised() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    for response_type in [
        "token",
        "id_token token",
        "id_token",
        "code token",
        "none",
        "nonsense",
        "code code",
    ] {
        let attempt = rp.attempt().with("response_type", response_type);
        let page = app.browser().open(&attempt.url()).await;
        let target = page.redirect();
        assert_eq!(
            parameter(&target, "error").as_deref(),
            Some("unsupported_response_type"),
            "{response_type}"
        );
        assert_eq!(
            parameter(&target, "state"),
            Some(attempt.state),
            "{response_type}"
        );
    }
    for grant_type in ["password", "implicit", "nonsense", ""] {
        let answer = rp
            .token(&[
                ("grant_type", grant_type),
                ("username", ALICE.email),
                ("password", ALICE.password),
            ])
            .await;
        assert!(
            answer.status == 400
                && ["unsupported_grant_type", "invalid_request"].contains(&answer.error().as_str()),
            "{grant_type}: {answer:?}"
        );
    }
    assert_eq!(
        rp.metadata["response_types_supported"],
        serde_json::json!(["code"])
    );
    let grants = rp.metadata["grant_types_supported"].to_string();
    assert!(
        !grants.contains("password") && !grants.contains("implicit"),
        "{grants}"
    );
    assert_eq!(
        rp.metadata["code_challenge_methods_supported"],
        serde_json::json!(["S256"])
    );
}

#[tokio::test]
async fn oau_08_nothing_is_sent_to_an_address_that_is_not_registered() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let bad = [
        ("redirect_uri", "https://evil.test/cb"),
        ("client_id", "unknown"),
        ("client_id", ""),
        ("client_id", "web1\u{0}"),
    ];
    for mode in [
        "query",
        "fragment",
        "form_post",
        "query.jwt",
        "fragment.jwt",
        "form_post.jwt",
        "jwt",
        "nonsense",
    ] {
        for (name, value) in bad {
            for prompt in ["none", "login"] {
                let attempt = rp
                    .attempt()
                    .with(name, value)
                    .with("response_mode", mode)
                    .with("prompt", prompt);
                let page = app.browser().open(&attempt.url()).await;
                assert_eq!(
                    (page.status, page.location()),
                    (400, None),
                    "{mode} {name}={value} {prompt}: {}",
                    page.summary()
                );
                assert!(
                    page.forms()
                        .iter()
                        .all(|form| form.action.origin() == app.origin.origin()),
                    "{mode}: a form leads away"
                );
            }
        }
    }
}

#[tokio::test]
async fn oau_09_a_repeated_parameter_is_an_invalid_request() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    for (name, value) in rp.attempt().parameters {
        let page = app
            .browser()
            .open(&rp.attempt().repeat(&name, &value).url())
            .await;
        match page.location() {
            Some(target) => assert_eq!(
                parameter(&target, "error").as_deref(),
                Some("invalid_request"),
                "{name}"
            ),
            None => assert_eq!(page.status, 400, "{name}: {}", page.summary()),
        }
    }
    let (attempt, code) = fresh_code(&app, &rp).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &rp.registration.redirect_uri),
        ("code_verifier", &attempt.verifier),
    ];
    for repeated in fields {
        let fields: Vec<(&str, &str)> = fields.into_iter().chain([repeated]).collect();
        rp.token(&fields).await.expect_error(400, "invalid_request");
    }
    rp.authenticated("revocation_endpoint", &[("token", "x"), ("token", "x")])
        .await
        .expect_error(400, "invalid_request");
    rp.authenticated("introspection_endpoint", &[("token", "x"), ("token", "x")])
        .await
        .expect_error(400, "invalid_request");
}

#[tokio::test]
async fn oau_13_every_answer_names_its_issuer() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    assert_eq!(
        rp.metadata["authorization_response_iss_parameter_supported"],
        true
    );
    // RelyingParty::code refuses an answer without iss, errors included.
    let (_, code) = fresh_code(&app, &rp).await;
    assert!(!code.is_empty());
    let none = rp.attempt().with("prompt", "none");
    let page = app.browser().open(&none.url()).await;
    assert_eq!(
        rp.code(&none, &page),
        Err(Rejected::Provider("login_required".to_owned()))
    );
    let fragment = rp
        .attempt()
        .with("prompt", "none")
        .with("response_mode", "fragment");
    let page = app.browser().open(&fragment.url()).await;
    assert!(page.redirect().fragment().is_some(), "{}", page.summary());
    assert_eq!(
        rp.code(&fragment, &page),
        Err(Rejected::Provider("login_required".to_owned()))
    );
}

#[tokio::test]
async fn oau_13_an_answer_by_form_names_its_issuer_too() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let browser = app.browser();
    for (prompt, member) in [("none", "error"), ("login", "code")] {
        let attempt = rp.attempt().with("response_mode", "form_post");
        let attempt = attempt.with("prompt", prompt);
        let page = match prompt {
            "none" => browser.open(&attempt.url()).await,
            _ => {
                browser
                    .sign_in(&attempt.url(), ALICE.email, ALICE.password)
                    .await
            }
        };
        assert_eq!((page.status, page.location()), (200, None), "{prompt}");
        let form = page.form("iss");
        assert_eq!(form.action.as_str(), rp.registration.redirect_uri);
        assert_eq!(form.method, "post");
        assert_eq!(form.value("iss"), Some(app.issuer.as_str()));
        assert_eq!(form.value("state"), Some(attempt.state.as_str()));
        assert!(form.has(member), "{form:?}");
        assert!(!form.has("csrf"), "a token of ours is none of theirs");
    }
}

#[tokio::test]
async fn d_07_in_development_the_page_shows_both_addresses_and_where_they_part() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let sent = "https://web1.rp.test/callback";
    let page = app
        .browser()
        .open(&rp.attempt().with("redirect_uri", sent).url())
        .await
        .expect(400);
    // The harness puts a blank between elements.
    let shown: Vec<String> = page
        .select("[data-part=developer] dd.snippet")
        .into_iter()
        .map(|part| part.text.replace(' ', ""))
        .collect();
    assert_eq!(shown[0], sent);
    assert_eq!(shown[1], rp.registration.redirect_uri);
    let marks: Vec<String> = page
        .select("[data-part=developer] mark")
        .into_iter()
        .map(|mark| mark.text)
        .collect();
    assert_eq!(marks, ["a", "b"], "c-a-llback against c-b");
    assert!(page.text().contains("web1"), "{}", page.text());
    // What to do about it: a line for the file that declares the application.
    assert!(shown[2].contains(sent), "{shown:?}");
}
