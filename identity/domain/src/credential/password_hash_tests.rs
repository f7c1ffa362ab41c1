#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;

struct Fixed;
impl Entropy for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

fn normalized(text: &str) -> Normalized {
    Normalized::of(&SecretString::from(text)).unwrap()
}

#[test]
fn pwd_07_a_new_hash_is_argon2id_with_at_least_19_mib_two_passes() {
    let mut arena = Arena::default();
    let hash = PasswordHash::create(
        &normalized("correct horse"),
        HashParameters::default(),
        &Fixed,
        &mut arena,
    )
    .unwrap();
    assert!(
        hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{}",
        hash.as_str()
    );
    assert!(
        hash.verify(&normalized("correct horse"), &mut arena)
            .unwrap()
    );
    assert!(
        !hash
            .verify(&normalized("correct horsf"), &mut arena)
            .unwrap()
    );
    assert!(!hash.needs_rehash(HashParameters::default()));
    assert!(hash.needs_rehash(HashParameters {
        memory_kib: 32_768,
        ..HashParameters::default()
    }));
}

#[test]
fn pwd_08_imported_hashes_verify_and_want_a_rehash() {
    let mut arena = Arena::default();
    // Made by an independent implementation, Python's hashlib.
    for stored in [
        "$scrypt$ln=14,r=8,p=1$c29tZXNhbHRzb21lc2FsdA$ICojmM1zy3lHlMbN9uc74G5myH6ugCkmKhmEWeSE8jc",
        "pbkdf2_sha256$1000$seasalt$mQnueSakb748zqBAC1tmWVZsZbi2zPGZarEzTGdfmso=",
        "$pbkdf2-sha512$1000$c29tZXNhbHQ$kWTxjb5bmjyCaz8VTtVsypPLazovnuSaPx5JtyU06PlApDwMFgMDrU8D3sfjiLagZOED1BgjUE9fBmH5w64lzg",
        "$pbkdf2-sha512$i=1000,l=64$c29tZXNhbHQ$kWTxjb5bmjyCaz8VTtVsypPLazovnuSaPx5JtyU06PlApDwMFgMDrU8D3sfjiLagZOED1BgjUE9fBmH5w64lzg",
    ] {
        let hash = PasswordHash::parse(stored).unwrap();
        assert!(
            hash.verify(&normalized("correct horse"), &mut arena)
                .unwrap(),
            "{stored}"
        );
        assert!(
            !hash
                .verify(&normalized("correct horsE"), &mut arena)
                .unwrap(),
            "{stored}"
        );
        assert!(hash.needs_rehash(HashParameters::default()));
    }
    let bcrypt =
        PasswordHash::parse("$2b$04$EGdrhbKUv8Oc9vGiXX0HQOxSg445d458Muh7DAHskb6QbtCvdxcie")
            .unwrap();
    assert!(bcrypt.needs_rehash(HashParameters::default()));
    assert!(!bcrypt.verify(&normalized("wrong"), &mut arena).unwrap());
}

#[test]
fn pwd_08_bcrypt_never_matches_by_truncation() {
    let mut arena = Arena::default();
    let prefix = "a".repeat(71);
    let hash = PasswordHash(
        bcrypt::hash_with_salt(format!("{prefix}b"), 4, [9; 16])
            .unwrap()
            .format_for_version(bcrypt::Version::TwoB),
    );
    assert!(
        !hash
            .verify(&normalized(&format!("{prefix}bX")), &mut arena)
            .unwrap()
    );
}

#[test]
fn pwd_05_normal_forms_are_one_and_long_passwords_are_refused_before_hashing() {
    assert_eq!(normalized("cafe\u{301} au lait").as_str(), "café au lait");
    assert!(Normalized::of(&SecretString::from("x".repeat(129))).is_none());
    assert!(Normalized::of(&SecretString::from("😀".repeat(128))).is_some());
    assert!(Normalized::of(&SecretString::from("nul\0inside")).is_none());
    assert!(Normalized::of(&SecretString::from("x".repeat(1 << 20))).is_none());
}

#[test]
fn costs_beyond_reason_and_unknown_forms_are_refused() {
    for (text, error) in [
        (
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE",
            HashError::TooCostly,
        ),
        (
            "$2b$31$EGdrhbKUv8Oc9vGiXX0HQOxSg445d458Muh7DAHskb6QbtCvdxcie",
            HashError::TooCostly,
        ),
        (
            "$scrypt$ln=40,r=8,p=1$c29tZXNhbHQ$MDEyMzQ1Njc4OTAxMjM0NQ",
            HashError::TooCostly,
        ),
        (
            "pbkdf2_sha256$99999999$salt$MDEyMzQ1Njc4OTAxMjM0NQ==",
            HashError::TooCostly,
        ),
        ("5f4dcc3b5aa765d61d8327deb882cf99", HashError::UnknownForm),
        ("$1$abc$def", HashError::UnknownForm),
        ("", HashError::UnknownForm),
    ] {
        assert_eq!(PasswordHash::parse(text).unwrap_err(), error, "{text}");
    }
}
