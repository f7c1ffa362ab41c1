//! What other nodes must notice: a note, written in the unit that changes something held as a snapshot, read by whoever
//! holds one. And numbers that are given out once.

use identity_domain::organization::Organization;
use identity_domain::user::User;
use identity_domain::{Fault, Id, Timestamp};

use crate::store::Store;
use crate::value::args;
use crate::work::Work;

/// Something held as a snapshot that was made, changed or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A client.
    Client(String),
    /// An organization or a role of it.
    Organization(Id<Organization>),
    /// A person or their memberships.
    User(Id<User>),
    /// Signing keys or refresh-token keys.
    Keys,
}

const CLIENT: &str = "client";
const ORGANIZATION: &str = "organization";
const USER: &str = "user";
const KEYS: &str = "keys";
/// Keys that seal; of interest inside this crate only.
const DATA_KEYS: &str = "data_keys";

impl Store {
    /// What changed at or after an instant. Units of other nodes become visible later than they are dated: ask with some
    /// overlap. Takes up data keys made by others on the way.
    pub async fn changes_since(&self, at: Timestamp) -> Result<Vec<Change>, Fault> {
        let notes = self
            .all(
                "SELECT topic, subject FROM changes WHERE at >= ?",
                &args![at],
                |row| Ok((row.text(0)?, row.text(1)?)),
            )
            .await?;
        let mut changes = Vec::with_capacity(notes.len());
        for (topic, subject) in notes {
            match topic.as_str() {
                CLIENT => changes.push(Change::Client(subject)),
                ORGANIZATION => changes.extend(subject.parse().map(Change::Organization)),
                USER => changes.extend(subject.parse().map(Change::User)),
                KEYS => changes.push(Change::Keys),
                DATA_KEYS => self.reload_keys().await?,
                // Of a newer binary that runs beside us.
                _ => {}
            }
        }
        Ok(changes)
    }

    /// Takes `count` numbers nobody else gets, for bits of the status list; answers the first of them.
    pub async fn allocate_status_indexes(&self, count: i64) -> Result<i64, Fault> {
        let sql = "INSERT INTO counters (name, value) VALUES ('status_index', ?1) \
                   ON CONFLICT (name) DO UPDATE SET value = counters.value + ?1 RETURNING value";
        let next = self
            .fetch(sql, args![count], |row| row.int(0))
            .await
            .map_err(Fault::from)?;
        next.first()
            .map(|end| end - count)
            .ok_or_else(|| Fault::new("no numbers were given out"))
    }
}

impl Work {
    pub(crate) fn announce_client(self, client_id: &str, now: Timestamp) -> Self {
        self.announce(CLIENT, client_id.to_owned(), now)
    }

    pub(crate) fn announce_organization(self, id: Id<Organization>, now: Timestamp) -> Self {
        self.announce(ORGANIZATION, id.to_string(), now)
    }

    pub(crate) fn announce_user(self, id: Id<User>, now: Timestamp) -> Self {
        self.announce(USER, id.to_string(), now)
    }

    pub(crate) fn announce_keys(self, now: Timestamp) -> Self {
        self.announce(KEYS, String::new(), now)
    }

    pub(crate) fn announce_data_keys(self, now: Timestamp) -> Self {
        self.announce(DATA_KEYS, String::new(), now)
    }

    fn announce(self, topic: &'static str, subject: String, now: Timestamp) -> Self {
        const NOTE: &str = "INSERT INTO changes (topic, subject, at) VALUES (?, ?, ?) \
                            ON CONFLICT (topic, subject) DO UPDATE SET at = excluded.at";
        let note = args![topic, subject, now];
        // PostgreSQL refuses to touch a row twice in one statement.
        if self
            .steps
            .iter()
            .any(|step| step.sql == NOTE && step.args == note)
        {
            self
        } else {
            self.step(NOTE, note)
        }
    }
}
