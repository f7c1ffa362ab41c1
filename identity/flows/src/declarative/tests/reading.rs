use serde_json::{Value, json};

use super::{document, read_as};
use crate::declarative::{PasswordEntry, SecretEntry};

fn problems(value: &Value) -> Vec<String> {
    let found = read_as("seed.yaml", value).err().unwrap_or_default();
    found
        .iter()
        .map(|problem| format!("{}: {}", problem.path, problem.message))
        .collect()
}

/// The whole of contract section 5 that this release acts on.
fn everything() -> Value {
    json!({
        "version": 1,
        "organizations": [{
            "slug": "acme", "name": "Acme", "domains": ["acme.test"],
            "roles": [{"name": "support-agent", "permissions": ["chat:read", "chat:reply"]}],
        }],
        "users": [{
            "email": "ana@acme.test", "email_verified": true, "name": "Ana Petrova", "password": "violet-harbour-drums-27",
            "phone": "+4915112345678", "phone_verified": true,
            "memberships": [{"organization": "acme", "roles": ["admin", "support-agent"]}],
        }],
        "clients": [{
            "client_id": "chat", "client_name": "Chat", "client_secret": {"env": "CHAT_SECRET"},
            "redirect_uris": ["http://localhost:8081/callback"], "post_logout_redirect_uris": [],
            "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "client_secret_basic",
            "scope": "openid profile email offline_access", "require_consent": false, "require_pkce": true,
            "id_token_signed_response_alg": "ES256", "access_token_signed_response_alg": "ES256",
            "audience": ["https://chat.acme.test"],
        }],
        "connections": [],
    })
}

