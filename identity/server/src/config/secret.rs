//! Secret values in the configuration. They can be read from it, and never printed with it (LOG-05).

use identity_domain::secret::SecretString;
use serde::{Deserialize, Serialize, Serializer};
use url::Url;

/// What stands in place of a secret.
const REDACTED: &str = "(secret)";

/// A secret that is shown as a whole or not at all.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct SecretText(SecretString);

/// A URL whose user name, password and query are secret.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct SecretUrl(SecretString);

impl SecretText {
    /// The value.
    pub const fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl SecretUrl {
    /// The value.
    pub const fn secret(&self) -> &SecretString {
        &self.0
    }

    /// Fit for logs: where to, but not as whom.
    pub fn redacted(&self) -> String {
        redacted_url(self.0.expose())
    }
}

/// Scheme, host, port and path of a URL; everything where credentials may stand is left out.
pub fn redacted_url(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return REDACTED.to_owned();
    };
    let hidden = !url.username().is_empty() || url.password().is_some();
    if hidden && (url.set_username("").is_err() || url.set_password(None).is_err()) {
        return REDACTED.to_owned();
    }
    url.set_query(None);
    url.set_fragment(None);
    if hidden {
        url.as_str().replacen("://", "://…@", 1)
    } else {
        url.into()
    }
}

impl From<&str> for SecretUrl {
    fn from(text: &str) -> Self {
        Self(SecretString::from(text))
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(REDACTED)
    }
}

impl Serialize for SecretUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.redacted())
    }
}

macro_rules! secret_schema {
    ($type:ident) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "writeOnly": true })
            }

            fn inline_schema() -> bool {
                true
            }
        }
    };
}
secret_schema!(SecretText);
secret_schema!(SecretUrl);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_what_opens_it() {
        for (given, wanted) in [
            (
                "postgres://ana:hunter2@db.example:5432/identity?sslmode=require&password=x",
                "postgres://…@db.example:5432/identity",
            ),
            (
                "sqlite:/var/lib/identity/identity.db",
                "sqlite:/var/lib/identity/identity.db",
            ),
            ("smtps://user@mail.example", "smtps://…@mail.example"),
            ("no url: hunter2", "(secret)"),
        ] {
            assert_eq!(redacted_url(given), wanted);
        }
    }
}
