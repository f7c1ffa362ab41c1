//! The whole URL table of the public listener.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use http::HeaderMap;
use identity_oauth::discovery::path;

use crate::app::AppState;
use crate::middleware::{Document, Edge, Site, cors};
use crate::{oauth, pages};

/// Largest body of a form or an OAuth request, bytes. What takes more says so with a `DefaultBodyLimit` of its own.
pub const FORM: usize = 16 * 1024;

/// All routes, behind the edge.
pub fn site(state: &Arc<AppState>, edge: &Arc<Edge>) -> Site {
    let app = Router::new()
        .merge(documents())
        .merge(endpoints(state))
        .merge(pages::renewal::around(
            state,
            front_channel().merge(edge.pages(hosted_pages(state))),
        ));
    let router = app.fallback(pages::not_found).with_state(Arc::clone(state));
    edge.site(router, prepared(state))
}

/// What every verifier and every application asks for: answered without a route.
fn prepared(state: &Arc<AppState>) -> Vec<Document> {
    let document = |path, answer: fn(&AppState, &HeaderMap) -> Response| {
        let state = Arc::clone(state);
        let answer = move |headers: &HeaderMap| cors::readable(answer(&state, headers));
        Document {
            path,
            answer: Box::new(answer),
        }
    };
    vec![
        document(path::OPENID_CONFIGURATION, oauth::discovery::answer),
        document(path::OAUTH_AUTHORIZATION_SERVER, oauth::discovery::answer),
        document(path::JWKS, oauth::jwks::answer),
    ]
}

/// Documents that everybody may read and cache.
fn documents() -> Router<Arc<AppState>> {
    Router::new()
        .route(path::OPENID_CONFIGURATION, get(oauth::discovery::discovery))
        .route(
            path::OAUTH_AUTHORIZATION_SERVER,
            get(oauth::discovery::discovery),
        )
        .route(path::JWKS, get(oauth::jwks::jwks))
        .route(
            &format!("{}{{list}}", path::STATUS),
            get(oauth::status::status),
        )
        .route_layer(cors::for_everybody())
}

/// Endpoints that applications call. Those a browser application needs allow its registered origins.
fn endpoints(state: &Arc<AppState>) -> Router<Arc<AppState>> {
    let from_browsers = Router::new()
        .route(path::TOKEN, post(oauth::token::token))
        .route(
            path::USERINFO,
            get(oauth::userinfo::get).post(oauth::userinfo::post),
        )
        .route(path::REVOKE, post(oauth::revoke::revoke))
        .route_layer(cors::for_origins(oauth::allowed_origins(state)));
    Router::new()
        .route(path::INTROSPECT, post(oauth::introspect::introspect))
        .merge(from_browsers)
}

/// Where applications send browsers. Other sites may post here (OpenID Connect Core §3.1.2.1), so there is no origin check.
fn front_channel() -> Router<Arc<AppState>> {
    Router::new()
        .route(
            path::AUTHORIZE,
            get(oauth::authorize::get).post(oauth::authorize::post),
        )
        .route(
            path::LOGOUT,
            get(oauth::logout::get).post(oauth::logout::post),
        )
        .route("/theme/{*path}", get(pages::static_files::file))
        .route("/favicon.ico", get(pages::static_files::favicon))
        .route(
            "/.well-known/change-password",
            get(pages::account::well_known_change_password),
        )
        .route(
            "/.well-known/passkey-endpoints",
            get(pages::passkeys::well_known),
        )
        .route(
            "/.well-known/security.txt",
            get(pages::security_txt::security_txt),
        )
}

