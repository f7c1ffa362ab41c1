//! What happened, chained so that gaps show.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{at, bytes, id, index, int, json, table, text, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            id("id"),
            id("organization_id").null(),
            at("at"),
            text("action"),
            text("actor"),
            text("target"),
            text("result"),
            text("address"),
            text("user_agent"),
            text("request_id"),
            json("data"),
            // Given by the sealer shortly after: the place in the organization's chain.
            int("seal_seq").null(),
            bytes("prev_hash").null(),
            bytes("hash").null(),
        ];
        // No foreign keys: a record outlives what it speaks of.
        table(manager, "audit", &columns, &["id"], &[]).await?;
        unique(manager, "audit", &["organization_id", "seal_seq"]).await?;
        index(manager, "audit", &["seal_seq"]).await?;
        index(manager, "audit", &["organization_id", "id"]).await?;
        // `chain` is the organization's id as text, or empty for the instance.
        let columns = [text("chain"), int("seq"), bytes("hash")];
        table(manager, "audit_chains", &columns, &["chain"], &[]).await?;
        let columns = [
            text("chain"),
            int("seq"),
            bytes("hash"),
            bytes("signature"),
            text("kid"),
            at("at"),
        ];
        table(
            manager,
            "audit_checkpoints",
            &columns,
            &["chain", "seq"],
            &[],
        )
        .await
    }
}
