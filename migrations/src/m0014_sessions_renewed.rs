//! Which sessions get a new token at their next use, because what their owner may do was changed, and when one got it.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{add_column, at};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_column(manager, "sessions", at("renewal_due_at").null(), None).await?;
        add_column(manager, "sessions", at("renewed_at").null(), None).await
    }
}
