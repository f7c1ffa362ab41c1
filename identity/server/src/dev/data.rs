//! What `identity dev` keeps in its data folder: the database, the master key, and the generated password of the demo people.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_domain::Fault;
use identity_domain::ports::Entropy;
use identity_domain::secret::SecretString;
use serde::{Deserialize, Serialize};

/// An open data folder; a temporary one is gone when dropped.
pub struct DataFolder {
    path: PathBuf,
    temporary: bool,
}

/// Secrets of the demo data, in a file that only its owner may read.
#[derive(Serialize, Deserialize)]
pub struct DemoSecrets {
    /// Password of all demo people.
    pub password: String,
    /// Secret of the client `chat`.
    pub chat_secret: String,
    /// Secret of the client `analysis`.
    pub analysis_secret: String,
}

impl DataFolder {
    /// Opens or makes a folder that stays.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        std::fs::create_dir_all(path)
            .map_err(|error| Fault::new(format!("{} cannot be made: {error}", path.display())))?;
        Ok(Self {
            path: path.to_owned(),
            temporary: false,
        })
    }

    /// Makes a folder that is gone at exit.
    pub fn temporary(entropy: &dyn Entropy) -> Result<Self, Fault> {
        let name = SecretString::random_token(entropy);
        let path = std::env::temp_dir().join(format!(
            "identity-dev-{}",
            name.expose().get(..12).unwrap_or_default()
        ));
        std::fs::create_dir(&path)
            .map_err(|error| Fault::new(format!("{} cannot be made: {error}", path.display())))?;
        Ok(Self {
            path,
            temporary: true,
        })
    }

    /// The URL of the database in it.
    pub fn database_url(&self) -> SecretString {
        SecretString::from(format!(
            "sqlite:{}",
            self.path.join("identity.db").display()
        ))
    }

    /// The master key; made at the first start. A database without its key is never given a new one (LOG-03).
    pub fn master_key(&self, entropy: &dyn Entropy) -> Result<SecretString, Fault> {
        let file = self.path.join("master.key");
        match std::fs::read_to_string(&file) {
            Ok(key) => Ok(SecretString::from(key)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if self.path.join("identity.db").exists() {
                    return Err(Fault::new(format!(
                        "{} is missing, and without it {} cannot be read; put it back or remove the folder",
                        file.display(),
                        self.path.join("identity.db").display()
                    )));
                }
                let mut bytes = [0_u8; 32];
                entropy.fill(&mut bytes);
                let key = STANDARD.encode(bytes);
                private_file(&file, key.as_bytes())?;
                Ok(SecretString::from(key))
            }
            Err(error) => Err(Fault::new(format!(
                "{} cannot be read: {error}",
                file.display()
            ))),
        }
    }

    /// The secrets of the demo data; generated at the first start, so that no default password exists (ASVS 6.3.2).
    pub fn demo_secrets(&self, entropy: &dyn Entropy) -> Result<DemoSecrets, Fault> {
        let file = self.path.join("demo.json");
        if let Ok(text) = std::fs::read_to_string(&file) {
            return serde_json::from_str(&text)
                .map_err(|error| Fault::new(format!("{} is damaged: {error}", file.display())));
        }
        let token = || SecretString::random_token(entropy).expose().clone();
        let secrets = DemoSecrets {
            password: passphrase(entropy),
            chat_secret: token(),
            analysis_secret: token(),
        };
        let text = serde_json::to_vec_pretty(&secrets).map_err(Fault::new)?;
        private_file(&file, &text)?;
        Ok(secrets)
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Four groups of four letters and digits that are easy to type and hard to confuse: 77 bits.
fn passphrase(entropy: &dyn Entropy) -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut text = String::with_capacity(19);
    while text.len() < 19 {
        if text.len() % 5 == 4 {
            text.push('-');
            continue;
        }
        let mut byte = [0_u8; 1];
        entropy.fill(&mut byte);
        let [byte] = byte;
        // 248 is the largest multiple of 31 in a byte: no letter is likelier than another.
        if let Some(letter) = (byte < 248)
            .then(|| LETTERS.get(usize::from(byte) % LETTERS.len()))
            .flatten()
        {
            text.push(char::from(*letter));
        }
    }
    text
}

fn private_file(path: &Path, content: &[u8]) -> Result<(), Fault> {
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(content));
    written.map_err(|error| Fault::new(format!("{} cannot be written: {error}", path.display())))
}
