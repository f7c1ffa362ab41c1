//! Clients as files write them: the registration of RFC 7591, and a few keys of ours beside it.

use identity_domain::client::{ClientSecret, ClientStatus};
use identity_domain::secret::SecretString;
use identity_oauth::client_metadata::{ClientMetadata, is_client_id};
use serde_json::{Map, Value};

use super::super::clients::secret_from_text;
use super::super::document::{ClientEntry, SecretEntry};
use super::branding;
use super::members::{Members, Reader};
use super::names::suggestion;
use super::organizations::slug;

/// What is ours; the rest is read by [`ClientMetadata::parse`].
const OURS: &[&str] = &[
    "client_id",
    "client_secret",
    "client_secret_hash",
    "organization",
    "status",
    "branding",
];
const STATUS: &[(&str, ClientStatus)] = &[
    ("active", ClientStatus::Active),
    ("disabled", ClientStatus::Disabled),
];

pub(super) fn read<'a>(reader: &mut Reader<'a>, entry: &Members<'a>) -> Option<ClientEntry> {
    let origin = reader.origin(entry);
    let client_id = client_id(reader, entry);
    let metadata = metadata(reader, entry);
    let secret = secret(reader, entry);
    let organization = entry
        .get("organization")
        .and_then(|_| slug(reader, entry, "organization"));
    let status = reader.choice(entry, "status", STATUS);
    let branding = branding::of_client(reader, entry);
    let metadata = metadata?;
    if secret.is_some() && !metadata.token_endpoint_auth_method.uses_secret() {
        let method = metadata.token_endpoint_auth_method.as_str();
        reader.problem(
            entry,
            "client_secret",
            format!("does not go with token_endpoint_auth_method: {method}"),
        );
    }
    Some(ClientEntry {
        origin,
        client_id: client_id?,
        organization,
        metadata,
        secret,
        status,
        branding,
    })
}

fn client_id(reader: &mut Reader<'_>, entry: &Members<'_>) -> Option<String> {
    let text = reader.required(entry, "client_id")?;
    if !is_client_id(&text) {
        reader.problem(
            entry,
            "client_id",
            "must have 1 to 256 visible ASCII characters",
        );
        return None;
    }
    Some(text)
}

fn metadata(reader: &mut Reader<'_>, entry: &Members<'_>) -> Option<ClientMetadata> {
    let mut members: Map<String, Value> = entry.map().clone();
    members.retain(|key, _| !OURS.contains(&key.as_str()));
    match ClientMetadata::parse(&members) {
        Ok(metadata) => Some(metadata),
        Err(errors) => {
            for error in errors {
                // A slip in one of our own keys is unknown to the registration.
                let ours = suggestion(&error.field, OURS.iter().copied())
                    .filter(|_| error.problem == "is unknown");
                let message = ours.map_or(error.problem, |meant| {
                    format!("is unknown; did you mean `{meant}`?")
                });
                reader.problem(entry, &error.field, message);
            }
            None
        }
    }
}

fn secret(reader: &mut Reader<'_>, entry: &Members<'_>) -> Option<SecretEntry> {
    let hashes = hashes(reader, entry);
    if entry.get("client_secret").is_some() && hashes.is_some() {
        reader.problem(
            entry,
            "client_secret_hash",
            "is set together with `client_secret`; keep one",
        );
        return None;
    }
    if let Some(hashes) = hashes {
        return Some(SecretEntry::Hashes(hashes));
    }
    let clear = reader.secret(entry, "client_secret")?;
    // RFC 6749 appendix A.2: VSCHAR; longer ones could not be presented.
    let sound = (1..=128).contains(&clear.expose().len())
        && clear.expose().bytes().all(|b| (0x20..=0x7e).contains(&b));
    if !sound {
        reader.problem(
            entry,
            "client_secret",
            "must have 1 to 128 printable ASCII characters",
        );
        return None;
    }
    Some(SecretEntry::Clear(clear))
}

/// One hash or a list of them, as an export writes them.
fn hashes(reader: &mut Reader<'_>, entry: &Members<'_>) -> Option<Vec<ClientSecret>> {
    let value = entry.get("client_secret_hash")?;
    let texts: Vec<Option<&str>> = match value {
        Value::Array(list) => list.iter().map(Value::as_str).collect(),
        _ => {
            return reader
                .secret(entry, "client_secret_hash")
                .and_then(|text| one_hash(reader, entry, &text));
        }
    };
    if texts.len() > 2 {
        reader.problem(entry, "client_secret_hash", "has more than two entries");
        return None;
    }
    let mut secrets = Vec::with_capacity(texts.len());
    for text in texts {
        let Some(text) = text else {
            reader.problem(
                entry,
                "client_secret_hash",
                "must be a text or a list of texts",
            );
            return None;
        };
        secrets.extend(one_hash(reader, entry, &SecretString::from(text))?);
    }
    Some(secrets)
}

fn one_hash(
    reader: &mut Reader<'_>,
    entry: &Members<'_>,
    text: &SecretString,
) -> Option<Vec<ClientSecret>> {
    let secret = secret_from_text(text.expose());
    if secret.is_none() {
        let message = "must be `sha256:` and 64 hexadecimal digits, or a password hash in PHC form";
        reader.problem(entry, "client_secret_hash", message);
    }
    Some(vec![secret?])
}
