//! Signing in, or proving a second factor, by a passkey.

use identity_domain::failure::Failure;
use identity_domain::refusal::LoginRefusal;
use identity_domain::user::User;
use identity_storage::Account;

use crate::env::{Env, Visit};
use crate::factors::Proven;
use crate::login::LoginResult;

/// Options for the browser, as the JSON of `parseRequestOptionsFromJSON`. Without an account nothing in them depends on anybody, so that
/// they tell nothing (WAN-06); with one, after its first factor, they list its passkeys.
pub async fn begin_assertion(
    _env: &Env,
    _account: Option<&Account>,
    _bound_to: &str,
    _visit: Visit<'_>,
) -> LoginResult<String> {
    Err(Failure::Refused(LoginRefusal::MethodNotAvailable))
}

/// Proves a passkey of an account that is known already.
pub async fn prove(
    _env: &Env,
    _account: &Account,
    _bound_to: &str,
    _response: &str,
    _visit: Visit<'_>,
) -> LoginResult<Proven> {
    Err(Failure::Refused(LoginRefusal::MethodNotAvailable))
}

/// Signs in by a passkey alone: it says whose it is.
pub async fn sign_in(
    _env: &Env,
    _bound_to: &str,
    _response: &str,
    _visit: Visit<'_>,
) -> LoginResult<(User, Proven)> {
    Err(Failure::Refused(LoginRefusal::MethodNotAvailable))
}
