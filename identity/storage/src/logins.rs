//! Attempts to sign in.

use identity_domain::login::Login;
use identity_domain::{Fault, Id};

use crate::row::to_json;
use crate::store::Store;
use crate::value::args;
use crate::work::Work;

impl Store {
    /// The login with this id, whichever browser asks: the caller compares the binding.
    pub async fn login(&self, id: Id<Login>) -> Result<Option<Login>, Fault> {
        let sql = "SELECT id, browser_hash, state, created_at, expires_at, version FROM logins WHERE id = ?";
        self.first(sql, &args![id], |row| {
            Ok(Login {
                id: row.id(0)?,
                browser_hash: row.hash(1)?,
                state: row.json(2)?,
                created_at: row.at(3)?,
                expires_at: row.at(4)?,
                version: row.int(5)?,
            })
        })
        .await
    }
}

impl Work {
    /// Stores a login that begins.
    pub fn insert_login(self, login: &Login) -> Self {
        self.step(
            "INSERT INTO logins (id, browser_hash, state, created_at, expires_at, version) VALUES (?, ?, ?, ?, ?, ?)",
            args![login.id, login.browser_hash, to_json(&login.state), login.created_at, login.expires_at, login.version],
        )
    }

    /// Stores a login after a step. Guard `login`: the row still has the version that was read, so two tabs cannot both take
    /// a step; it is raised by one.
    pub fn advance_login(self, login: &Login) -> Self {
        self.guarded(
            "login",
            "UPDATE logins SET state = ?, expires_at = ?, version = version + 1 WHERE id = ? AND version = ?",
            args![to_json(&login.state), login.expires_at, login.id, login.version],
        )
    }
}
