use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::ColumnType;

use super::fixture::{Counting, Fixture, MASTER, postgres_url, sqlite_url};
use super::on_both;
use crate::entity::{Described, described};
use crate::value::args;

type Columns = BTreeMap<String, (String, bool)>;

fn expected(column: &Described, shared: bool) -> (String, bool) {
    let kind = match (&column.kind, shared) {
        (ColumnType::Uuid, true) => "uuid",
        (ColumnType::Uuid, false) => "blob(16)",
        (ColumnType::BigInteger, true) => "bigint",
        (ColumnType::BigInteger, false) => "integer",
        (ColumnType::Boolean, _) => "boolean",
        (ColumnType::String(_) | ColumnType::Text, _) => "text",
        (ColumnType::VarBinary(_) | ColumnType::Blob | ColumnType::Binary(_), true) => "bytea",
        (ColumnType::VarBinary(_) | ColumnType::Blob | ColumnType::Binary(_), false) => "blob",
        (other, _) => panic!("{}: {other:?} has no counterpart", column.name),
    };
    (kind.to_owned(), column.nullable)
}

async fn actual(fixture: &Fixture) -> BTreeMap<String, Columns> {
    let sql = if fixture.store.is_shared() {
        "SELECT table_name::text, column_name::text, data_type::text, CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END::bigint \
         FROM information_schema.columns WHERE table_schema = current_schema()"
    } else {
        "SELECT /* whole table */ t.name, c.name, lower(c.type), 1 - c.\"notnull\" FROM sqlite_master t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
    };
    let rows = fixture
        .store
        .all(sql, &[], |row| {
            Ok((row.text(0)?, row.text(1)?, row.text(2)?, row.int(3)? == 1))
        })
        .await
        .unwrap();
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    for (table, column, kind, nullable) in rows {
        tables
            .entry(table)
            .or_default()
            .insert(column, (kind, nullable));
    }
    tables.remove("seaql_migrations");
    tables
}

async fn primary_key(fixture: &Fixture, table: &str) -> Vec<String> {
    let sql = if fixture.store.is_shared() {
        "SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) \
         WHERE i.indisprimary AND i.indrelid = (quote_ident(?))::regclass"
    } else {
        "SELECT /* whole table */ name FROM pragma_table_info(?) WHERE pk > 0"
    };
    let mut key = fixture
        .store
        .all(sql, &args![table], |row| row.text(0))
        .await
        .unwrap();
    key.sort_unstable();
    key
}

on_both! {
    async fn ops_06_the_schema_is_what_the_entities_say(fixture: Fixture) {
        let mut tables = actual(&fixture).await;
        for (table, columns) in described() {
            let found = tables.remove(table).unwrap_or_else(|| panic!("there is no table {table}"));
            let shared = fixture.store.is_shared();
            let wanted: Columns = columns.iter().map(|column| (column.name.to_owned(), expected(column, shared))).collect();
            assert_eq!(found, wanted, "{table}");
            let mut key: Vec<_> = columns.iter().filter(|column| column.key).map(|column| column.name.to_owned()).collect();
            key.sort_unstable();
            assert_eq!(primary_key(&fixture, table).await, key, "primary key of {table}");
        }
        assert!(tables.is_empty(), "tables without an entity: {:?}", tables.keys());
    }
}

/// Eight nodes start on an empty database at once.
async fn start_together(url: String) {
    let mut nodes = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let url = url.clone();
        nodes.spawn(async move {
            let entropy = Arc::new(Counting::default());
            crate::Store::open(&url, Fixture::options(MASTER, entropy))
                .await
                .unwrap()
        });
    }
    let nodes = nodes.join_all().await;
    let active: Vec<_> = nodes.iter().map(|node| node.envelope().active()).collect();
    assert!(
        active.iter().all(|key| *key == active[0]),
        "all seal under the same key"
    );
    for node in nodes {
        node.ping().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ops_06_nodes_that_start_together_migrate_once_on_sqlite() {
    let (url, _directory) = sqlite_url();
    start_together(url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ops_06_nodes_that_start_together_migrate_once_on_postgres() {
    if let Some(url) = postgres_url().await {
        start_together(url).await;
    }
}

#[test]
fn there_is_one_sqlite_in_the_process() {
    // Two copies in one process break each other's file locks: closing a file of one drops the other's.
    let lock =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock")).unwrap();
    assert_eq!(lock.matches("name = \"libsqlite3-sys\"").count(), 1);
}
