//! Sign-up. Whether an address has an account is told to its owner by mail, never to the browser (H-27).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext, one_line};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::credential::password_policy::{self, PasswordRefusal};
use identity_domain::email::{EmailAddress, EmailKey};
use identity_domain::failure::{Failure, Fault};
use identity_domain::job::Job;
use identity_domain::lockout::BudgetKey;
use identity_domain::login::{Login, LoginState, Proof, Purpose, Step};
use identity_domain::notification::Notification;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::single_use::SingleUseKind;
use identity_domain::time::Timestamp;
use identity_domain::user::{Pages, Profile, Standing, User, UserStatus};
use identity_oauth::acr::amr;
use identity_storage::Work;

use crate::account::profile::MAX_NAME;
use crate::browser::{Browser, Cookies};
use crate::env::{Env, Visit, fault};
use crate::jobs::mail::to_person;
use crate::login::password::{account_mark, network_of};
use crate::login::{self, LoginResult, Next, Outcome};
use crate::{budget, jobs, mailed};

/// What the form held.
pub struct SignUp {
    /// Full name; may be empty.
    pub name: String,
    /// Address as typed.
    pub email: String,
    /// Password as typed.
    pub password: SecretString,
    /// The login it is part of, if the person came from one.
    pub login: Option<Id<Login>>,
    /// The browser says that it can make passkeys.
    pub passkeys: bool,
    /// Language to write in.
    pub locale: String,
}

/// Makes an account that waits for the proof of its address. For an address that has one, everything looks the same.
pub async fn sign_up(
    env: &Env,
    form: SignUp,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let now = env.now();
    if !env.settings.registration_open {
        return Err(Failure::Refused(LoginRefusal::RegistrationClosed));
    }
    let email = EmailAddress::parse(&form.email)
        .map_err(|_| Failure::Refused(LoginRefusal::NotAnAddress))?;
    let normalized = checked(
        env,
        &form.password,
        &[&form.name, email.as_str(), &env.settings.product],
    )
    .await?;
    budget::spend(env, &BudgetKey::SignUp(network_of(&context.address)), now).await?;
    // Over the limit the mails sent before are still good.
    let is_told = may_mail(env, &email.key(), now).await?;
    // Hashed for known addresses too: the time must not tell.
    let hash = env.hashing.create(normalized).await?;
    let (state, binding_hash, binding) = begun(env, form.login, browser).await?;
    let mut login = login::opened(env, binding_hash, state, now);
    login.state.identifier = Some(email.as_str().to_owned());
    login.state.offer_passkey = form.passkeys;
    login.state.prove(Proof::first(amr::PASSWORD, now));
    let work = if let Some(owner) = env.store.user_by_email(&email.key()).await? {
        let work = already_registered(env, &owner, context, now);
        if is_told {
            work.enqueue(told_of_sign_up(env, &owner, &form.locale, now))
        } else {
            work
        }
    } else {
        let user = new_user(env, email, &form, binding_hash);
        login.state.user_id = Some(user.id);
        login.state.security_epoch = Some(user.security_epoch);
        let waiting = Waiting {
            user: &user,
            login: login.id,
            locale: &form.locale,
        };
        let credential = PasswordCredential::new(hash, now);
        registered(env, &waiting, &credential, Visit { context, now })
    };
    env.store
        .commit(work.insert_login(&login))
        .await
        .map_err(fault)?;
    jobs::wake(env);
    Ok(Outcome {
        next: Next::Page(login.id, Step::VerifyEmail),
        cookies: Cookies {
            binding,
            ..Cookies::default()
        },
    })
}

/// The rules every new password passes, the look-up for breached ones included.
pub async fn checked(
    env: &Env,
    password: &SecretString,
    context: &[&str],
) -> LoginResult<identity_domain::credential::password_hash::Normalized> {
    let refused = |refusal| Failure::Refused(LoginRefusal::Password(refusal));
    let normalized =
        password_policy::check(password, &env.settings.password, context).map_err(refused)?;
    if let Some(breached) = &env.outside.breached {
        match breached.is_breached(password).await {
            Ok(true) => return Err(refused(PasswordRefusal::Breached)),
            Ok(false) => {}
            // A list that cannot be reached stops nobody (P11).
            Err(error) => tracing::warn!(%error, "breached-password range could not be asked"),
        }
    }
    Ok(normalized)
}

/// The rules for a new password of somebody known, whose own words make it weaker.
pub async fn checked_for(
    env: &Env,
    user: &User,
    password: &SecretString,
) -> LoginResult<identity_domain::credential::password_hash::Normalized> {
    let words = words_of(env, user).await?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    checked(env, password, &words).await
}

/// What a stranger would try first: the person's name and address, the product, and the organizations they belong to.
pub async fn words_of(env: &Env, user: &User) -> Result<Vec<String>, Fault> {
    let mut words = vec![
        user.display_name().to_owned(),
        user.email.as_str().to_owned(),
        env.settings.product.clone(),
    ];
    if let Some(person) = env.directory.person(&env.store, user.id).await? {
        let places = person.memberships.iter();
        let tenants = places.filter_map(|place| env.directory.organization(place.organization_id));
        for tenant in tenants {
            words.push(tenant.organization.name.clone());
            words.push(tenant.organization.slug.as_str().to_owned());
        }
    }
    Ok(words)
}

