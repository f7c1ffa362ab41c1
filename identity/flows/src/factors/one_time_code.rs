//! Six digits by text message or mail. A code is good for one person, one receiver and one request, ten minutes, once.
//!
//! Six digits can be tried out against a plain hash, so the stored one is keyed with a key of the server. All that a code is bound to is
//! part of what is hashed: a code of another request, or for a number that was changed since, is simply not found.

use identity_domain::audit::{Actor, Event};
use identity_domain::factor::Method;
use identity_domain::failure::{Failure, Fault};
use identity_domain::job::JobKind;
use identity_domain::lockout::BudgetKey;
use identity_domain::login::Proof;
use identity_domain::notification::Notification;
use identity_domain::phone::PhoneNumber;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::single_use::{Artefact, SingleUseKind};
use identity_domain::text_message::TextNotice;
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::{Pages, User};
use identity_oauth::acr::amr;
use identity_storage::Work;

use super::{Proven, refused, spend, used};
use crate::env::{Env, Visit, fault};
use crate::jobs::mail::to_person;
use crate::login::LoginResult;
use crate::login::password::network_of;
use crate::{budget, jobs};

/// How long a code lives (NIST SP 800-63B-4 §3.1.3.2, ASVS 6.5.5).
pub const LIFETIME: Duration = Duration::minutes(10);
/// A byte triple is tried again from here on, so that no code is likelier than another: the largest multiple of a million in 24 bits.
const FAIR: u32 = 16_000_000;

/// What a code is for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Whose.
    pub user: &'a User,
    /// [`Method::Sms`] or [`Method::Email`].
    pub method: Method,
    /// Where it is typed in: `login:…` or `session:…`.
    pub bound_to: &'a str,
}

/// Where a code goes.
pub(super) enum Receiver {
    /// The proven number.
    Number(PhoneNumber),
    /// A number that is being proven.
    Claimed(PhoneNumber),
    /// The proven address.
    Mailbox(String),
}

/// Sends a code to the proven number or address of a person; an older one dies.
///
/// # Errors
/// [`LoginRefusal::MethodNotAvailable`], or [`LoginRefusal::Throttled`] when too many were sent.
pub async fn send(
    env: &Env,
    request: Request<'_>,
    locale: &str,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let receiver = receiver(env, request).await?;
    issue(env, request, &receiver, locale, visit).await
}

/// Proves a typed code. A wrong one counts against all second factors of the person (MFA-04).
///
/// # Errors
/// [`LoginRefusal::WrongCode`] for a code that is not known, used or too old, [`LoginRefusal::Throttled`] after too many.
pub async fn prove(
    env: &Env,
    request: Request<'_>,
    typed: &SecretString,
    visit: Visit<'_>,
) -> LoginResult<Proven> {
    let receiver = receiver(env, request).await?;
    let work = used(env, request.user.id, request.method, visit);
    let work = consumed(env, work, request, (&receiver, typed), visit).await?;
    let amr = match request.method {
        Method::Sms => amr::SMS,
        _ => amr::EMAIL,
    };
    Ok(Proven {
        proof: Proof::second(amr, visit.now),
        work,
    })
}

impl Receiver {
    const fn number(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Number(number) | Self::Claimed(number) => Some(number),
            Self::Mailbox(_) => None,
        }
    }
}

/// What is shown of where a code goes: `+49 ··· 678`, or the address, which its owner typed to come here.
pub async fn receiver_in_words(env: &Env, request: Request<'_>) -> LoginResult<String> {
    Ok(match receiver(env, request).await? {
        Receiver::Number(number) | Receiver::Claimed(number) => number.masked(),
        Receiver::Mailbox(address) => address,
    })
}

async fn receiver(env: &Env, request: Request<'_>) -> LoginResult<Receiver> {
    let unavailable = || Failure::Refused(LoginRefusal::MethodNotAvailable);
    let user = request.user;
    if !env.settings.mfa.allows(request.method) {
        return Err(unavailable());
    }
    match request.method {
        Method::Sms
            if env.outside.sms.is_some() && user.profile.phone_number_verified_at.is_some() =>
        {
            let number = env.store.phone_of(user.id).await?.ok_or_else(unavailable)?;
            PhoneNumber::parse(number.expose())
                .map(Receiver::Number)
                .map_err(|_| unavailable())
        }
        Method::Email if user.email_verified_at.is_some() => {
            Ok(Receiver::Mailbox(user.email.as_str().to_owned()))
        }
        _ => Err(unavailable()),
    }
}

/// Makes, stores and sends a code, within the limits of the account, the receiver, the address it was asked from, and the organizations
/// of the person (MFA-05).
pub(super) async fn issue(
    env: &Env,
    request: Request<'_>,
    receiver: &Receiver,
    locale: &str,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let now = visit.now;
    let user = request.user;
    if let Some(number) = receiver.number()
        && !env.settings.sms.allows(number)
    {
        let failure = Failure::Refused(LoginRefusal::NotAPhoneNumber);
        return Err(refused(env, user, request.method, failure, visit).await);
    }
    let mut keys = limits(user, receiver, visit);
    // Last: what the person's own limits stop uses up nothing of what they share with others.
    for membership in env.store.memberships_of(user.id).await? {
        let (way, organization) = (request.method.as_str(), membership.organization_id);
        keys.push(BudgetKey::CodeOrganization(format!("{way} {organization}")));
    }
    for key in keys {
        if let Err(failure) = budget::spend(env, &key, now).await {
            return Err(refused(env, user, request.method, failure, visit).await);
        }
    }
    let code = random_code(env);
    let expires_at = now + LIFETIME;
    let kind = kind_of(request.method);
    let event = Event::CodeSent {
        user: user.id,
        method: request.method.as_str(),
    };
    let tenant = user.id.to_string();
    let artefact = Artefact {
        kind,
        tenant: tenant.clone(),
        value_hash: env
            .keys
            .keyed_hash(kind.as_str(), &text(request, receiver, &code))?,
        payload: String::new(),
        created_at: now,
        expires_at,
        used_at: None,
    };
    let pages = Pages::Theirs(locale);
    let message = message(env, user, (receiver, pages), (&code, expires_at));
    let work = env
        .audited(None, Actor::User(user.id), event, visit)
        .cancel(kind, &tenant, None)
        .issue(&artefact)
        .enqueue(jobs::now(env, message, now));
    env.store.commit(work).await.map_err(fault)?;
    jobs::wake(env);
    Ok(())
}

