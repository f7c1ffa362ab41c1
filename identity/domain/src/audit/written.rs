//! How an event is written down: its action, its result, its target, and the rest of it.

use serde_json::{Value, json};

use super::{Event, one_line};

impl Event {
    /// Stable name of the action.
    pub const fn action(&self) -> &'static str {
        match self {
            Self::SignedIn { .. } | Self::SignInRefused { .. } => "session.sign_in",
            Self::SignedOut { .. } => "session.sign_out",
            Self::SessionsEnded { .. } => "session.end_all",
            Self::UserRegistered { .. } => "user.register",
            Self::UserChanged { .. } => "user.change",
            Self::EmailVerified { .. } => "user.verify_email",
            Self::MailRequested { .. } => "user.request_mail",
            Self::CodeRefused { .. } => "user.use_code",
            Self::PasswordChanged { .. } | Self::PasswordChangeRefused { .. } => {
                "user.change_password"
            }
            Self::ConsentGranted { .. } => "consent.grant",
            Self::ConsentWithdrawn { .. } => "consent.withdraw",
            Self::Authorized { .. } | Self::AuthorizationRefused { .. } => "client.authorize",
            Self::TokenIssued { .. } | Self::TokenRefused { .. } => "token.issue",
            Self::TokenRefreshed { .. } => "token.refresh",
            Self::ReuseDetected { .. } => "token.reuse",
            Self::TokenRevoked { .. } => "token.revoke",
            Self::ClientRefused { .. } => "client.authenticate",
            Self::ClientChanged { .. } => "client.change",
            Self::OrganizationChanged { .. } => "organization.change",
            Self::MembershipChanged { .. } => "membership.change",
            Self::KeyChanged { .. } => "key.change",
            Self::AdminLinkCreated { .. } => "admin.link",
            Self::FactorAdded { .. } => "factor.add",
            Self::FactorChanged { .. } | Self::FactorRemoved { .. } => "factor.change",
            Self::FactorUsed { .. } | Self::FactorRefused { .. } => "factor.use",
            Self::CodeSent { .. } => "factor.send_code",
            Self::NewDevice { .. } => "device.new",
            Self::DeviceChanged { .. } => "device.change",
            Self::SignInReported { .. } => "session.report",
            Self::ProfileChanged { .. } => "user.change_profile",
            Self::DataExported { .. } => "user.export",
            Self::DeletionChanged { .. } => "user.delete",
            Self::Throttled { .. } => "limit.reached",
            Self::AuditPruned { .. } => "audit.prune",
        }
    }

    /// Whether it was done (`ok`) or refused.
    pub const fn result(&self) -> &'static str {
        match self {
            Self::SignInRefused { .. }
            | Self::FactorRefused { .. }
            | Self::CodeRefused { .. }
            | Self::PasswordChangeRefused { .. }
            | Self::AuthorizationRefused { .. }
            | Self::TokenRefused { .. }
            | Self::ReuseDetected { .. }
            | Self::ClientRefused { .. }
            | Self::Throttled { .. } => "refused",
            _ => "ok",
        }
    }

    /// What it was done to, as `kind:id`.
    pub fn target(&self) -> String {
        match self {
            Self::SignedIn { user, .. }
            | Self::SignedOut { user, .. }
            | Self::SessionsEnded { user, .. }
            | Self::UserRegistered { user }
            | Self::UserChanged { user, .. }
            | Self::EmailVerified { user }
            | Self::PasswordChanged { user, .. }
            | Self::PasswordChangeRefused { user, .. }
            | Self::AdminLinkCreated { user }
            | Self::FactorAdded { user, .. }
            | Self::FactorChanged { user, .. }
            | Self::FactorRemoved { user, .. }
            | Self::FactorUsed { user, .. }
            | Self::CodeSent { user, .. }
            | Self::NewDevice { user, .. }
            | Self::DeviceChanged { user, .. }
            | Self::SignInReported { user, .. }
            | Self::ProfileChanged { user, .. }
            | Self::DataExported { user }
            | Self::DeletionChanged { user, .. }
            | Self::MembershipChanged { user, .. } => format!("user:{user}"),
            Self::SignInRefused { user, account, .. }
            | Self::MailRequested { user, account, .. } => user.map_or_else(
                || format!("account:{account}"),
                |user| format!("user:{user}"),
            ),
            Self::CodeRefused { user, .. } | Self::FactorRefused { user, .. } => {
                user.map_or_else(|| "user:unknown".to_owned(), |user| format!("user:{user}"))
            }
            Self::ConsentGranted { client, .. }
            | Self::ConsentWithdrawn { client, .. }
            | Self::Authorized { client, .. }
            | Self::AuthorizationRefused { client, .. }
            | Self::TokenIssued { client, .. }
            | Self::TokenRefreshed { client, .. }
            | Self::TokenRefused { client, .. }
            | Self::ReuseDetected { client, .. }
            | Self::TokenRevoked { client, .. }
            | Self::ClientRefused { client, .. }
            | Self::ClientChanged { client, .. } => format!("client:{}", one_line(client, 128)),
            Self::OrganizationChanged { organization, .. } => {
                format!("organization:{organization}")
            }
            Self::KeyChanged { kid, .. } => format!("key:{kid}"),
            Self::AuditPruned { organization, .. } => organization.map_or_else(
                || "audit:instance".to_owned(),
                |organization| format!("audit:{organization}"),
            ),
            Self::Throttled { budget, subject } => format!("{budget}:{}", one_line(subject, 128)),
        }
    }

    /// The rest, as a JSON object of short values.
    #[expect(clippy::too_many_lines, reason = "a table: one arm per event")]
    pub fn data(&self) -> Value {
        match self {
            Self::SignedIn {
                session,
                amr,
                client,
                ..
            } => json!({"session": session, "amr": amr, "client": client}),
            Self::SignInRefused {
                reason, account, ..
            } => json!({"reason": reason, "account": account}),
            Self::SignedOut {
                session, reason, ..
            } => json!({"session": session, "reason": reason}),
            Self::SessionsEnded { count, reason, .. } => json!({"count": count, "reason": reason}),
            Self::FactorAdded {
                kind, credential, ..
            } => json!({"kind": kind, "credential": credential}),
            Self::FactorChanged { kind, change, .. } => json!({"kind": kind, "change": change}),
            Self::FactorRemoved { kind, reason, .. } => {
                json!({"kind": kind, "change": "removed_by_operator", "reason": reason})
            }
            Self::FactorUsed { method, .. } | Self::CodeSent { method, .. } => {
                json!({"method": method})
            }
            Self::FactorRefused { method, reason, .. } => {
                json!({"method": method, "reason": reason})
            }
            Self::NewDevice { device, what, .. } => json!({"device": device, "what": what}),
            Self::DeviceChanged { device, change, .. } => {
                json!({"device": device, "change": change})
            }
            Self::UserChanged { change, .. }
            | Self::ProfileChanged { change, .. }
            | Self::DeletionChanged { change, .. }
            | Self::ClientChanged { change, .. }
            | Self::OrganizationChanged { change, .. }
            | Self::KeyChanged { change, .. } => json!({"change": change}),
            Self::MailRequested { purpose, .. } => json!({"purpose": purpose}),
            Self::CodeRefused {
                purpose, reason, ..
            } => json!({"purpose": purpose, "reason": reason}),
            Self::PasswordChanged { how, .. } | Self::ConsentWithdrawn { how, .. } => {
                json!({"how": how})
            }
            Self::PasswordChangeRefused { reason, .. } => json!({"reason": reason}),
            Self::ConsentGranted { scopes, .. } => json!({"scopes": scopes}),
            Self::Authorized {
                session, scopes, ..
            } => json!({"session": session, "scopes": scopes}),
            Self::AuthorizationRefused { reason, .. } | Self::ClientRefused { reason, .. } => {
                json!({"reason": one_line(reason, 256)})
            }
            Self::TokenIssued { user, family, .. } => json!({"user": user, "family": family}),
            Self::TokenRefreshed {
                user,
                family,
                generation,
                ..
            } => json!({"user": user, "family": family, "generation": generation}),
            Self::TokenRefused { user, reason, .. } => {
                json!({"user": user, "reason": one_line(reason, 256)})
            }
            Self::ReuseDetected {
                user, family, what, ..
            } => json!({"user": user, "family": family, "what": what}),
            Self::TokenRevoked { what, .. } | Self::SignInReported { what, .. } => {
                json!({"what": what})
            }
            Self::MembershipChanged {
                organization,
                roles,
                change,
                ..
            } => json!({"organization": organization, "roles": roles, "change": change}),
            Self::AuditPruned {
                through, records, ..
            } => json!({"through": through, "records": records}),
            Self::UserRegistered { .. }
            | Self::EmailVerified { .. }
            | Self::AdminLinkCreated { .. }
            | Self::DataExported { .. }
            | Self::Throttled { .. } => json!({}),
        }
    }
}
