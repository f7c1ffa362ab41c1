//! When it was somebody else: the question in a mail, and the page that helps.

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::form::Hidden;
use crate::mail::Origin;
use crate::notice::{Alert, minutes_ago};
use crate::page::Page;
use crate::person::ActivityRow;

/// What there is to do, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecureStepKind {
    SignOut,
    Password,
    Factors,
    Devices,
    Applications,
}

/// One step.
#[derive(Clone, Debug, Serialize)]
pub struct SecureStep {
    pub kind: SecureStepKind,
    pub done: bool,
    /// Other sessions, devices or applications there are.
    pub count: u32,
    /// Where it is done or looked at; `None`: by the button of the page.
    pub url: Option<String>,
}

impl SecureStep {
    /// So many are done.
    fn samples(done: u32) -> Vec<Self> {
        let is = |at: u32| at < done;
        let step = |kind, at, count, url: Option<&str>| Self {
            kind,
            done: is(at),
            count,
            url: url.map(Into::into),
        };
        vec![
            step(SecureStepKind::SignOut, 0, if is(0) { 0 } else { 2 }, None),
            step(SecureStepKind::Password, 1, 0, Some("/account/password")),
            step(SecureStepKind::Factors, 2, 0, Some("/account/security")),
            step(SecureStepKind::Devices, 3, 3, Some("/account/devices")),
            step(
                SecureStepKind::Applications,
                4,
                2,
                Some("/account/applications"),
            ),
        ]
    }
}

/// A second factor that went with the report.
#[derive(Clone, Debug, Serialize)]
pub struct RemovedRow {
    pub method: &'static str,
    pub label: Option<String>,
}

impl RemovedRow {
    fn samples() -> Vec<Self> {
        let row = |method, label: Option<&str>| Self {
            method,
            label: label.map(Into::into),
        };
        vec![row("webauthn", Some("iCloud Keychain")), row("email", None)]
    }
}

/// All second factors are about to be removed, because somebody said that they are lost.
#[derive(Clone, Debug, Serialize)]
pub struct Removal {
    pub at: Timestamp,
    /// Posts nothing but its token; asks for one of the factors first.
    pub keep_action: String,
}

/// `account/secure_my_account`. A step that is only looked at posts `step` to `review_action`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountSecure {
    /// Somebody said that it was not the owner.
    pub reported: bool,
    pub steps: Vec<SecureStep>,
    pub removal: Option<Removal>,
    /// What was set up while somebody else was here, and is gone.
    pub removed: Vec<RemovedRow>,
    /// The entry of their activity that the person said of that it was not them.
    pub about: Option<ActivityRow>,
    /// How many are done.
    pub done: u32,
    /// Ends all other sessions.
    pub end_others_action: String,
    /// Leads to the new password, which counts from then on.
    pub password_action: String,
    pub review_action: String,
    pub finish_action: String,
    pub alert: Option<Alert>,
    pub sign_out_action: String,
}

impl Page for AccountSecure {
    const TEMPLATE: &'static str = "pages/account/secure_my_account.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            reported: true,
            steps: SecureStep::samples(2),
            removal: None,
            removed: RemovedRow::samples(),
            about: Some(ActivityRow::sample()),
            done: 2,
            end_others_action: "/account/secure/sign_out".into(),
            password_action: "/account/secure/password".into(),
            review_action: "/account/secure/review".into(),
            finish_action: "/account/secure/finish".into(),
            alert: None,
            sign_out_action: "/account/sign-out".into(),
        };
        let begun = Self {
            reported: false,
            steps: SecureStep::samples(0),
            removed: vec![],
            about: None,
            done: 0,
            ..plain.clone()
        };
        let removal = Self {
            removal: Some(Removal {
                at: minutes_ago(-72 * 60),
                keep_action: "/account/secure/keep".into(),
            }),
            ..begun.clone()
        };
        let finished = Self {
            steps: SecureStep::samples(5),
            done: 5,
            ..plain.clone()
        };
        vec![
            ("plain", plain),
            ("begun", begun),
            ("removal", removal),
            ("finished", finished),
        ]
    }
}

