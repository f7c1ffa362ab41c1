//! Tokens are made here and nowhere else: signed before any transaction, from a grant that was proven.

use identity_domain::authorization::Grant;
use identity_domain::client::Client;
use identity_domain::failure::Fault;
use identity_domain::time::Timestamp;
use identity_oauth::access_token::{AccessTokenClaims, Audience, StatusClaim, StatusReference};
use identity_oauth::id_token::{IdTokenClaims, at_hash};
use identity_oauth::jose::{Algorithm, typ};
use identity_oauth::scope::{self, Scope};
use identity_oauth::token_response::{TokenResponse, TokenType};

use crate::claims;
use crate::client_authentication::AuthenticatedClient;
use crate::directory::{Person, Place};
use crate::env::Env;
use crate::status::{LIST_SIZE, uri};

/// What one set of tokens is about.
pub struct Subject<'a> {
    /// The grant it stands on.
    pub grant: &'a Grant,
    /// The person, as they are now.
    pub person: &'a Person,
    /// Their place in the grant's organization, as it is now.
    pub place: Option<&'a Place>,
    /// Scopes of these tokens: the grant's or fewer.
    pub scope: &'a [String],
    /// Audience of this access token: the grant's or less.
    pub audience: &'a [String],
}

/// Algorithm of a client's access tokens, by what is signable now.
pub fn access_token_algorithm(client: &Client) -> Algorithm {
    client.metadata.access_token_signed_response_alg
}

/// Algorithm of a client's ID and logout tokens.
pub fn id_token_algorithm(client: &Client) -> Algorithm {
    client.metadata.id_token_signed_response_alg
}

/// Signs access token and, where `openid` was granted, ID token for a person.
pub fn person_tokens(
    env: &Env,
    client: &AuthenticatedClient,
    subject: &Subject<'_>,
    refresh_token: Option<String>,
    now: Timestamp,
) -> Result<TokenResponse, Fault> {
    let client = client.client();
    let access_token = env.keys.sign(
        access_token_algorithm(client),
        typ::ACCESS_TOKEN,
        &person_claims(env, client, subject, now)?,
    )?;
    let openid = subject.scope.iter().any(|granted| granted == scope::OPENID);
    let id_token = openid
        .then(|| id_token(env, client, subject, &access_token, now))
        .transpose()?;
    Ok(TokenResponse {
        access_token,
        token_type: TokenType::Bearer,
        expires_in: seconds(env),
        refresh_token,
        id_token,
        scope: to_scope(subject.scope)?,
    })
}

/// Signs an access token for a client itself (RFC 6749 §4.4). Nothing is stored for it.
pub fn client_token(
    env: &Env,
    client: &AuthenticatedClient,
    scope: Scope,
    audience: Vec<String>,
    now: Timestamp,
) -> Result<TokenResponse, Fault> {
    let client = client.client();
    let mut claims = bare_claims(env, client, audience, &scope, now)?;
    // RFC 9700 §4.15: the subject of a client can never be read as that of a person, whose ids are UUIDs.
    claims.sub = format!("client:{}", client.client_id);
    if let Some(tenant) = client
        .organization_id
        .and_then(|id| env.directory.organization(id))
    {
        claims.org_id = Some(tenant.organization.id.to_string());
        claims.org_slug = Some(tenant.organization.slug.as_str().to_owned());
    }
    let access_token = env
        .keys
        .sign(access_token_algorithm(client), typ::ACCESS_TOKEN, &claims)?;
    Ok(TokenResponse {
        access_token,
        token_type: TokenType::Bearer,
        expires_in: seconds(env),
        refresh_token: None,
        id_token: None,
        scope,
    })
}

