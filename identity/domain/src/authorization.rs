//! What a person or a client was granted, between the authorization endpoint and the token endpoint.

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::organization::Organization;
use crate::session::{Authentication, Session};
use crate::time::Timestamp;
use crate::token::RefreshFamily;
use crate::user::User;

/// Everything an authorization code is bound to; redemption compares all of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeBinding {
    /// The client it was issued to.
    pub client_id: String,
    /// The exact `redirect_uri` it was sent to.
    pub redirect_uri: String,
    /// Whether the request named it; then the token request must too (RFC 6749 §4.1.3).
    pub redirect_uri_was_sent: bool,
    /// S256 challenge, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// The grant it stands for.
    pub grant: Grant,
    /// The family that its redemption opens; known beforehand, so that a second redemption can revoke it (RFC 6749 §4.1.2).
    pub family_id: Id<RefreshFamily>,
}

/// A person's grant to a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// Who granted.
    pub user_id: Id<User>,
    /// In which session.
    pub session_id: Id<Session>,
    /// Acting for which organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Id<Organization>>,
    /// Scopes granted.
    pub scope: Vec<String>,
    /// Audience of access tokens (RFC 8707).
    pub audience: Vec<String>,
    /// Echoed into the ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// `claims` request parameter (OIDC Core §5.5), as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<serde_json::Value>,
    /// What was proven.
    pub authentication: Authentication,
    /// Bit of the status list that ends every token of this grant.
    pub status_index: i64,
    /// When it was granted.
    pub granted_at: Timestamp,
}

impl Grant {
    /// Whether a scope was granted.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.iter().any(|granted| granted == scope)
    }
}
