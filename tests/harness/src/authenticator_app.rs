//! An authenticator app: a secret and the codes it makes.

use identity_domain::credential::TotpCredential;
use identity_domain::ports::Clock as _;
use identity_domain::secret::SecretString;
use identity_domain::time::{Duration, Timestamp};

use crate::clock::Clock;
use crate::page::Page;

/// Somebody's app with one entry.
#[derive(Clone, Debug)]
pub struct AuthenticatorApp(TotpCredential);

impl AuthenticatorApp {
    /// With a known secret, in base32.
    pub fn with_secret(secret: &str) -> Self {
        Self(TotpCredential::import(&SecretString::from(secret)).expect("a secret"))
    }

    /// Types the key of the page that sets an app up.
    pub fn read_from(page: &Page) -> Self {
        let key = page.select("#totp-key");
        let key = key
            .first()
            .unwrap_or_else(|| panic!("no key: {}", page.summary()));
        Self::with_secret(key.text.trim())
    }

    /// The secret, as a search for it needs it.
    pub fn secret(&self) -> String {
        self.0.grouped().replace(' ', "")
    }

    /// The code that the app shows now.
    pub fn code(&self, clock: &Clock) -> String {
        self.code_in(clock, 0)
    }

    /// The code of so many steps from now.
    pub fn code_in(&self, clock: &Clock, steps: i64) -> String {
        let at: Timestamp = clock.now() + Duration::seconds(30 * steps);
        self.0.code_at(at).expect("a code").expose().clone()
    }

    /// A code that is none of the next or last few minutes.
    pub fn wrong_code(&self, clock: &Clock) -> String {
        let right: Vec<String> = (-20..=20).map(|steps| self.code_in(clock, steps)).collect();
        (0..1_000)
            .map(|number| format!("{number:06}"))
            .find(|code| !right.contains(code))
            .expect("a code")
    }
}
