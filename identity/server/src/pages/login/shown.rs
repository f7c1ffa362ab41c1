//! What the page of a login's step holds.

use axum::http::StatusCode;
use axum::response::Response;
use identity_domain::Id;
use identity_domain::client::Client;
use identity_domain::login::{Login, Purpose, Step};
use identity_domain::user::User;
use identity_flows::browser::Cookies;
use identity_flows::claims;
use identity_flows::login::is_step_up;
use identity_flows::login::select_account::came_later;
use identity_flows::login::start::{for_account, remembered};
use identity_flows::login::view::{View, view};
use identity_pages::consent::{Consent, ConsentScope};
use identity_pages::login::{AccountChoice, Confirm, Password, SelectAccount, SignIn};
use identity_pages::passkey::PasskeyForm;
use identity_pages::password::{MustChangePassword, MustChangeReason};
use identity_pages::registration::Verify;
use identity_pages::{
    Account, Alert, App, Field, FieldError, Hidden, Organization, PageFrame, Remember,
};

use super::path;
use super::{factors, offer, passkey};
use crate::app::AppState;
use crate::pages::password_form::rules;
use crate::pages::visit::Visit;
use crate::pages::{RESEND_AFTER, errors, leading_to, over, page, redirect};

/// What a page says beside its form after a refused step.
#[derive(Default)]
pub(super) struct Said {
    pub alert: Option<Alert>,
    /// At the first field of the page: the address, the code, the new password.
    pub error: Option<FieldError>,
    /// At the password of the sign-in page.
    pub password: Option<FieldError>,
    pub identifier: Option<String>,
    /// "Keep me signed in" was ticked.
    pub remember: bool,
    /// A passkey that its manager should forget.
    pub unknown_passkey: Option<String>,
    pub status: Option<StatusCode>,
    /// The browser made a passkey by itself, and it was refused.
    pub tried_silently: bool,
    /// What the pages of second factors need besides.
    pub factor: factors::Asked,
}

impl Said {
    /// What the address of the page says was done before; only words of this list, never text from the address.
    pub fn from_query(query: Option<&str>) -> Self {
        let alert = match query {
            Some("said=email_verified") => Some(Alert::EmailVerified),
            Some("said=email_elsewhere") => Some(Alert::EmailVerifiedElsewhere),
            Some("said=mail_sent") => Some(Alert::MailSent),
            Some("said=password_reset") => Some(Alert::PasswordReset),
            Some("said=new_address") => Some(Alert::ConfirmNewAddress),
            _ => None,
        };
        Self {
            alert,
            // "Not you?": what was typed before is no help.
            identifier: (query == Some(NOT_YOU)).then(String::new),
            factor: factors::Asked::from_query(query),
            ..Self::default()
        }
    }

    /// Fields need another look.
    pub fn check() -> Self {
        Self {
            alert: Some(Alert::CheckFields),
            status: Some(StatusCode::UNPROCESSABLE_ENTITY),
            ..Self::default()
        }
    }

    pub fn status(&self) -> StatusCode {
        self.status.unwrap_or(StatusCode::OK)
    }
}

/// The page of the step the login stands at.
pub(super) async fn shown(state: &AppState, visit: &Visit, id: Id<Login>, said: Said) -> Response {
    match view(&state.env, id, &visit.browser).await {
        Ok(view) => {
            let visit = in_asked_locale(state, visit, &view);
            let response = rendered(state, &visit, &view, said).await;
            leading_back(response, &view)
        }
        Err(failure) => errors::login(state, visit, Some(id), failure).await,
    }
}

/// The visit in the language that the application asked for.
pub(crate) fn in_asked_locale(state: &AppState, visit: &Visit, view: &View) -> Visit {
    match &view.login.state.purpose {
        Purpose::Authorize { request, .. } => {
            visit.in_locale(state, Some(&request.ui_locales.join(" ")))
        }
        Purpose::Account { .. } => visit.clone(),
    }
}

