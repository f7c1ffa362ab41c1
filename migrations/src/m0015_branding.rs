//! How pages look for an organization and for an application: JSON, its pictures in it.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{add_column, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "organizations", text("branding").null(), None).await?;
        add_column(manager, "clients", text("branding").null(), None).await
    }
}
