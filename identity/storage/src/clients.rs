//! Clients. There are few and every request needs one, so flows hold all of them as a snapshot; the table is its source.

use identity_domain::client::{Client, ClientStatus};
use identity_domain::{Fault, Timestamp};

use crate::row::{Row, to_json};
use crate::store::Store;
use crate::value::args;
use crate::work::Work;

macro_rules! client_columns {
    () => {
        "id, organization_id, metadata, secrets, status, managed_by, version, created_at, updated_at, branding"
    };
}

impl Store {
    /// All clients, disabled ones too, for the snapshot.
    pub async fn all_clients(&self) -> Result<Vec<Client>, Fault> {
        self.all(
            concat!(
                "SELECT /* whole table */ ",
                client_columns!(),
                " FROM clients"
            ),
            &[],
            read_client,
        )
        .await
    }

    /// One client.
    pub async fn client(&self, client_id: &str) -> Result<Option<Client>, Fault> {
        self.first(
            concat!("SELECT ", client_columns!(), " FROM clients WHERE id = ?"),
            &args![client_id],
            read_client,
        )
        .await
    }
}

impl Work {
    /// Stores a new client. An id that is taken is [`crate::Lost::Conflict`] of `clients`.
    pub fn insert_client(self, client: &Client) -> Self {
        self.step(
            "INSERT INTO clients (id, organization_id, metadata, secrets, status, managed_by, version, created_at, updated_at, branding) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            args![
                client.client_id.as_str(),
                client.organization_id,
                to_json(&client.metadata),
                to_json(&client.secrets),
                client.status.as_str(),
                client.managed_by.as_ref(),
                client.version,
                client.created_at,
                client.updated_at,
                client.branding.as_ref().map(to_json),
            ],
        )
        .announce_client(&client.client_id, client.created_at)
    }

    /// Stores a changed client. Guard `client`: the row still has the version that was read; it is raised by one.
    pub fn update_client(self, client: &Client) -> Self {
        self.guarded(
            "client",
            "UPDATE clients SET organization_id = ?, metadata = ?, secrets = ?, status = ?, managed_by = ?, updated_at = ?, branding = ?, \
             version = version + 1 WHERE id = ? AND version = ?",
            args![
                client.organization_id,
                to_json(&client.metadata),
                to_json(&client.secrets),
                client.status.as_str(),
                client.managed_by.as_ref(),
                client.updated_at,
                client.branding.as_ref().map(to_json),
                client.client_id.as_str(),
                client.version,
            ],
        )
        .announce_client(&client.client_id, client.updated_at)
    }

    /// Removes a client with its consents and refresh families. Guard `client`.
    pub fn delete_client(self, client_id: &str, now: Timestamp) -> Self {
        self.guarded(
            "client",
            "DELETE FROM clients WHERE id = ?",
            args![client_id],
        )
        .announce_client(client_id, now)
    }
}

fn read_client(row: &Row<'_>) -> Result<Client, Fault> {
    Ok(Client {
        client_id: row.text(0)?,
        organization_id: row.id_or_null(1)?,
        metadata: row.json(2)?,
        secrets: row.json(3)?,
        status: ClientStatus::from_stored(&row.text(4)?),
        managed_by: row.text_or_null(5)?,
        version: row.int(6)?,
        created_at: row.at(7)?,
        updated_at: row.at(8)?,
        branding: row.json_or_null(9)?,
    })
}