/// The password alone, for an address that was sent without one (H-02).
pub(super) async fn password_page(
    state: &AppState,
    visit: &Visit,
    id: Id<Login>,
    typed: String,
    said: Said,
) -> Response {
    match view(&state.env, id, &visit.browser).await {
        Ok(view) if view.login.state.step == Step::Authenticate => {
            // So that nobody has to type it again, here or where a password was forgotten (H-29).
            let kept = remembered(&state.env, id, &typed, &visit.browser).await;
            if let Err(failure) = kept {
                return errors::login(state, visit, Some(id), failure).await;
            }
            let status = said.status();
            let password = the_password(state, &view, typed, said);
            let frame = frame(state, visit, &view);
            leading_back(page(state, visit, &frame, &password, status), &view)
        }
        Ok(view) => redirect(
            state,
            visit,
            &path(id, &view.login.state.step),
            &Cookies::default(),
        ),
        Err(failure) => errors::login(state, visit, Some(id), failure).await,
    }
}

/// The page for one address. For a step-up it says what for, and offers nothing that a sign-in of somebody else would need (H-63).
fn the_password(state: &AppState, view: &View, email: String, said: Said) -> Password {
    let id = view.login.id;
    let action = path(id, &Step::Authenticate);
    let confirm = is_step_up(&view.login);
    let not_you = if confirm {
        format!("/login/{id}/restart?account=another")
    } else {
        format!("{action}?{NOT_YOU}")
    };
    let passkey = passkey::form(state, id, said.unknown_passkey.clone());
    let mut password = Password::new(action, email, not_you);
    password.hidden = vec![Hidden::new(ASKED, "password")];
    password.remember = remember(state, &said).filter(|_| !confirm);
    password.passkeys = passkey.is_some();
    let passkey = passkey.filter(|_| view.takes_passkey);
    // No field here takes what the browser would fill in by itself.
    password.passkey = passkey.map(|form| PasskeyForm {
        conditional: false,
        ..form
    });
    password.confirm = confirm.then(|| what_for(&view.login));
    password.cancel_url = password.confirm.map(begun_at).map(str::to_owned);
    password.forgot_url = Some(forgot_url(id));
    password.password =
        focused_if(Field::current_password(), is_quiet(&said)).with_optional_error(said.password);
    password.alert = match said.alert {
        // There is no address to check: it is the one that is signed in.
        Some(Alert::WrongCredentials) if confirm => Some(Alert::WrongPassword),
        alert => alert,
    };
    password
}

/// The page that a step-up was begun at, for whoever thinks better of it.
const fn begun_at(confirm: Confirm) -> &'static str {
    match confirm {
        Confirm::Security => "/account/security",
        Confirm::Email => "/account/profile",
        Confirm::Data | Confirm::Deletion => "/account/data",
    }
}

/// What the page is for that a step-up comes back to.
fn what_for(login: &Login) -> Confirm {
    let path = match &login.state.purpose {
        Purpose::Account { path, .. } => path.as_str(),
        Purpose::Authorize { .. } => "",
    };
    if path.starts_with("/account/email") {
        Confirm::Email
    } else if path.starts_with("/account/data") {
        Confirm::Data
    } else if path.starts_with("/account/delete") {
        Confirm::Deletion
    } else {
        Confirm::Security
    }
}

/// A forgotten password does not lose the sign-in it was needed for.
fn forgot_url(id: Id<Login>) -> String {
    format!("/recover?login={id}")
}

/// What was done by mail just before a sign-in.
#[derive(Clone, Copy)]
pub(crate) enum Done {
    EmailVerified,
    PasswordReset,
    /// The same, in the middle of "Secure my account".
    SecuringPassword,
}

/// A sign-in of its own, after something was done that signs nobody in.
pub(crate) async fn fresh(state: &AppState, visit: &Visit, email: &str, done: Done) -> Response {
    let hint = Some(email.to_owned());
    let leads_to = match done {
        Done::SecuringPassword => "/account/secure",
        Done::EmailVerified | Done::PasswordReset => "/account",
    };
    match for_account(&state.env, leads_to, hint, false, &visit.browser).await {
        Ok((id, cookies)) => {
            let said = match done {
                Done::EmailVerified => "email_verified",
                Done::PasswordReset | Done::SecuringPassword => "password_reset",
            };
            let to = format!("{}?said={said}", path(id, &Step::Authenticate));
            redirect(state, visit, &to, &cookies)
        }
        Err(fault) => errors::fault(state, visit, &fault),
    }
}

