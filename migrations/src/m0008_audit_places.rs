//! Fewer indexes on the audit log, which every unit writes: what waits for its place is found by a small one that holds nothing else,
//! and a place is indexed when it is given.

use sea_orm_migration::prelude::{
    ConnectionTrait as _, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements = [
            "DROP INDEX IF EXISTS audit_seal_seq",
            "DROP INDEX IF EXISTS audit_organization_id_seal_seq",
            // The first column is always empty; it makes a search of what would be a walk through the index.
            "CREATE INDEX IF NOT EXISTS audit_unsealed ON audit (seal_seq, organization_id, id) WHERE seal_seq IS NULL",
            "CREATE UNIQUE INDEX IF NOT EXISTS audit_places ON audit (organization_id, seal_seq) WHERE seal_seq IS NOT NULL",
        ];
        for statement in statements {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
        Ok(())
    }
}
