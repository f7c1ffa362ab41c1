//! The data keys: made at the first start, loaded at each, renewed by [`Store::rotate_encryption`].

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use identity_domain::Fault;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::envelope::{Cipher, DataKeys, MasterKey, Place};
use crate::store::{Engine, Options, Store};
use crate::value::args;
use crate::work::{Lost, Work};

/// The setting that tells a wrong master key from a damaged database.
const CHECK: &str = "master_key_check";
const CHECKED: &[u8] = b"identity master key";

struct Stored {
    id: Uuid,
    wrapped: Vec<u8>,
    active: bool,
}

/// Checks the master key and unwraps the data keys; makes both the check and a first data key in an empty database.
pub(crate) async fn load(engine: &Engine, options: &Options) -> Result<DataKeys, Fault> {
    let master = options.master_key.cipher()?;
    // The keys first: they and the check are written together, so whoever sees keys sees the check that came with them.
    let stored = read(engine).await?;
    let check = engine
        .query(
            "SELECT value FROM settings WHERE key = ?",
            &args![CHECK],
            |row| row.text(0),
        )
        .await?
        .into_iter()
        .next();
    match check {
        None if stored.is_empty() => first_start(engine, options, &master).await?,
        None => {
            return Err(Fault::new(
                "the database holds data keys but no check of the master key: it is damaged, restore a backup",
            ));
        }
        Some(check) if opens(&master, &check) => {}
        Some(check) => {
            let previous = options
                .previous_master_key
                .as_ref()
                .map(MasterKey::cipher)
                .transpose()?;
            let previous = previous.filter(|previous| opens(previous, &check)).ok_or_else(|| {
                Fault::new("the master key is not the one this database was made with; nothing was changed")
            })?;
            rewrap(engine, options, (&previous, &master), stored, check).await?;
        }
    }
    unwrap_all(&master, read(engine).await?)
}

async fn read(engine: &Engine) -> Result<Vec<Stored>, Fault> {
    engine
        .query("SELECT /* whole table */ id, wrapped, state FROM data_keys ORDER BY created_at DESC, id", &[], |row| {
            Ok(Stored { id: row.uuid(0)?, wrapped: row.blob(1)?, active: row.text(2)? == "active" })
        })
        .await
}

fn unwrap_all(master: &Cipher, stored: Vec<Stored>) -> Result<DataKeys, Fault> {
    let active = stored
        .iter()
        .find(|key| key.active)
        .map(|key| key.id)
        .ok_or_else(|| Fault::new("there is no active data key"))?;
    let mut all = HashMap::with_capacity(stored.len());
    for key in stored {
        let plain = master.unwrap(&data_key_place(key.id), &key.wrapped)?;
        all.insert(key.id, Arc::new(Cipher::new(&plain)?));
    }
    Ok(DataKeys { active, all })
}

fn opens(master: &Cipher, check: &str) -> bool {
    STANDARD_NO_PAD.decode(check).is_ok_and(|sealed| {
        master
            .unwrap(&check_place(), &sealed)
            .is_ok_and(|plain| plain.as_slice() == CHECKED)
    })
}

fn check_place() -> Place {
    Place::new("settings", "value", CHECK.as_bytes(), b"")
}

pub(crate) fn data_key_place(id: Uuid) -> Place {
    Place::new("data_keys", "wrapped", id.as_bytes(), b"")
}

async fn first_start(engine: &Engine, options: &Options, master: &Cipher) -> Result<(), Fault> {
    let check = STANDARD_NO_PAD.encode(master.wrap(&*options.entropy, &check_place(), CHECKED)?);
    let mut random = [0_u8; 16];
    options.entropy.fill(&mut random);
    let id = uuid::Builder::from_random_bytes(random).into_uuid();
    let mut key = Zeroizing::new([0_u8; 32]);
    options.entropy.fill(key.as_mut_slice());
    let wrapped = master.wrap(&*options.entropy, &data_key_place(id), key.as_slice())?;
    let work = Work::unaudited("the first start of a database has no actor")
        .step(
            "INSERT INTO settings (key, value) VALUES (?, ?)",
            args![CHECK, check],
        )
        .step(
            "INSERT INTO data_keys (id, wrapped, created_at, state) VALUES (?, ?, ?, 'active')",
            args![id, wrapped, options.now],
        );
    match engine.commit(work).await {
        // Another node was first: its keys are read next, and they open only under the same master key.
        Ok(()) | Err(Lost::Conflict(_)) => Ok(()),
        Err(lost) => Err(lost.into()),
    }
}

/// Exchanges the master key: the data keys stay, only their wrapping is new.
async fn rewrap(
    engine: &Engine,
    options: &Options,
    (previous, master): (&Cipher, &Cipher),
    stored: Vec<Stored>,
    check: String,
) -> Result<(), Fault> {
    let fresh = STANDARD_NO_PAD.encode(master.wrap(&*options.entropy, &check_place(), CHECKED)?);
    let mut work = Work::unaudited(
        "the exchange of the master key is recorded by the command that asked for it",
    )
    .guarded(
        "master key",
        "UPDATE settings SET value = ? WHERE key = ? AND value = ?",
        args![fresh, CHECK, check],
    )
    .ordered();
    for key in stored {
        let plain = previous.unwrap(&data_key_place(key.id), &key.wrapped)?;
        let wrapped = master.wrap(&*options.entropy, &data_key_place(key.id), &plain)?;
        work = work.guarded(
            "data key",
            "UPDATE data_keys SET wrapped = ? WHERE id = ?",
            args![wrapped, key.id],
        );
    }
    engine.commit(work).await.map_err(Fault::from)
}

impl Store {
    /// Reads the data keys again: another node, or the command line, made one.
    pub(crate) async fn reload_keys(&self) -> Result<(), Fault> {
        let keys = unwrap_all(self.envelope().master(), read(self.engine()).await?)?;
        self.envelope().replace(keys);
        Ok(())
    }
}
