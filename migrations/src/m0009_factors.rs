//! Devices, passkeys' ids, and what an account is in the middle of.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{add_column, at, bytes, id, index, json, references, table, text, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "users", json("standing"), Some("{}")).await?;
        add_column(manager, "sessions", id("device_id").null(), None).await?;
        devices(manager).await?;
        // Credential ids are unique over all people (WebAuthn §7.1): what is found by the id leads to its owner.
        let columns = [
            bytes("id_hash"),
            id("credential_id"),
            id("user_id"),
            at("created_at"),
        ];
        let credential = references("credential_id", "credentials", "id");
        table(
            manager,
            "webauthn_ids",
            &columns,
            &["id_hash"],
            &[credential],
        )
        .await?;
        index(manager, "webauthn_ids", &["credential_id"]).await
    }
}

async fn devices(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("id"),
        id("user_id"),
        bytes("token_hash"),
        text("traits"),
        text("label").null(),
        at("first_seen_at"),
        at("last_seen_at"),
        text("address"),
        text("country").null(),
        text("user_agent"),
        at("trusted_until").null(),
        at("distrusted_at").null(),
    ];
    let user = references("user_id", "users", "id");
    table(manager, "devices", &columns, &["id"], &[user]).await?;
    unique(manager, "devices", &["token_hash"]).await?;
    index(manager, "devices", &["user_id", "last_seen_at"]).await?;
    index(manager, "devices", &["last_seen_at"]).await
}
