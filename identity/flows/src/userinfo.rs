//! Claims about the person behind an access token (OpenID Connect Core §5.3).

use std::sync::Arc;

use identity_domain::Id;
use identity_domain::failure::{Failure, Fault};
use identity_domain::user::User;
use identity_oauth::access_token::AccessTokenClaims;
use identity_oauth::claims_request::ClaimsRequest;
use identity_oauth::error::{ErrorCode, OAuthError};
use identity_oauth::scope::OPENID;
use serde_json::{Map, Value};

use crate::env::Env;
use crate::{access, claims};

/// Answers for a token with scope `openid`, whatever else it is for (OpenID Connect Core §5.3.1): `aud` names the client's own API, and
/// the grant of `openid` is what makes the token one for this API too. Without it the token belongs to somebody else (RFC 6750 §3.1).
pub async fn userinfo(env: &Env, token: &str) -> Result<Map<String, Value>, Failure<OAuthError>> {
    let invalid = || {
        Failure::Refused(OAuthError::new(
            ErrorCode::InvalidToken,
            "the access token is not valid",
        ))
    };
    let token = access::verify(env, token).ok_or_else(invalid)?;
    if !token.scope.iter().any(|scope| scope == OPENID) {
        return Err(Failure::Refused(OAuthError::new(
            ErrorCode::InsufficientScope,
            "the access token lacks scope openid",
        )));
    }
    let user_id: Id<User> = token.sub.parse().map_err(|_| invalid())?;
    let person = env
        .directory
        .person(&env.store, user_id)
        .await?
        .filter(|person| person.user.is_active())
        .ok_or_else(invalid)?;
    let place = token
        .org_id
        .as_deref()
        .and_then(|id| id.parse().ok())
        .and_then(|id| env.directory.place(&person, id));
    let scope: Vec<String> = token.scope.iter().map(str::to_owned).collect();
    let requested = requested(env, &token).await?;
    let mut about = claims::about(
        &person,
        place.as_ref(),
        &scope,
        requested.as_ref().map(|requested| &requested.userinfo),
    );
    about.insert("sub".to_owned(), token.sub.clone().into());
    Ok(about)
}

/// What the `claims` parameter asked for, which stands with the token's grant; remembered, because it never changes.
async fn requested(
    env: &Env,
    token: &AccessTokenClaims,
) -> Result<Option<Arc<ClaimsRequest>>, Fault> {
    let session = token.sid.as_deref().and_then(|sid| sid.parse().ok());
    let Some((session, grant)) = session.zip(access::status_index(token)) else {
        return Ok(None);
    };
    if let Some(known) = env.requested_claims.get(&grant) {
        return Ok(known);
    }
    let family = env.store.family_of_status(session, grant).await?;
    let found = family.and_then(|family| {
        family
            .grant
            .claims
            .map(|stored| Arc::new(claims::requested(Some(&stored))))
    });
    env.requested_claims.insert(grant, found.clone());
    Ok(found)
}
