//! Second factors: proving one in a login, setting one up, taking one away. One file per method.

pub mod webauthn;

use identity_domain::login::Proof;
use identity_storage::Work;

/// What a factor's file hands to the login when a proof holds.
pub struct Proven {
    /// What was proven, for `amr` and `acr`.
    pub proof: Proof,
    /// The guarded steps that make it count once, with their event; committed together with the login's next step.
    pub work: Work,
}
