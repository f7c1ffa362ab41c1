#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn full() -> Value {
    json!({
        "iss": "https://idp.test", "aud": "https://chat.acme.test", "sub": "u1", "client_id": "chat",
        "iat": 1_700_000_000, "exp": 1_700_000_600, "jti": "t1", "scope": "openid profile",
        "nbf": 1_700_000_000, "sid": "s1", "auth_time": 1_699_999_000, "acr": "1", "amr": ["pwd", "otp"],
        "org_id": "o1", "org_slug": "acme", "roles": ["admin"], "permissions": ["chat:read"],
        "status": {"status_list": {"idx": 7, "uri": "https://idp.test/oauth2/status/1"}},
        "cnf": {"jkt": "abc"}, "act": {"sub": "u2", "act": {"sub": "u3"}},
    })
}

fn read(value: &Value) -> Result<AccessTokenClaims, UnreadableClaims> {
    AccessTokenClaims::from_json(value.to_string().as_bytes())
}

#[test]
fn all_members_survive_a_round_trip() {
    let claims = read(&full()).unwrap();
    assert_eq!(serde_json::to_value(&claims).unwrap(), full());
}

#[test]
fn the_smallest_token_writes_only_what_is_required() {
    let small = json!({"iss": "i", "aud": "a", "sub": "s", "client_id": "c", "iat": 1, "exp": 2, "jti": "j"});
    let claims = read(&small).unwrap();
    assert!(claims.scope.is_empty() && claims.roles.is_empty() && claims.status.is_none());
    assert_eq!(serde_json::to_value(&claims).unwrap(), small);
}

#[test]
fn several_audiences_are_an_array_and_one_is_a_string() {
    let mut value = full();
    value["aud"] = json!(["a", "b"]);
    let claims = read(&value).unwrap();
    assert!(claims.aud.contains("b") && !claims.aud.contains("ab"));
    assert_eq!(
        serde_json::to_value(&claims).unwrap()["aud"],
        json!(["a", "b"])
    );
    value["aud"] = json!(["a"]);
    assert_eq!(
        serde_json::to_value(read(&value).unwrap()).unwrap()["aud"],
        json!("a")
    );
}

#[test]
fn tok_02_a_member_of_the_wrong_json_type_is_refused() {
    let wrong = [
        ("iss", json!(1)),
        ("aud", json!(5)),
        ("aud", json!([])),
        ("aud", json!(["a", 1])),
        ("sub", json!(["u1"])),
        ("client_id", json!(null)),
        ("iat", json!(1e300)),
        ("iat", json!(1.5)),
        ("iat", json!(18_446_744_073_709_551_615_u64)),
        ("exp", json!("1700000600")),
        ("exp", json!(null)),
        ("exp", json!(1_700_000_600.0)),
        ("jti", json!({})),
        ("scope", json!(["openid"])),
        ("scope", json!("openid  profile")),
        ("scope", json!("a\"b")),
        ("scope", json!(null)),
        ("nbf", json!({})),
        ("nbf", json!(null)),
        ("sid", json!(null)),
        ("auth_time", json!("1")),
        ("acr", json!(1)),
        ("amr", json!("pwd")),
        ("amr", json!(null)),
        ("roles", json!("admin")),
        ("permissions", json!([1])),
        ("status", json!(null)),
        ("status", json!({"status_list": {"idx": -1, "uri": "u"}})),
        ("status", json!({"status_list": {"idx": "1", "uri": "u"}})),
        ("status", json!({})),
        ("cnf", json!(null)),
        ("cnf", json!({"jkt": 1})),
        ("act", json!("u2")),
        ("act", json!({"act": {"sub": "u3"}})),
    ];
    for (member, value) in wrong {
        let mut claims = full();
        claims[member] = value.clone();
        assert!(read(&claims).is_err(), "{member}: {value}");
    }
}

#[test]
fn s25_every_required_member_must_be_there() {
    for member in ["iss", "aud", "sub", "client_id", "iat", "exp", "jti"] {
        let mut claims = full();
        claims.as_object_mut().unwrap().remove(member);
        assert!(read(&claims).is_err(), "{member}");
    }
}

#[test]
fn tok_02_duplicate_members_are_refused_known_and_unknown() {
    let text = full().to_string();
    for extra in [r#""sub":"u9","#, r#""x":1,"x":2,"#, r#""y":{"z":1,"z":1},"#] {
        let doubled = text.replacen('{', &format!("{{{extra}"), 1);
        assert!(
            AccessTokenClaims::from_json(doubled.as_bytes()).is_err(),
            "{extra}"
        );
    }
    let unknown = text.replacen('{', r#"{"x":1,"#, 1);
    assert!(AccessTokenClaims::from_json(unknown.as_bytes()).is_ok());
}

#[test]
fn scopes_are_compared_whole() {
    let scope: Scope = "chat:read openid chat:read".parse().unwrap();
    assert_eq!(scope.as_str(), "chat:read openid");
    assert!(scope.contains("openid") && !scope.contains("chat") && !scope.contains("OpenID"));
    assert!(!scope.contains(""));
    assert!(scope.contains_all(&"openid".parse().unwrap()) && scope.contains_all(&Scope::empty()));
}

proptest! {
    #[test]
    fn reading_claims_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = AccessTokenClaims::from_json(&bytes);
    }

    #[test]
    fn reading_mutated_claims_never_panics(at in 0_usize..600, byte in any::<u8>()) {
        let mut bytes = full().to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = AccessTokenClaims::from_json(&bytes);
    }

    #[test]
    fn a_scope_that_parses_prints_and_parses_to_itself(text in "[ -~]{0,40}") {
        if let Ok(scope) = text.parse::<Scope>() {
            prop_assert_eq!(scope.as_str().parse::<Scope>().unwrap(), scope);
        }
    }
}
