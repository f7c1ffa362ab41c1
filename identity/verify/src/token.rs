//! A verified access token and what can be asked of it.

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::claims::{AccessTokenClaims, Scope, UnreadableClaims};

/// An access token that passed every check. There is no other way to get one than a
/// [`Verifier`](crate::verifier::Verifier); cheap to clone. It does not hold the token's text.
#[derive(Clone)]
pub struct Token(Arc<Verified>);

struct Verified {
    claims: AccessTokenClaims,
    payload: Vec<u8>,
}

/// The organization somebody acts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Organization<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its short name in addresses.
    pub slug: Option<&'a str>,
}

impl Token {
    pub(crate) fn new(claims: AccessTokenClaims, payload: Vec<u8>) -> Self {
        Self(Arc::new(Verified { claims, payload }))
    }

    /// All claims.
    pub fn claims(&self) -> &AccessTokenClaims {
        &self.0.claims
    }

    /// Claims that are not part of [`AccessTokenClaims`], read into a type of yours.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, UnreadableClaims> {
        crate::json::from_slice(&self.0.payload)
            .map_err(|error| UnreadableClaims(error.to_string()))
    }

    /// The person, or the client itself.
    pub fn subject(&self) -> &str {
        &self.0.claims.sub
    }

    /// The client that got the token.
    pub fn client_id(&self) -> &str {
        &self.0.claims.client_id
    }

    /// The session it belongs to; none for tokens without a person.
    pub fn session(&self) -> Option<&str> {
        self.0.claims.sid.as_deref()
    }

    /// The organization the person acts in.
    pub fn organization(&self) -> Option<Organization<'_>> {
        let claims = &self.0.claims;
        claims.org_id.as_deref().map(|id| Organization {
            id,
            slug: claims.org_slug.as_deref(),
        })
    }

    /// What was granted.
    pub fn scopes(&self) -> &Scope {
        &self.0.claims.scope
    }

    /// Whether this scope was granted.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.0.claims.scope.contains(scope)
    }

    /// The person's roles in the organization.
    pub fn roles(&self) -> &[String] {
        &self.0.claims.roles
    }

    /// Whether the person has this role.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().iter().any(|one| one == role)
    }

    /// What the roles permit.
    pub fn permissions(&self) -> &[String] {
        &self.0.claims.permissions
    }

    /// Whether the roles permit this.
    pub fn has_permission(&self, permission: &str) -> bool {
        self.permissions().iter().any(|one| one == permission)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Token")
            .field("jti", &self.0.claims.jti)
            .finish_non_exhaustive()
    }
}
