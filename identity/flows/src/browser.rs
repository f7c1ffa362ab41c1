//! What a browser brings along and takes away: opaque cookie values, never ids.

use std::sync::{Arc, Mutex, PoisonError};

use identity_domain::ports::Entropy;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::session::Session;

/// Most sessions one browser may hold side by side (the account chooser).
pub const MAX_SESSIONS: usize = 5;

/// Most people one browser is recognised for.
pub const MAX_DEVICES: usize = 5;

/// The cookies of a request, as values.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// Binds pending logins to the browser that began them; no privilege of its own.
    pub binding: Option<SecretString>,
    /// What it is recognised by, one secret for each person who signed in here, the newest first.
    pub devices: Vec<SecretString>,
    /// Session tokens, the current one first.
    pub sessions: Vec<SecretString>,
    /// The language that its pages are shown in, BCP 47.
    pub language: Option<String>,
    /// It was chosen by hand, and outweighs what an application asks for.
    pub chose_language: bool,
    /// What was seen of its sessions while its request was answered.
    pub sightings: Sightings,
}

/// The live sessions of a browser, the current one first, where a token of them must change; else nothing. Clones share one list: whoever
/// answers a request learns at its end what was found while it was answered.
#[derive(Clone, Debug, Default)]
pub struct Sightings(Arc<Mutex<Vec<Sighting>>>);

/// One live session of a browser.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// The token that was presented.
    pub token: SecretString,
    /// The session.
    pub session: Session,
    /// The token is the one before, on its way out.
    pub is_late: bool,
}

impl Sightings {
    /// Takes the place of what was seen before.
    pub fn note(&self, seen: Vec<Sighting>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }

    /// What was seen last.
    pub fn taken(&self) -> Vec<Sighting> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Browser {
    /// The hash pending logins are bound to.
    pub fn binding_hash(&self) -> Option<ValueHash> {
        self.binding.as_ref().map(SecretString::hash)
    }

    /// The binding there is, or a new one with the order to set it.
    pub fn bound(&self, entropy: &dyn Entropy) -> (ValueHash, Option<SecretString>) {
        if let Some(binding) = &self.binding {
            return (binding.hash(), None);
        }
        let binding = SecretString::random_token(entropy);
        (binding.hash(), Some(binding))
    }

    /// The devices with `secret` in front and the one it replaces taken out.
    pub fn devices_with(
        &self,
        secret: SecretString,
        replaces: impl Fn(&SecretString) -> bool,
    ) -> Vec<SecretString> {
        std::iter::once(secret)
            .chain(self.devices.iter().filter(|kept| !replaces(kept)).cloned())
            .take(MAX_DEVICES)
            .collect()
    }

    /// The session list with `token` in front and the tokens `dropped` taken out.
    pub fn sessions_with(&self, token: SecretString, dropped: &[ValueHash]) -> Vec<SecretString> {
        std::iter::once(token)
            .chain(
                self.sessions
                    .iter()
                    .filter(|kept| !dropped.contains(&kept.hash()))
                    .cloned(),
            )
            .take(MAX_SESSIONS)
            .collect()
    }

    /// The session list without the tokens `dropped`.
    pub fn sessions_without(&self, dropped: &[ValueHash]) -> Vec<SecretString> {
        self.sessions
            .iter()
            .filter(|kept| !dropped.contains(&kept.hash()))
            .cloned()
            .collect()
    }
}

/// Cookies an answer sets.
#[derive(Clone, Debug, Default)]
pub struct Cookies {
    /// A new binding, or the one there is with new devices.
    pub binding: Option<SecretString>,
    /// What the browser is recognised by from now on; goes with the binding.
    pub devices: Vec<SecretString>,
    /// The new list of session tokens, and whether the cookie outlives the browser window.
    pub sessions: Option<(Vec<SecretString>, Persistence)>,
}

/// How long the session cookie is kept by the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Until the browser is closed.
    Window,
    /// For this many seconds.
    Seconds(i64),
}
