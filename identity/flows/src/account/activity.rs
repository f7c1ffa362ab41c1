//! What happened in an account, as its owner sees it.

use identity_domain::failure::Fault;
use identity_domain::time::{Duration, Timestamp};
use identity_storage::AuditRow;
use uuid::Uuid;

use crate::env::Env;
use crate::session::LiveSession;

/// How far back the list goes (H-52).
pub const SHOWN_FOR: Duration = Duration::days(90);
/// Entries of one page.
pub const PAGE: usize = 50;
/// Most entries of one download.
const DOWNLOAD: usize = 10_000;

/// Which entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Signing in and out.
    SignIns,
    /// What was refused.
    Refused,
    /// Changes of how the person signs in, of the profile and of what applications may.
    Changes,
}

impl Kind {
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Refused => "refused",
            Self::Changes => "changes",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::SignIns, Self::Refused, Self::Changes]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    fn holds(self, row: &AuditRow) -> bool {
        let is_sign_in = row.action.starts_with("session.");
        match self {
            Self::SignIns => is_sign_in && row.result == "ok",
            Self::Refused => row.result != "ok",
            Self::Changes => !is_sign_in && row.result == "ok",
        }
    }
}

/// One page of the list.
pub struct Entries {
    /// The newest first.
    pub rows: Vec<AuditRow>,
    /// Asks for the page after.
    pub next: Option<Uuid>,
}

/// What a page asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Of one kind only.
    pub kind: Option<Kind>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// After this entry of the page before.
    pub before: Option<Uuid>,
}

/// One page of the person's own activity.
pub async fn list(env: &Env, here: &LiveSession, asked: Asked) -> Result<Entries, Fault> {
    let oldest = env.now() - SHOWN_FOR;
    let since = asked.since.map_or(oldest, |since| since.max(oldest));
    let mut rows: Vec<AuditRow> = Vec::new();
    let mut before = asked.before;
    // A kind that is rare is looked for through a few pages, not through the whole log.
    for _ in 0..8 {
        let found = env
            .store
            .activity_of(here.user.id, since, before, PAGE * 2)
            .await?;
        let is_last = found.len() < PAGE * 2;
        before = found.last().map(|row| row.id);
        rows.extend(found.into_iter().filter(|row| is_shown(row, asked.kind)));
        if is_last || rows.len() > PAGE {
            before = before.filter(|_| !is_last);
            break;
        }
    }
    let next = if rows.len() > PAGE {
        rows.truncate(PAGE);
        rows.last().map(|row| row.id)
    } else {
        before
    };
    Ok(Entries { rows, next })
}

/// One entry of the person's own activity, as far back as the list goes.
pub async fn entry(env: &Env, here: &LiveSession, id: Uuid) -> Result<Option<AuditRow>, Fault> {
    let since = env.now() - SHOWN_FOR;
    let after = Uuid::from_u128(id.as_u128().saturating_add(1));
    let found = env.store.activity_of(here.user.id, since, Some(after), 1);
    let mut rows = found.await?.into_iter();
    Ok(rows.find(|row| row.id == id && is_shown(row, None)))
}

/// Everything of the last [`SHOWN_FOR`], for the download.
pub async fn all(env: &Env, here: &LiveSession) -> Result<Vec<AuditRow>, Fault> {
    let since = env.now() - SHOWN_FOR;
    let mut rows = env
        .store
        .activity_of(here.user.id, since, None, DOWNLOAD)
        .await?;
    rows.retain(|row| is_shown(row, None));
    Ok(rows)
}

/// What machines did on the way says nothing to a person.
fn is_shown(row: &AuditRow, kind: Option<Kind>) -> bool {
    let is_noise = row.action == "user.change_password" && row.data.contains("rehashed");
    !is_noise && kind.is_none_or(|kind| kind.holds(row))
}
