//! Snapshots behind atomic pointers: clients, organizations and people's claims are read without asking the database, and changed on write.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;
use identity_domain::Fault;
use identity_domain::Id;
use identity_domain::brand::{Branding, Picture};
use identity_domain::client::Client;
use identity_domain::membership::Membership;
use identity_domain::organization::{Organization, OrganizationStatus};
use identity_domain::role::{Role, permissions_of};
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::User;
use identity_storage::{Change, Store};
use moka::sync::Cache;

/// How many people's claims are kept.
const PEOPLE: u64 = 50_000;
/// Changes are read again over this span, because units of other nodes may become visible later than their time says.
const OVERLAP: Duration = Duration::seconds(10);

/// The snapshots.
pub struct Directory {
    clients: ArcSwap<HashMap<String, Arc<Client>>>,
    origins: ArcSwap<HashSet<String>>,
    organizations: ArcSwap<HashMap<Id<Organization>, Arc<Tenant>>>,
    people: Cache<Id<User>, Arc<Person>>,
    seen_until: AtomicI64,
}

/// An organization with its own roles.
#[derive(Debug)]
pub struct Tenant {
    /// The organization.
    pub organization: Organization,
    /// Its own roles.
    pub roles: Vec<Role>,
}

/// A person with their places, as claims need them.
#[derive(Debug)]
pub struct Person {
    /// The person.
    pub user: User,
    /// Their memberships.
    pub memberships: Vec<Membership>,
}

/// A person's place in one organization, ready for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `org_id`.
    pub organization_id: Id<Organization>,
    /// `org_slug`.
    pub slug: String,
    /// Name for people.
    pub name: String,
    /// `roles`.
    pub roles: Vec<String>,
    /// `permissions`.
    pub permissions: Vec<String>,
}

impl Directory {
    /// Reads everything once.
    pub async fn load(store: &Store, now: Timestamp) -> Result<Self, Fault> {
        let directory = Self {
            clients: ArcSwap::default(),
            origins: ArcSwap::default(),
            organizations: ArcSwap::default(),
            people: Cache::builder()
                .max_capacity(PEOPLE)
                .time_to_live(std::time::Duration::from_mins(5))
                .build(),
            seen_until: AtomicI64::new(now.millis()),
        };
        directory.reload_clients(store).await?;
        directory.reload_organizations(store).await?;
        Ok(directory)
    }

    /// A client, whatever its status.
    pub fn client(&self, client_id: &str) -> Option<Arc<Client>> {
        self.clients.load().get(client_id).cloned()
    }

    /// All clients, whatever their status.
    pub fn all_clients(&self) -> Vec<Arc<Client>> {
        self.clients.load().values().cloned().collect()
    }

    /// Whether any client wants tokens signed with an algorithm.
    pub fn uses_algorithm(&self, algorithm: identity_oauth::jose::Algorithm) -> bool {
        self.clients.load().values().any(|client| {
            let metadata = &client.metadata;
            metadata.id_token_signed_response_alg == algorithm
                || metadata.access_token_signed_response_alg == algorithm
        })
    }

    /// Whether an origin is one of a registered redirect URI of an active client.
    pub fn is_client_origin(&self, origin: &str) -> bool {
        self.origins.load().contains(origin)
    }

    /// An organization, whatever its status.
    pub fn organization(&self, id: Id<Organization>) -> Option<Arc<Tenant>> {
        self.organizations.load().get(&id).cloned()
    }

    /// An organization by its slug.
    pub fn organization_by_slug(&self, slug: &str) -> Option<Arc<Tenant>> {
        self.organizations
            .load()
            .values()
            .find(|tenant| tenant.organization.slug.as_str() == slug)
            .cloned()
    }

    /// A picture of somebody's looks, by its name.
    pub fn picture(&self, name: &str) -> Option<Picture> {
        let named = |looks: &Option<Branding>| {
            let mut pictures = looks.iter().flat_map(Branding::pictures);
            pictures.find(|picture| picture.name() == name).cloned()
        };
        let (tenants, clients) = (self.organizations.load(), self.clients.load());
        let of_tenants = tenants.values().map(|tenant| &tenant.organization.branding);
        let of_clients = clients.values().map(|client| &client.branding);
        of_tenants.chain(of_clients).find_map(named)
    }

    /// A person and their memberships, from the snapshot or the database.
    pub async fn person(&self, store: &Store, id: Id<User>) -> Result<Option<Arc<Person>>, Fault> {
        if let Some(person) = self.people.get(&id) {
            return Ok(Some(person));
        }
        let Some(read) = store.person(id).await? else {
            return Ok(None);
        };
        let person = Arc::new(Person {
            user: read.user,
            memberships: read.memberships,
        });
        self.people.insert(id, Arc::clone(&person));
        Ok(Some(person))
    }

    /// Drops a person's snapshot; called by whoever changed the person on this node.
    pub fn forget_person(&self, id: Id<User>) {
        self.people.invalidate(&id);
    }

    /// The place a person takes in an organization, if they are a member and it is open.
    pub fn place(&self, person: &Person, id: Id<Organization>) -> Option<Place> {
        let membership = person
            .memberships
            .iter()
            .find(|membership| membership.organization_id == id)?;
        let tenant = self.organization(id)?;
        (tenant.organization.status == OrganizationStatus::Active).then(|| Place {
            organization_id: id,
            slug: tenant.organization.slug.as_str().to_owned(),
            name: tenant.organization.name.clone(),
            roles: membership.roles.clone(),
            permissions: permissions_of(membership.roles.iter().map(String::as_str), &tenant.roles),
        })
    }

    /// Takes in what was changed since the last call, here or on another node. Returns whether signing keys changed.
    pub async fn refresh(&self, store: &Store, now: Timestamp) -> Result<bool, Fault> {
        let since = Timestamp(self.seen_until.load(Ordering::Relaxed)) - OVERLAP;
        let changes = store.changes_since(since).await?;
        let mut keys = false;
        let (mut clients, mut organizations) = (false, false);
        for change in changes {
            match change {
                Change::Client(_) => clients = true,
                Change::Organization(_) => organizations = true,
                Change::User(id) => self.people.invalidate(&id),
                Change::Keys => keys = true,
            }
        }
        if clients {
            self.reload_clients(store).await?;
        }
        if organizations {
            self.reload_organizations(store).await?;
        }
        self.seen_until.store(now.millis(), Ordering::Relaxed);
        Ok(keys)
    }

    async fn reload_clients(&self, store: &Store) -> Result<(), Fault> {
        let clients = store.all_clients().await?;
        let redirect_uris = clients
            .iter()
            .filter(|client| client.is_active())
            .flat_map(|client| client.metadata.redirect_uris.iter());
        let origins = redirect_uris
            .filter_map(|uri| url::Url::parse(uri).ok())
            .filter(|uri| matches!(uri.scheme(), "http" | "https"));
        self.origins.store(Arc::new(
            origins
                .map(|uri| uri.origin().ascii_serialization())
                .collect(),
        ));
        self.clients.store(Arc::new(
            clients
                .into_iter()
                .map(|client| (client.client_id.clone(), Arc::new(client)))
                .collect(),
        ));
        Ok(())
    }

    async fn reload_organizations(&self, store: &Store) -> Result<(), Fault> {
        let organizations = store.all_organizations().await?;
        let tenants = organizations.into_iter().map(|(organization, roles)| {
            (
                organization.id,
                Arc::new(Tenant {
                    organization,
                    roles,
                }),
            )
        });
        self.organizations.store(Arc::new(tenants.collect()));
        Ok(())
    }
}
