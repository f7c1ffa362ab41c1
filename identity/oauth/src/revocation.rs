//! Token revocation (RFC 7009). The answer to a well-formed request of an authenticated client is always an empty 200.

use crate::error::OAuthError;
pub use crate::introspection::TokenTypeHint;
use crate::parameters::Parameters;
use crate::sensitive::Sensitive;

/// RFC 7009 §2.1. Client authentication is read apart.
#[derive(Clone, Debug)]
pub struct RevocationRequest {
    pub token: Sensitive,
    pub token_type_hint: Option<TokenTypeHint>,
}

impl RevocationRequest {
    pub fn parse(parameters: &Parameters) -> Result<Self, OAuthError> {
        Ok(Self {
            token: Sensitive::new(parameters.required("token")?),
            token_type_hint: parameters
                .get("token_type_hint")
                .and_then(TokenTypeHint::parse),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_token_is_required_and_the_hint_is_not() {
        let parameters = Parameters::parse(b"token=abc&token_type_hint=refresh_token").unwrap();
        let request = RevocationRequest::parse(&parameters).unwrap();
        assert_eq!(request.token_type_hint, Some(TokenTypeHint::RefreshToken));
        assert!(RevocationRequest::parse(&Parameters::parse(b"token=").unwrap()).is_err());
    }
}
