//! Lists for administration, in pages by key: no page is larger than [`LARGEST_PAGE`], none is found by counting rows.

use identity_domain::client::Client;
use identity_domain::email::{EmailAddress, EmailKey};
use identity_domain::membership::Membership;
use identity_domain::organization::Organization;
use identity_domain::user::{User, UserStatus};
use identity_domain::{Fault, Id, Timestamp};
use sea_orm::sea_query::{Condition, LikeExpr, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use crate::entity::{clients, memberships, users};
use crate::orm::fault;
use crate::store::Store;

/// Most rows of a page.
pub const LARGEST_PAGE: u64 = 200;

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest<K = Uuid> {
    /// The [`Page::next`] of the page before; `None` for the first.
    pub after: Option<K>,
    /// How many rows; capped at [`LARGEST_PAGE`], 0 means that many.
    pub limit: u64,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, K = Uuid> {
    /// Its rows.
    pub items: Vec<T>,
    /// Asks for the page after, if there is one.
    pub next: Option<K>,
}

/// Which people; everything given must hold.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Start of the address or of the name, in any case.
    pub search: Option<String>,
    /// Members of this organization only. A tenant's own administration always gives it.
    pub organization: Option<Id<Organization>>,
    /// In this state only.
    pub status: Option<UserStatus>,
}

impl<K> PageRequest<K> {
    pub(crate) fn limit(&self) -> u64 {
        if self.limit == 0 {
            LARGEST_PAGE
        } else {
            self.limit.min(LARGEST_PAGE)
        }
    }
}

/// Cuts the row that was read too many, which says whether there is a next page.
pub(crate) fn page<T, K>(mut rows: Vec<T>, limit: u64, key: impl Fn(&T) -> K) -> Page<T, K> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(key);
    Page { items: rows, next }
}

impl Store {
    /// People in the order in which they came.
    pub async fn list_users(
        &self,
        filter: &UserFilter,
        request: &PageRequest,
    ) -> Result<Page<User>, Fault> {
        list_users(self.orm(), filter, request).await
    }

    /// The members of an organization with their places, in the order in which the people came.
    pub async fn list_members(
        &self,
        organization: Id<Organization>,
        request: &PageRequest,
    ) -> Result<Page<(User, Membership)>, Fault> {
        let mut query = memberships::Entity::find()
            .filter(memberships::Column::OrganizationId.eq(organization.uuid()));
        if let Some(after) = request.after {
            query = query.filter(memberships::Column::UserId.gt(after));
        }
        let rows = query
            .order_by_asc(memberships::Column::UserId)
            .limit(request.limit() + 1)
            .all(self.orm())
            .await
            .map_err(|e| fault(&e))?;
        let page = page(rows, request.limit(), |row| row.user_id);
        let ids = page.items.iter().map(|row| row.user_id);
        let people = users::Entity::find()
            .filter(users::Column::Id.is_in(ids))
            .all(self.orm())
            .await
            .map_err(|e| fault(&e))?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items {
            // Somebody removed between the two reads is no member any more.
            let Some(person) = people.iter().find(|person| person.id == row.user_id) else {
                continue;
            };
            items.push((user(person.clone())?, membership(&row)?));
        }
        Ok(Page {
            items,
            next: page.next,
        })
    }

    /// Clients in the order of their ids; with an organization, its own only.
    pub async fn list_clients(
        &self,
        organization: Option<Id<Organization>>,
        request: &PageRequest<String>,
    ) -> Result<Page<Client, String>, Fault> {
        let mut query = clients::Entity::find();
        if let Some(organization) = organization {
            query = query.filter(clients::Column::OrganizationId.eq(organization.uuid()));
        }
        if let Some(after) = &request.after {
            query = query.filter(clients::Column::Id.gt(after.as_str()));
        }
        let rows = query
            .order_by_asc(clients::Column::Id)
            .limit(request.limit() + 1)
            .all(self.orm())
            .await
            .map_err(|e| fault(&e))?;
        let page = page(rows, request.limit(), |row| row.id.clone());
        Ok(Page {
            items: page
                .items
                .into_iter()
                .map(client)
                .collect::<Result<_, _>>()?,
            next: page.next,
        })
    }
}

