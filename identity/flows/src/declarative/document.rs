//! What a file says, once it has been understood.

use std::collections::BTreeSet;

use identity_domain::brand::Branding;
use identity_domain::client::{ClientSecret, ClientStatus};
use identity_domain::credential::TotpCredential;
use identity_domain::credential::password_hash::PasswordHash;
use identity_domain::email::EmailAddress;
use identity_domain::organization::{OrganizationStatus, Slug};
use identity_domain::secret::SecretString;
use identity_domain::user::UserStatus;
use identity_oauth::client_metadata::ClientMetadata;

use super::Problem;

/// All that is described, from one file or several.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Tenants.
    pub organizations: Vec<OrganizationEntry>,
    /// People.
    pub users: Vec<UserEntry>,
    /// Applications.
    pub clients: Vec<ClientEntry>,
}

/// Where an object is described.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The file, for messages.
    pub file: Option<String>,
    /// Whom the object is marked to be managed by; `None` leaves the mark as it is.
    pub managed_by: Option<String>,
    /// The path in the file, such as `users[2]`.
    pub path: String,
}

impl Origin {
    /// A problem with a member of the object.
    pub(super) fn problem(&self, member: &str, message: impl Into<String>) -> Problem {
        let path = match member {
            "" => self.path.clone(),
            member => format!("{}.{member}", self.path),
        };
        Problem {
            file: self.file.clone(),
            path,
            message: message.into(),
        }
    }
}

/// An organization as described.
#[derive(Clone, Debug)]
pub struct OrganizationEntry {
    /// Where.
    pub origin: Origin,
    /// Which.
    pub slug: Slug,
    /// Name for people.
    pub name: Option<String>,
    /// Verified mail domains, lower-case, sorted.
    pub domains: Option<Vec<String>>,
    /// Roles of its own, beside the built-in ones.
    pub roles: Option<Vec<RoleEntry>>,
    /// Whether it is in use.
    pub status: Option<OrganizationStatus>,
    /// How pages look for it, the whole of it; an empty one takes its looks away.
    pub branding: Option<Branding>,
}

/// A role as described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleEntry {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub permissions: BTreeSet<String>,
}

/// A person as described.
#[derive(Clone, Debug)]
pub struct UserEntry {
    /// Where.
    pub origin: Origin,
    /// Who, by address.
    pub email: EmailAddress,
    /// Whether the address counts as proven.
    pub email_verified: Option<bool>,
    /// Full name; an empty text takes it away. The same holds for the texts that follow.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Language.
    pub locale: Option<String>,
    /// Time zone.
    pub zoneinfo: Option<String>,
    /// How they prove themselves.
    pub password: Option<PasswordEntry>,
    /// Whether the next sign-in ends in choosing a new password.
    pub require_password_change: Option<bool>,
    /// Phone number, E.164.
    pub phone: Option<SecretString>,
    /// Whether the number counts as proven.
    pub phone_verified: Option<bool>,
    /// The secret of an authenticator app they have already.
    pub totp: Option<TotpCredential>,
    /// Where they belong, by slug.
    pub memberships: Option<Vec<MembershipEntry>>,
    /// Whether they may sign in.
    pub status: Option<UserStatus>,
}

/// A password as described.
#[derive(Clone, Debug)]
pub enum PasswordEntry {
    /// In the clear; hashed only when the stored one does not verify.
    Clear(SecretString),
    /// A hash from elsewhere, or from an export.
    Hash(PasswordHash),
}

/// A place in an organization as described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipEntry {
    /// Where.
    pub organization: Slug,
    /// Names of roles, sorted.
    pub roles: Vec<String>,
}

/// A client as described.
#[derive(Clone, Debug)]
pub struct ClientEntry {
    /// Where.
    pub origin: Origin,
    /// Which.
    pub client_id: String,
    /// The organization it belongs to.
    pub organization: Option<Slug>,
    /// The whole registration.
    pub metadata: ClientMetadata,
    /// What it proves itself with.
    pub secret: Option<SecretEntry>,
    /// Whether it is served.
    pub status: Option<ClientStatus>,
    /// How pages look on the way to it.
    pub branding: Option<Branding>,
}

/// A client's secret as described.
#[derive(Clone, Debug)]
pub enum SecretEntry {
    /// In the clear.
    Clear(SecretString),
    /// Hashes from an export, all that are accepted.
    Hashes(Vec<ClientSecret>),
}

impl Document {
    /// One document out of those of several files. An object described twice is a problem: nobody could say which one counts.
    ///
    /// # Errors
    /// A problem for each second description.
    pub fn join(documents: impl IntoIterator<Item = Self>) -> Result<Self, Vec<Problem>> {
        let mut joined = Self::default();
        for document in documents {
            joined.organizations.extend(document.organizations);
            joined.users.extend(document.users);
            joined.clients.extend(document.clients);
        }
        let mut problems = Vec::new();
        let organizations = joined
            .organizations
            .iter()
            .map(|entry| (entry.slug.as_str().to_owned(), &entry.origin));
        twice(organizations, "slug", &mut problems);
        let users = joined
            .users
            .iter()
            .map(|entry| (entry.email.key().as_str().to_owned(), &entry.origin));
        twice(users, "email", &mut problems);
        let clients = joined
            .clients
            .iter()
            .map(|entry| (entry.client_id.clone(), &entry.origin));
        twice(clients, "client_id", &mut problems);
        if problems.is_empty() {
            Ok(joined)
        } else {
            Err(problems)
        }
    }
}

fn twice<'a>(
    entries: impl Iterator<Item = (String, &'a Origin)>,
    member: &str,
    problems: &mut Vec<Problem>,
) {
    let mut seen = std::collections::HashMap::new();
    for (key, origin) in entries {
        match seen.get(&key) {
            None => drop(seen.insert(key, origin)),
            Some(first) => {
                let place = match &first.file {
                    Some(file) if first.file != origin.file => format!("{file}, {}", first.path),
                    _ => first.path.clone(),
                };
                problems.push(origin.problem(member, format!("is described already at {place}")));
            }
        }
    }
}
