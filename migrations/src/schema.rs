//! The words in which the changes are written, so that every file means the same on both databases: identifiers are `uuid`
//! on PostgreSQL and 16 bytes on SQLite, instants and numbers are 64 bits, JSON is text.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, ColumnType, DbErr, ForeignKey, ForeignKeyAction, Index, SchemaManager,
    StringLen, Table,
};
use sea_orm_migration::sea_orm::DbBackend;

/// What a column holds.
#[derive(Clone, Copy)]
enum Kind {
    Id,
    Int,
    Bool,
    Text,
    Bytes,
}

/// One column of a new table; not null unless said.
#[derive(Clone, Copy)]
pub struct Column {
    name: &'static str,
    kind: Kind,
    nullable: bool,
}

impl Column {
    /// The column may be empty.
    #[must_use]
    pub const fn null(self) -> Self {
        Self {
            nullable: true,
            ..self
        }
    }
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        nullable: false,
    }
}

/// A UUID.
pub const fn id(name: &'static str) -> Column {
    column(name, Kind::Id)
}

/// A whole number.
pub const fn int(name: &'static str) -> Column {
    column(name, Kind::Int)
}

/// An instant in milliseconds since the Unix epoch.
pub const fn at(name: &'static str) -> Column {
    column(name, Kind::Int)
}

/// Yes or no.
pub const fn boolean(name: &'static str) -> Column {
    column(name, Kind::Bool)
}

/// A text.
pub const fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}

/// A JSON document, stored as text on both databases so that hashes over it are the same on both.
pub const fn json(name: &'static str) -> Column {
    column(name, Kind::Text)
}

/// Bytes: a hash, a sealed value.
pub const fn bytes(name: &'static str) -> Column {
    column(name, Kind::Bytes)
}

/// A reference to another table's column.
#[derive(Clone, Copy)]
pub struct References {
    column: &'static str,
    table: &'static str,
    target: &'static str,
}

/// `column` refers to `table.target`; the row goes with the row it refers to.
pub const fn references(
    column: &'static str,
    table: &'static str,
    target: &'static str,
) -> References {
    References {
        column,
        table,
        target,
    }
}

fn build(backend: DbBackend, column: Column) -> ColumnDef {
    let kind = match (column.kind, backend) {
        (Kind::Id, DbBackend::Postgres) => ColumnType::Uuid,
        (Kind::Id, _) => ColumnType::Binary(16),
        (Kind::Int, _) => ColumnType::BigInteger,
        (Kind::Bool, _) => ColumnType::Boolean,
        (Kind::Text, _) => ColumnType::Text,
        (Kind::Bytes, DbBackend::Postgres) => ColumnType::VarBinary(StringLen::None),
        (Kind::Bytes, _) => ColumnType::Blob,
    };
    let mut def = ColumnDef::new_with_type(Alias::new(column.name), kind);
    if column.nullable {
        def.null();
    } else {
        def.not_null();
    }
    def
}

/// Creates a table unless it is there, so that an interrupted step can be repeated.
pub async fn table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    columns: &[Column],
    primary_key: &[&'static str],
    foreign_keys: &[References],
) -> Result<(), DbErr> {
    let mut table = Table::create();
    table.table(Alias::new(name)).if_not_exists();
    for column in columns {
        table.col(build(manager.get_database_backend(), *column));
    }
    let mut key = Index::create();
    for column in primary_key {
        key.col(Alias::new(*column));
    }
    table.primary_key(&mut key);
    for reference in foreign_keys {
        table.foreign_key(
            ForeignKey::create()
                .from(Alias::new(name), Alias::new(reference.column))
                .to(Alias::new(reference.table), Alias::new(reference.target))
                .on_delete(ForeignKeyAction::Cascade),
        );
    }
    manager.create_table(table).await
}

/// Adds a column to a table unless it is there. `default` fills the rows that exist, as SQL.
pub async fn add_column(
    manager: &SchemaManager<'_>,
    name: &'static str,
    column: Column,
    default: Option<&'static str>,
) -> Result<(), DbErr> {
    if manager.has_column(name, column.name).await? {
        return Ok(());
    }
    let mut def = build(manager.get_database_backend(), column);
    if let Some(default) = default {
        def.default(default);
    }
    let mut alter = Table::alter();
    alter.table(Alias::new(name)).add_column(&mut def);
    manager.alter_table(alter).await
}

/// Creates an index `table_columns…` unless it is there.
pub async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    build_index(manager, table, columns, false).await
}

/// Creates a unique index `table_columns…` unless it is there.
pub async fn unique(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    build_index(manager, table, columns, true).await
}

async fn build_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index
        .name(format!("{table}_{}", columns.join("_")))
        .table(Alias::new(table))
        .if_not_exists();
    for column in columns {
        index.col(Alias::new(*column));
    }
    if unique {
        index.unique();
    }
    manager.create_index(index).await
}
