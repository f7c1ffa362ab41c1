//! The steps that a passkey takes: the options for the browser, and signing in without a password.

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::factor::Method;
use identity_domain::failure::Failure;
use identity_domain::login::{Action, Login, Step};
use identity_domain::refusal::LoginRefusal;
use identity_storage::Account;

use super::enrol::{self, SetUp};
use super::offer;
use super::second_factor::{self, bound_to, owner};
use super::{LoginResult, Outcome, Taken, find, load, of_another, settle};
use crate::browser::Browser;
use crate::env::{Env, Visit};
use crate::factors::Proven;
use crate::factors::webauthn::{self, Answer, NewKey};

/// What the browser is asked to do with the options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// `navigator.credentials.get`.
    Get,
    /// `navigator.credentials.create`.
    Create,
}

/// Options for the browser, by the step the login waits at; where a key is made, for one of this kind. Before the first factor they are
/// the same for everybody (WAN-06).
pub async fn options(
    env: &Env,
    id: Id<Login>,
    kind: NewKey,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<(Ceremony, String)> {
    let visit = env.visit(context);
    let action = match find(env, id, browser).await?.state.step {
        Step::SecondFactor => Action::ProveFactor,
        Step::EnrolFactor => Action::EnrolFactor,
        Step::OfferPasskey => Action::AddPasskey,
        _ => Action::SignInWithPasskey,
    };
    let login = load(env, id, browser, action, visit.now).await?;
    let bound_to = bound_to(id);
    match action {
        Action::ProveFactor => {
            let account = owner(env, &login).await?;
            let options = webauthn::begin_assertion(env, Some(&account), &bound_to, visit).await?;
            Ok((Ceremony::Get, options))
        }
        Action::AddPasskey => {
            let options = offer::options(env, id, kind, browser, visit).await?;
            Ok((Ceremony::Create, options))
        }
        Action::EnrolFactor => {
            let (_, account) = enrol::loaded(env, id, browser, visit).await?;
            let options =
                webauthn::begin_registration(env, &account, kind, &bound_to, visit).await?;
            Ok((Ceremony::Create, options))
        }
        _ => {
            let options = webauthn::begin_assertion(env, None, &bound_to, visit).await?;
            Ok((Ceremony::Get, options))
        }
    }
}

/// What the form held.
pub struct Submitted<'a> {
    /// The JSON of `credential.toJSON()`.
    pub response: &'a str,
    /// "Keep me signed in".
    pub remember: bool,
}

/// Signs in by a passkey alone. No budget of the password stands in its way: whoever floods an account with guesses does not shut out its
/// owner's passkey (PWD-03), and there is nothing to guess here.
pub async fn submit(
    env: &Env,
    id: Id<Login>,
    submitted: Submitted<'_>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let now = visit.now;
    let mut login = load(env, id, browser, Action::SignInWithPasskey, now).await?;
    let response = submitted.response;
    let (user, Proven { proof, work }) =
        webauthn::sign_in(env, &bound_to(id), response, browser, visit).await?;
    if of_another(&login, &user.email.key()) {
        return Err(Failure::Refused(LoginRefusal::PasskeyRefused(
            "other_account",
        )));
    }
    login.state.identifier = Some(user.email.as_str().to_owned());
    login.state.remember = submitted.remember;
    login.state.offer_passkey = false;
    // Whatever was proven before was somebody's, perhaps not theirs.
    login.state.proofs.clear();
    login.state.prove(proof);
    login.state.security_epoch = Some(user.security_epoch);
    login.state.session_id = None;
    let taken = Taken {
        login,
        user,
        must_change_password: false,
        consented: false,
        work,
    };
    let (id, waits) = (
        taken.user.id,
        taken.user.standing.factors_removed_at.is_some(),
    );
    let outcome = settle(env, taken, browser, context, now).await?;
    if waits {
        second_factor::found(env, id, visit).await;
    }
    Ok(outcome)
}

/// Sets a passkey up in a login that waits for a second factor, and goes on.
pub async fn enrol(
    env: &Env,
    id: Id<Login>,
    answer: Answer<'_>,
    browser: &Browser,
    context: &RequestContext,
) -> LoginResult<Outcome> {
    let visit = env.visit(context);
    let loaded = enrol::loaded(env, id, browser, visit).await?;
    added(env, loaded, answer, browser, visit).await
}

/// Adds a passkey to the person of a login that may, and goes on.
pub(super) async fn added(
    env: &Env,
    (login, account): (Login, Account),
    answer: Answer<'_>,
    browser: &Browser,
    visit: Visit<'_>,
) -> LoginResult<Outcome> {
    let bound_to = bound_to(login.id);
    let made = webauthn::finish_registration(env, &account, &bound_to, answer, visit).await?;
    let set_up = SetUp {
        method: Method::Webauthn,
        proven: Proven {
            proof: made.proof,
            work: made.work,
        },
    };
    enrol::enrolled(env, (login, account), set_up, browser, visit).await
}
