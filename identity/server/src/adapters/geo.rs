//! Where addresses are, by a file in `MaxMind`'s format that the operator supplies (`GeoLite2`, `GeoIP2`, DB-IP: Country or City).

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use identity_domain::ports::{Geo, Place};
use maxminddb::{MaxMindDbError, Reader};
use serde::Deserialize;

use crate::shutdown::Shutdown;

/// How often the file is looked at.
pub const LOOKED_AT: Duration = Duration::from_mins(1);
/// A city is told where the file is right within so many kilometres (H-48).
const ACCURATE: u16 = 50;

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be used to look places up: {reason}", file.display())]
pub struct GeoError {
    file: PathBuf,
    reason: MaxMindDbError,
}

/// A file that is read once and again when it changes; look-ups never wait.
pub struct GeoFile {
    file: PathBuf,
    current: ArcSwap<Reader<Vec<u8>>>,
    stamp: Mutex<Option<SystemTime>>,
}

/// What we want of a record; everything may be missing.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Record<'a> {
    #[serde(borrow)]
    country: Country<'a>,
    #[serde(borrow)]
    city: City<'a>,
    location: Location,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Country<'a> {
    iso_code: Option<&'a str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct City<'a> {
    #[serde(borrow)]
    names: Names<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Names<'a> {
    en: Option<&'a str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Location {
    accuracy_radius: Option<u16>,
}

impl GeoFile {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is missing, unreadable or not in the format.
    pub fn load(file: &Path) -> Result<Arc<Self>, GeoError> {
        let stamp = stamp(file);
        let reader = read(file)?;
        Ok(Arc::new(Self {
            file: file.to_owned(),
            current: ArcSwap::from_pointee(reader),
            stamp: Mutex::new(stamp),
        }))
    }

    /// Reads the file again; when it cannot be used, the one in memory stays.
    ///
    /// # Errors
    /// See [`GeoFile::load`].
    pub fn reload(&self) -> Result<(), GeoError> {
        let stamp = stamp(&self.file);
        // Also when it cannot be used: the same half-written file is not tried again and again.
        *self.stamp.lock().unwrap_or_else(PoisonError::into_inner) = stamp;
        self.current.store(Arc::new(read(&self.file)?));
        Ok(())
    }

    /// Whether the file changed since it was last read.
    pub fn is_stale(&self) -> bool {
        *self.stamp.lock().unwrap_or_else(PoisonError::into_inner) != stamp(&self.file)
    }

    /// When its maker built it.
    pub fn built_at(&self) -> Option<SystemTime> {
        self.current.load().metadata().build_time().ok()
    }

    /// Reads the file again on every `hangup`, and when it changed, until `shutdown`.
    pub async fn keep_fresh(
        self: Arc<Self>,
        mut hangup: tokio::sync::watch::Receiver<u64>,
        shutdown: Shutdown,
    ) {
        loop {
            let forced = tokio::select! {
                () = shutdown.requested() => return,
                Ok(()) = hangup.changed() => true,
                () = tokio::time::sleep(LOOKED_AT) => false,
            };
            let this = Arc::clone(&self);
            let done = tokio::task::spawn_blocking(move || {
                (forced || this.is_stale()).then(|| this.reload())
            })
            .await;
            match done {
                Ok(Some(Ok(()))) => tracing::info!("the file of places was read again"),
                Ok(Some(Err(error))) => {
                    tracing::error!(%error, "the file of places was not read, the old one stays");
                }
                Ok(None) | Err(_) => {}
            }
        }
    }
}

impl Geo for GeoFile {
    fn place(&self, address: IpAddr) -> Option<Place> {
        let reader = self.current.load();
        let found = reader.lookup(address.to_canonical()).ok()?;
        let record: Record<'_> = found.decode().ok()??;
        let country = record.country.iso_code.filter(|code| is_country(code))?;
        let is_accurate = record
            .location
            .accuracy_radius
            .is_some_and(|radius| radius <= ACCURATE);
        Some(Place {
            country: country.to_owned(),
            city: record
                .city
                .names
                .en
                .filter(|_| is_accurate)
                .map(str::to_owned),
        })
    }
}

/// Two capital letters; older files name continents in the same place.
fn is_country(code: &str) -> bool {
    code.len() == 2
        && code.bytes().all(|byte| byte.is_ascii_uppercase())
        && !matches!(code, "EU" | "AP")
}

fn read(file: &Path) -> Result<Reader<Vec<u8>>, GeoError> {
    Reader::open_readfile(file).map_err(|reason| GeoError {
        file: file.to_owned(),
        reason,
    })
}

fn stamp(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file)
        .and_then(|data| data.modified())
        .ok()
}
