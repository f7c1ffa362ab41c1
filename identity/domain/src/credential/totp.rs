//! Authenticator apps (RFC 6238): SHA-1, 6 digits, 30 s, because apps ignore anything else (H-35).

use serde::{Deserialize, Serialize};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroize as _;

use crate::ports::Entropy;
use crate::secret::SecretString;
use crate::time::Timestamp;

/// Bytes of a secret we make: RFC 4226 §4 R6 recommends 160 bits.
const SECRET_BYTES: usize = 20;
/// Fewest bytes of an imported secret. RFC 4226 §4 R6 asks for 128 bits, but 80 is what the first generation of providers handed out, and
/// people who move here cannot change what is in their apps. A new secret always has [`SECRET_BYTES`].
const LEAST_SECRET_BYTES: usize = 10;
/// Seconds of one step.
pub const STEP_SECONDS: i64 = 30;
/// Most authenticator apps of one person.
pub const MAX_PER_USER: usize = 10;

/// The stored document of an authenticator app, sealed at rest.
#[derive(Clone, Serialize, Deserialize)]
pub struct TotpCredential {
    /// Version of this document.
    pub v: u8,
    /// Base32 without padding.
    secret: String,
}

/// Not a secret an authenticator app could have.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a TOTP secret is base32 of at least 80 bits")]
pub struct NotATotpSecret;

/// How far a presented code was off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The code of this step, which is now or one beside it.
    Step(i64),
    /// The code of a step too far away: the clock of the phone is off by about so many seconds (H-34).
    Skewed(i64),
    /// Not a code of this secret.
    No,
}

impl std::fmt::Debug for TotpCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpCredential")
    }
}

impl TotpCredential {
    /// A new secret.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0_u8; SECRET_BYTES];
        entropy.fill(&mut bytes);
        let secret = totp_rs::Secret::from(bytes).to_base32();
        bytes.zeroize();
        Self { v: 1, secret }
    }

    /// A secret from elsewhere, in base32; blanks, dashes, padding and case do not count.
    pub fn import(text: &SecretString) -> Result<Self, NotATotpSecret> {
        let secret: String = text
            .expose()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '='))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let bytes = totp_rs::Secret::try_from_base32(&secret).map_err(|_| NotATotpSecret)?;
        if bytes.as_ref().len() < LEAST_SECRET_BYTES {
            return Err(NotATotpSecret);
        }
        Ok(Self { v: 1, secret })
    }

    /// The key as a person types it: groups of four.
    pub fn grouped(&self) -> String {
        let characters: Vec<char> = self.secret.chars().collect();
        characters
            .chunks(4)
            .map(|group| group.iter().collect::<String>())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The `otpauth:` address for the picture and for phones (Key Uri Format). `None` for a stored secret that cannot be read.
    pub fn uri(&self, issuer: &str, account: &str) -> Option<SecretString> {
        // A colon separates issuer and account: it can stand in neither.
        let plain = |text: &str| text.replace(':', " ");
        let totp = self
            .builder()?
            .with_issuer(Some(plain(issuer)))
            .with_account_name(plain(account))
            .build()
            .ok()?;
        totp.to_url().ok().map(SecretString::from)
    }

    /// Compares a typed code with the steps around `now`. One step of drift is accepted either way (RFC 6238 §5.2); a code from within
    /// five minutes is recognised as a wrong clock, never accepted. The caller must claim the step: each works once.
    pub fn check(&self, typed: &SecretString, now: Timestamp) -> Match {
        let code: String = typed
            .expose()
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect();
        let Some(totp) = self.totp() else {
            return Match::No;
        };
        let step = now.seconds().div_euclid(STEP_SECONDS);
        let matches = |step: i64| {
            u64::try_from(step * STEP_SECONDS)
                .is_ok_and(|seconds| totp.check(&code, seconds).is_some())
        };
        if let Some(step) = [step, step - 1, step + 1]
            .into_iter()
            .find(|step| matches(*step))
        {
            return Match::Step(step);
        }
        (2..=10)
            .flat_map(|away| [-away, away])
            .find(|away| matches(step + away))
            .map_or(Match::No, |away| Match::Skewed(away * STEP_SECONDS))
    }

    /// The code of an instant, for tests of others: the provider itself never shows one.
    pub fn code_at(&self, at: Timestamp) -> Option<SecretString> {
        let seconds = u64::try_from(at.seconds()).ok()?;
        Some(SecretString::from(
            self.totp()?.generate(seconds).to_string(),
        ))
    }

    fn builder(&self) -> Option<Builder> {
        let secret = totp_rs::Secret::try_from_base32(&self.secret).ok()?;
        Some(
            Builder::new()
                .with_algorithm(Algorithm::SHA1)
                .with_digits(6)
                .with_step_duration(STEP_SECONDS.unsigned_abs())
                .with_skew(0)
                .with_secret(secret),
        )
    }

    fn totp(&self) -> Option<Totp> {
        self.builder()?.build().ok()
    }

    /// Whether two documents hold the same secret; in constant time.
    pub fn is_same_secret(&self, other: &Self) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.secret.as_bytes(), other.secret.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// RFC 6238 Appendix B: the SHA-1 secret is the ASCII text 12345678901234567890.
    fn rfc() -> TotpCredential {
        TotpCredential::import(&"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into()).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_are_reproduced() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                rfc().code_at(Timestamp(seconds * 1000)).unwrap().expose(),
                code
            );
        }
    }

    #[test]
    fn one_step_beside_is_accepted_two_are_a_skewed_clock() {
        let now = Timestamp(1_234_567_890_000);
        let at = |steps: i64| rfc().code_at(Timestamp(now.0 + steps * 30_000)).unwrap();
        let step = now.0 / 30_000;
        for steps in [-1, 0, 1] {
            assert_eq!(rfc().check(&at(steps), now), Match::Step(step + steps));
        }
        assert_eq!(rfc().check(&at(-2), now), Match::Skewed(-60));
        assert_eq!(rfc().check(&at(4), now), Match::Skewed(120));
        assert_eq!(rfc().check(&at(-40), now), Match::No);
    }

    #[test]
    fn blanks_are_tolerated_and_anything_but_six_digits_is_not() {
        let now = Timestamp(1_234_567_890_000);
        assert!(matches!(
            rfc().check(&" 005 924 ".into(), now),
            Match::Step(_)
        ));
        for wrong in ["", "5924", "00592", "0059244", "00592a", "٠٠٥٩٢٤"] {
            assert_eq!(rfc().check(&wrong.into(), now), Match::No, "{wrong}");
        }
    }

    #[test]
    fn a_short_or_malformed_secret_is_not_imported() {
        for wrong in ["", "ABC", "GEZDGNBVGY3TQ", "0189 0189 0189 0189"] {
            assert_eq!(
                TotpCredential::import(&wrong.into()).unwrap_err(),
                NotATotpSecret
            );
        }
        let spaced = TotpCredential::import(&"gezd gnbv-gy3t qojq gezd gnbv gy3t qojq".into());
        assert!(spaced.unwrap().is_same_secret(&rfc()));
    }
}
