//! Clients.

mod create;
mod list;
mod secret;
mod status;

pub use create::{NewClient, create};
pub use list::{Listed, list};
pub use secret::{Rotation, rotate_secret};
pub use status::{delete, disable, enable};

use identity_domain::client::{Client, ClientSecret, HexHash};
use identity_domain::failure::Failure;
use identity_domain::secret::SecretString;

use super::{AdminRefusal, AdminResult};
use crate::env::Env;

/// The client with an id as typed.
async fn find(env: &Env, client_id: &str) -> AdminResult<Client> {
    let found = env.store.client(client_id).await?;
    found.ok_or_else(|| Failure::Refused(AdminRefusal::UnknownClient(client_id.to_owned())))
}

/// A new secret: shown once, kept as its hash.
fn generate(env: &Env) -> (SecretString, ClientSecret) {
    let secret = SecretString::random_token(env.entropy.as_ref());
    let kept = ClientSecret::Generated(HexHash(secret.hash()));
    (secret, kept)
}
