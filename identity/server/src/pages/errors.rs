//! Error pages: what happened, what you can do, and a number for support.

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::Response;
use identity_domain::Id;
use identity_domain::client::Client;
use identity_domain::failure::{Failure, Fault};
use identity_domain::login::Login;
use identity_domain::refusal::LoginRefusal;
use identity_domain::time::{Duration, Timestamp};
use identity_flows::authorize::Unanswerable;
use identity_flows::login::view::destination;
use identity_flows::session;
use identity_oauth::redirect_uri::Unresolved;
use identity_pages::App;
use identity_pages::errors::{
    AddressTaken, AlreadySignedIn, AppMisconfigured, CookiesBlocked, ErrorPage, FlowExpired,
    LockedByAdmin, MisconfigurationDetails, Reference, TabFinished, Throttled, WayOn, WayOnLabel,
};
use identity_pages::person::Deletion;

use super::page;
use super::visit::Visit;
use crate::app::AppState;

/// A browser follows a redirect within so long, and a person who copies an address to another browser rarely does.
const JUST_BEGUN: Duration = Duration::seconds(15);

fn reference(state: &AppState, visit: &Visit) -> Reference {
    Reference {
        id: visit.context.request_id.clone(),
        at: state.env.now(),
    }
}

/// The page of a status without a story of its own.
pub(crate) fn status(state: &AppState, visit: &Visit, status: StatusCode) -> Response {
    let mut error = ErrorPage::new(status.as_u16());
    error.reference = Some(reference(state, visit));
    error.way_on = Some(WayOn {
        label: WayOnLabel::Account,
        url: "/account".to_owned(),
    });
    page(state, visit, &visit.frame(state), &error, status)
}

/// Our fault: logged once here.
pub(crate) fn fault(state: &AppState, visit: &Visit, fault: &Fault) -> Response {
    tracing::error!(%fault, busy = fault.busy, "a page could not be answered");
    if fault.busy {
        return overloaded(state, visit);
    }
    status(state, visit, StatusCode::INTERNAL_SERVER_ERROR)
}

