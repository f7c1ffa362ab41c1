//! Small facts that the instance keeps about itself, by name.

use identity_domain::Fault;

use crate::store::Store;
use crate::value::args;
use crate::work::Work;

impl Store {
    /// A fact, if it was ever written.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, Fault> {
        let sql = "SELECT value FROM settings WHERE key = ?";
        self.first(sql, &args![key], |row| row.text(0)).await
    }
}

impl Work {
    /// Writes a fact over what was known before.
    pub fn put_setting(self, key: &str, value: &str) -> Self {
        self.step(
            "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            args![key, value],
        )
    }
}