/// Query of the sign-in page that asks for the address anew.
const NOT_YOU: &str = "not_you=1";

/// Hidden field of the page that asks for the password alone, so that a refusal shows that page again.
pub(super) const ASKED: &str = "asked";

pub(crate) fn leading_back(response: Response, view: &View) -> Response {
    match &view.login.state.purpose {
        Purpose::Authorize { redirect_uri, .. } => leading_to(response, Some(redirect_uri)),
        Purpose::Account { .. } => response,
    }
}

/// An application as pages name it.
pub(crate) fn app(client: &Client) -> App {
    App {
        name: client.display_name().to_owned(),
        // Logos of strangers are never loaded: the page's own policy forbids third-party requests.
        logo_url: None,
        url: client.metadata.client_uri.clone(),
        privacy_url: client.metadata.policy_uri.clone(),
        terms_url: client.metadata.tos_uri.clone(),
    }
}

/// The frame of a login's page names the application and the organization.
pub(crate) fn frame(state: &AppState, visit: &Visit, view: &View) -> PageFrame {
    let mut frame = visit.frame(state);
    frame.brand = state.brand_with(&view.looks);
    frame.app = view.client.as_deref().map(app);
    frame.organization = view.organization.as_ref().map(|tenant| Organization {
        name: tenant.organization.name.clone(),
        logo_url: None,
    });
    frame
}

/// The same for somebody who proved to be the person.
pub(crate) fn frame_for(state: &AppState, visit: &Visit, view: &View, person: &User) -> PageFrame {
    PageFrame {
        zone: person.profile.zoneinfo.clone(),
        ..frame(state, visit, view)
    }
}

async fn rendered(state: &AppState, visit: &Visit, view: &View, said: Said) -> Response {
    let login = &view.login;
    let action = path(login.id, &login.state.step);
    let mut frame = frame(state, visit, view);
    let status = said.status();
    match &login.state.step {
        Step::Authenticate => {
            let mut said = said;
            if said.alert.is_none() {
                said.alert = over::alert(state, visit).await;
            }
            match login.state.identifier.clone() {
                Some(email) if is_step_up(login) => {
                    let password = the_password(state, view, email, said);
                    page(state, visit, &frame, &password, status)
                }
                _ => {
                    let sign_in = sign_in(state, view, action, said);
                    page(state, visit, &frame, &sign_in, status)
                }
            }
        }
        Step::SecondFactor | Step::EnrolFactor | Step::BackupCodes => {
            factors::shown(state, visit, view, said).await
        }
        Step::SelectAccount => {
            let select = select_account(view, action, said);
            page(state, visit, &frame, &select, status)
        }
        Step::VerifyEmail => {
            let verify = verify(state, view, action, said);
            page(state, visit, &frame, &verify, status)
        }
        Step::OfferPasskey => offer::page_of(state, visit, view, said).await,
        Step::ChangePassword => {
            let change = must_change(state, login, action, said);
            page(state, visit, &frame, &change, status)
        }
        Step::Consent | Step::Finished => {
            frame.account = consenting(view);
            page(state, visit, &frame, &consent(view, action), status)
        }
    }
}

fn verify(state: &AppState, view: &View, action: String, said: Said) -> Verify {
    let login = &view.login;
    // Somebody who just typed a wrong code has waited already.
    let resend_after = if said.error.is_some() {
        0
    } else {
        RESEND_AFTER
    };
    Verify {
        resend_action: format!("{action}/resend"),
        action,
        hidden: vec![],
        email: login.state.identifier.clone().unwrap_or_default(),
        sender: state.mail_sender.clone(),
        code: focused_if(Field::code(), is_quiet(&said)).with_optional_error(said.error),
        resend_after,
        change_url: Some(format!("/register?login={}", login.id)),
        alert: said.alert.filter(|_| !view.is_confirmed),
        confirmed: view.is_confirmed,
    }
}