pub(crate) async fn list_users<C: ConnectionTrait>(
    database: &C,
    filter: &UserFilter,
    request: &PageRequest,
) -> Result<Page<User>, Fault> {
    let mut query = users::Entity::find();
    if let Some(search) = &filter.search {
        let starts = |text: &str| {
            LikeExpr::new(format!(
                "{}%",
                text.replace('\\', "\\\\")
                    .replace('%', "\\%")
                    .replace('_', "\\_")
            ))
            .escape('\\')
        };
        let key = EmailKey::of(search);
        query = query.filter(
            Condition::any()
                .add(users::Column::EmailKey.like(starts(key.as_str())))
                .add(users::Column::Name.like(starts(search.trim()))),
        );
    }
    if let Some(organization) = filter.organization {
        let mut members = Query::select();
        members
            .column(memberships::Column::UserId)
            .from(memberships::Entity)
            .and_where(memberships::Column::OrganizationId.eq(organization.uuid()));
        query = query.filter(users::Column::Id.in_subquery(members));
    }
    if let Some(status) = filter.status {
        query = query.filter(users::Column::Status.eq(status.as_str()));
    }
    if let Some(after) = request.after {
        query = query.filter(users::Column::Id.gt(after));
    }
    let rows = query
        .order_by_asc(users::Column::Id)
        .limit(request.limit() + 1)
        .all(database)
        .await
        .map_err(|e| fault(&e))?;
    let page = page(rows, request.limit(), |row| row.id);
    Ok(Page {
        items: page.items.into_iter().map(user).collect::<Result<_, _>>()?,
        next: page.next,
    })
}

pub(crate) fn user(row: users::Model) -> Result<User, Fault> {
    Ok(User {
        id: Id::from_uuid(row.id),
        email: EmailAddress::parse(&row.email)
            .map_err(|e| Fault::new(format_args!("a stored address: {e}")))?,
        email_verified_at: row.email_verified_at.map(Timestamp),
        profile: serde_json::from_str(&row.profile).map_err(|_| unreadable("profile"))?,
        status: UserStatus::from_stored(&row.status),
        managed_by: row.managed_by,
        security_epoch: row.security_epoch,
        version: row.version,
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
        standing: serde_json::from_str(&row.standing).map_err(|_| unreadable("standing"))?,
        language: row.language,
    })
}

fn membership(row: &memberships::Model) -> Result<Membership, Fault> {
    Ok(Membership {
        user_id: Id::from_uuid(row.user_id),
        organization_id: Id::from_uuid(row.organization_id),
        roles: serde_json::from_str(&row.roles).map_err(|_| unreadable("roles"))?,
        created_at: Timestamp(row.created_at),
    })
}

fn client(row: clients::Model) -> Result<Client, Fault> {
    Ok(Client {
        client_id: row.id,
        organization_id: row.organization_id.map(Id::from_uuid),
        metadata: serde_json::from_str(&row.metadata).map_err(|_| unreadable("metadata"))?,
        secrets: serde_json::from_str(&row.secrets).map_err(|_| unreadable("secrets"))?,
        branding: row
            .branding
            .map(|text| serde_json::from_str(&text).map_err(|_| unreadable("branding")))
            .transpose()?,
        status: identity_domain::client::ClientStatus::from_stored(&row.status),
        managed_by: row.managed_by,
        version: row.version,
        created_at: Timestamp(row.created_at),
        updated_at: Timestamp(row.updated_at),
    })
}

fn unreadable(column: &str) -> Fault {
    Fault::new(format_args!("the stored column `{column}` cannot be read"))
}
