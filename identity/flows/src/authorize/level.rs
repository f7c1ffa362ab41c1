//! The level a request asks for: `acr_values`, or an essential `acr` claim (OpenID Connect Core §5.5.1.1, RFC 9470).

use identity_domain::factor::MfaPolicy;
use identity_domain::session::Acr;
use identity_oauth::authorization_request::AuthorizationRequest;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Any level, or one of several that include what everybody reaches.
    Any,
    /// This level at least.
    Required(Acr),
    /// Only levels that nobody can reach here.
    Unreachable,
}

/// Reads the level out of a request. `acr_values` name alternatives; what is not known here cannot be reached.
pub fn level(request: &AuthorizationRequest, policy: &MfaPolicy) -> Level {
    let essential = request
        .claims
        .id_token
        .get("acr")
        .filter(|claim| claim.essential);
    let asked: Vec<&str> = match essential {
        Some(claim) => claim
            .values
            .iter()
            .filter_map(serde_json::Value::as_str)
            .collect(),
        None => request.acr_values.iter().collect(),
    };
    if asked.is_empty() {
        return Level::Any;
    }
    let known = || asked.iter().filter_map(|value| Acr::parse(value));
    if known().any(|acr| acr == Acr::OneFactor) {
        Level::Any
    } else if known().any(|acr| acr == Acr::TwoFactors) && !policy.methods.is_empty() {
        Level::Required(Acr::TwoFactors)
    } else {
        Level::Unreachable
    }
}