/// An error above the form has the focus, because it has to be read first (H-12).
pub(super) fn is_quiet(said: &Said) -> bool {
    said.alert.as_ref().is_none_or(|alert| !alert.takes_focus())
}

pub(super) fn focused_if(field: Field, wanted: bool) -> Field {
    if wanted { field.focused() } else { field }
}

fn must_change(state: &AppState, login: &Login, action: String, said: Said) -> MustChangePassword {
    MustChangePassword {
        action,
        // For the check while typing, which knows the person by it.
        hidden: vec![Hidden::new("login", login.id.to_string())],
        email: login.state.identifier.clone().unwrap_or_default(),
        reason: MustChangeReason::Temporary,
        new: focused_if(Field::new_password(), is_quiet(&said)).with_optional_error(said.error),
        rules: rules(state),
        alert: said.alert,
    }
}

fn remember(state: &AppState, said: &Said) -> Option<Remember> {
    let life = state.env.settings.session.remember?;
    let days = u32::try_from(life.as_seconds() / 86_400).unwrap_or(1);
    Some(Remember {
        checked: said.remember,
        ..Remember::days(days.max(1))
    })
}

fn sign_in(state: &AppState, view: &View, action: String, said: Said) -> SignIn {
    let mut sign_in = SignIn::new(action);
    let quiet = is_quiet(&said);
    let kept = remember(state, &said);
    let identifier = said
        .identifier
        .or_else(|| view.login.state.identifier.clone())
        .unwrap_or_default();
    // Somebody whose address is known has only the password to type.
    let known = !identifier.is_empty();
    sign_in.identifier = focused_if(Field::identifier(), quiet && !known)
        .with_value(identifier)
        .with_optional_error(said.error);
    sign_in.password =
        focused_if(Field::current_password(), quiet && known).with_optional_error(said.password);
    sign_in.remember = kept;
    sign_in.passkey = passkey::form(state, view.login.id, said.unknown_passkey);
    sign_in.alert = said.alert.or_else(|| {
        view.login
            .state
            .reauthenticate
            .then_some(Alert::SignInAgain)
            .filter(|_| view.login.state.identifier.is_some())
    });
    sign_in.forgot_url = Some(forgot_url(view.login.id));
    sign_in.register_url = state
        .env
        .settings
        .registration_open
        .then(|| format!("/register?login={}", view.login.id));
    sign_in
}

fn select_account(view: &View, action: String, said: Said) -> SelectAccount {
    let accounts = view.sessions.iter().map(|live| AccountChoice {
        session: live.session.id.to_string(),
        name: live.user.profile.name.clone(),
        email: live.user.email.as_str().to_owned(),
        signed_out: false,
        unsuitable: false,
    });
    SelectAccount {
        action,
        hidden: vec![],
        accounts: accounts.collect(),
        use_another_url: format!("/login/{}/restart?account=another", view.login.id),
        already: view
            .sessions
            .iter()
            .any(|live| came_later(live, &view.login)),
        alert: said.alert,
    }
}

fn consenting(view: &View) -> Option<Account> {
    let user = view
        .sessions
        .iter()
        .find(|live| Some(live.user.id) == view.login.state.user_id)
        .map(|live| &live.user)?;
    Some(Account {
        name: user.profile.name.clone(),
        email: user.email.as_str().to_owned(),
    })
}

fn consent(view: &View, action: String) -> Consent {
    let (scopes, redirect_host) = match &view.login.state.purpose {
        Purpose::Authorize {
            request,
            redirect_uri,
        } => {
            // With its port: two applications of one machine differ in nothing else.
            let host = url::Url::parse(redirect_uri)
                .ok()
                .filter(url::Url::has_host)
                .map(|url| url.authority().to_owned());
            let scopes = claims::asked_scope(request).into_iter();
            (scopes.map(ConsentScope::new).collect(), host)
        }
        Purpose::Account { .. } => (Vec::new(), None),
    };
    Consent {
        action,
        hidden: vec![],
        scopes,
        redirect_host,
        switch_url: Some(format!("/login/{}/restart?account=another", view.login.id)),
    }
}
