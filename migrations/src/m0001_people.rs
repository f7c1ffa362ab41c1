//! Organizations, people, their credentials and memberships.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{at, bytes, id, index, int, json, references, table, text, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        organizations(manager).await?;
        users(manager).await
    }
}

async fn organizations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("id"),
        text("slug"),
        text("name"),
        text("status"),
        json("domains"),
        json("policy"),
        text("managed_by").null(),
        int("version"),
        at("created_at"),
        at("updated_at"),
    ];
    table(manager, "organizations", &columns, &["id"], &[]).await?;
    unique(manager, "organizations", &["slug"]).await?;
    let columns = [id("organization_id"), text("name"), json("permissions")];
    let owner = references("organization_id", "organizations", "id");
    table(
        manager,
        "roles",
        &columns,
        &["organization_id", "name"],
        &[owner],
    )
    .await
}

async fn users(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [
        id("id"),
        text("email"),
        text("email_key"),
        at("email_verified_at").null(),
        // A copy out of `profile` for search.
        text("name").null(),
        json("profile"),
        bytes("phone_sealed").null(),
        bytes("data_key_sealed"),
        text("status"),
        text("managed_by").null(),
        int("security_epoch"),
        int("version"),
        at("created_at"),
        at("updated_at"),
    ];
    table(manager, "users", &columns, &["id"], &[]).await?;
    unique(manager, "users", &["email_key"]).await?;
    let columns = [
        id("id"),
        id("user_id"),
        text("kind"),
        text("label"),
        bytes("data_sealed"),
        at("created_at"),
        at("last_used_at").null(),
        int("version"),
    ];
    let user = references("user_id", "users", "id");
    table(manager, "credentials", &columns, &["id"], &[user]).await?;
    unique(manager, "credentials", &["user_id", "kind", "label"]).await?;
    let columns = [
        id("user_id"),
        id("organization_id"),
        json("roles"),
        at("created_at"),
    ];
    let organization = references("organization_id", "organizations", "id");
    table(
        manager,
        "memberships",
        &columns,
        &["user_id", "organization_id"],
        &[user, organization],
    )
    .await?;
    index(manager, "memberships", &["organization_id", "user_id"]).await
}
