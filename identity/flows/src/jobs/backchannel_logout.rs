//! Applications are told that a session ended (OpenID Connect Back-Channel Logout 1.0). The person's sign-out never waits for them.

use identity_domain::Id;
use identity_domain::job::{Job, JobKind};
use identity_domain::ports::{FetchRequest, OutsideError};
use identity_domain::session::Session;
use identity_domain::time::Timestamp;
use identity_domain::user::User;
use identity_oauth::logout::{LogoutEvents, LogoutTokenClaims};

use crate::env::Env;

/// Largest answer read from a client; only its status counts.
const MAX_ANSWER: usize = 16 * 1024;

/// One job for each client of a session that registered a `backchannel_logout_uri`.
pub fn jobs(env: &Env, clients: &[String], session: &Session, now: Timestamp) -> Vec<Job> {
    clients
        .iter()
        .filter_map(|client| job(env, client, session.user_id, session.id, now))
        .collect()
}

/// The same for several sessions of one person.
pub fn jobs_for_all(
    env: &Env,
    clients: &[(Id<Session>, String)],
    user: &User,
    now: Timestamp,
) -> Vec<Job> {
    clients
        .iter()
        .filter_map(|(session, client)| job(env, client, user.id, *session, now))
        .collect()
}

fn job(
    env: &Env,
    client_id: &str,
    user: Id<User>,
    session: Id<Session>,
    now: Timestamp,
) -> Option<Job> {
    let client = env.directory.client(client_id)?;
    client.metadata.backchannel_logout_uri.as_ref()?;
    let kind = JobKind::BackchannelLogout {
        client_id: client_id.to_owned(),
        sub: user.to_string(),
        sid: session.to_string(),
    };
    Some(super::now(env, kind, now))
}

/// Signs a fresh logout token and delivers it. A client that is gone or no longer wants it is done with.
pub async fn deliver(env: &Env, client_id: &str, sub: &str, sid: &str) -> Result<(), OutsideError> {
    let Some(client) = env.directory.client(client_id) else {
        return Ok(());
    };
    let Some(uri) = &client.metadata.backchannel_logout_uri else {
        return Ok(());
    };
    let url = url::Url::parse(uri)
        .map_err(|_| OutsideError::Permanent("backchannel_logout_uri is no URL".to_owned()))?;
    let now = env.now();
    let jti = identity_domain::secret::SecretString::random_token(env.entropy.as_ref());
    let claims = LogoutTokenClaims {
        iss: env.settings.issuer.clone(),
        aud: client_id.to_owned(),
        iat: now.seconds(),
        exp: now.seconds() + 120,
        jti: jti.expose().clone(),
        events: LogoutEvents::default(),
        sub: Some(sub.to_owned()),
        sid: Some(sid.to_owned()),
    };
    let algorithm = crate::issue::id_token_algorithm(&client);
    let token = env
        .keys
        .sign(algorithm, "logout+jwt", &claims)
        .map_err(|fault| OutsideError::Temporary(fault.to_string()))?;
    let form = vec![("logout_token".to_owned(), token)];
    let request = FetchRequest::form(url, form, MAX_ANSWER);
    let answer = env.outside.fetch.fetch(request).await?;
    match answer.status {
        200..=299 => Ok(()),
        // §2.8: 400 means the client will never accept this token.
        400 => Err(OutsideError::Permanent(
            "the client refused the logout token".to_owned(),
        )),
        status => Err(OutsideError::Temporary(format!(
            "the client answered {status}"
        ))),
    }
}
