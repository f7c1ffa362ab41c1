//! The same unit and the same read as sea-orm does them: entities in a transaction.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectOptions, ConnectionTrait, Database,
    DatabaseConnection, EntityTrait as _, QueryFilter as _, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use uuid::Uuid;

use super::Operation;
use super::filled::{Counting, Filled, NOW, record};
use crate::failure::{During as _, Failure, Outcome};

mod families {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refresh_families")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub client_id: String,
        pub user_id: Uuid,
        pub session_id: Uuid,
        pub organization_id: Option<Uuid>,
        pub granted: String,
        pub status_index: i64,
        pub generation: i64,
        pub created_at: i64,
        pub rotated_at: i64,
        pub idle_expires_at: i64,
        pub expires_at: i64,
        pub revoked_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod audit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organization_id: Option<Uuid>,
        pub at: i64,
        pub action: String,
        pub actor: String,
        pub target: String,
        pub result: String,
        pub address: String,
        pub user_agent: String,
        pub request_id: String,
        pub data: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A filled database behind sea-orm.
pub struct Orm {
    connection: DatabaseConnection,
    entropy: Counting,
    families: Vec<Uuid>,
}

impl Orm {
    /// Opens a fresh database, filled by the storage, then left to the ORM.
    pub async fn open(url: &str, families: usize) -> Outcome<Self> {
        let families = Filled::open(url, families)
            .await?
            .families
            .iter()
            .map(|id| id.uuid())
            .collect();
        let mut options = ConnectOptions::new(url);
        // SQLite has one writer, so more connections would only wait for one another; the durability is the same as ours.
        options
            .max_connections(if url.starts_with("sqlite") { 1 } else { 8 })
            .acquire_timeout(Duration::from_secs(30))
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|options| {
                options
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
            });
        let connection = Database::connect(options)
            .await
            .during("connecting sea-orm")?;
        Ok(Self {
            connection,
            entropy: Counting::default(),
            families,
        })
    }

    pub(super) async fn act(&self, task: usize, operation: Operation) -> Outcome<()> {
        let id = *self.families.get(task).during("no such task")?;
        match operation {
            Operation::Read => read(&self.connection, id).await.map(drop),
            Operation::Unit => self.unit(id).await,
        }
    }

    async fn unit(&self, id: Uuid) -> Outcome<()> {
        let mode = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self
            .connection
            .begin_with_options(mode)
            .await
            .during("beginning")?;
        let family = read(&transaction, id).await?;
        let changed = families::Entity::update_many()
            .set(families::ActiveModel {
                generation: Set(family.generation + 1),
                rotated_at: Set(NOW.0),
                idle_expires_at: Set(family.idle_expires_at),
                ..Default::default()
            })
            .filter(families::Column::Id.eq(id))
            .filter(families::Column::Generation.eq(family.generation))
            .filter(families::Column::RevokedAt.is_null())
            .exec(&transaction)
            .await
            .during("updating")?;
        if changed.rows_affected != 1 {
            return Err(Failure::new("somebody else rotated"));
        }
        audit::Entity::insert(self.row(&family))
            .exec_without_returning(&transaction)
            .await
            .during("inserting")?;
        transaction.commit().await.during("committing")
    }

    fn row(&self, family: &families::Model) -> audit::ActiveModel {
        let record = record(
            &self.entropy,
            identity_domain::Id::from_uuid(family.user_id),
            identity_domain::Id::from_uuid(family.id),
            family.generation,
        );
        // Made like ours, so that the documents cost both sides the same.
        let data = serde_json::json!({"client": "app", "family": family.id.to_string(), "generation": family.generation}).to_string();
        audit::ActiveModel {
            id: Set(record.id.uuid()),
            organization_id: Set(None),
            at: Set(NOW.0),
            action: Set("token.refreshed".to_owned()),
            actor: Set(format!("user:{}", family.user_id)),
            target: Set(family.user_id.to_string()),
            result: Set("ok".to_owned()),
            address: Set(record.context.address),
            user_agent: Set(record.context.user_agent),
            request_id: Set(record.context.request_id),
            data: Set(data),
        }
    }
}

async fn read(connection: &impl ConnectionTrait, id: Uuid) -> Outcome<families::Model> {
    families::Entity::find_by_id(id)
        .one(connection)
        .await
        .during("reading")?
        .during("the family is gone")
}
