//! What a statement is given: the few kinds of values both databases know, and secrets that are sealed on their way in.

use identity_domain::secret::ValueHash;
use identity_domain::{Id, Timestamp};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::envelope::Place;

/// The kind of an absent value: PostgreSQL wants to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    Text,
    Blob,
    Uuid,
}

/// One argument of a statement, or one column of an answer.
#[derive(PartialEq)]
pub(crate) enum Value {
    Null(Kind),
    Bool(bool),
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
    Uuid(Uuid),
    /// A secret still in the clear; the store seals it before any database sees the unit.
    Seal(Box<Sealing>),
}

/// A secret on its way into a column.
#[derive(PartialEq)]
pub(crate) struct Sealing {
    /// The secret itself.
    pub plain: Zeroizing<Vec<u8>>,
    /// The one cell in which the sealed value can be opened again.
    pub place: Place,
    /// Which key seals it.
    pub under: Under,
}

/// Which key seals a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Under {
    /// The instance's active data key.
    Instance,
    /// The person's own data key.
    User(Uuid),
    /// The own key of the person whose credential this is.
    Owner(Uuid),
    /// The value *is* a new person's data key: `plain` is ignored and random bytes take its place.
    NewUser(Uuid),
}

impl Value {
    /// A secret sealed under the instance's data key.
    pub fn seal(plain: &[u8], place: Place) -> Self {
        Self::sealing(plain, place, Under::Instance)
    }

    /// A secret sealed under a person's own key.
    pub fn seal_for(user: Uuid, plain: &[u8], place: Place) -> Self {
        Self::sealing(plain, place, Under::User(user))
    }

    /// A secret sealed under the own key of the person who owns a credential.
    pub fn seal_for_owner(credential: Uuid, plain: &[u8], place: Place) -> Self {
        Self::sealing(plain, place, Under::Owner(credential))
    }

    /// A new person's own key.
    pub fn new_user_key(user: Uuid, place: Place) -> Self {
        Self::sealing(&[], place, Under::NewUser(user))
    }

    fn sealing(plain: &[u8], place: Place, under: Under) -> Self {
        Self::Seal(Box::new(Sealing {
            plain: Zeroizing::new(plain.to_vec()),
            place,
            under,
        }))
    }
}

/// Texts from outside may hold U+0000, which PostgreSQL cannot store: both databases get the replacement character.
fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.millis())
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(storable(value.to_owned()))
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(storable(value))
    }
}
impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::from(value.as_str())
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}
impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Blob(value.to_vec())
    }
}
impl From<ValueHash> for Value {
    fn from(value: ValueHash) -> Self {
        Self::Blob(value.0.to_vec())
    }
}
impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        Self::Uuid(value)
    }
}
impl<T> From<Id<T>> for Value {
    fn from(value: Id<T>) -> Self {
        Self::Uuid(value.uuid())
    }
}

/// What an absent value of this type is to the database.
pub(crate) trait KindOf {
    const KIND: Kind;
}
impl KindOf for bool {
    const KIND: Kind = Kind::Bool;
}
impl KindOf for i64 {
    const KIND: Kind = Kind::Int;
}
impl KindOf for Timestamp {
    const KIND: Kind = Kind::Int;
}
impl KindOf for &str {
    const KIND: Kind = Kind::Text;
}
impl KindOf for String {
    const KIND: Kind = Kind::Text;
}
impl KindOf for &String {
    const KIND: Kind = Kind::Text;
}
impl KindOf for Vec<u8> {
    const KIND: Kind = Kind::Blob;
}
impl KindOf for &[u8] {
    const KIND: Kind = Kind::Blob;
}
impl KindOf for ValueHash {
    const KIND: Kind = Kind::Blob;
}
impl<T> KindOf for Id<T> {
    const KIND: Kind = Kind::Uuid;
}
impl KindOf for Uuid {
    const KIND: Kind = Kind::Uuid;
}

impl<T: KindOf + Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null(T::KIND), Into::into)
    }
}

/// The arguments of one statement, in order: `args![id, name, now]`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { [$($crate::value::Value::from($value)),*] };
}
pub(crate) use args;
