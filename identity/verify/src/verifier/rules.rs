//! What the claims of an access token must say, decided from values in hand.

use crate::claims::AccessTokenClaims;
use crate::error::VerifyError;

/// `iat` and `nbf` may be ahead of us by this many seconds, for clocks that are not quite the same.
const AHEAD: i64 = 10;

pub(super) struct Rules {
    pub(super) issuer: String,
    pub(super) audiences: Vec<String>,
    /// Seconds.
    pub(super) leeway: i64,
    pub(super) sender_constrained: bool,
}

impl Rules {
    /// RFC 9068 §4, in its order. `now` in seconds since the Unix epoch.
    pub(super) fn check(&self, claims: &AccessTokenClaims, now: i64) -> Result<(), VerifyError> {
        if claims.iss != self.issuer {
            return Err(VerifyError::WrongIssuer);
        }
        if !self
            .audiences
            .iter()
            .any(|audience| claims.aud.contains(audience))
        {
            return Err(VerifyError::WrongAudience);
        }
        self.check_times(claims, now)?;
        // RFC 9449 §7.2, RFC 8705 §3: a bound token shown without its proof is a stolen one.
        if claims.cnf.is_some() && !self.sender_constrained {
            return Err(VerifyError::SenderConstrained);
        }
        Ok(())
    }

    fn check_times(&self, claims: &AccessTokenClaims, now: i64) -> Result<(), VerifyError> {
        if claims.iat < 0 || claims.exp <= claims.iat {
            return Err(VerifyError::NoLifetime);
        }
        // RFC 7519 §4.1.4: on or after `exp` it must not be accepted.
        if now >= claims.exp.saturating_add(self.leeway) {
            return Err(VerifyError::Expired);
        }
        let ahead = now.saturating_add(AHEAD.max(self.leeway));
        if claims.nbf.is_some_and(|nbf| nbf > ahead) {
            return Err(VerifyError::NotYetValid);
        }
        if claims.iat > ahead {
            return Err(VerifyError::IssuedInFuture);
        }
        Ok(())
    }
}
