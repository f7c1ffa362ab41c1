#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use proptest::prelude::*;

use super::*;

fn encoded(bits: u8, lst: &str) -> EncodedStatusList {
    EncodedStatusList {
        bits,
        lst: lst.to_owned(),
        aggregation_uri: None,
    }
}

// draft-ietf-oauth-status-list §4.1, first example: sixteen tokens of one bit.
const ONE_BIT: [u8; 16] = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];

#[test]
fn the_one_bit_example_of_the_draft_is_read_and_packed() {
    let list = StatusList::decode(&encoded(1, "eNrbuRgAAhcBXQ"), 16).unwrap();
    assert_eq!(list.as_bytes(), [0xB9, 0xA3]);
    let mut own = StatusList::of_one_bit(16);
    for (index, value) in (0..).zip(ONE_BIT) {
        assert_eq!(list.get(index).unwrap(), Status::from(value), "{index}");
        own.set(index, value).unwrap();
    }
    assert_eq!(own, list);
}

#[test]
fn the_two_bit_example_of_the_draft_is_read() {
    let list = StatusList::decode(&encoded(2, "eNo76fITAAPfAgc"), 16).unwrap();
    assert_eq!(list.as_bytes(), [0xC9, 0x44, 0xF9]);
    let expected = [1_u8, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
    for (index, value) in (0..).zip(expected) {
        assert_eq!(list.get(index).unwrap(), Status::from(value), "{index}");
    }
}

#[test]
fn s35_an_index_out_of_range_is_refused() {
    let mut list = StatusList::of_one_bit(9);
    assert_eq!(list.len(), 16);
    assert_eq!(list.get(15), Ok(Status::Valid));
    for index in [16, 17, u64::from(u32::MAX), u64::MAX] {
        assert_eq!(list.get(index), Err(StatusListError::OutOfRange));
        assert_eq!(list.revoke(index), Err(StatusListError::OutOfRange));
    }
    assert_eq!(
        StatusList::of_one_bit(0).get(0),
        Err(StatusListError::OutOfRange)
    );
}

#[test]
fn a_value_that_does_not_fit_is_refused() {
    let mut list = StatusList::of_one_bit(8);
    assert_eq!(list.set(0, 2), Err(StatusListError::Value));
    assert_eq!(StatusList::new(3, 8), Err(StatusListError::Bits));
    assert_eq!(StatusList::new(0, 8), Err(StatusListError::Bits));
    assert_eq!(
        StatusList::decode(&encoded(9, "eNrbuRgAAhcBXQ"), 16),
        Err(StatusListError::Bits)
    );
}

#[test]
fn inflation_is_capped() {
    let bomb = StatusList::of_one_bit(8 * 1024 * 1024).encode(Compression::Best);
    assert_eq!(
        StatusList::decode(&bomb, 1024 * 1024 - 1),
        Err(StatusListError::TooLarge)
    );
    assert!(StatusList::decode(&bomb, 1024 * 1024).is_ok());
}

#[test]
fn broken_lists_are_refused() {
    assert_eq!(
        StatusList::decode(&encoded(1, "eNrbuRgAAhcBXQ=="), 16),
        Err(StatusListError::Base64)
    );
    assert_eq!(
        StatusList::decode(&encoded(1, "eNrbuRgAAhcB"), 16),
        Err(StatusListError::Zlib)
    );
    assert_eq!(
        StatusList::decode(&encoded(1, "eNrbuRgAAhcBXQAA"), 16),
        Err(StatusListError::Zlib)
    );
    assert_eq!(
        StatusList::decode(&encoded(1, ""), 16),
        Err(StatusListError::Zlib)
    );
}

#[test]
fn list_claims_are_strict() {
    let good =
        r#"{"iss":"i","sub":"u","iat":1,"exp":2,"ttl":3,"status_list":{"bits":1,"lst":"x"}}"#;
    assert!(StatusListClaims::from_json(good.as_bytes()).is_ok());
    for (from, to) in [
        (r#""exp":2"#, r#""exp":"2""#),
        (r#""exp":2"#, r#""exp":null"#),
        (r#""ttl":3"#, r#""ttl":-3"#),
        (r#""bits":1"#, r#""bits":1.0"#),
        (r#""iat":1,"#, ""),
        (r#""iat":1"#, r#""iat":1,"iat":1"#),
    ] {
        assert!(
            StatusListClaims::from_json(good.replace(from, to).as_bytes()).is_err(),
            "{to}"
        );
    }
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(
        bits in prop_oneof![Just(1_u8), Just(2), Just(4), Just(8)],
        bytes in proptest::collection::vec(any::<u8>(), 0..500),
    ) {
        let list = StatusList::from_bytes(bits, bytes).unwrap();
        for compression in [Compression::Best, Compression::Fast] {
            prop_assert_eq!(&StatusList::decode(&list.encode(compression), 500).unwrap(), &list);
        }
    }

    #[test]
    fn one_write_changes_one_token(
        bits in prop_oneof![Just(1_u8), Just(2), Just(4), Just(8)],
        index in 0_u64..64, value in any::<u8>(), seed in any::<u8>(),
    ) {
        let mut list = StatusList::from_bytes(bits, vec![seed; 64]).unwrap();
        let before = list.clone();
        let value = value & (u8::MAX >> (8 - bits));
        list.set(index, value).unwrap();
        for other in 0..64 {
            let expected = if other == index { Ok(Status::from(value)) } else { before.get(other) };
            prop_assert_eq!(list.get(other), expected);
        }
    }

    #[test]
    fn decoding_never_panics(bits in any::<u8>(), lst in "[A-Za-z0-9_-]{0,200}") {
        let _ = StatusList::decode(&encoded(bits, &lst), 10_000);
    }
}
