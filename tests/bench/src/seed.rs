//! The declarative objects the cases work with: a client per algorithm, a web application, and people enough that nobody's
//! budget or number of sessions comes into play.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::{Value, json};

use crate::failure::{During as _, Outcome};

/// Everybody's password.
pub const PASSWORD: &str = "violet-harbour-drums-27";
/// Every client's secret: 256 random bits, as one that the provider itself would generate.
pub const SECRET: &str = "pZ4mQ8vT1xLr7sWd2kYc9hNb5jGf0uEa3iOq6wXtBnM";
/// The web application.
pub const APP: &str = "app";
/// Where its answers go.
pub const REDIRECT_URI: &str = "https://app.bench.test/callback";
/// What its access tokens are for.
pub const AUDIENCE: &str = "https://api.bench.test";
/// People who stay signed in, one per connection.
pub const PEOPLE: usize = 16;
/// People who sign in again and again; enough that none gathers more than a few sessions at a time.
pub const VISITORS: usize = 64;
/// People with an authenticator app. Each of their codes works once, so there are more of them than sign-ins in one round.
pub const APP_HOLDERS: usize = 160;
/// The secret of their apps.
pub const TOTP_SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
/// Algorithms of access tokens.
pub const ALGORITHMS: [&str; 3] = ["EdDSA", "ES256", "RS256"];

/// The client that gets tokens of an algorithm for itself.
pub fn service(algorithm: &str) -> String {
    format!("service-{}", algorithm.to_ascii_lowercase())
}

/// Address of somebody who stays signed in.
pub fn person(number: usize) -> String {
    format!("person-{}@bench.test", number % PEOPLE)
}

/// Address of somebody who signs in again.
pub fn visitor(number: usize) -> String {
    format!("visitor-{}@bench.test", number % VISITORS)
}

/// Address of somebody who signs in by passkey.
pub fn keyholder(number: usize) -> String {
    format!("keyholder-{}@bench.test", number % PEOPLE)
}

/// Address of somebody with an authenticator app.
pub fn app_holder(number: usize) -> String {
    format!("app-{}@bench.test", number % APP_HOLDERS)
}

/// `Authorization` line of a client.
pub fn basic(client_id: &str) -> String {
    format!(
        "authorization: Basic {}\r\n",
        STANDARD.encode(format!("{client_id}:{SECRET}"))
    )
}

/// The file's text.
pub fn text() -> Outcome<String> {
    let hash = hash()?;
    let user = |email: String| {
        json!({
            "email": email, "email_verified": true, "name": "Bench Person", "password_hash": hash,
            "memberships": [{"organization": "bench", "roles": ["analyst"]}],
        })
    };
    let with_app = |email: String| {
        let mut user = user(email);
        let fields = user.as_object_mut();
        fields.map(|fields| fields.insert("totp_secret".to_owned(), json!(TOTP_SECRET)));
        user
    };
    let users: Vec<Value> = (0..PEOPLE)
        .map(person)
        .chain((0..VISITORS).map(visitor))
        .chain((0..PEOPLE).map(keyholder))
        .map(user)
        .chain((0..APP_HOLDERS).map(app_holder).map(with_app))
        .collect();
    let mut clients = vec![json!({
        "client_id": APP, "client_name": "App", "client_secret": SECRET, "redirect_uris": [REDIRECT_URI],
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "client_secret_basic",
        "scope": "openid profile email offline_access", "require_consent": false, "audience": [AUDIENCE],
    })];
    for algorithm in ALGORITHMS {
        clients.push(json!({
            "client_id": service(algorithm), "client_name": "Service", "client_secret": SECRET, "grant_types": ["client_credentials"],
            "token_endpoint_auth_method": "client_secret_basic", "scope": "reports:read", "audience": [AUDIENCE],
            "access_token_signed_response_alg": algorithm, "id_token_signed_response_alg": algorithm,
        }));
    }
    let organizations = json!([{"slug": "bench", "name": "Bench", "domains": ["bench.test"]}]);
    Ok(
        json!({"version": 1, "organizations": organizations, "users": users, "clients": clients})
            .to_string(),
    )
}

/// The parameters in force by default.
pub fn argon2() -> Outcome<Argon2<'static>> {
    let parameters = Params::new(19_456, 2, 1, Some(32)).during("Argon2 parameters")?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

/// One hash for all: hashing the password of each would take longer than the benchmark's start may.
fn hash() -> Outcome<String> {
    let (salt, mut output) = (b"sixteen byte sal", [0_u8; 32]);
    argon2()?
        .hash_password_into(PASSWORD.as_bytes(), salt, &mut output)
        .during("hashing")?;
    Ok(format!(
        "$argon2id$v=19$m=19456,t=2,p=1${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(output)
    ))
}
