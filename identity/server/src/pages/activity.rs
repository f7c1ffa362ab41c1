//! What happened in an account, in plain words and as CSV.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use identity_domain::Fault;
use identity_domain::time::Duration;
use identity_flows::account::activity::{self, Asked, Kind};
use identity_pages::person::{AccountActivity, ActivityRow};
use identity_storage::AuditRow;
use serde::Deserialize;
use serde_json::Value;

use super::account::{SIGN_OUT, frame, signed_in};
use super::agent::Agent;
use super::visit::Visit;
use super::{errors, page};
use crate::app::AppState;

const ACTIVITY: &str = "/account/activity";
/// Shorter periods than the whole list, in days.
const PERIODS: [i64; 2] = [7, 30];

/// The filter as it stands in the address. What cannot be read is as good as absent.
#[derive(Deserialize, Default)]
pub struct Filter {
    kind: Option<String>,
    days: Option<i64>,
    before: Option<uuid::Uuid>,
}

impl Filter {
    fn kind(&self) -> Option<Kind> {
        self.kind.as_deref().and_then(Kind::parse)
    }

    /// One of the periods that the page offers.
    fn days(&self) -> Option<i64> {
        self.days.filter(|days| PERIODS.contains(days))
    }

    fn next_url(&self, before: uuid::Uuid) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = self.kind() {
            query.append_pair("kind", kind.as_str());
        }
        if let Some(days) = self.days() {
            query.append_pair("days", &days.to_string());
        }
        query.append_pair("before", &before.to_string());
        format!("{ACTIVITY}?{}", query.finish())
    }
}

/// The list.
pub async fn show(
    State(state): State<Arc<AppState>>,
    visit: Visit,
    Query(filter): Query<Filter>,
) -> Response {
    let live = match signed_in(&state, &visit, ACTIVITY).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let asked = Asked {
        kind: filter.kind(),
        since: filter
            .days()
            .map(|days| state.env.now() - Duration::days(days)),
        before: filter.before,
    };
    let entries = match activity::list(&state.env, &live, asked).await {
        Ok(entries) => entries,
        Err(fault) => return errors::fault(&state, &visit, &fault),
    };
    let page_of = AccountActivity {
        rows: entries
            .rows
            .iter()
            .map(|row| in_words(&state, row))
            .collect(),
        kind: asked.kind.map(Kind::as_str),
        kinds: [Kind::SignIns, Kind::Refused, Kind::Changes]
            .map(Kind::as_str)
            .to_vec(),
        days: filter.days(),
        periods: PERIODS.to_vec(),
        next_url: entries.next.map(|before| filter.next_url(before)),
        download_url: format!("{ACTIVITY}.csv"),
        secure_url: "/account/secure".to_owned(),
        report_url: "/account/secure/report".to_owned(),
        alert: None,
        sign_out_action: SIGN_OUT.to_owned(),
    };
    let frame = frame(&state, &visit, &live);
    page(&state, &visit, &frame, &page_of, StatusCode::OK)
}

/// An entry as pages name it.
pub(crate) fn in_words(state: &AppState, row: &AuditRow) -> ActivityRow {
    let agent = Agent::read(&row.user_agent);
    let data: Value = serde_json::from_str(&row.data).unwrap_or_default();
    let (key, icon) = words(row, &data);
    let client = row.target.strip_prefix("client:").unwrap_or_default();
    let app = state.env.directory.client(client).map_or_else(
        || client.to_owned(),
        |client| client.display_name().to_owned(),
    );
    ActivityRow {
        id: row.id.to_string(),
        at: row.at,
        text: identity_pages::person::activity_text(key, &app),
        refused: row.result != "ok",
        icon,
        device: agent.device,
        browser: agent.browser,
        system: agent.system,
        place: identity_flows::device::country(&state.env, &row.address),
        ip: row.address.clone(),
    }
}

