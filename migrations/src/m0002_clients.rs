//! Applications and what people allowed them.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{at, id, index, int, json, references, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            text("id"),
            id("organization_id").null(),
            json("metadata"),
            // Hashes of the secrets accepted now.
            json("secrets"),
            text("status"),
            text("managed_by").null(),
            int("version"),
            at("created_at"),
            at("updated_at"),
        ];
        let organization = references("organization_id", "organizations", "id");
        table(manager, "clients", &columns, &["id"], &[organization]).await?;
        index(manager, "clients", &["organization_id", "id"]).await?;
        let columns = [
            id("user_id"),
            text("client_id"),
            json("scopes"),
            at("granted_at"),
            at("updated_at"),
        ];
        let user = references("user_id", "users", "id");
        let client = references("client_id", "clients", "id");
        table(
            manager,
            "consents",
            &columns,
            &["user_id", "client_id"],
            &[user, client],
        )
        .await?;
        index(manager, "consents", &["client_id"]).await
    }
}
