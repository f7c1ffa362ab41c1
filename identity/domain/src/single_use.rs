//! Things that work once: one kind, one tenant, one value, one instant after which they are dead.

use crate::secret::ValueHash;
use crate::time::Timestamp;

/// What kind of single-use value it is. The kind is part of the key, so a value of one kind can never pass as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SingleUseKind {
    /// Authorization code (RFC 6749 §4.1.2).
    AuthorizationCode,
    /// Mailed link and code that prove a new account's address.
    EmailVerification,
    /// Mailed link and code of a password recovery.
    Recovery,
    /// One-time sign-in link of an administrator.
    AdminLink,
    /// `jti` of a client assertion (RFC 7523 §3): claimed, never issued.
    ClientAssertion,
    /// `jti` of a revoked or logged-out token seen.
    LogoutToken,
    /// A WebAuthn ceremony that was begun; its value is the challenge, its payload the library's state.
    WebauthnChallenge,
    /// A step of an authenticator app that was used (RFC 6238 §5.2): claimed, never issued.
    TotpStep,
    /// A code sent by text message.
    SmsCode,
    /// A code sent by mail as a second factor.
    EmailCode,
    /// Mailed link and code that prove a new address of an existing account.
    EmailChange,
    /// Mailed to the old address: takes a change of address back.
    EmailChangeUndo,
    /// "Yes, it was me" and "This wasn't me" in a mail about a sign-in.
    SignInReport,
    /// Mailed link that cancels the deletion of an account.
    DeletionCancel,
    /// Mailed proof that begins the recovery of an account whose factors are all lost.
    FactorRecovery,
    /// Mailed link that stops it.
    FactorRecoveryCancel,
    /// One hour's digest for one person: claimed, never issued.
    Digest,
}

impl SingleUseKind {
    /// All kinds.
    pub const ALL: [Self; 16] = [
        Self::AuthorizationCode,
        Self::EmailVerification,
        Self::Recovery,
        Self::AdminLink,
        Self::ClientAssertion,
        Self::LogoutToken,
        Self::WebauthnChallenge,
        Self::TotpStep,
        Self::SmsCode,
        Self::EmailCode,
        Self::EmailChange,
        Self::EmailChangeUndo,
        Self::SignInReport,
        Self::DeletionCancel,
        Self::FactorRecovery,
        Self::Digest,
    ];

    /// Those that travel by mail to a person who has an account, or prove that they have it.
    pub const MAILED: [Self; 7] = [
        Self::Recovery,
        Self::EmailChange,
        Self::EmailChangeUndo,
        Self::SignInReport,
        Self::DeletionCancel,
        Self::FactorRecovery,
        Self::FactorRecoveryCancel,
    ];

    /// Whether a proof of this kind stays good when everything that was issued to the person ends: what gives an account back to its owner.
    /// The others are bound to the person's security epoch (INV-02).
    pub const fn outlives_the_epoch(self) -> bool {
        matches!(
            self,
            Self::EmailChangeUndo | Self::DeletionCancel | Self::SignInReport
        )
    }

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::EmailVerification => "email_verification",
            Self::Recovery => "recovery",
            Self::AdminLink => "admin_link",
            Self::ClientAssertion => "client_assertion",
            Self::LogoutToken => "logout_token",
            Self::WebauthnChallenge => "webauthn_challenge",
            Self::TotpStep => "totp_step",
            Self::SmsCode => "sms_code",
            Self::EmailCode => "email_code",
            Self::EmailChange => "email_change",
            Self::EmailChangeUndo => "email_change_undo",
            Self::SignInReport => "sign_in_report",
            Self::DeletionCancel => "deletion_cancel",
            Self::FactorRecovery => "factor_recovery",
            Self::FactorRecoveryCancel => "factor_recovery_cancel",
            Self::Digest => "digest",
        }
    }
}

/// A single-use value as it is stored: never the value, only its hash, with all that it was made for.
#[derive(Clone, Debug)]
pub struct Artefact {
    /// Its kind.
    pub kind: SingleUseKind,
    /// Whose it is: a client id, a user id, or empty for the instance.
    pub tenant: String,
    /// SHA-256 of the whole value.
    pub value_hash: ValueHash,
    /// What it is bound to, as JSON; compared at redemption.
    pub payload: String,
    /// When it was issued.
    pub created_at: Timestamp,
    /// Dead from this instant on, whether or not it was swept.
    pub expires_at: Timestamp,
    /// When it was used, if it was.
    pub used_at: Option<Timestamp>,
}
