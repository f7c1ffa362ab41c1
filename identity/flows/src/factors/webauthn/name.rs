//! Names for authenticators by their kind (WebAuthn §6.5.1, AAGUID). A label in a list and nothing else: without attestation the kind is
//! the authenticator's own word.

use uuid::Uuid;

/// When the list was last looked through, ISO 8601.
#[cfg(test)]
const AS_OF: &str = "2026-11-22";

/// Password managers and platforms whose passkeys people have, and a few common security keys.
const KNOWN: [(&str, &str); 29] = [
    ("fbfc3007-154e-4ecc-8c0b-6e020557d7bd", "Apple Passwords"),
    (
        "dd4ec289-e01d-41c9-bb89-70fa845d4bf2",
        "Apple Passwords (managed)",
    ),
    (
        "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4",
        "Google Password Manager",
    ),
    ("adce0002-35bc-c60a-648b-0b25f1f05503", "Chrome on Mac"),
    ("b5397666-4885-aa6b-cebf-e52262a439a2", "Chromium"),
    ("771b48fd-d3d4-4f74-9232-fc157ab0507a", "Edge on Mac"),
    ("08987058-cadc-4b81-b6e1-30de50dcbe96", "Windows Hello"),
    ("9ddd1817-af5a-4672-a2b9-3e3dd95000a9", "Windows Hello"),
    ("6028b017-b1d4-4c02-b4b3-afcdafc96bb2", "Windows Hello"),
    (
        "d3452668-01fd-4c12-926c-83a4204853aa",
        "Microsoft Password Manager",
    ),
    ("bada5566-a7aa-401f-bd96-45619a55120d", "1Password"),
    ("d548826e-79b4-db40-a3d8-11116f7e8349", "Bitwarden"),
    ("531126d6-e717-415c-9320-3d9aa6981239", "Dashlane"),
    ("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6", "Keeper"),
    ("f3809540-7f14-49c1-a8b3-8f813b225541", "Enpass"),
    ("b84e4048-15dc-4dd0-8640-f4f60813c8af", "NordPass"),
    ("50726f74-6f6e-5061-7373-50726f746f6e", "Proton Pass"),
    ("fdb141b2-5d84-443e-8a35-4698c205a502", "KeePassXC"),
    ("eaecdef2-1c31-5634-8639-f1cbd9c00a08", "KeePassDX"),
    ("53414d53-554e-4700-0000-000000000000", "Samsung Pass"),
    ("66a0ccb3-bd6a-191f-ee06-e375c50b9846", "Thales"),
    ("39a5647e-1853-446c-a1f6-a79bae9f5bc7", "IDmelon"),
    ("cb69481e-8ff7-4039-93ec-0a2729a154a8", "YubiKey 5"),
    ("ee882879-721c-4913-9775-3dfcce97072a", "YubiKey 5"),
    ("fa2b99dc-9e39-4257-8f92-4a30d23c4118", "YubiKey 5 NFC"),
    ("2fc0579f-8113-47ea-b116-bb5a8db9202a", "YubiKey 5 NFC"),
    ("c5ef55ff-ad9a-4b9f-b580-adebafe026d0", "YubiKey 5Ci"),
    ("d8522d9f-575b-4866-88a9-ba99fa02f35b", "YubiKey Bio"),
    (
        "b92c3f9a-c014-4056-887f-140a2501163b",
        "Security Key by Yubico",
    ),
];

/// How an authenticator of this kind is called; `None` when it is not known.
pub(super) fn of(kind: Uuid) -> Option<&'static str> {
    KNOWN
        .iter()
        .find(|(known, _)| Uuid::try_parse(known) == Ok(kind))
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_known_kind_is_listed_once_and_can_be_read() {
        let mut seen = HashSet::new();
        for (kind, name) in KNOWN {
            let kind = Uuid::try_parse(kind).unwrap();
            assert!(!kind.is_nil() && seen.insert(kind), "{kind}");
            assert!(!name.is_empty() && name.len() <= 40 && name.trim() == name);
            assert_eq!(of(kind), Some(name));
        }
        assert_eq!(of(Uuid::nil()), None);
        assert_eq!(AS_OF.len(), "2026-11-22".len());
    }
}