/// Which button of the mail was pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// None yet.
    #[default]
    Open,
    Me,
    NotMe,
}

/// What is asked about: `t("report-lead-" ~ page.change)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportedChange {
    #[default]
    SignIn,
    Factor,
    FactorRemoved,
    PasswordChanged,
    BackupCodesMade,
    BackupCodeUsed,
}

/// A second factor that is asked about.
#[derive(Clone, Debug, Serialize)]
pub struct ReportedFactor {
    /// Its kind: `t("factor-" ~ method)`.
    pub method: &'static str,
    pub label: Option<String>,
}

/// `auth/sign_in_report`: "Was this you?". Posts `answer`, `me` or `not_me`; opening the page changes nothing.
#[derive(Clone, Debug, Serialize)]
pub struct SignInReport {
    pub action: String,
    pub hidden: Vec<Hidden>,
    pub email: String,
    pub change: ReportedChange,
    /// The second factor that was set up or taken away.
    pub factor: Option<ReportedFactor>,
    /// The sign-in, or where the change was made.
    pub origin: Origin,
    /// The button that was pressed in the mail comes first.
    pub answer: Answer,
    /// In a browser that we do not know, "This wasn't me" puts second factors on hold; in one used before it removes them.
    pub holds: bool,
}

impl Page for SignInReport {
    const TEMPLATE: &'static str = "pages/auth/sign_in_report.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            action: "/report/sample".into(),
            hidden: vec![],
            email: "ana@acme.test".into(),
            change: ReportedChange::SignIn,
            factor: None,
            origin: Origin::sample(),
            answer: Answer::NotMe,
            holds: false,
        };
        let factor = Self {
            change: ReportedChange::Factor,
            factor: Some(ReportedFactor {
                method: "totp",
                label: Some("Work phone".into()),
            }),
            origin: Origin::bare(),
            holds: true,
            ..plain.clone()
        };
        let me = Self {
            answer: Answer::Me,
            origin: Origin::bare(),
            ..plain.clone()
        };
        let removed = Self {
            change: ReportedChange::FactorRemoved,
            ..factor.clone()
        };
        let with = |change| Self {
            change,
            origin: Origin::without_app(),
            ..plain.clone()
        };
        vec![
            ("password", with(ReportedChange::PasswordChanged)),
            ("codes-made", with(ReportedChange::BackupCodesMade)),
            ("code-used", with(ReportedChange::BackupCodeUsed)),
            ("plain", plain),
            ("me", me),
            ("factor", factor),
            ("factor-removed", removed),
        ]
    }
}

/// What became of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportOutcome {
    /// "Yes, it was me" was noted.
    Confirmed,
    /// Everybody is out, and a new password is to be chosen.
    Stopped,
    /// Everybody is out; there is no password.
    StoppedWithoutPassword,
}

/// `auth/sign_in_reported`.
#[derive(Clone, Debug, Serialize)]
pub struct SignInReported {
    pub outcome: ReportOutcome,
    /// To the account, or to the page that chooses a new password.
    pub next_url: String,
    /// Second factors are on hold until then.
    pub held_until: Option<Timestamp>,
}

impl Page for SignInReported {
    const TEMPLATE: &'static str = "pages/auth/sign_in_reported.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let with = |outcome, next_url: &str| Self {
            outcome,
            next_url: next_url.into(),
            held_until: None,
        };
        let stopped = with(ReportOutcome::Stopped, "/recover/sample");
        let held = Self {
            held_until: Some(minutes_ago(-72 * 60)),
            ..stopped.clone()
        };
        vec![
            ("stopped", stopped),
            ("held", held),
            (
                "without-password",
                with(ReportOutcome::StoppedWithoutPassword, "/account/secure"),
            ),
            ("confirmed", with(ReportOutcome::Confirmed, "/account")),
        ]
    }
}