/// What is sent.
fn message(
    env: &Env,
    user: &User,
    (receiver, pages): (&Receiver, Pages<'_>),
    fresh: (&SecretString, Timestamp),
) -> JobKind {
    let (code, expires_at) = (fresh.0.expose().clone(), fresh.1);
    let sms = |number: &PhoneNumber, notice| JobKind::Sms {
        to: number.e164().expose().clone(),
        locale: user.mail_language(pages, &env.settings.language).to_owned(),
        notice,
    };
    match receiver {
        Receiver::Number(number) => sms(number, TextNotice::SecondFactorCode { code, expires_at }),
        Receiver::Claimed(number) => sms(number, TextNotice::NumberCode { code, expires_at }),
        Receiver::Mailbox(_) => {
            let notification = Notification::SecondFactorCode { code, expires_at };
            to_person(env, user, pages, notification)
        }
    }
}

/// Adds the use of a typed code to a unit. A try is counted before it is looked at.
pub(super) async fn consumed(
    env: &Env,
    work: Work,
    request: Request<'_>,
    presented: (&Receiver, &SecretString),
    visit: Visit<'_>,
) -> LoginResult<Work> {
    let (receiver, typed) = presented;
    let user = request.user;
    spend(env, user, request.method, visit).await?;
    let (kind, tenant) = (kind_of(request.method), user.id.to_string());
    if let Some(value_hash) = good(env, request, receiver, typed, visit).await? {
        return Ok(work.consume(kind, &tenant, value_hash, visit.now));
    }
    let failure = Failure::Refused(LoginRefusal::WrongCode);
    Err(refused(env, user, request.method, failure, visit).await)
}

/// The row of a typed code, if it is good now; under any of the server's keys, because they change.
async fn good(
    env: &Env,
    request: Request<'_>,
    receiver: &Receiver,
    typed: &SecretString,
    visit: Visit<'_>,
) -> Result<Option<ValueHash>, Fault> {
    let kind = kind_of(request.method);
    let plain: String = typed
        .expose()
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if plain.len() != 6 || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let text = text(request, receiver, &SecretString::from(plain));
    for value_hash in env.keys.keyed_hashes(kind.as_str(), &text) {
        let tenant = request.user.id.to_string();
        let found = env.store.artefact(kind, &tenant, value_hash).await?;
        if found.is_some_and(|found| found.used_at.is_none() && visit.now < found.expires_at) {
            return Ok(Some(value_hash));
        }
    }
    Ok(None)
}

const fn kind_of(method: Method) -> SingleUseKind {
    match method {
        Method::Sms => SingleUseKind::SmsCode,
        _ => SingleUseKind::EmailCode,
    }
}

/// All that a code is bound to, in one text.
fn text(request: Request<'_>, receiver: &Receiver, code: &SecretString) -> String {
    let to = match receiver {
        Receiver::Number(number) | Receiver::Claimed(number) => number.e164(),
        Receiver::Mailbox(address) => SecretString::from(address.as_str()),
    };
    [
        request.user.id.to_string().as_str(),
        to.expose(),
        request.bound_to,
        code.expose(),
    ]
    .join("\n")
}

/// What a message costs. The address it was asked from comes first: a stranger uses up their own limit before the owner's.
fn limits(user: &User, receiver: &Receiver, visit: Visit<'_>) -> Vec<BudgetKey> {
    let network = network_of(&visit.context.address);
    let e164 = |number: &PhoneNumber| number.e164().expose().clone();
    match receiver {
        Receiver::Number(number) => vec![
            BudgetKey::SmsAddress(network),
            BudgetKey::SmsAccount(user.id.to_string()),
            BudgetKey::SmsNumber(e164(number)),
            BudgetKey::SmsPrefix(format!("proven {}", number.range())),
        ],
        // Anybody can claim any number: that costs its owner nothing.
        Receiver::Claimed(number) => vec![
            BudgetKey::SmsAddress(network),
            BudgetKey::SmsAccount(user.id.to_string()),
            BudgetKey::ClaimedNumber(e164(number)),
            BudgetKey::SmsPrefix(number.range()),
        ],
        Receiver::Mailbox(_) => vec![
            BudgetKey::MailAddress(format!("proven {network}")),
            BudgetKey::ProvenMailbox(format!("code {}", user.id)),
        ],
    }
}

fn random_code(env: &Env) -> SecretString {
    loop {
        let mut bytes = [0_u8; 4];
        if let Some(rest) = bytes.get_mut(1..) {
            env.entropy.fill(rest);
        }
        let number = u32::from_be_bytes(bytes);
        if number < FAIR {
            return SecretString::from(format!("{:06}", number % 1_000_000));
        }
    }
}