/// Too much at once: come back in a moment.
pub(crate) fn overloaded(state: &AppState, visit: &Visit) -> Response {
    let mut response = status(state, visit, StatusCode::SERVICE_UNAVAILABLE);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

/// Without our cookie nothing can be remembered from one page to the next.
pub(crate) fn cookies_blocked(state: &AppState, visit: &Visit, retry_url: String) -> Response {
    page(
        state,
        visit,
        &visit.frame(state),
        &CookiesBlocked { retry_url },
        StatusCode::BAD_REQUEST,
    )
}

/// Throttled; the same text whether or not the account exists, and resetting stays possible.
pub(crate) fn throttled(state: &AppState, visit: &Visit, until: Timestamp) -> Response {
    let wait = until.since(state.env.now());
    let throttled = Throttled {
        minutes: wait.as_minutes_up(),
        retry_url: None,
        recover_url: Some("/recover".to_owned()),
    };
    with_retry_after(
        page(
            state,
            visit,
            &visit.frame(state),
            &throttled,
            StatusCode::TOO_MANY_REQUESTS,
        ),
        state,
        until,
    )
}

/// Says in a header how long to wait.
pub(crate) fn with_retry_after(
    mut response: Response,
    state: &AppState,
    until: Timestamp,
) -> Response {
    let seconds = until.since(state.env.now()).as_seconds() + 1;
    if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

/// The account is paused; said only to somebody who proved to be its owner (H-70).
pub(crate) fn suspended(state: &AppState, visit: &Visit, id: Id<Login>, email: &str) -> Response {
    locked(
        state,
        visit,
        email.to_owned(),
        format!("/login/{id}/restart?account=another"),
    )
}

/// The old address of an account is another one's; the account is closed until that is settled.
pub(crate) fn address_taken(state: &AppState, visit: &Visit, email: String) -> Response {
    let taken = AddressTaken {
        email,
        reference: Some(reference(state, visit)),
    };
    let frame = visit.frame(state);
    page(state, visit, &frame, &taken, StatusCode::CONFLICT)
}

fn locked(state: &AppState, visit: &Visit, email: String, again: String) -> Response {
    let locked = LockedByAdmin {
        email,
        reference: Some(reference(state, visit)),
        sign_in_url: Some(again),
    };
    page(
        state,
        visit,
        &visit.frame(state),
        &locked,
        StatusCode::FORBIDDEN,
    )
}

/// The page for a login that cannot take a step: each leads forward (X-02, H-67).
pub(crate) async fn login(
    state: &AppState,
    visit: &Visit,
    id: Option<Id<Login>>,
    failure: Failure<LoginRefusal>,
) -> Response {
    let refusal = match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Fault(broken) => return fault(state, visit, &broken),
    };
    let again = id.map_or_else(
        || "/account".to_owned(),
        |id| format!("/login/{id}/restart"),
    );
    match refusal {
        LoginRefusal::Throttled { until } => throttled(state, visit, until),
        LoginRefusal::Overloaded => overloaded(state, visit),
        LoginRefusal::NoBrowserCookie => cookies_blocked(state, visit, again),
        LoginRefusal::OtherBrowser if id.is_some_and(|id| has_just_begun(state, visit, id)) => {
            cookies_blocked(state, visit, again)
        }
        LoginRefusal::AlreadyFinished => finished(state, visit, id).await,
        LoginRefusal::BeingDeleted { delete_at, zone } => {
            being_deleted(state, visit, delete_at, zone)
        }
        LoginRefusal::Suspended => locked(state, visit, String::new(), again),
        LoginRefusal::RegistrationClosed => status(state, visit, StatusCode::FORBIDDEN),
        _ => over(state, visit, id, again).await,
    }
}

/// Whether a browser comes without our cookie from the very redirect that set it, so that beginning anew would lead here again (H-67).
fn has_just_begun(state: &AppState, visit: &Visit, id: Id<Login>) -> bool {
    visit.is_unbound() && state.env.now().since(id.made_at()) < JUST_BEGUN
}

/// Done in another tab, or gone back to: on to where it led (H-67).
async fn finished(state: &AppState, visit: &Visit, id: Option<Id<Login>>) -> Response {
    let led = match destination(&state.env, id, &visit.browser).await {
        Ok(led) => led,
        Err(broken) => return fault(state, visit, &broken),
    };
    let mut frame = visit.frame(state);
    frame.brand = state.brand_with(&led.looks);
    frame.app = led.client.as_deref().map(super::login::app);
    let finished = TabFinished {
        continue_url: led.url,
    };
    page(state, visit, &frame, &finished, StatusCode::CONFLICT)
}

/// Its owner asked for the end of this account: until when it can be kept, and how. Told only to somebody who proved to be its owner.
pub(crate) fn being_deleted(
    state: &AppState,
    visit: &Visit,
    delete_at: Timestamp,
    zone: Option<String>,
) -> Response {
    let deletion = Deletion {
        delete_at: Some(delete_at),
        again: true,
        sign_in_url: "/account".to_owned(),
    };
    let mut frame = visit.frame(state);
    frame.zone = zone;
    page(state, visit, &frame, &deletion, StatusCode::FORBIDDEN)
}

/// A login that leads nowhere any more: on with whoever is signed in here, or anew, back to the application that asked (W-06).
async fn over(state: &AppState, visit: &Visit, id: Option<Id<Login>>, again: String) -> Response {
    let mut frame = visit.frame(state);
    let known = async {
        let here = session::live(&state.env, &visit.browser, state.env.now()).await?;
        let led = destination(&state.env, id, &visit.browser).await?;
        Ok::<_, Fault>((here.into_iter().next(), led))
    };
    let (live, led) = match known.await {
        Ok(known) => known,
        Err(broken) => return fault(state, visit, &broken),
    };
    frame.brand = state.brand_with(&led.looks);
    frame.app = led.client.as_deref().map(super::login::app);
    let Some(live) = live else {
        let expired = FlowExpired {
            start_again_url: again,
        };
        return page(state, visit, &frame, &expired, StatusCode::GONE);
    };
    let signed_in = AlreadySignedIn {
        email: live.user.email.as_str().to_owned(),
        continue_url: again,
    };
    page(state, visit, &frame, &signed_in, StatusCode::CONFLICT)
}

/// The lines of the application's file that accept an address.
fn in_the_file(client: &Client, presented: &str) -> String {
    let mut addresses = client.metadata.redirect_uris.clone();
    addresses.push(presented.to_owned());
    let addresses = serde_json::to_string(&addresses).unwrap_or_default();
    format!("redirect_uris: {addresses} # in the app's file, then: identity apply")
}

/// The application's settings are wrong; nobody is redirected. The full story is told in dev only (H-69, D-07) and always logged.
pub(crate) fn misconfigured(
    state: &AppState,
    visit: &Visit,
    unanswerable: &Unanswerable,
) -> Response {
    let mut frame = visit.frame(state);
    let mut way_on = WayOn {
        label: WayOnLabel::Account,
        url: "/account".to_owned(),
    };
    let (reason, details) = match unanswerable {
        Unanswerable::UnknownClient { client_id } => {
            let mut details = MisconfigurationDetails::reason(
                "client_id is not registered, or the client is disabled",
            );
            details.client_id = Some(client_id.chars().take(128).collect());
            details.fix = Some("identity client create --help".to_owned());
            ("unknown_client".to_owned(), details)
        }
        Unanswerable::RedirectUri { client, unresolved } => {
            frame.app = Some(App::named(client.display_name()));
            if let Some(home) = &client.metadata.client_uri {
                way_on.label = WayOnLabel::BackToApp;
                way_on.url.clone_from(home);
            }
            let details = match unresolved {
                Unresolved::Missing => MisconfigurationDetails::reason("redirect_uri is missing"),
                Unresolved::Mismatch(mismatch) => {
                    let mut details = MisconfigurationDetails::redirect_uri(
                        &client.client_id,
                        &mismatch.presented,
                        &client.metadata.redirect_uris,
                    );
                    details.fix = Some(in_the_file(client, &mismatch.presented));
                    details
                }
            };
            (format!("redirect_uri of {}", client.client_id), details)
        }
        Unanswerable::Malformed(error) => (
            error.to_string(),
            MisconfigurationDetails::reason(error.description()),
        ),
        Unanswerable::Refused(_) => (
            "refused".to_owned(),
            MisconfigurationDetails::reason("refused"),
        ),
    };
    tracing::warn!(reason, details = ?details.received, "an application sent a request that cannot be answered");
    let misconfigured = AppMisconfigured {
        reference: Some(reference(state, visit)),
        details: state.env.settings.dev.then_some(details),
        way_on: Some(way_on),
    };
    page(
        state,
        visit,
        &frame,
        &misconfigured,
        StatusCode::BAD_REQUEST,
    )
}
