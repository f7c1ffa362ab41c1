//! Attempts to sign in and signed-in browsers.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{at, boolean, bytes, id, index, int, json, references, table, text, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            id("id"),
            bytes("browser_hash"),
            json("state"),
            at("created_at"),
            at("expires_at"),
            int("version"),
        ];
        table(manager, "logins", &columns, &["id"], &[]).await?;
        index(manager, "logins", &["expires_at"]).await?;
        sessions(manager).await
    }
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("id"),
        id("user_id"),
        bytes("token_hash"),
        at("auth_time"),
        text("acr"),
        json("amr"),
        boolean("remember"),
        at("created_at"),
        at("last_seen_at"),
        at("idle_expires_at"),
        at("expires_at"),
        text("address"),
        text("user_agent"),
        at("ended_at").null(),
        text("ended_reason").null(),
        int("security_epoch"),
    ];
    let user = references("user_id", "users", "id");
    table(manager, "sessions", &columns, &["id"], &[user]).await?;
    unique(manager, "sessions", &["token_hash"]).await?;
    index(manager, "sessions", &["user_id", "ended_at"]).await?;
    index(manager, "sessions", &["expires_at"]).await?;
    let columns = [
        id("session_id"),
        text("client_id"),
        at("first_at"),
        at("last_at"),
    ];
    let session = references("session_id", "sessions", "id");
    table(
        manager,
        "session_clients",
        &columns,
        &["session_id", "client_id"],
        &[session],
    )
    .await
}