/// Pages for people; every POST passes the origin check here and the CSRF check in [`pages::visit`].
#[expect(clippy::too_many_lines, reason = "a table: one line per address")]
fn hosted_pages(state: &Arc<AppState>) -> Router<Arc<AppState>> {
    let router = Router::new()
        .route("/", get(pages::account::start))
        .route("/login/{id}", get(pages::login::show))
        .route(
            "/login/{id}/identifier",
            get(pages::login::show).post(pages::login::identifier),
        )
        .route(
            "/login/{id}/select_account",
            get(pages::login::show).post(pages::login::select_account),
        )
        .route(
            "/login/{id}/verify",
            get(pages::login::show).post(pages::login::verify),
        )
        .route(
            "/login/{id}/verify/resend",
            get(pages::login::show).post(pages::login::resend),
        )
        .route(
            "/login/{id}/change_password",
            get(pages::login::show).post(pages::login::change_password),
        )
        .route(
            "/login/{id}/consent",
            get(pages::login::show).post(pages::login::consent),
        )
        .route(
            "/login/{id}/passkey",
            get(pages::login::show).post(pages::login::passkey::sign_in),
        )
        .route(
            "/login/{id}/passkey/options",
            post(pages::login::passkey::options),
        )
        .route(
            "/login/{id}/add_passkey",
            get(pages::login::show).post(pages::login::offer::add),
        )
        .route(
            "/login/{id}/add_passkey/decline",
            get(pages::login::show).post(pages::login::offer::decline),
        )
        .route(
            "/login/{id}/enrol/passkey",
            get(pages::login::passkey::show_enrol).post(pages::login::passkey::enrol),
        )
        .route(
            "/login/{id}/second_factor",
            get(pages::login::show).post(pages::login::factors::submit),
        )
        .route(
            "/login/{id}/second_factor/send",
            get(pages::login::show).post(pages::login::factors::send),
        )
        .route(
            "/login/{id}/second_factor/recover",
            get(pages::login::show).post(pages::login::factors::recover),
        )
        .route(
            "/recover/factors/{link}",
            get(pages::factor_recovery::show).post(pages::factor_recovery::begin),
        )
        .route(
            "/recover/factors/keep/{link}",
            get(pages::factor_recovery::show_keep).post(pages::factor_recovery::keep),
        )
        .route(
            "/login/{id}/enrol",
            get(pages::login::show).post(pages::login::factors::confirm),
        )
        .route(
            "/login/{id}/enrol/phone",
            get(pages::login::show).post(pages::login::factors::send_to_number),
        )
        .route(
            "/login/{id}/enrol/email",
            get(pages::login::show).post(pages::login::factors::send_to_address),
        )
        .route(
            "/login/{id}/enrol/skip",
            get(pages::login::show).post(pages::login::factors::skip),
        )
        .route(
            "/login/{id}/backup_codes",
            get(pages::login::show).post(pages::login::factors::save),
        )
        .route(
            "/login/{id}/backup_codes/file",
            get(pages::login::factors::file),
        )
        .route("/login/{id}/cancel", post(pages::login::cancel))
        .route("/login/{id}/restart", get(pages::login::restart))
        .route(
            "/register",
            get(pages::register::show).post(pages::register::submit),
        )
        .route("/password/check", post(pages::password_check::check))
        .route(
            "/verify/{link}",
            get(pages::verify_link::show).post(pages::verify_link::confirm),
        )
        .route(
            "/recover",
            get(pages::recover::show).post(pages::recover::submit),
        )
        .route("/recover/sent", get(pages::recover::show_sent))
        .route(
            "/recover/resend",
            get(pages::recover::show).post(pages::recover::resend),
        )
        .route(
            "/recover/code",
            get(pages::recover::show).post(pages::recover::code),
        )
        .route(
            "/recover/reset",
            get(pages::recover::reset::show_reset).post(pages::recover::reset::reset_by_code),
        )
        .route(
            "/recover/{link}",
            get(pages::recover::reset::show_link).post(pages::recover::reset::reset_by_link),
        )
        .route(
            "/admin/link/{link}",
            get(pages::admin_link::show).post(pages::admin_link::redeem),
        )
        .route(
            "/logout",
            get(oauth::logout::get).post(pages::logout::confirm),
        )
        .route("/account", get(pages::account::home))
        .route("/account/security", get(pages::security::show))
        .route(
            "/account/security/rename",
            get(pages::security::show).post(pages::security::rename),
        )
        .route(
            "/account/security/remove",
            get(pages::security::show).post(pages::security::remove),
        )
        .route(
            "/account/security/email",
            get(pages::security::show).post(pages::security::turn_mail_codes_on),
        )
        .route(
            "/account/security/apps/add",
            get(pages::security::apps::show).post(pages::security::apps::confirm),
        )
        .route(
            "/account/security/phone",
            get(pages::security::phone::show).post(pages::security::phone::send),
        )
        .route(
            "/account/security/phone/code",
            get(pages::security::phone::show).post(pages::security::phone::confirm),
        )
        .route(
            "/account/security/codes",
            get(pages::security::codes::show).post(pages::security::codes::save),
        )
        .route(
            "/account/security/codes/new",
            get(pages::security::codes::show).post(pages::security::codes::make),
        )
        .route(
            "/account/security/codes/file",
            get(pages::security::codes::file),
        )
        .route(
            "/account/password",
            get(pages::change_password::show).post(pages::change_password::submit),
        )
        .route(
            "/account/profile",
            get(pages::profile::show).post(pages::profile::submit),
        )
        .route(
            "/account/notifications",
            get(pages::profile::notifications).post(pages::profile::choose_notifications),
        )
        .route(
            "/account/email",
            get(pages::email::show).post(pages::email::submit),
        )
        .route("/account/email/sent", get(pages::email::show_sent))
        .route(
            "/account/email/code",
            get(pages::email::show_sent).post(pages::email::code),
        )
        .route(
            "/account/email/confirm/{link}",
            get(pages::email::show_confirm).post(pages::email::confirm),
        )
        .route(
            "/account/email/undo/{link}",
            get(pages::email::show_undo).post(pages::email::undo),
        )
        .route("/account/activity", get(pages::activity::show))
        .route("/account/activity.csv", get(pages::activity::download))
        .route("/account/data", get(pages::personal_data::show))
        .route(
            "/account/data/download",
            get(pages::personal_data::show).post(pages::personal_data::download),
        )
        .route(
            "/account/delete",
            get(pages::personal_data::ask_deletion).post(pages::personal_data::delete),
        )
        .route(
            "/account/delete/cancel/{link}",
            get(pages::personal_data::show_cancel).post(pages::personal_data::cancel),
        )
        .route("/account/security/passkeys", get(pages::passkeys::show))
        .route(
            "/account/security/passkeys/add",
            get(pages::passkeys::show_add).post(pages::passkeys::add),
        )
        .route(
            "/account/security/passkeys/options",
            post(pages::passkeys::options),
        )
        .route(
            "/account/security/passkeys/rename",
            get(pages::passkeys::show).post(pages::passkeys::rename),
        )
        .route(
            "/account/security/passkeys/remove",
            get(pages::passkeys::show).post(pages::passkeys::remove),
        )
        .route("/account/sessions", get(pages::sessions::show))
        .route("/account/sessions/end", post(pages::sessions::end_one))
        .route(
            "/account/sessions/end_others",
            post(pages::sessions::end_others),
        )
        .route("/account/stay", post(pages::sessions::stay))
        .route("/account/devices", get(pages::devices::show))
        .route("/account/devices/rename", post(pages::devices::rename))
        .route("/account/devices/untrust", post(pages::devices::untrust))
        .route("/account/devices/forget", post(pages::devices::forget))
        .route("/account/devices/disown", post(pages::devices::disown))
        .route("/account/secure", get(pages::secure::show))
        .route("/account/secure/sign_out", post(pages::secure::sign_out))
        .route("/account/secure/password", post(pages::secure::password))
        .route(
            "/account/secure/report",
            get(pages::secure::ask).post(pages::secure::report),
        )
        .route("/account/secure/keep", post(pages::secure::keep))
        .route("/account/secure/review", post(pages::secure::review))
        .route("/account/secure/finish", post(pages::secure::finish))
        .route(
            "/report/{link}",
            get(pages::report::show).post(pages::report::answer),
        )
        .route("/account/applications", get(pages::applications::show))
        .route(
            "/account/applications/withdraw",
            post(pages::applications::withdraw),
        )
        .route(
            "/account/sign_out",
            get(oauth::logout::get).post(pages::account::sign_out),
        )
        .route("/preferences", get(pages::preferences::set));
    let router = match state.dev {
        None => router,
        Some(_) => router
            .route("/dev/mail", get(pages::dev::mail))
            .route("/dev/mail/{number}", get(pages::dev::mail_html))
            .route("/dev/mail.json", get(pages::dev::mail_json))
            .route("/dev/sms.json", get(pages::dev::sms_json)),
    };
    router.method_not_allowed_fallback(pages::method_not_allowed)
}
