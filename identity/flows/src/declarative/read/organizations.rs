//! Organizations as files write them.

use identity_domain::email::EmailAddress;
use identity_domain::organization::{OrganizationStatus, Slug};
use identity_domain::role::is_built_in;

use super::super::document::{OrganizationEntry, RoleEntry};
use super::branding;
use super::members::{Later, Members, Reader};

const KEYS: &[&str] = &["slug", "name", "domains", "roles", "status", "branding"];
const LATER: &[Later] = &[Later {
    key: "policy",
    what: "rules of one organization",
}];
const STATUS: &[(&str, OrganizationStatus)] = &[
    ("active", OrganizationStatus::Active),
    ("suspended", OrganizationStatus::Suspended),
];

pub(super) fn read<'a>(reader: &mut Reader<'a>, entry: &Members<'a>) -> Option<OrganizationEntry> {
    reader.only(entry, KEYS, LATER);
    let name = reader.words(entry, "name", 120);
    if name.as_deref() == Some("") {
        reader.problem(entry, "name", "must not be empty");
    }
    let domains = reader.texts(entry, "domains", domain);
    let roles = roles(reader, entry);
    let status = reader.choice(entry, "status", STATUS);
    let branding = branding::of_organization(reader, entry);
    let slug = slug(reader, entry, "slug")?;
    Some(OrganizationEntry {
        origin: reader.origin(entry),
        slug,
        name,
        domains,
        roles,
        status,
        branding,
    })
}

/// A slug that must be there.
pub(super) fn slug(reader: &mut Reader<'_>, entry: &Members<'_>, key: &str) -> Option<Slug> {
    let text = reader.required(entry, key)?;
    Slug::parse(&text)
        .map_err(|error| reader.problem(entry, key, error.to_string()))
        .ok()
}

/// A mail domain, lower-case: whatever may stand behind the `@` of an address.
fn domain(text: &str) -> Result<String, String> {
    let domain = text.trim().to_lowercase();
    match EmailAddress::parse(&format!("a@{domain}")) {
        Ok(address) if address.domain() == domain => Ok(domain),
        _ => Err("is not a domain such as example.com".to_owned()),
    }
}

fn roles<'a>(reader: &mut Reader<'a>, entry: &Members<'a>) -> Option<Vec<RoleEntry>> {
    let mut roles: Vec<RoleEntry> = Vec::new();
    for role in reader.mappings_if_given(entry, "roles")? {
        reader.only(&role, &["name", "permissions"], &[]);
        let permissions = reader
            .texts(&role, "permissions", permission)
            .unwrap_or_default();
        let Some(name) = reader.required(&role, "name") else {
            continue;
        };
        if is_built_in(&name) {
            reader.problem(
                &role,
                "name",
                format!("`{name}` exists in every organization and cannot be redefined"),
            );
        } else if let Err(message) = role_name(&name) {
            reader.problem(&role, "name", message);
        } else if roles.iter().any(|earlier| earlier.name == name) {
            reader.problem(&role, "name", format!("`{name}` is given twice"));
        }
        roles.push(RoleEntry {
            name,
            permissions: permissions.into_iter().collect(),
        });
    }
    roles.sort_by(|left, right| left.name.cmp(&right.name));
    Some(roles)
}

/// A role's name: it travels in tokens, where a space or a comma would be read as two.
pub(super) fn role_name(text: &str) -> Result<String, String> {
    let sound = (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'));
    if sound {
        Ok(text.to_owned())
    } else {
        Err("has 1 to 64 characters of a-z, A-Z, 0-9 and - _ . :".to_owned())
    }
}

fn permission(text: &str) -> Result<String, String> {
    let sound = (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if sound {
        Ok(text.to_owned())
    } else {
        Err("has 1 to 128 visible ASCII characters, such as chat:read".to_owned())
    }
}
