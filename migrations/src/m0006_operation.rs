//! What keeps the machine running: jobs, budgets, settings, and what other nodes must notice.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use sea_orm_migration::sea_orm::DbBackend;

use crate::schema::{at, bytes, id, index, int, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            id("id"),
            text("kind"),
            bytes("payload_sealed"),
            at("run_at"),
            int("attempts"),
            text("lease_owner").null(),
            at("lease_until").null(),
            text("state"),
            text("last_error").null(),
            at("created_at"),
        ];
        table(manager, "jobs", &columns, &["id"], &[]).await?;
        index(manager, "jobs", &["state", "run_at"]).await?;
        let columns = [bytes("key_hash"), int("count"), at("last_at")];
        table(manager, "budgets", &columns, &["key_hash"], &[]).await?;
        index(manager, "budgets", &["last_at"]).await?;
        table(
            manager,
            "settings",
            &[text("key"), text("value")],
            &["key"],
            &[],
        )
        .await?;
        // The last change of each thing that nodes hold as a snapshot.
        table(
            manager,
            "changes",
            &[text("topic"), text("subject"), at("at")],
            &["topic", "subject"],
            &[],
        )
        .await?;
        index(manager, "changes", &["at"]).await?;
        // Numbers given out once.
        table(
            manager,
            "counters",
            &[text("name"), int("value")],
            &["name"],
            &[],
        )
        .await?;
        guard_function(manager).await
    }
}

/// A unit of work is one statement on PostgreSQL; a guard that matched no row raises this error inside it, so that the
/// statement takes itself back. SQLite judges each step by its affected rows and needs no such function.
async fn guard_function(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let function = "CREATE OR REPLACE FUNCTION identity_lost(guard text) RETURNS bigint LANGUAGE plpgsql AS $$ \
                    BEGIN RAISE EXCEPTION USING ERRCODE = 'ID001', MESSAGE = guard; END $$";
    manager
        .get_connection()
        .execute_unprepared(function)
        .await
        .map(drop)
}
