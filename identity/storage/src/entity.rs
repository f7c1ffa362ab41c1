//! The tables as the ORM sees them, for lists, administration and the comparison with the schema. Columns stand in the order of
//! the migrations; what is written in hot paths is written by hand in the nouns' files.
#![allow(
    dead_code,
    reason = "every table has its entity for the comparison, lists read some"
)]

/// One module per table, with the derives every entity has.
macro_rules! entities {
    ($($(#[doc = $doc:tt])* $module:ident = $table:tt { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            $(#[doc = $doc])*
            pub(crate) mod $module {
                use sea_orm::entity::prelude::*;

                #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
                #[sea_orm(table_name = $table)]
                pub struct Model {
                    $($(#[$attribute])* pub $field: $kind,)*
                }

                #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
                pub enum Relation {}

                impl ActiveModelBehavior for ActiveModel {}
            }
        )*

        /// Every table with its columns as the entity has them: name, kind, nullable, part of the primary key.
        #[cfg(test)]
        pub(crate) fn described() -> Vec<(&'static str, Vec<Described>)> {
            use sea_orm::{ColumnTrait as _, IdenStatic as _, Iterable as _, PrimaryKeyToColumn as _};
            vec![$((
                $table,
                $module::Column::iter()
                    .map(|column| Described {
                        name: column.as_str(),
                        kind: column.def().get_column_type().clone(),
                        nullable: column.def().is_null(),
                        key: $module::PrimaryKey::iter().any(|key| key.into_column().as_str() == column.as_str()),
                    })
                    .collect(),
            )),*]
        }
    };
}

/// A column as its entity has it.
#[cfg(test)]
pub(crate) struct Described {
    pub name: &'static str,
    pub kind: sea_orm::ColumnType,
    pub nullable: bool,
    pub key: bool,
}

entities! {
    organizations = "organizations" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        slug: String,
        name: String,
        status: String,
        domains: String,
        policy: String,
        managed_by: Option<String>,
        version: i64,
        created_at: i64,
        updated_at: i64,
        branding: Option<String>,
    }
    roles = "roles" {
        #[sea_orm(primary_key, auto_increment = false)]
        organization_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        permissions: String,
    }
    users = "users" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        email: String,
        email_key: String,
        email_verified_at: Option<i64>,
        name: Option<String>,
        profile: String,
        phone_sealed: Option<Vec<u8>>,
        data_key_sealed: Vec<u8>,
        status: String,
        managed_by: Option<String>,
        security_epoch: i64,
        version: i64,
        created_at: i64,
        updated_at: i64,
        standing: String,
        language: Option<String>,
    }
    credentials = "credentials" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        user_id: Uuid,
        kind: String,
        label: String,
        data_sealed: Vec<u8>,
        created_at: i64,
        last_used_at: Option<i64>,
        device_id: Option<Uuid>,
        version: i64,
    }
    memberships = "memberships" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        organization_id: Uuid,
        roles: String,
        created_at: i64,
    }
    clients = "clients" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: String,
        organization_id: Option<Uuid>,
        metadata: String,
        secrets: String,
        status: String,
        managed_by: Option<String>,
        version: i64,
        created_at: i64,
        updated_at: i64,
        branding: Option<String>,
    }
    consents = "consents" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        client_id: String,
        scopes: String,
        granted_at: i64,
        updated_at: i64,
    }
    logins = "logins" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        browser_hash: Vec<u8>,
        state: String,
        created_at: i64,
        expires_at: i64,
        version: i64,
    }
    sessions = "sessions" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        user_id: Uuid,
        token_hash: Vec<u8>,
        auth_time: i64,
        acr: String,
        amr: String,
        remember: bool,
        created_at: i64,
        last_seen_at: i64,
        idle_expires_at: i64,
        expires_at: i64,
        address: String,
        user_agent: String,
        ended_at: Option<i64>,
        ended_reason: Option<String>,
        security_epoch: i64,
        device_id: Option<Uuid>,
        renewal_due_at: Option<i64>,
        renewed_at: Option<i64>,
    }
    devices = "devices" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        user_id: Uuid,
        token_hash: Vec<u8>,
        traits: String,
        label: Option<String>,
        first_seen_at: i64,
        last_seen_at: i64,
        address: String,
        country: Option<String>,
        user_agent: String,
        trusted_until: Option<i64>,
        distrusted_at: Option<i64>,
        passed_over_at: Option<i64>,
    }
    webauthn_ids = "webauthn_ids" {
        #[sea_orm(primary_key, auto_increment = false)]
        id_hash: Vec<u8>,
        credential_id: Uuid,
        user_id: Uuid,
        created_at: i64,
    }
    session_clients = "session_clients" {
        #[sea_orm(primary_key, auto_increment = false)]
        session_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        client_id: String,
        first_at: i64,
        last_at: i64,
    }
    refresh_families = "refresh_families" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        client_id: String,
        user_id: Uuid,
        session_id: Uuid,
        organization_id: Option<Uuid>,
        granted: String,
        status_index: i64,
        generation: i64,
        created_at: i64,
        rotated_at: i64,
        idle_expires_at: i64,
        expires_at: i64,
        revoked_at: Option<i64>,
        revoked_reason: Option<String>,
    }
    single_use = "single_use" {
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        tenant: String,
        #[sea_orm(primary_key, auto_increment = false)]
        value_hash: Vec<u8>,
        payload: String,
        created_at: i64,
        expires_at: i64,
        used_at: Option<i64>,
    }
    revoked_statuses = "revoked_statuses" {
        #[sea_orm(primary_key, auto_increment = false)]
        status_index: i64,
        revoked_at: i64,
        until_at: i64,
    }
    revoked_tokens = "revoked_tokens" {
        #[sea_orm(primary_key, auto_increment = false)]
        jti_hash: Vec<u8>,
        revoked_at: i64,
        expires_at: i64,
    }
    signing_keys = "signing_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        kid: String,
        algorithm: String,
        state: String,
        private_sealed: Vec<u8>,
        public_jwk: String,
        created_at: i64,
        active_at: Option<i64>,
        retiring_at: Option<i64>,
        retired_at: Option<i64>,
        revoked_at: Option<i64>,
    }
    server_keys = "server_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        number: i64,
        sealed: Vec<u8>,
        created_at: i64,
    }
    data_keys = "data_keys" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        wrapped: Vec<u8>,
        created_at: i64,
        state: String,
    }
    jobs = "jobs" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        kind: String,
        payload_sealed: Vec<u8>,
        run_at: i64,
        attempts: i64,
        lease_owner: Option<String>,
        lease_until: Option<i64>,
        state: String,
        last_error: Option<String>,
        created_at: i64,
    }
    budgets = "budgets" {
        #[sea_orm(primary_key, auto_increment = false)]
        key_hash: Vec<u8>,
        count: i64,
        last_at: i64,
    }
    settings = "settings" {
        #[sea_orm(primary_key, auto_increment = false)]
        key: String,
        value: String,
    }
    changes = "changes" {
        #[sea_orm(primary_key, auto_increment = false)]
        topic: String,
        #[sea_orm(primary_key, auto_increment = false)]
        subject: String,
        at: i64,
    }
    counters = "counters" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        value: i64,
    }
    audit = "audit" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: Uuid,
        organization_id: Option<Uuid>,
        at: i64,
        action: String,
        actor: String,
        target: String,
        result: String,
        address: String,
        user_agent: String,
        request_id: String,
        data: String,
        seal_seq: Option<i64>,
        prev_hash: Option<Vec<u8>>,
        hash: Option<Vec<u8>>,
    }
    audit_chains = "audit_chains" {
        #[sea_orm(primary_key, auto_increment = false)]
        chain: String,
        seq: i64,
        hash: Vec<u8>,
    }
    audit_checkpoints = "audit_checkpoints" {
        #[sea_orm(primary_key, auto_increment = false)]
        chain: String,
        #[sea_orm(primary_key, auto_increment = false)]
        seq: i64,
        hash: Vec<u8>,
        signature: Vec<u8>,
        kid: String,
        at: i64,
    }
    audit_anchors = "audit_anchors" {
        #[sea_orm(primary_key, auto_increment = false)]
        chain: String,
        seq: i64,
        hash: Vec<u8>,
        signature: Vec<u8>,
        kid: String,
        at: i64,
    }
}