#[test]
fn the_example_of_the_contract_is_understood() {
    let read = document(&everything());
    assert_eq!(
        read.organizations[0].domains.as_ref().unwrap(),
        &["acme.test"]
    );
    assert_eq!(
        read.users[0].memberships.as_ref().unwrap()[0].roles,
        ["admin", "support-agent"]
    );
    assert!(matches!(
        read.users[0].password,
        Some(PasswordEntry::Clear(_))
    ));
    assert!(
        matches!(&read.clients[0].secret, Some(SecretEntry::Clear(secret)) if secret.expose() == "from the environment")
    );
    assert_eq!(read.clients[0].origin.path, "clients[0]");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_mistake_is_named_with_its_path() {
    for (pointer, value, expected) in [
        (
            "",
            json!([]),
            ": must be a mapping that starts with `version: 1`",
        ),
        ("/version", json!(2), "version: must be 1"),
        (
            "/organisations",
            json!([]),
            "organisations: is unknown; did you mean `organizations`?",
        ),
        (
            "/ownership",
            json!("take"),
            "ownership: can only be `keep`: the objects stay managed by whom they are",
        ),
        ("/users", json!({}), "users: must be a list"),
        ("/users/0", json!("ana"), "users[0]: must be a mapping"),
        (
            "/organizations/0/slug",
            json!("Not A Slug"),
            "organizations[0].slug: a slug has 1 to 63 characters",
        ),
        (
            "/organizations/0/name",
            json!("Acme\u{202e}moc.emca"),
            "organizations[0].name: must have a letter or a digit, at most 120 characters, and no control characters or marks",
        ),
        (
            "/users/0/name",
            json!("Ana\u{2066}"),
            "users[0].name: must have a letter or a digit, at most 120 characters, and no control characters or marks",
        ),
        (
            "/organizations/0/domains/0",
            json!("no domain"),
            "organizations[0].domains[0]: is not a domain",
        ),
        (
            "/organizations/0/roles/0/name",
            json!("admin"),
            "organizations[0].roles[0].name: `admin` exists in every",
        ),
        (
            "/organizations/0/roles/0/name",
            json!("two words"),
            "organizations[0].roles[0].name: has 1 to 64",
        ),
        (
            "/organizations/0/status",
            json!("closed"),
            "organizations[0].status: must be one of active, suspended",
        ),
        (
            "/users/0/email",
            json!("nobody"),
            "users[0].email: not an e-mail address",
        ),
        ("/users/0/email", Value::Null, "users[0].email: is required"),
        (
            "/users/0/email_verifed",
            json!(true),
            "users[0].email_verifed: is unknown; did you mean `email_verified`?",
        ),
        (
            "/users/0/email_verified",
            json!("yes"),
            "users[0].email_verified: must be true or false",
        ),
        (
            "/users/0/password",
            json!(12_345_678),
            "users[0].password: must be a text: put it in quotes",
        ),
        (
            "/users/0/password",
            json!({"env": "GONE"}),
            "users[0].password: names GONE, which is not set",
        ),
        (
            "/users/0/password",
            json!({"path": "x"}),
            "users[0].password: must be a text, {env: NAME} or {file: PATH}",
        ),
        (
            "/users/0/password_hash",
            json!("$argon2id$x"),
            "users[0].password_hash: is set together with `password`",
        ),
        (
            "/users/0/phone",
            json!("0151 123"),
            "users[0].phone: must be written like",
        ),
        (
            "/users/0/memberships/0/organization",
            Value::Null,
            "users[0].memberships[0].organization: is required",
        ),
        (
            "/clients/0/client_id",
            json!("with space"),
            "clients[0].client_id: must have 1 to 256",
        ),
        (
            "/clients/0/redirect_uris/0",
            json!("http://evil.test/cb"),
            "clients[0].redirect_uris[0]: http://evil.test/cb",
        ),
        (
            "/clients/0/redirect_uri",
            json!("x"),
            "clients[0].redirect_uri: is unknown; did you mean redirect_uris?",
        ),
        (
            "/clients/0/organisation",
            json!("acme"),
            "clients[0].organisation: is unknown; did you mean `organization`?",
        ),
        (
            "/clients/0/token_endpoint_auth_method",
            json!("none"),
            "clients[0].client_secret: does not go with",
        ),
        (
            "/users/0/totp_secret",
            json!("JBSWY3DP"),
            "users[0].totp_secret: a TOTP secret is base32 of at least 80 bits",
        ),
        (
            "/clients/0/client_secret",
            json!(""),
            "clients[0].client_secret: must have 1 to 128",
        ),
        (
            "/clients/0/client_secret_hash",
            json!("sha256:00"),
            "clients[0].client_secret_hash: must be `sha256:`",
        ),
    ] {
        let mut file = everything();
        set(&mut file, pointer, value);
        let found = problems(&file);
        assert!(
            found.iter().any(|problem| problem.starts_with(expected)),
            "{pointer}: {found:?}"
        );
    }
}

#[test]
fn what_is_not_built_yet_is_refused_by_name() {
    for (pointer, value, expected) in [
        (
            "/connections",
            json!([{"slug": "acme-saml"}]),
            "connections: is not supported by this release yet",
        ),
        (
            "/service_providers",
            json!([{"entity_id": "x"}]),
            "service_providers: is not supported by this release yet",
        ),
        (
            "/organizations/0/policy",
            json!({"mfa": {"required": true}}),
            "organizations[0].policy: is not supported",
        ),
        (
            "/clients/0/frontchannel_logout_uri",
            json!("https://x.test"),
            "clients[0].frontchannel_logout_uri: is not supported",
        ),
    ] {
        let mut file = everything();
        set(&mut file, pointer, value);
        let found = problems(&file);
        assert_eq!(found.len(), 1, "{pointer}: {found:?}");
        assert!(found[0].starts_with(expected), "{pointer}: {found:?}");
    }
}

#[test]
fn every_mistake_is_reported_at_once_and_no_secret_with_them() {
    let file = json!({
        "version": 1,
        "users": [{"email": "nobody", "password": "hunter2-hunter2", "pasword": "hunter2-hunter2"}],
        "clients": [{"client_id": "a", "client_secret": "hunter2-hunter2\u{7f}"}],
    });
    let found = problems(&file);
    assert!(found.len() >= 4, "{found:?}");
    assert!(!format!("{found:?}").contains("hunter2"), "{found:?}");
}

#[test]
fn one_object_described_twice_is_refused() {
    let mut file = everything();
    let again = file["users"][0].clone();
    file["users"].as_array_mut().unwrap().push(again);
    file["users"][1]["email"] = json!("ANA@acme.test");
    assert_eq!(
        problems(&file),
        ["users[1].email: is described already at users[0]"]
    );
}

/// Sets what a pointer names, adding the last key where it is missing.
fn set(file: &mut Value, pointer: &str, value: Value) {
    if pointer.is_empty() {
        *file = value;
        return;
    }
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        Value::Object(map) => drop(map.insert(key.to_owned(), value)),
        _ => panic!("{pointer}"),
    }
}
