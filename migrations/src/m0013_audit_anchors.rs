//! Where each chain of the audit log begins once its oldest records were removed, signed, and how what may be removed is found.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{at, bytes, index, int, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // `seq` and `hash` are those of the last record that was removed.
        let columns = [
            text("chain"),
            int("seq"),
            bytes("hash"),
            bytes("signature"),
            text("kid"),
            at("at"),
        ];
        table(manager, "audit_anchors", &columns, &["chain"], &[]).await?;
        index(manager, "audit_checkpoints", &["chain", "at"]).await
    }
}
