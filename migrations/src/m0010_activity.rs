//! What a person did and what was done to their account, found without reading the whole log.

use sea_orm_migration::prelude::{
    ConnectionTrait, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Partial, so that tokens and refreshes, which are most of the log, are not written twice.
        let indexes = "CREATE INDEX IF NOT EXISTS audit_about_user ON audit (target, id) \
                       WHERE target >= 'user:' AND target < 'user;'; \
                       CREATE INDEX IF NOT EXISTS audit_consents ON audit (actor, id) \
                       WHERE action >= 'consent.' AND action < 'consent/'";
        manager
            .get_connection()
            .execute_unprepared(indexes)
            .await
            .map(drop)
    }
}