fn person_claims(
    env: &Env,
    client: &Client,
    subject: &Subject<'_>,
    now: Timestamp,
) -> Result<AccessTokenClaims, Fault> {
    let grant = subject.grant;
    let mut claims = bare_claims(
        env,
        client,
        subject.audience.to_vec(),
        &to_scope(subject.scope)?,
        now,
    )?;
    claims.sub = grant.user_id.to_string();
    claims.sid = Some(grant.session_id.to_string());
    claims.auth_time = Some(grant.authentication.at.seconds());
    claims.acr = Some(grant.authentication.acr.as_str().to_owned());
    claims.amr.clone_from(&grant.authentication.amr);
    if let Some(place) = subject.place {
        claims.org_id = Some(place.organization_id.to_string());
        claims.org_slug = Some(place.slug.clone());
        claims.roles.clone_from(&place.roles);
        claims.permissions.clone_from(&place.permissions);
    }
    let (list, index) = (
        grant.status_index / LIST_SIZE,
        grant.status_index % LIST_SIZE,
    );
    let idx = u64::try_from(index).map_err(Fault::new)?;
    claims.status = Some(StatusClaim {
        status_list: StatusReference {
            idx,
            uri: uri(&env.settings.issuer, list),
        },
    });
    Ok(claims)
}

fn bare_claims(
    env: &Env,
    client: &Client,
    audience: Vec<String>,
    scope: &Scope,
    now: Timestamp,
) -> Result<AccessTokenClaims, Fault> {
    let mut jti = [0_u8; 16];
    env.entropy.fill(&mut jti);
    Ok(AccessTokenClaims {
        iss: env.settings.issuer.clone(),
        aud: Audience::many(audience)
            .ok_or_else(|| Fault::new("an access token without an audience"))?,
        sub: String::new(),
        client_id: client.client_id.clone(),
        iat: now.seconds(),
        exp: (now + env.settings.token.access).seconds(),
        jti: uuid::Builder::from_random_bytes(jti)
            .into_uuid()
            .simple()
            .to_string(),
        scope: wire_scope(scope)?,
        nbf: None,
        sid: None,
        auth_time: None,
        acr: None,
        amr: Vec::new(),
        org_id: None,
        org_slug: None,
        roles: Vec::new(),
        permissions: Vec::new(),
        status: None,
        cnf: None,
        act: None,
    })
}

fn id_token(
    env: &Env,
    client: &Client,
    subject: &Subject<'_>,
    access_token: &str,
    now: Timestamp,
) -> Result<String, Fault> {
    let algorithm = id_token_algorithm(client);
    let grant = subject.grant;
    let requested = claims::requested(grant.claims.as_ref());
    let user = claims::about(
        subject.person,
        subject.place,
        subject.scope,
        Some(&requested.id_token),
    );
    let mut claims = IdTokenClaims {
        iss: env.settings.issuer.clone(),
        sub: grant.user_id.to_string(),
        aud: client.client_id.clone(),
        exp: (now + env.settings.token.id).seconds(),
        iat: now.seconds(),
        nonce: grant.nonce.clone(),
        auth_time: Some(grant.authentication.at.seconds()),
        acr: Some(grant.authentication.acr.as_str().to_owned()),
        amr: grant.authentication.amr.clone(),
        azp: Some(client.client_id.clone()),
        sid: Some(grant.session_id.to_string()),
        at_hash: Some(at_hash(access_token, algorithm)),
        user: serde_json::Map::new(),
    };
    claims.set_user_claims(user);
    env.keys.sign(algorithm, typ::JWT, &claims)
}

fn to_scope(granted: &[String]) -> Result<Scope, Fault> {
    Scope::parse(&granted.join(" ")).map_err(Fault::new)
}

/// The wire form of the claims has a scope type of its own.
fn wire_scope(scope: &Scope) -> Result<identity_oauth::access_token::Scope, Fault> {
    scope
        .iter()
        .collect::<Vec<_>>()
        .join(" ")
        .parse()
        .map_err(Fault::new)
}

fn seconds(env: &Env) -> u32 {
    u32::try_from(env.settings.token.access.as_seconds()).unwrap_or(u32::MAX)
}
