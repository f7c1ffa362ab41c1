//! Everything that keeps a person from getting the page they asked for.

/// A refusal, shown as a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// The local session is over, or its refresh token was refused.
    #[error("sign in again")]
    SignInAgain,
    /// The provider cannot be reached or answered nonsense.
    #[error("provider unavailable: {0}")]
    Provider(String),
    /// The provider sent the person back without a sign-in.
    #[error("sign-in not completed: {0}")]
    NotCompleted(String),
    /// The answer of the provider does not belong to a sign-in of this browser.
    #[error("sign-in refused: {0}")]
    Refused(&'static str),
    /// A form without its token.
    #[error("form refused")]
    Form,
    /// The API said no.
    #[error("API refused: {0}")]
    Api(String),
    /// Something that should not happen.
    #[error("fault")]
    Fault,
}
