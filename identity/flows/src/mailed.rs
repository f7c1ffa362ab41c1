//! Proofs that travel by mail: a link and a short code of equal worth, bound to one person and purpose. They act on POST only;
//! a newer pair kills the older, and the use of one kills the other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_domain::Id;
use identity_domain::audit::Event;
use identity_domain::device::Device;
use identity_domain::email::EmailAddress;
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::Login;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::User;
use identity_storage::Work;
use serde::{Deserialize, Serialize};

use crate::env::{Env, Visit};
use crate::refusals;

/// How long a mailed proof lives.
pub const LIFETIME: Duration = Duration::minutes(30);
/// Letters of a typed code: no vowels, nothing that looks alike. 20^10 is 43 bits, with a handful of tries.
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// A fresh pair, and the rows that make it count.
pub struct Pair {
    /// The path's last part of the link: `user id . token`.
    pub link: SecretString,
    /// What may be typed instead, grouped for reading.
    pub code: SecretString,
    /// Until when.
    pub expires_at: Timestamp,
    rows: [Artefact; 2],
    kind: SingleUseKind,
    tenant: String,
}

/// What the pair is bound to; compared at its use, so that a change of address kills it, and whatever ends all that a person was signed in to.
#[derive(Serialize, Deserialize)]
struct Binding {
    email: String,
    /// The person's security epoch when the proof was asked for.
    #[serde(default)]
    epoch: i64,
    /// The address that the proof is about, where it is another than the person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    /// Since when whoever asked for it was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// In which device they asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<Id<Device>>,
    /// The login that waits for it; goes on in its own browser only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login: Option<Id<Login>>,
}

/// What a proof is about beyond the person.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// An address other than the person's.
    pub address: &'a EmailAddress,
    /// Since when whoever asked for it was there.
    pub since: Timestamp,
    /// In which device.
    pub device: Option<Id<Device>>,
}

/// What a pair is made for.
struct Made<'a> {
    kind: SingleUseKind,
    user: Id<User>,
    email: &'a str,
    epoch: i64,
    about: Option<About<'a>>,
    login: Option<Id<Login>>,
    expires_at: Timestamp,
}

/// What a proof for a person as they are now is bound to, for [`is_good`].
pub fn binding_of(user: &User) -> String {
    bound_to(user.email.key().as_str(), user.security_epoch, (None, None))
}

