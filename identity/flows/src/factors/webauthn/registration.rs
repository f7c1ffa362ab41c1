//! Setting a passkey up.

use identity_domain::credential::Credential;
use identity_domain::failure::Failure;
use identity_domain::login::Proof;
use identity_domain::refusal::LoginRefusal;
use identity_storage::{Account, Work};

use crate::env::{Env, Visit};
use crate::login::LoginResult;

/// A passkey that was set up just now; setting it up proved it.
pub struct Registered {
    /// For `amr` and `acr`.
    pub proof: Proof,
    /// What is stored, its name included.
    pub credential: Credential,
    /// The guarded steps with their event, ended by [`crate::factors`]'s `added`. [`identity_storage::Lost::Conflict`] of
    /// `webauthn_ids`: somebody registered this credential in the same moment.
    pub work: Work,
}

/// What came from the browser, and how the passkey is called when its kind is not known ("Passkey on Windows").
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The JSON of `credential.toJSON()`.
    pub response: &'a str,
    /// In the language of the person.
    pub fallback_name: &'a str,
}

/// Options for the browser, as the JSON of `parseCreationOptionsFromJSON`.
pub async fn begin_registration(
    _env: &Env,
    _account: &Account,
    _bound_to: &str,
    _visit: Visit<'_>,
) -> LoginResult<String> {
    Err(Failure::Refused(LoginRefusal::MethodNotAvailable))
}

/// Checks the browser's answer.
pub async fn finish_registration(
    _env: &Env,
    _account: &Account,
    _bound_to: &str,
    _answer: Answer<'_>,
    _visit: Visit<'_>,
) -> LoginResult<Registered> {
    Err(Failure::Refused(LoginRefusal::MethodNotAvailable))
}
