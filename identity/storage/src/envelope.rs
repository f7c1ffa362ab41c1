//! Envelope encryption of cells: a master key that is not in the database wraps data keys that are; a data key seals cells and
//! people's own keys; a person's own key seals what is theirs, so that erasing it erases them.
//!
//! AES-256-GCM throughout. Every sealed value is bound to its cell (table, column, row, tenant) as additional data, so that
//! it cannot be moved to another one. The key that sealed it is named in the value. All randomness comes from the injected
//! [`Entropy`]. Start reading at [`Envelope::seal`].

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use identity_domain::Fault;
use identity_domain::ports::Entropy;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Sealed under a data key, which is named in the next 16 bytes.
const UNDER_DATA_KEY: u8 = 1;
/// Sealed under the own key of the person whose row it is.
const UNDER_USER_KEY: u8 = 2;
/// Sealed under the master key.
const UNDER_MASTER_KEY: u8 = 3;

/// The key-encryption key: 32 bytes that never are in the database.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Takes the 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn cipher(&self) -> Result<Cipher, Fault> {
        Cipher::new(self.0.as_slice())
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// The cell a sealed value belongs to; anywhere else it cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place(Vec<u8>);

impl Place {
    /// `row` is the row's primary key, `tenant` the organization, person or client it belongs to.
    pub fn new(table: &str, column: &str, row: &[u8], tenant: &[u8]) -> Self {
        let mut aad =
            Vec::with_capacity(table.len() + column.len() + row.len() + tenant.len() + 16);
        for part in [table.as_bytes(), column.as_bytes(), row, tenant] {
            // Lengths in front, so that no two places read the same.
            aad.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            aad.extend_from_slice(part);
        }
        Self(aad)
    }
}

/// One AES-256-GCM key.
pub(crate) struct Cipher(LessSafeKey);

impl Cipher {
    pub fn new(key: &[u8]) -> Result<Self, Fault> {
        let key = UnboundKey::new(&AES_256_GCM, key)
            .map_err(|_| Fault::new("an AES-256 key has 32 bytes"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    fn seal(
        &self,
        mut out: Vec<u8>,
        entropy: &dyn Entropy,
        place: &Place,
        plain: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        let mut nonce = [0_u8; NONCE_LEN];
        entropy.fill(&mut nonce);
        out.extend_from_slice(&nonce);
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(&place.0),
                &mut sealed,
            )
            .map_err(|_| Fault::new("a value is too long to seal"))?;
        out.append(&mut sealed);
        Ok(out)
    }

    fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
        let mut plain = Zeroizing::new(text.to_vec());
        let length = self
            .0
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(&place.0),
                &mut plain,
            )
            .map_err(|_| broken())?
            .len();
        plain.truncate(length);
        Ok(plain)
    }

    /// Seals under the master key.
    pub fn wrap(
        &self,
        entropy: &dyn Entropy,
        place: &Place,
        plain: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        self.seal(vec![UNDER_MASTER_KEY], entropy, place, plain)
    }

    /// Opens what [`Self::wrap`] made.
    pub fn unwrap(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        match sealed.split_first() {
            Some((&UNDER_MASTER_KEY, rest)) => self.open(place, rest),
            _ => Err(broken()),
        }
    }
}

fn broken() -> Fault {
    Fault::new(
        "a sealed value does not open: it was changed, moved to another cell, or sealed under another key",
    )
}

/// The data keys in use.
pub(crate) struct DataKeys {
    pub active: Uuid,
    pub all: HashMap<Uuid, Arc<Cipher>>,
}

/// Seals and opens cells.
pub(crate) struct Envelope {
    keys: ArcSwap<DataKeys>,
    /// A value named a key we do not hold: another node made one since, so the keys are to be read again.
    stale: AtomicBool,
    master: Cipher,
    entropy: Arc<dyn Entropy>,
}

impl Envelope {
    pub fn new(keys: DataKeys, master: Cipher, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            keys: ArcSwap::from_pointee(keys),
            stale: AtomicBool::new(false),
            master,
            entropy,
        }
    }

    /// The master key, for wrapping data keys.
    pub fn master(&self) -> &Cipher {
        &self.master
    }

    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// The key new values are sealed under.
    pub fn active(&self) -> Uuid {
        self.keys.load().active
    }

    pub fn replace(&self, keys: DataKeys) {
        self.keys.store(Arc::new(keys));
        self.stale.store(false, Ordering::Release);
    }

    pub fn is_stale(&self) -> bool {
        self.stale.load(Ordering::Acquire)
    }

    /// Seals a cell under the active data key.
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let keys = self.keys.load();
        let cipher = keys
            .all
            .get(&keys.active)
            .ok_or_else(|| Fault::new("there is no active data key"))?;
        let mut out = Vec::with_capacity(1 + 16 + NONCE_LEN + plain.len() + 16);
        out.push(UNDER_DATA_KEY);
        out.extend_from_slice(keys.active.as_bytes());
        cipher.seal(out, &*self.entropy, place, plain)
    }

    /// Opens a cell sealed under any data key.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let (id, rest) = split_data_key(sealed).ok_or_else(broken)?;
        if let Some(cipher) = self.keys.load().all.get(&id) {
            return cipher.open(place, rest);
        }
        self.stale.store(true, Ordering::Release);
        Err(Fault::busy(format_args!(
            "a value is sealed under data key {id}, which is not loaded yet"
        )))
    }

    /// Seals a cell of a person under their own key.
    pub fn seal_for(
        &self,
        user_key: &Cipher,
        place: &Place,
        plain: &[u8],
    ) -> Result<Vec<u8>, Fault> {
        user_key.seal(vec![UNDER_USER_KEY], &*self.entropy, place, plain)
    }

    /// Opens a cell of a person.
    pub fn open_for(
        user_key: &Cipher,
        place: &Place,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        match sealed.split_first() {
            Some((&UNDER_USER_KEY, rest)) => user_key.open(place, rest),
            _ => Err(broken()),
        }
    }

    /// 32 fresh random bytes.
    pub fn random_key(&self) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0_u8; 32]);
        self.entropy.fill(&mut key);
        key
    }

    /// A fresh identifier, for a data key.
    pub fn random_id(&self) -> Uuid {
        let mut bytes = [0_u8; 16];
        self.entropy.fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// The data key that sealed a value, if one did.
pub(crate) fn split_data_key(sealed: &[u8]) -> Option<(Uuid, &[u8])> {
    let (&UNDER_DATA_KEY, rest) = sealed.split_first()? else {
        return None;
    };
    let (id, rest) = rest.split_first_chunk::<16>()?;
    Some((Uuid::from_bytes(*id), rest))
}

/// Where a person's own key is kept.
pub(crate) fn user_key_place(user: Uuid) -> Place {
    Place::new("users", "data_key_sealed", user.as_bytes(), user.as_bytes())
}
