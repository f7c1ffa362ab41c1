//! The people, organizations and applications of `identity dev`.

use std::collections::BTreeSet;

use identity_domain::email::EmailAddress;
use identity_domain::organization::Slug;
use identity_domain::secret::SecretString;
use identity_oauth::client_metadata::ClientMetadata;
use identity_oauth::scope::Scope;
use identity_oauth::token_request::GrantType;

use super::document::{
    ClientEntry, Document, MembershipEntry, OrganizationEntry, Origin, PasswordEntry, SecretEntry,
    UserEntry,
};

/// Address, name, organization and role of everybody.
const PEOPLE: [(&str, &str, &str, &str); 5] = [
    ("ana@acme.test", "Ana Petrova", "acme", "admin"),
    ("ben@acme.test", "Ben Okafor", "acme", "analyst"),
    ("vera@acme.test", "Vera Lindqvist", "acme", "viewer"),
    ("gus@acme.test", "Gus Moreau", "acme", "guest"),
    ("cleo@contoso.test", "Cleo Tanaka", "contoso", "admin"),
];

/// The two demo services: where they are, and what they prove themselves with.
pub struct DemoServices<'a> {
    /// Base URL of chat, without a trailing slash.
    pub chat_url: &'a str,
    /// Secret of the client `chat`.
    pub chat_secret: &'a SecretString,
    /// Base URL of analysis, without a trailing slash.
    pub analysis_url: &'a str,
    /// Secret of the client `analysis`.
    pub analysis_secret: &'a SecretString,
}

/// The demo data: two organizations, five people with one password, and the clients of the demo services, if there are any.
/// Nothing of it is marked as managed by a file.
pub fn demo_document(password: &SecretString, services: Option<&DemoServices<'_>>) -> Document {
    let organization = |slug: &str, name: &str| {
        Some(OrganizationEntry {
            origin: Origin::default(),
            slug: Slug::parse(slug).ok()?,
            name: Some(name.to_owned()),
            domains: Some(vec![format!("{slug}.test")]),
            roles: None,
            status: None,
            branding: None,
        })
    };
    let organizations = [("acme", "Acme"), ("contoso", "Contoso")]
        .into_iter()
        .filter_map(|(slug, name)| organization(slug, name));
    let clients = services.map_or_else(Vec::new, |demo| {
        vec![
            client("chat", "Chat", demo.chat_url, demo.chat_secret),
            client(
                "analysis",
                "Analysis",
                demo.analysis_url,
                demo.analysis_secret,
            ),
        ]
    });
    Document {
        organizations: organizations.collect(),
        users: PEOPLE
            .iter()
            .filter_map(|person| user(person, password))
            .collect(),
        clients,
    }
}

fn user(
    (email, name, organization, role): &(&str, &str, &str, &str),
    password: &SecretString,
) -> Option<UserEntry> {
    Some(UserEntry {
        origin: Origin::default(),
        email: EmailAddress::parse(email).ok()?,
        email_verified: Some(true),
        name: Some((*name).to_owned()),
        given_name: None,
        family_name: None,
        locale: None,
        zoneinfo: None,
        password: Some(PasswordEntry::Clear(password.clone())),
        require_password_change: None,
        phone: None,
        phone_verified: None,
        totp: None,
        memberships: Some(vec![MembershipEntry {
            organization: Slug::parse(organization).ok()?,
            roles: BTreeSet::from([(*role).to_owned()]).into_iter().collect(),
        }]),
        status: None,
    })
}

fn client(id: &str, name: &str, url: &str, secret: &SecretString) -> ClientEntry {
    let metadata = ClientMetadata {
        client_name: Some(name.to_owned()),
        client_uri: Some(url.to_owned()),
        redirect_uris: vec![format!("{url}/callback")],
        post_logout_redirect_uris: vec![format!("{url}/")],
        backchannel_logout_uri: Some(format!("{url}/backchannel_logout")),
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        scope: Scope::parse("openid profile email offline_access").unwrap_or_default(),
        require_consent: false,
        audience: vec![format!("https://{id}.acme.test")],
        ..ClientMetadata::default()
    };
    ClientEntry {
        origin: Origin::default(),
        client_id: id.to_owned(),
        organization: None,
        metadata,
        secret: Some(SecretEntry::Clear(secret.clone())),
        status: None,
        branding: None,
    }
}
