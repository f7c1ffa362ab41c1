//! Keys: those that sign, those that authenticate our own tokens, those that seal.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{at, bytes, id, index, int, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            text("kid"),
            text("algorithm"),
            text("state"),
            bytes("private_sealed"),
            text("public_jwk"),
            at("created_at"),
            at("active_at").null(),
            at("retiring_at").null(),
            at("retired_at").null(),
            at("revoked_at").null(),
        ];
        table(manager, "signing_keys", &columns, &["kid"], &[]).await?;
        let columns = [
            text("kind"),
            int("number"),
            bytes("sealed"),
            at("created_at"),
        ];
        table(manager, "server_keys", &columns, &["kind", "number"], &[]).await?;
        let columns = [id("id"), bytes("wrapped"), at("created_at"), text("state")];
        table(manager, "data_keys", &columns, &["id"], &[]).await?;
        index(manager, "data_keys", &["state"]).await
    }
}
