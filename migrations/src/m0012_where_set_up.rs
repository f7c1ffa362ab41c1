//! In which device a credential was set up: when its owner disowns the device, it goes too.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::schema::{add_column, id};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No reference: what was set up in a device that is forgotten was still set up there.
        add_column(manager, "credentials", id("device_id").null(), None).await
    }
}
