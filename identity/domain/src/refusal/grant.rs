//! Refusals at the token endpoint and its neighbours.

/// Why no token was issued. All of them are `invalid_grant` outside: the reason is for the audit log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefusal {
    /// No such code or token, or not authentic.
    #[error("unknown")]
    Unknown,
    /// Past its time.
    #[error("expired")]
    Expired,
    /// Used before.
    #[error("used_before")]
    UsedBefore,
    /// Issued to another client.
    #[error("other_client")]
    OtherClient,
    /// `redirect_uri` differs from the one of the authorization request.
    #[error("other_redirect_uri")]
    OtherRedirectUri,
    /// `code_verifier` is missing, malformed, wrong, or was not announced.
    #[error("code_verifier")]
    CodeVerifier,
    /// The session it came from has ended.
    #[error("session_ended")]
    SessionEnded,
    /// The person may not sign in any more.
    #[error("user_not_active")]
    UserNotActive,
    /// The organization is suspended, or the person left it.
    #[error("organization")]
    Organization,
    /// A second factor is required by now, the time of grace is over, and the person has none.
    #[error("second_factor_missing")]
    SecondFactorMissing,
    /// Revoked.
    #[error("revoked")]
    Revoked,
    /// An old refresh token came back.
    #[error("reuse")]
    Reuse,
}