/// The state of the login this sign-up continues, or a new one that ends at the account page.
async fn begun(
    env: &Env,
    id: Option<Id<Login>>,
    browser: &Browser,
) -> LoginResult<(LoginState, ValueHash, Option<SecretString>)> {
    let (binding_hash, binding) = browser.bound(env.entropy.as_ref());
    if let Some(id) = id
        && let Ok(login) = login::find(env, id, browser).await
        && login.state.step != Step::Finished
    {
        let mut state = LoginState::new(login.state.purpose, Step::VerifyEmail);
        state.language = login.state.language;
        return Ok((state, binding_hash, binding));
    }
    Ok((
        LoginState::new(
            Purpose::Account {
                path: "/account".to_owned(),
                elevate: false,
            },
            Step::VerifyEmail,
        ),
        binding_hash,
        binding,
    ))
}

/// What is kept of the browser of a sign-up.
fn browser_mark(browser: ValueHash) -> String {
    URL_SAFE_NO_PAD.encode(browser.0)
}

/// Whether somebody signed up with this address in another browser than this one, and it is not proven yet. It may have been somebody
/// else: here a password is chosen anew.
pub fn signed_up_elsewhere(user: &User, browser: &Browser) -> bool {
    user.is_only_claimed() && user.standing.signed_up_in != browser.binding_hash().map(browser_mark)
}

fn new_user(env: &Env, email: EmailAddress, form: &SignUp, browser: ValueHash) -> User {
    let now = env.now();
    let name = one_line(form.name.trim(), MAX_NAME);
    let profile = Profile {
        name: (!name.is_empty()).then_some(name),
        ..Profile::default()
    };
    User {
        id: env.id(now),
        email,
        email_verified_at: None,
        profile,
        status: UserStatus::Active,
        managed_by: None,
        standing: Standing {
            signed_up_in: Some(browser_mark(browser)),
            ..Standing::default()
        },
        language: Some(form.locale.clone()),
        security_epoch: 1,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Whose address waits for its proof, where, and the language to write in.
#[derive(Clone, Copy)]
pub struct Waiting<'a> {
    /// Whose.
    pub user: &'a User,
    /// The login that goes on with the proof.
    pub login: Id<Login>,
    /// BCP 47.
    pub locale: &'a str,
}

fn registered(
    env: &Env,
    waiting: &Waiting<'_>,
    credential: &PasswordCredential,
    visit: Visit<'_>,
) -> Work {
    let (user, now) = (waiting.user, visit.now);
    let work = env.audited(
        None,
        Actor::User(user.id),
        Event::UserRegistered { user: user.id },
        visit,
    );
    let work = work
        .insert_user(user)
        .insert_password(env.id(now), user.id, credential, now);
    verification(env, work, waiting, now)
}

/// Adds a fresh proof of address and its mail to a unit.
pub fn verification(env: &Env, work: Work, waiting: &Waiting<'_>, now: Timestamp) -> Work {
    let kind = SingleUseKind::EmailVerification;
    let pair = mailed::pair_in(env, kind, waiting.user, Some(waiting.login), now);
    let notification = Notification::VerifyEmail {
        link: env.settings.url(&format!("/verify/{}", pair.link.expose())),
        code: pair.code.expose().clone(),
        expires_at: pair.expires_at,
    };
    let pages = Pages::Anybodys(waiting.locale);
    let told = to_person(env, waiting.user, pages, notification);
    pair.issue(work).enqueue(jobs::now(env, told, now))
}

/// Tells the owner of an address once more that somebody signed up with it, as far as the limits of sign-ups allow. Whoever asked for
/// another mail sees no difference to one that proves an address.
pub async fn remind_owner(
    env: &Env,
    identifier: &str,
    locale: &str,
    visit: Visit<'_>,
) -> LoginResult<()> {
    let key = EmailKey::of(identifier);
    let is_within = may_mail(env, &key, visit.now).await?;
    if let Some(owner) = env.store.user_by_email(&key).await? {
        let work = already_registered(env, &owner, visit.context, visit.now);
        // Beyond the limit all but the mail is done: what takes less time would tell (PWD-01).
        let work = if is_within {
            work.enqueue(told_of_sign_up(env, &owner, locale, visit.now))
        } else {
            work
        };
        env.store.commit(work).await.map_err(fault)?;
        jobs::wake(env);
    }
    Ok(())
}

/// Counts one more mail that a sign-up asks for, whoever owns the address; false beyond the limit.
async fn may_mail(env: &Env, address: &EmailKey, now: Timestamp) -> LoginResult<bool> {
    let mailbox = BudgetKey::Mailbox(format!("sign_up {}", address.as_str()));
    match budget::spend(env, &mailbox, now).await {
        Ok(()) => Ok(true),
        Err(Failure::Refused(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

fn already_registered(env: &Env, owner: &User, context: &RequestContext, now: Timestamp) -> Work {
    let event = Event::MailRequested {
        user: Some(owner.id),
        account: account_mark(&owner.email.key()),
        purpose: "already_registered",
    };
    let work = env.audited(None, Actor::Anonymous, event, Visit { context, now });
    as_if_registered(env, work, now)
}

/// The mail that tells an owner of a sign-up with their address.
fn told_of_sign_up(env: &Env, owner: &User, locale: &str, now: Timestamp) -> Job {
    let notification = Notification::AlreadyRegistered {
        sign_in_link: env.settings.url("/account"),
        recover_link: env.settings.url("/recover"),
        at: now,
    };
    jobs::now(
        env,
        to_person(env, owner, Pages::Anybodys(locale), notification),
        now,
    )
}

/// As many rows as a new person takes: themselves, the note about them, their password, and the proof of their address (PWD-01).
fn as_if_registered(env: &Env, work: Work, now: Timestamp) -> Work {
    let kind = SingleUseKind::EmailVerification;
    let proof = mailed::decoy(env, kind, now);
    let (person, password) = (mailed::decoy(env, kind, now), mailed::decoy(env, kind, now));
    proof.issue(password.row(person.rows(work)))
}
