//! People as files write them.

use identity_domain::credential::TotpCredential;
use identity_domain::credential::password_hash::{Normalized, PasswordHash};
use identity_domain::email::EmailAddress;
use identity_domain::secret::SecretString;
use identity_domain::user::UserStatus;

use super::super::document::{MembershipEntry, PasswordEntry, UserEntry};
use super::members::{Members, Reader};
use super::organizations::{role_name, slug};

const KEYS: &[&str] = &[
    "email",
    "email_verified",
    "name",
    "given_name",
    "family_name",
    "locale",
    "zoneinfo",
    "password",
    "password_hash",
    "require_password_change",
    "phone",
    "phone_verified",
    "totp_secret",
    "memberships",
    "status",
];
const STATUS: &[(&str, UserStatus)] = &[
    ("active", UserStatus::Active),
    ("suspended", UserStatus::Suspended),
];

pub(super) fn read<'a>(reader: &mut Reader<'a>, entry: &Members<'a>) -> Option<UserEntry> {
    reader.only(entry, KEYS, &[]);
    let origin = reader.origin(entry);
    let email = email(reader, entry);
    let user = UserEntry {
        origin,
        email: email?,
        email_verified: reader.flag(entry, "email_verified"),
        name: reader.words(entry, "name", 120),
        given_name: reader.words(entry, "given_name", 120),
        family_name: reader.words(entry, "family_name", 120),
        locale: reader.words(entry, "locale", 35),
        zoneinfo: reader.words(entry, "zoneinfo", 64),
        password: password(reader, entry),
        require_password_change: reader.flag(entry, "require_password_change"),
        phone: phone(reader, entry),
        phone_verified: reader.flag(entry, "phone_verified"),
        totp: totp(reader, entry),
        memberships: memberships(reader, entry),
        status: reader.choice(entry, "status", STATUS),
    };
    Some(user)
}

fn email(reader: &mut Reader<'_>, entry: &Members<'_>) -> Option<EmailAddress> {
    let text = reader.required(entry, "email")?;
    EmailAddress::parse(&text)
        .map_err(|error| reader.problem(entry, "email", error.to_string()))
        .ok()
}

fn password(reader: &mut Reader<'_>, entry: &Members<'_>) -> Option<PasswordEntry> {
    let clear = reader.secret(entry, "password");
    let hash = reader.secret(entry, "password_hash");
    if clear.is_some() && hash.is_some() {
        reader.problem(
            entry,
            "password_hash",
            "is set together with `password`; keep one",
        );
        return None;
    }
    if let Some(clear) = clear {
        if clear.expose().is_empty() {
            reader.problem(entry, "password", "must not be empty");
            return None;
        }
        if Normalized::of(&clear).is_none() {
            reader.problem(
                entry,
                "password",
                "must have at most 128 characters, none of them NUL",
            );
            return None;
        }
        return Some(PasswordEntry::Clear(clear));
    }
    let hash = PasswordHash::parse(hash?.expose());
    hash.map(PasswordEntry::Hash)
        .map_err(|error| {
            let message = format!("{error}; argon2id, bcrypt, PBKDF2 and scrypt are accepted in PHC or modular crypt form");
            reader.problem(entry, "password_hash", message);
        })
        .ok()
}

fn totp(reader: &mut Reader<'_>, entry: &Members<'_>) -> Option<TotpCredential> {
    let secret = reader.secret(entry, "totp_secret")?;
    TotpCredential::import(&secret)
        .map_err(|error| reader.problem(entry, "totp_secret", error.to_string()))
        .ok()
}

/// E.164: a plus sign and up to fifteen digits.
fn phone(reader: &mut Reader<'_>, entry: &Members<'_>) -> Option<SecretString> {
    let text = reader.text(entry, "phone")?;
    let digits = text.strip_prefix('+').unwrap_or_default();
    let sound = (7..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    if !sound {
        reader.problem(entry, "phone", "must be written like \"+4915112345678\"");
        return None;
    }
    Some(text.into())
}

fn memberships<'a>(reader: &mut Reader<'a>, entry: &Members<'a>) -> Option<Vec<MembershipEntry>> {
    let mut memberships: Vec<MembershipEntry> = Vec::new();
    for membership in reader.mappings_if_given(entry, "memberships")? {
        reader.only(&membership, &["organization", "roles"], &[]);
        let roles = reader
            .texts(&membership, "roles", role_name)
            .unwrap_or_default();
        let Some(organization) = slug(reader, &membership, "organization") else {
            continue;
        };
        if memberships
            .iter()
            .any(|earlier| earlier.organization == organization)
        {
            reader.problem(
                &membership,
                "organization",
                format!("`{organization}` is given twice"),
            );
        }
        memberships.push(MembershipEntry {
            organization,
            roles,
        });
    }
    memberships.sort_by(|left, right| left.organization.cmp(&right.organization));
    Some(memberships)
}
