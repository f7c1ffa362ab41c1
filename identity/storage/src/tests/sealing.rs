use std::sync::Arc;

use identity_domain::secret::{Secret, SecretString};
use identity_domain::time::Duration;

use super::fixture::{Counting, Fixture, MASTER, NOW, work};
use super::on_both;
use crate::envelope::{Cipher, Envelope, Place};
use crate::value::args;
use crate::{MasterKey, Store};

async fn sealed_columns(fixture: &Fixture) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for sql in [
        "SELECT /* whole table */ data_key_sealed FROM users",
        "SELECT /* whole table */ sealed FROM server_keys",
    ] {
        all.extend(
            fixture
                .store
                .all(sql, &[], |row| row.blob(0))
                .await
                .unwrap(),
        );
    }
    all
}

on_both! {
    async fn log_03_another_master_key_is_refused_and_nothing_is_changed(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        fixture.commit(work().set_phone(user.id, Some(&SecretString::from("+49151")))).await;
        let fault = Store::open(&fixture.url, Fixture::options([1; 32], Arc::default())).await.err().unwrap();
        assert!(fault.context.contains("master key"), "{fault}");
        let again = fixture.reopened().await;
        assert_eq!(again.phone_of(user.id).await.unwrap().unwrap().expose(), "+49151");
    }

    async fn the_master_key_is_exchanged_when_the_one_before_is_shown(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        fixture.commit(work().set_phone(user.id, Some(&SecretString::from("+49151")))).await;
        let mut options = Fixture::options([1; 32], Arc::clone(&fixture.entropy));
        options.previous_master_key = Some(MasterKey::new(MASTER));
        let again = Store::open(&fixture.url, options).await.unwrap();
        assert_eq!(again.phone_of(user.id).await.unwrap().unwrap().expose(), "+49151");
        assert!(Store::open(&fixture.url, Fixture::options(MASTER, Arc::default())).await.is_err(), "the old one is worth nothing now");
        Store::open(&fixture.url, Fixture::options([1; 32], Arc::default())).await.unwrap();
    }

    async fn a_sealed_value_opens_in_its_own_cell_only(fixture: Fixture) {
        let (ana, ben) = (fixture.user("ana@acme.test").await, fixture.user("ben@acme.test").await);
        fixture.commit(work().set_phone(ana.id, Some(&SecretString::from("+49151")))).await;
        let moved = "UPDATE users SET data_key_sealed = (SELECT data_key_sealed FROM users WHERE id = ?), \
                     phone_sealed = (SELECT phone_sealed FROM users WHERE id = ?) WHERE id = ?";
        fixture.commit(work().step(moved, args![ana.id, ana.id, ben.id])).await;
        assert!(fixture.store.phone_of(ben.id).await.is_err());
        assert!(fixture.store.phone_of(ana.id).await.is_ok());
    }

    async fn log_02_no_secret_stands_in_the_clear(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let marker = "+4915199999";
        fixture.commit(work().set_phone(user.id, Some(&SecretString::from(marker)))
            .insert_refresh_key(1, &Secret::new(vec![0x5a; 32]), NOW)).await;
        let phone = fixture.store.first("SELECT phone_sealed FROM users WHERE id = ?", &args![user.id], |row| row.blob(0)).await.unwrap().unwrap();
        assert!(!phone.windows(marker.len()).any(|window| window == marker.as_bytes()));
        for sealed in sealed_columns(&fixture).await {
            assert!(!sealed.windows(8).any(|window| window == [0x5a; 8]));
        }
    }

    async fn log_06_everything_is_sealed_anew_under_a_new_data_key(fixture: Fixture) {
        let mut users = Vec::new();
        for n in 0..210 {
            let user = fixture.a_user(&format!("u{n}@acme.test"));
            fixture.commit(work().insert_user(&user).set_phone_of_new(&user)).await;
            users.push(user);
        }
        fixture.commit(work().insert_refresh_key(1, &Secret::new(vec![7; 32]), NOW)).await;
        let other_node = fixture.reopened().await;
        let before = sealed_columns(&fixture).await;
        let event = super::audit::record(&fixture, None);
        let rotated = fixture.store.rotate_encryption(NOW + Duration::days(1), event, std::future::ready(())).await.unwrap();
        assert_eq!(rotated.resealed, 211);
        assert!(sealed_columns(&fixture).await.iter().zip(&before).all(|(new, old)| new != old && new[1..17] != old[1..17]));
        assert_eq!(fixture.store.finish_rotation().await.unwrap().resealed, 0);
        assert_eq!(fixture.store.phone_of(users[3].id).await.unwrap().unwrap().expose(), "+49");
        // A node that was not told of the new key learns of it by the first value it meets.
        assert_eq!(other_node.refresh_keys().await.unwrap()[0].1.expose(), &vec![7; 32]);
        assert_eq!(other_node.phone_of(users[4].id).await.unwrap().unwrap().expose(), "+49");
    }
}

impl crate::Work {
    /// A phone number in the unit that makes its owner would touch the row twice; the key of a new person is used all the same.
    fn set_phone_of_new(self, user: &identity_domain::user::User) -> Self {
        self.set_phone(user.id, Some(&SecretString::from("+49")))
            .ordered()
    }
}

#[test]
fn a_value_does_not_open_elsewhere_changed_or_under_another_key() {
    let entropy = Counting::default();
    let cipher = Cipher::new(&[3; 32]).unwrap();
    let place = Place::new("users", "phone", b"1", b"a");
    let sealed = cipher.wrap(&entropy, &place, b"secret").unwrap();
    assert_eq!(
        cipher.unwrap(&place, &sealed).unwrap().as_slice(),
        b"secret"
    );
    for other in [
        Place::new("user", "sphone", b"1", b"a"),
        Place::new("users", "mail", b"1", b"a"),
        Place::new("users", "phone", b"2", b"a"),
        Place::new("users", "phone", b"1", b"b"),
        Place::new("users", "phone", b"", b"1a"),
    ] {
        assert!(cipher.unwrap(&other, &sealed).is_err());
    }
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(cipher.unwrap(&place, &changed).is_err(), "byte {at}");
        assert!(cipher.unwrap(&place, &sealed[..at]).is_err(), "cut at {at}");
    }
    assert!(
        Cipher::new(&[4; 32])
            .unwrap()
            .unwrap(&place, &sealed)
            .is_err()
    );
    assert!(
        Envelope::open_for(&cipher, &place, &sealed).is_err(),
        "the kind of key is part of the value"
    );
    assert!(Cipher::new(&[0; 31]).is_err());
}

#[test]
fn the_master_key_hides_itself() {
    assert_eq!(format!("{:?}", MasterKey::new([65; 32])), "MasterKey(…)");
}
