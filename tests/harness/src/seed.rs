//! Declarative objects (contract §5) for a test: the common setting of the security catalogue, and what a test adds.

use serde_json::{Value, json};

use crate::relying_party::{ClientAuthentication, Registration};

/// Somebody with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Address.
    pub email: &'static str,
    /// Name.
    pub name: &'static str,
    /// Password.
    pub password: &'static str,
    /// The same, hashed as the provider would: seeds are applied often, and hashing is meant to be slow.
    pub password_hash: &'static str,
}

/// A member of A.
pub const ALICE: Person = Person {
    email: "alice@a.test",
    name: "Alice Abel",
    password: "violet-harbour-drums-27",
    password_hash: "$argon2id$v=19$m=19456,t=2,p=1$gP393C0504BWaJvsEypH4Q$Zsr13Kbru4rqyaFw4BAxUzZdbTfZfiag5XnTOa/4WPg",
};
/// An administrator of A.
pub const ADAM: Person = Person {
    email: "adam@a.test",
    name: "Adam Ames",
    password: "copper-window-sails-31",
    password_hash: "$argon2id$v=19$m=19456,t=2,p=1$WdU+YqxLQo9tQvnBk283sA$5VWkfXWtO0ryyQm/oJy7XphiBEsR1CFevDpy3dyuZcQ",
};
/// A member of B.
pub const BOB: Person = Person {
    email: "bob@b.test",
    name: "Bob Baker",
    password: "marble-lantern-geese-44",
    password_hash: "$argon2id$v=19$m=19456,t=2,p=1$YrJiyQI4eKRquFSSqkYyKw$mAndnGt88LNXg6OVzk4E+U02/900I5EGyCNyeHODK/A",
};
/// An administrator of B.
pub const BEA: Person = Person {
    email: "bea@b.test",
    name: "Bea Blum",
    password: "willow-anchor-kites-58",
    password_hash: "$argon2id$v=19$m=19456,t=2,p=1$H9jWOwJX4G/DSzf1SW+ViQ$ZVRz9U/ZItYG5bgLXJmH3uhXwMzho7Srn4zBqhBTAjY",
};

/// The secret of `web1`.
pub const WEB1_SECRET: &str = "web1-secret-7Qm2vX9pLk4sTz8wR5nB";
/// The secret of `webB`.
pub const WEB_B_SECRET: &str = "webB-secret-4Rn6yC1dHj7gVu3eK8pM";
/// The secret of `svc1`.
pub const SVC1_SECRET: &str = "svc1-secret-8Wb5kE2fMo9aNi6tQ2xD";

/// A declarative file in the making.
#[derive(Clone, Debug)]
pub struct Seed(Value);

impl Seed {
    /// Nothing at all.
    pub fn empty() -> Self {
        Self(json!({"version": 1, "organizations": [], "users": [], "clients": []}))
    }

    /// Tenants A and B, four people, and the clients `web1`, `spa1`, `svc1` and `webB`.
    pub fn common() -> Self {
        Self::empty()
            .organization(json!({"slug": "a", "name": "Tenant A", "domains": ["a.test"]}))
            .organization(json!({"slug": "b", "name": "Tenant B", "domains": ["b.test"]}))
            .person(ALICE, "a", "analyst")
            .person(ADAM, "a", "admin")
            .person(BOB, "b", "analyst")
            .person(BEA, "b", "admin")
            .client(web("web1", Some(WEB1_SECRET)))
            .client(web("spa1", None))
            .client(web("webB", Some(WEB_B_SECRET)))
            .client(json!({
                "client_id": "svc1", "client_name": "Service one", "client_secret": SVC1_SECRET, "grant_types": ["client_credentials"],
                "token_endpoint_auth_method": "client_secret_basic", "scope": "reports:read", "audience": ["https://api.rp.test"],
            }))
    }

    /// Adds an organization.
    pub fn organization(self, value: Value) -> Self {
        self.add("organizations", value)
    }

    /// Adds a person with a verified address and one role.
    pub fn person(self, person: Person, organization: &str, role: &str) -> Self {
        self.user(json!({
            "email": person.email, "email_verified": true, "name": person.name, "password_hash": person.password_hash,
            "memberships": [{"organization": organization, "roles": [role]}],
        }))
    }

    /// Adds a user.
    pub fn user(self, value: Value) -> Self {
        self.add("users", value)
    }

    /// Adds a client.
    pub fn client(self, value: Value) -> Self {
        self.add("clients", value)
    }

    /// The file's text: JSON, which is YAML too.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// The value, for a change that a method does not cover.
    pub fn value(&mut self) -> &mut Value {
        &mut self.0
    }

    fn add(mut self, list: &str, value: Value) -> Self {
        self.0[list].as_array_mut().expect("a list").push(value);
        self
    }
}

/// A web client's metadata: confidential with a secret, public without.
pub fn web(client_id: &str, secret: Option<&str>) -> Value {
    let mut client = json!({
        "client_id": client_id, "client_name": format!("App {client_id}"), "redirect_uris": [callback(client_id)],
        "post_logout_redirect_uris": [format!("https://{}.rp.test/bye", client_id.to_ascii_lowercase())],
        "grant_types": ["authorization_code", "refresh_token"], "scope": SCOPE, "require_consent": false,
        "audience": [format!("https://api.{}.rp.test", client_id.to_ascii_lowercase())],
    });
    client["token_endpoint_auth_method"] = json!(if secret.is_some() {
        "client_secret_basic"
    } else {
        "none"
    });
    if let Some(secret) = secret {
        client["client_secret"] = json!(secret);
    }
    client
}

/// The scope of [`web`] clients.
pub const SCOPE: &str = "openid profile email offline_access";

/// The callback of a [`web`] client.
pub fn callback(client_id: &str) -> String {
    format!("https://{}.rp.test/cb", client_id.to_ascii_lowercase())
}

/// What the app behind a [`web`] client knows about itself.
pub fn registration(client_id: &str, secret: Option<&str>) -> Registration {
    Registration {
        client_id: client_id.to_owned(),
        authentication: secret.map_or(ClientAuthentication::None, |secret| {
            ClientAuthentication::Basic(secret.to_owned())
        }),
        redirect_uri: callback(client_id),
        scope: SCOPE.to_owned(),
        id_token_alg: "ES256".to_owned(),
    }
}