fn bound_to(
    email: &str,
    epoch: i64,
    (about, login): (Option<About<'_>>, Option<Id<Login>>),
) -> String {
    let binding = Binding {
        email: email.to_owned(),
        epoch,
        about: about.map(|about| about.address.as_str().to_owned()),
        since: about.map(|about| about.since),
        device: about.and_then(|about| about.device),
        login,
    };
    // Text and numbers alone: writing them cannot fail, and an empty binding would be good for nobody.
    serde_json::to_string(&binding).unwrap_or_default()
}

/// A presented proof: whose it claims to be, and the hash it must match.
#[derive(Clone, Debug)]
pub struct Presented {
    /// Whose.
    pub user_id: Id<User>,
    /// Hash of the row.
    pub value_hash: ValueHash,
}

impl Presented {
    /// As it is kept between two pages: nothing in it opens anything by itself.
    pub fn kept(&self) -> String {
        let hash = URL_SAFE_NO_PAD.encode(self.value_hash.0);
        format!("{}.{hash}", self.user_id)
    }

    /// Reads what was kept.
    pub fn of_kept(text: &str) -> Option<Self> {
        let (user, hash) = text.split_once('.')?;
        let hash = URL_SAFE_NO_PAD.decode(hash).ok()?;
        Some(Self {
            user_id: user.parse().ok()?,
            value_hash: ValueHash(hash.try_into().ok()?),
        })
    }
}

/// Makes a pair for one person and purpose.
pub fn pair(env: &Env, kind: SingleUseKind, user: &User, now: Timestamp) -> Pair {
    pair_in(env, kind, user, None, now)
}

/// Makes a pair that a login waits for, so that its link goes on there as its code does.
pub fn pair_in(
    env: &Env,
    kind: SingleUseKind,
    user: &User,
    login: Option<Id<Login>>,
    now: Timestamp,
) -> Pair {
    let key = user.email.key();
    let made = Made {
        kind,
        user: user.id,
        email: key.as_str(),
        epoch: user.security_epoch,
        about: None,
        login,
        expires_at: now + LIFETIME,
    };
    make(env, &made, now)
}

/// Makes a pair about an address other than the person's, or with a life of its own.
pub fn pair_about(
    env: &Env,
    kind: SingleUseKind,
    user: &User,
    about: Option<About<'_>>,
    expires_at: Timestamp,
) -> Pair {
    let key = user.email.key();
    let made = Made {
        kind,
        user: user.id,
        email: key.as_str(),
        epoch: user.security_epoch,
        about,
        login: None,
        expires_at,
    };
    make(env, &made, env.now())
}

/// A pair that nobody is told and that is nobody's, where there is no proof to be made: its unit costs as much as a true one (PWD-01).
pub fn decoy(env: &Env, kind: SingleUseKind, now: Timestamp) -> Pair {
    let made = Made {
        kind,
        user: env.id(now),
        email: "nobody@nowhere.invalid",
        epoch: 1,
        about: None,
        login: None,
        expires_at: now + LIFETIME,
    };
    make(env, &made, now)
}

fn make(env: &Env, made: &Made<'_>, now: Timestamp) -> Pair {
    let Made {
        kind, expires_at, ..
    } = *made;
    let token = SecretString::random_token(env.entropy.as_ref());
    let code = random_code(env);
    let tenant = made.user.to_string();
    let payload = bound_to(made.email, made.epoch, (made.about, made.login));
    let row = |value_hash| Artefact {
        kind,
        tenant: tenant.clone(),
        value_hash,
        payload: payload.clone(),
        created_at: now,
        expires_at,
        used_at: None,
    };
    Pair {
        rows: [row(token.hash()), row(code_hash(&code))],
        link: format!("{tenant}.{}", token.expose()).into(),
        code,
        expires_at,
        kind,
        tenant,
    }
}

impl Pair {
    /// Adds the pair to a unit and kills its predecessors.
    pub fn issue(&self, work: Work) -> Work {
        self.rows(work.cancel(self.kind, &self.tenant, None))
    }

    /// Adds the pair's rows alone.
    pub fn rows(&self, work: Work) -> Work {
        self.rows.iter().fold(work, Work::issue)
    }

    /// Adds the first of its rows.
    pub fn row(&self, work: Work) -> Work {
        self.rows.iter().take(1).fold(work, Work::issue)
    }
}

/// Reads the last part of a mailed link.
pub fn from_link(text: &str) -> Option<Presented> {
    let (user, token) = text.split_once('.')?;
    Some(Presented {
        user_id: user.parse().ok()?,
        value_hash: SecretString::from(token).hash(),
    })
}

/// Reads a typed code of a known person; case, blanks and dashes do not count.
pub fn from_code(user_id: Id<User>, typed: &str) -> Presented {
    Presented {
        user_id,
        value_hash: code_hash(&SecretString::from(typed)),
    }
}

/// Whether the row behind a presented proof is good for a person now. What takes a change of address back is good whatever the address is
/// by now; all others are bound to the address, and those that give nothing back to the epoch (INV-02).
pub fn is_good(artefact: &Artefact, user: &User, now: Timestamp) -> bool {
    is_bound(artefact, user) && artefact.used_at.is_none() && now < artefact.expires_at
}

/// Whether it is still about this person's address, and nothing has ended since whatever they were signed in to.
pub fn is_bound(artefact: &Artefact, user: &User) -> bool {
    let kind = artefact.kind;
    serde_json::from_str::<Binding>(&artefact.payload).is_ok_and(|binding| {
        let is_for_address =
            kind == SingleUseKind::EmailChangeUndo || binding.email == user.email.key().as_str();
        is_for_address && (kind.outlives_the_epoch() || binding.epoch == user.security_epoch)
    })
}

/// Adds to a unit that every proof dies that a person's sessions asked for, where their epoch stays as it is.
pub fn all_cancelled(work: Work, user: Id<User>) -> Work {
    let tenant = user.to_string();
    SingleUseKind::MAILED
        .into_iter()
        .filter(|kind| !kind.outlives_the_epoch())
        .fold(work, |work, kind| work.cancel(kind, &tenant, None))
}

/// Whose a presented proof is, or was: nobody's where there never was such a row, whatever the link says.
async fn owner(
    env: &Env,
    kind: SingleUseKind,
    presented: &Presented,
) -> Result<Option<Id<User>>, Fault> {
    let tenant = presented.user_id.to_string();
    let found = env.store.artefact(kind, &tenant, presented.value_hash);
    Ok(found.await?.map(|_| presented.user_id))
}

/// Records that a presented proof was refused, of its owner only if there ever was such a proof, and hands the refusal back.
pub async fn refused(
    env: &Env,
    (kind, purpose): (SingleUseKind, &'static str),
    presented: &Presented,
    failure: Failure<LoginRefusal>,
    visit: Visit<'_>,
) -> Failure<LoginRefusal> {
    let Failure::Refused(refusal) = failure else {
        return failure;
    };
    let user = match owner(env, kind, presented).await {
        Ok(user) => user,
        Err(fault) => return Failure::Fault(fault),
    };
    let event = Event::CodeRefused {
        user,
        purpose,
        reason: refusal.reason(),
    };
    refusals::refused(env, event, refusal, visit).await
}

/// The address a proof is about, where it is another than the person's.
pub fn new_address(artefact: &Artefact) -> Option<EmailAddress> {
    let binding: Binding = serde_json::from_str(&artefact.payload).ok()?;
    EmailAddress::parse(&binding.about?).ok()
}

/// Since when whoever asked for a proof was there.
pub fn since(artefact: &Artefact) -> Timestamp {
    serde_json::from_str::<Binding>(&artefact.payload)
        .ok()
        .and_then(|binding| binding.since)
        .unwrap_or(artefact.created_at)
}

/// In which device whoever asked for a proof was.
pub fn device(artefact: &Artefact) -> Option<Id<Device>> {
    let binding: Binding = serde_json::from_str(&artefact.payload).ok()?;
    binding.device
}

/// The login that waits for a proof. Only its own browser may go on with it: look it up there.
pub fn login(artefact: &Artefact) -> Option<Id<Login>> {
    let binding: Binding = serde_json::from_str(&artefact.payload).ok()?;
    binding.login
}

/// Adds the use of a presented proof to a unit. With it die its sibling and those issued since; what was issued before stays good.
pub fn consume_with_later(
    work: Work,
    presented: &Presented,
    artefact: &Artefact,
    now: Timestamp,
) -> Work {
    let (kind, tenant, hash) = (artefact.kind, &artefact.tenant, presented.value_hash);
    work.consume(kind, tenant, hash, now)
        .cancel_since(kind, tenant, hash, artefact.created_at)
}

/// Adds the use of a presented proof to a unit; its sibling dies with it.
pub fn consume(work: Work, kind: SingleUseKind, presented: &Presented, now: Timestamp) -> Work {
    let tenant = presented.user_id.to_string();
    work.consume(kind, &tenant, presented.value_hash, now)
        .cancel(kind, &tenant, Some(presented.value_hash))
}

fn random_code(env: &Env) -> SecretString {
    let mut code = String::with_capacity(11);
    while code.len() < 11 {
        let mut byte = [0_u8; 1];
        env.entropy.fill(&mut byte);
        // 240 is the largest multiple of 20 in a byte: no letter is likelier than another.
        let [byte] = byte;
        if byte < 240
            && let Some(letter) = ALPHABET.get(usize::from(byte % 20))
        {
            if code.len() == 5 {
                code.push('-');
            }
            code.push(char::from(*letter));
        }
    }
    code.into()
}

fn code_hash(code: &SecretString) -> ValueHash {
    let plain: String = code
        .expose()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    // The prefix keeps codes and link tokens apart although they share a kind.
    ValueHash::of(format!("code:{plain}").as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    proptest! {
        /// What is written into a mail is read as what it was.
        #[test]
        fn a_link_is_read_as_it_was_made(id in any::<u128>(), token in "[A-Za-z0-9_-]{43}") {
            let user: Id<User> = Id::from_uuid(Uuid::from_u128(id));
            let read = from_link(&format!("{user}.{token}")).expect("a link");
            prop_assert_eq!(read.user_id, user);
            prop_assert_eq!(read.value_hash, SecretString::from(token.as_str()).hash());
            // Another token is another row, and a link cut short is none of the person's.
            let cut = from_link(&format!("{user}.{}", &token[..42])).expect("a link");
            prop_assert_ne!(cut.value_hash, read.value_hash);
        }

        /// Whatever stands in an address: somebody's id and what is behind the first dot, byte by byte, or nothing. However an id is
        /// spelled, it is one person's.
        #[test]
        fn any_address_is_a_link_or_none(id in any::<u128>(), spelling in 0..6_usize, dot in "\\.?", token in "[^.]{0,60}") {
            let uuid = Uuid::from_u128(id);
            let user = match spelling {
                0 => uuid.to_string(),
                1 => uuid.to_string().to_uppercase(),
                2 => uuid.simple().to_string(),
                3 => uuid.to_string().chars().skip(1).collect(),
                4 => format!(" {uuid}"),
                _ => token.clone(),
            };
            let text = format!("{user}{dot}{token}");
            match from_link(&text) {
                Some(read) => {
                    prop_assert_eq!(read.user_id, Id::from_uuid(uuid));
                    prop_assert!(spelling < 3 && dot == ".");
                    prop_assert_eq!(read.value_hash, SecretString::from(token.as_str()).hash());
                }
                None => prop_assert!(spelling > 0 || dot.is_empty()),
            }
        }

        /// Case, blanks and dashes do not count; any letter does. A code is never a link's token.
        #[test]
        fn a_code_is_read_however_it_is_typed(
            code in "[BCDFGHJKLMNPQRSTVWXZ]{10}", marks in prop::collection::vec("[ -]{0,2}", 10), at in 0..10_usize,
        ) {
            let user: Id<User> = Id::from_uuid(Uuid::from_u128(1));
            let typed: String = code.to_lowercase().chars().zip(&marks).flat_map(|(c, mark)| [mark.clone(), c.to_string()]).collect();
            let read = from_code(user, &code).value_hash;
            prop_assert_eq!(from_code(user, &typed).value_hash, read);
            let mut other = code.clone();
            other.replace_range(at..=at, "7");
            prop_assert_ne!(from_code(user, &other).value_hash, read);
            prop_assert_ne!(SecretString::from(code.as_str()).hash(), read);
        }
    }
}
