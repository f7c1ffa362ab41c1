//! Refresh-token families, values that work once, and revocations.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{at, bytes, id, index, int, json, references, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refresh_families(manager).await?;
        let columns = [
            text("kind"),
            text("tenant"),
            bytes("value_hash"),
            text("payload"),
            at("created_at"),
            at("expires_at"),
            at("used_at").null(),
        ];
        table(
            manager,
            "single_use",
            &columns,
            &["kind", "tenant", "value_hash"],
            &[],
        )
        .await?;
        index(manager, "single_use", &["expires_at"]).await?;
        revocations(manager).await
    }
}

async fn refresh_families(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("id"),
        text("client_id"),
        id("user_id"),
        id("session_id"),
        id("organization_id").null(),
        // The whole grant; what is searched for stands in columns too.
        json("granted"),
        int("status_index"),
        int("generation"),
        at("created_at"),
        at("rotated_at"),
        at("idle_expires_at"),
        at("expires_at"),
        at("revoked_at").null(),
        text("revoked_reason").null(),
    ];
    let keys = [
        references("user_id", "users", "id"),
        references("client_id", "clients", "id"),
    ];
    table(manager, "refresh_families", &columns, &["id"], &keys).await?;
    index(manager, "refresh_families", &["user_id", "revoked_at"]).await?;
    index(manager, "refresh_families", &["session_id"]).await?;
    index(manager, "refresh_families", &["client_id"]).await?;
    index(manager, "refresh_families", &["expires_at"]).await
}

async fn revocations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // A set bit of the status lists, forgotten after `until_at` when every token it speaks of has expired.
    let columns = [int("status_index"), at("revoked_at"), at("until_at")];
    table(
        manager,
        "revoked_statuses",
        &columns,
        &["status_index"],
        &[],
    )
    .await?;
    index(manager, "revoked_statuses", &["revoked_at"]).await?;
    index(manager, "revoked_statuses", &["until_at"]).await?;
    let columns = [bytes("jti_hash"), at("revoked_at"), at("expires_at")];
    table(manager, "revoked_tokens", &columns, &["jti_hash"], &[]).await?;
    index(manager, "revoked_tokens", &["revoked_at"]).await?;
    index(manager, "revoked_tokens", &["expires_at"]).await
}
