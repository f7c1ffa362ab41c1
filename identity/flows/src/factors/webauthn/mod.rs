//! Passkeys and security keys: the order of things. The ceremony's own checks are the library's; that a challenge works once, whose
//! credential it is, and what its flags and counter mean is decided here.

mod assertion;
mod ceremony;
mod library;
pub mod manage;
mod name;
mod registration;
mod response;

pub use assertion::{begin_assertion, prove, sign_in};
pub use library::NewKey;
pub use registration::{
    Answer, Registered, begin_registration, finish_registration, finish_silent_registration,
};

use identity_domain::audit::Event;
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::id::Id;
use identity_domain::refusal::LoginRefusal;
use identity_domain::settings::Settings;
use identity_domain::user::User;

use crate::env::{Env, Visit};
use crate::login::LoginResult;
use crate::refusals;
use library::RelyingParty;

/// Whether passkeys are offered: policy allows them, and browsers have them at our address.
pub fn is_offered(settings: &Settings) -> bool {
    settings.mfa.methods.contains(&Method::Webauthn) && RelyingParty::of(settings).is_some()
}

/// The relying party id, for the Signal API; `None` where browsers have no passkeys.
pub fn rp_id(settings: &Settings) -> Option<String> {
    RelyingParty::of(settings).map(|party| party.id)
}

/// Us, where passkeys are offered.
fn relying_party(env: &Env) -> LoginResult<RelyingParty> {
    if env.settings.mfa.methods.contains(&Method::Webauthn)
        && let Some(party) = RelyingParty::of(&env.settings)
    {
        return Ok(party);
    }
    Err(Failure::Refused(LoginRefusal::MethodNotAvailable))
}

/// A refusal; its word is for the audit log alone.
fn refuse(why: library::Why) -> Failure<LoginRefusal> {
    Failure::Refused(LoginRefusal::PasskeyRefused(why))
}

/// Writes a refusal down and hands it back: of a person whose first factor is proven, or of anybody, who may have named somebody's passkey.
/// Faults leave nothing.
async fn refused(
    env: &Env,
    who: Who,
    failure: Failure<LoginRefusal>,
    visit: Visit<'_>,
) -> Failure<LoginRefusal> {
    let Failure::Refused(refusal) = failure else {
        return failure;
    };
    let reason = match refusal {
        LoginRefusal::PasskeyRefused(why) => why,
        ref other => other.reason(),
    };
    let method = Method::Webauthn.as_str();
    let event = |user| Event::FactorRefused {
        user,
        method,
        reason,
    };
    match who {
        Who::Person(user) => {
            refusals::refused_to(env, user, event(Some(user)), refusal, visit).await
        }
        Who::Anybody(named) => refusals::refused(env, event(named), refusal, visit).await,
    }
}

/// Who was refused.
enum Who {
    Person(Id<User>),
    Anybody(Option<Id<User>>),
}

#[cfg(test)]
mod tests {
    use identity_domain::factor::MfaPolicy;

    use super::*;

    #[test]
    fn passkeys_are_offered_where_browsers_have_them() {
        for (issuer, rp) in [
            ("https://id.example.com", Some("id.example.com")),
            ("https://id.example.com:8443/sub", Some("id.example.com")),
            ("http://localhost:8080", Some("localhost")),
            ("http://127.0.0.1:8080", None),
            ("http://[::1]:8080", None),
            ("nonsense", None),
        ] {
            let settings = Settings::new(issuer);
            assert_eq!(rp_id(&settings).as_deref(), rp, "{issuer}");
            assert_eq!(is_offered(&settings), rp.is_some(), "{issuer}");
        }
        let forbidden = Settings {
            mfa: MfaPolicy {
                methods: vec![Method::Totp],
                ..MfaPolicy::default()
            },
            ..Settings::new("https://id.example.com")
        };
        assert!(!is_offered(&forbidden));
    }

    #[test]
    fn wan_01_the_origin_is_the_public_urls_to_the_letter() {
        let origin = |issuer| RelyingParty::of(&Settings::new(issuer)).map(|party| party.origin);
        assert_eq!(
            origin("https://id.example.com").as_deref(),
            Some("https://id.example.com")
        );
        assert_eq!(
            origin("http://localhost:8080").as_deref(),
            Some("http://localhost:8080")
        );
    }
}
