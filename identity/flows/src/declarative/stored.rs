//! What is stored of the objects that are described, and of those that files manage.

use std::collections::{BTreeMap, HashMap, HashSet};

use identity_domain::Id;
use identity_domain::client::Client;
use identity_domain::failure::Fault;
use identity_domain::membership::Membership;
use identity_domain::organization::Organization;
use identity_domain::role::Role;
use identity_domain::secret::SecretString;
use identity_domain::user::User;
use identity_storage::{PasswordOwner, Person};

use super::document::{Document, UserEntry};
use crate::env::Env;

/// The present state, as far as a plan needs it.
pub(super) struct Stored {
    /// All organizations with their own roles, by slug.
    pub organizations: BTreeMap<String, (Organization, Vec<Role>)>,
    /// The people that are described, by address key.
    pub users: HashMap<String, StoredUser>,
    /// The people that files manage.
    pub managed_people: Vec<Person>,
    /// All clients, by id.
    pub clients: BTreeMap<String, Client>,
    /// Who administers what now.
    pub administrators: HashSet<(Id<Organization>, Id<User>)>,
}

/// A person with all that a file can describe.
pub(super) struct StoredUser {
    pub user: User,
    pub memberships: Vec<Membership>,
    pub password: Option<PasswordOwner>,
    pub phone: Option<SecretString>,
}

impl Stored {
    pub async fn load(env: &Env, document: &Document) -> Result<Self, Fault> {
        let organizations = env.store.all_organizations().await?;
        let clients = env.store.all_clients().await?;
        let mut users = HashMap::new();
        for entry in &document.users {
            if let Some(stored) = user(env, entry).await? {
                users.insert(entry.email.key().as_str().to_owned(), stored);
            }
        }
        Ok(Self {
            organizations: organizations
                .into_iter()
                .map(|(organization, roles)| {
                    (organization.slug.as_str().to_owned(), (organization, roles))
                })
                .collect(),
            users,
            managed_people: env.store.managed_people().await?,
            clients: clients
                .into_iter()
                .map(|client| (client.client_id.clone(), client))
                .collect(),
            administrators: env.store.administrators().await?.into_iter().collect(),
        })
    }

    /// The slug of a stored organization.
    pub fn slug_of(&self, id: Id<Organization>) -> Option<&str> {
        self.organizations
            .values()
            .find(|(stored, _)| stored.id == id)
            .map(|(stored, _)| stored.slug.as_str())
    }
}

async fn user(env: &Env, entry: &UserEntry) -> Result<Option<StoredUser>, Fault> {
    let key = entry.email.key();
    let Some(user) = env.store.user_by_email(&key).await? else {
        return Ok(None);
    };
    Ok(Some(StoredUser {
        memberships: env.store.memberships_of(user.id).await?,
        password: env.store.password_owner(&key).await?,
        phone: env.store.phone_of(user.id).await?,
        user,
    }))
}