/// The message and the icon of an entry: by action, and where that is not enough by what the record says.
fn words(row: &AuditRow, data: &Value) -> (&'static str, &'static str) {
    let is_ok = row.result == "ok";
    let said = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    match (row.action.as_str(), is_ok) {
        ("session.sign_in", true) => ("activity-signed-in", "person"),
        ("session.sign_in", false) => ("activity-sign-in-refused", "alert"),
        ("session.sign_out", _) if said("reason") == "signed_out" => ("activity-signed-out", "out"),
        ("session.sign_out", _) => ("activity-session-ended", "out"),
        ("session.end_all", _) => ("activity-sessions-ended", "out"),
        ("session.report", _) => ("activity-reported", "shield"),
        ("user.register", _) => ("activity-registered", "person"),
        ("user.change", _) if said("change") == "created" => ("activity-created", "person"),
        ("user.change", _) => ("activity-changed-by-operator", "people"),
        ("user.verify_email", _) => ("activity-email-verified", "mail"),
        ("user.request_mail", _) => (mail_asked_for(said("purpose")), "mail"),
        ("user.use_code", _) => ("activity-code-refused", "alert"),
        ("user.change_password", true) => ("activity-password-changed", "key"),
        ("user.change_password", false) => ("activity-password-refused", "alert"),
        ("user.change_profile", _) => match said("change") {
            "email" => ("activity-email-changed", "mail"),
            "email_undone" | "email_disputed" => ("activity-email-undone", "mail"),
            "notifications" => ("activity-notifications-changed", "mail"),
            "secured" => ("activity-secured", "shield"),
            _ => ("activity-profile-changed", "person"),
        },
        ("user.export", _) => ("activity-exported", "badge"),
        ("user.delete", _) if said("change") == "cancelled" => {
            ("activity-deletion-cancelled", "person")
        }
        ("user.delete", _) => ("activity-deletion-requested", "alert"),
        ("factor.add", _) => (added(said("kind")), "shield"),
        ("factor.change", _) => (changed(said("kind"), said("change")), "shield"),
        ("factor.use", true) if said("method") == "backup_code" => ("activity-code-used", "shield"),
        ("factor.use", true) => ("activity-factor-used", "shield"),
        ("factor.use", false) => ("activity-factor-refused", "alert"),
        ("factor.send_code", _) => ("activity-code-sent", "mail"),
        ("device.new", _) => ("activity-device-new", "computer"),
        ("device.change", _) => ("activity-device-changed", "computer"),
        ("consent.grant", _) => ("activity-consent-granted", "grid"),
        ("consent.withdraw", _) => ("activity-consent-withdrawn", "grid"),
        ("admin.link", _) => ("activity-admin-link", "people"),
        ("membership.change", _) => ("activity-membership-changed", "people"),
        _ => ("activity-other", "info"),
    }
}

/// Which mail was asked for.
fn mail_asked_for(purpose: &str) -> &'static str {
    match purpose {
        "recovery" => "activity-mail-recovery",
        "verify_email" => "activity-mail-verify",
        "already_registered" => "activity-mail-known",
        "email_change" => "activity-mail-change",
        "factor_recovery" => "activity-mail-factors",
        "deletion_cancel" => "activity-mail-keep",
        _ => "activity-mail-requested",
    }
}

/// What was added, by the kind of credential.
fn added(kind: &str) -> &'static str {
    match kind {
        "webauthn" => "activity-passkey-added",
        "totp" => "activity-app-added",
        "sms" => "activity-sms-added",
        "email" => "activity-mail-codes-added",
        _ => "activity-factor-added",
    }
}

/// What happened to a way to prove oneself: its owner tells a removal from a new name (H-52).
fn changed(kind: &str, change: &str) -> &'static str {
    match (change, kind) {
        ("removed" | "removed_by_operator" | "disowned", "webauthn") => "activity-passkey-removed",
        ("removed" | "removed_by_operator" | "disowned", "totp") => "activity-app-removed",
        ("removed" | "removed_by_operator" | "disowned", "sms") => "activity-sms-removed",
        ("removed" | "removed_by_operator" | "disowned", "email") => "activity-mail-codes-removed",
        ("renamed", _) => "activity-factor-renamed",
        ("saved", _) => "activity-codes-made",
        ("suspected", _) => "activity-passkey-suspected",
        ("recovery_begun", _) => "activity-recovery-begun",
        ("recovery_cancelled", _) => "activity-recovery-cancelled",
        ("held", _) => "activity-factors-held",
        ("recovered", _) => "activity-recovered",
        _ => "activity-factor-changed",
    }
}

/// The same as a table for a spreadsheet, in the page's language.
pub async fn download(State(state): State<Arc<AppState>>, visit: Visit) -> Response {
    let live = match signed_in(&state, &visit, ACTIVITY).await {
        Ok(live) => live,
        Err(response) => return response,
    };
    let rows = match activity::all(&state.env, &live).await {
        Ok(rows) => rows,
        Err(fault) => return errors::fault(&state, &visit, &fault),
    };
    match table(&state, &visit.locale, &rows) {
        Ok(table) => {
            let kind = HeaderValue::from_static("text/csv; charset=utf-8");
            let name = HeaderValue::from_static("attachment; filename=\"activity.csv\"");
            ([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], table).into_response()
        }
        Err(fault) => errors::fault(&state, &visit, &fault),
    }
}

fn table(state: &AppState, locale: &str, rows: &[AuditRow]) -> Result<Vec<u8>, Fault> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["time", "event", "result", "address", "device", "action"];
    writer.write_record(head).map_err(Fault::new)?;
    for row in rows {
        let entry = in_words(state, row);
        let device = match (&entry.browser, &entry.system) {
            (Some(browser), Some(system)) => {
                let name = identity_pages::person::device_name(browser, system);
                // The marks that keep names apart on a page are in the way of a search in a table.
                let name = state.engine.text(locale, &name);
                name.replace(['\u{2068}', '\u{2069}'], "")
            }
            (one, other) => one.clone().or_else(|| other.clone()).unwrap_or_default(),
        };
        let record = [
            row.at.rfc3339(),
            state.engine.text(locale, &entry.text),
            row.result.clone(),
            row.address.clone(),
            device,
            row.action.clone(),
        ];
        writer
            .write_record(record.map(|cell| inert(&cell)))
            .map_err(Fault::new)?;
    }
    writer.into_inner().map_err(Fault::new)
}

/// A spreadsheet takes a cell that begins like this for a formula.
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for cell in ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1"] {
            assert!(inert(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(inert("192.0.2.7"), "192.0.2.7");
    }
}
