//! A forgotten password: a mailed proof, a new password, and nothing of what was signed in before survives. Nobody is signed in by it.

use identity_domain::Id;
use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::credential::password::PasswordCredential;
use identity_domain::email::{EmailAddress, EmailKey};
use identity_domain::failure::{Failure, Fault};
use identity_domain::lockout::BudgetKey;
use identity_domain::login::{Action, Login};
use identity_domain::notification::Notification;
use identity_domain::refusal::LoginRefusal;
use identity_domain::secret::SecretString;
use identity_domain::session::EndReason;
use identity_domain::single_use::SingleUseKind;
use identity_domain::user::{Pages, User};
use identity_storage::{Lost, Work};

use crate::account::change_password::{self, Replaced};
use crate::browser::Browser;
use crate::env::{Env, Visit, fault};
use crate::jobs::mail::{to_nobody, to_person};
use crate::login::password::{account_mark, network_of};
use crate::login::{self, LoginResult};
use crate::mailed::{self, Presented};
use crate::registration::checked_for;
use crate::{budget, factors, jobs};

/// How often a proof is kept when another tab was faster.
const TRIES: usize = 3;

/// Sends a proof to the owner of the account, if there is one. The answer is always the same. The login it is asked for in, if any, goes
/// on with the new password.
pub async fn request(
    env: &Env,
    (identifier, login): (&str, Option<Id<Login>>),
    locale: &str,
    context: &RequestContext,
) -> LoginResult<()> {
    let now = env.now();
    let key = EmailKey::of(identifier);
    let within = async {
        budget::spend(
            env,
            &BudgetKey::MailAddress(network_of(&context.address)),
            now,
        )
        .await?;
        let mailbox = BudgetKey::Mailbox(format!("recovery {}", key.as_str()));
        budget::spend(env, &mailbox, now).await
    };
    match within.await {
        Ok(()) => {}
        // Over the limit nothing is sent, and the pair sent last stays good; the browser sees no difference (INV-06).
        Err(Failure::Refused(_)) => return Ok(()),
        Err(fault) => return Err(fault),
    }
    let owner = env.store.user_by_email(&key).await?.filter(User::is_active);
    let event = Event::MailRequested {
        user: owner.as_ref().map(|owner| owner.id),
        account: account_mark(&key),
        purpose: "recovery",
    };
    let work = env.audited(None, Actor::Anonymous, event, Visit { context, now });
    let work = match (&owner, EmailAddress::parse(identifier)) {
        (Some(user), _) => {
            let pair = mailed::pair_in(env, SingleUseKind::Recovery, user, login, now);
            let link = env
                .settings
                .url(&format!("/recover/{}", pair.link.expose()));
            let notification = Notification::Recover {
                link,
                code: pair.code.expose().clone(),
                expires_at: pair.expires_at,
            };
            let told = to_person(env, user, Pages::Anybodys(locale), notification);
            pair.issue(work).enqueue(jobs::now(env, told, now))
        }
        (None, Ok(address)) => {
            let notification = Notification::RecoverUnknown {
                sign_up_link: env.settings.url("/register"),
                at: now,
            };
            let kind = to_nobody(&address, locale, notification);
            mailed::decoy(env, SingleUseKind::Recovery, now)
                .issue(work)
                .enqueue(jobs::now(env, kind, now))
        }
        // No account has such a name, so nothing is told by doing less.
        (None, Err(_)) => work,
    };
    env.store.commit(work).await.map_err(fault)?;
    jobs::wake(env);
    Ok(())
}

/// Turns a typed code into a presented proof. The account's owner is looked up; for nobody, a proof that matches nothing.
pub async fn by_code(env: &Env, identifier: &str, code: &str) -> LoginResult<Presented> {
    let now = env.now();
    let key = EmailKey::of(identifier);
    budget::spend(
        env,
        &BudgetKey::Code(format!("recovery {}", key.as_str())),
        now,
    )
    .await?;
    let user_id = env
        .store
        .user_by_email(&key)
        .await?
        .map_or_else(|| env.id(now), |user| user.id);
    Ok(mailed::from_code(user_id, code))
}

/// Keeps a proof that was just typed in the login it was asked for in, for the page that asks for the new password. Like the login, it
/// works in this browser only.
pub async fn keep(
    env: &Env,
    id: Id<Login>,
    presented: &Presented,
    browser: &Browser,
) -> LoginResult<()> {
    for _ in 0..TRIES {
        let mut login = login::load(env, id, browser, Action::SubmitPassword, env.now()).await?;
        login.state.recovering = Some(presented.kept());
        let work = Work::unaudited("a typed code; its use has an event");
        match env.store.commit(work.advance_login(&login)).await {
            Ok(()) => return Ok(()),
            // Another tab was faster.
            Err(Lost::Guard(_)) => {}
            Err(lost) => return Err(Failure::Fault(fault(lost))),
        }
    }
    Err(Failure::Fault(Fault::busy("the login is being changed")))
}

/// The proof that is kept in a login.
pub fn kept(login: &Login) -> Option<Presented> {
    Presented::of_kept(login.state.recovering.as_deref()?)
}

/// Whose new password the proof is good for that is kept in a login of this browser.
pub async fn person(env: &Env, id: Id<Login>, browser: &Browser) -> LoginResult<User> {
    let login = login::load(env, id, browser, Action::SubmitPassword, env.now()).await?;
    let presented = kept(&login).ok_or(Failure::Refused(LoginRefusal::LinkDead))?;
    peek(env, &presented).await
}

/// Whether a presented proof would be accepted now; consumes nothing. Shows the page, or offers a new mail.
pub async fn peek(env: &Env, presented: &Presented) -> LoginResult<User> {
    looked_at(env, presented).await.map(|(user, _)| user)
}

/// The same of a proof that came with the answer "This wasn't me", and of no other.
pub async fn peek_reported(env: &Env, presented: &Presented) -> LoginResult<User> {
    let user = peek(env, presented).await?;
    let tenant = presented.user_id.to_string();
    let kind = SingleUseKind::Recovery;
    let artefact = env.store.artefact(kind, &tenant, presented.value_hash);
    let made_at = artefact.await?.map(|artefact| artefact.created_at);
    let reported_at = user
        .standing
        .securing
        .as_ref()
        .map(|securing| securing.since);
    if made_at.is_some() && made_at == reported_at {
        Ok(user)
    } else {
        Err(Failure::Refused(LoginRefusal::LinkDead))
    }
}

/// The same, with the login that the proof was asked for in. Only its own browser may go on with it.
pub async fn looked_at(env: &Env, presented: &Presented) -> LoginResult<(User, Option<Id<Login>>)> {
    let now = env.now();
    let dead = || Failure::Refused(LoginRefusal::LinkDead);
    let user = env
        .store
        .user(presented.user_id)
        .await?
        .filter(User::is_active)
        .ok_or_else(dead)?;
    let artefact = env
        .store
        .artefact(
            SingleUseKind::Recovery,
            &presented.user_id.to_string(),
            presented.value_hash,
        )
        .await?
        .ok_or_else(dead)?;
    if mailed::is_good(&artefact, &user, now) {
        Ok((user, mailed::login(&artefact)))
    } else {
        Err(dead())
    }
}

/// Sets the new password. A password that breaks a rule leaves the proof unused.
pub async fn reset(
    env: &Env,
    presented: &Presented,
    password: &SecretString,
    context: &RequestContext,
) -> LoginResult<User> {
    let visit = env.visit(context);
    let now = visit.now;
    let user = match peek(env, presented).await {
        Ok(user) => user,
        Err(failure) => {
            let what = (SingleUseKind::Recovery, "recovery");
            return Err(mailed::refused(env, what, presented, failure, visit).await);
        }
    };
    let normalized = checked_for(env, &user, password).await?;
    let owner = env.store.password_owner(&user.email.key()).await?;
    // While nobody proved the address, the password is not yet anybody's: whoever signed up may choose the very same.
    let known = owner.as_ref().filter(|_| !user.is_only_claimed());
    change_password::not_reused(env, known.map(|owner| &owner.credential), password).await?;
    let hash = env.hashing.create(normalized).await?;
    let credential = match known {
        Some(owner) => owner
            .credential
            .clone()
            .changed(hash, env.settings.password.history, now),
        None => PasswordCredential::new(hash, now),
    };
    let event = Event::PasswordChanged {
        user: user.id,
        how: "recovery",
    };
    let work = env.audited(None, Actor::User(user.id), event, visit);
    let work = mailed::consume(work, SingleUseKind::Recovery, presented, now);
    let mut after = user.clone();
    after.raise_epoch(now);
    after.standing.recovered_at = Some(now);
    after.email_verified_at = after.email_verified_at.or(Some(now));
    let replaced = Replaced {
        user: &after,
        credential: &credential,
        previous: owner.as_ref(),
        keep: None,
        device_id: None,
        reason: EndReason::PasswordChanged,
    };
    let work = factors::recovery::outlived(env, work, &user, &after, visit);
    let work = change_password::replace(env, work, replaced, context, now).await?;
    match env.store.commit(work).await {
        Ok(()) => {}
        Err(Lost::Guard(_)) => return Err(Failure::Refused(LoginRefusal::LinkDead)),
        Err(lost) => return Err(Failure::Fault(fault(lost))),
    }
    // The budget of the account starts anew: reset stays possible while locked, and unlocks (H-13).
    budget::refund(
        env,
        &BudgetKey::Account(user.email.key().as_str().to_owned()),
    )
    .await?;
    env.directory.forget_person(user.id);
    env.status.refresh(env).await?;
    jobs::wake(env);
    Ok(after)
}
