//! What an operator does from the shell, done to a running provider.

use identity_domain::Id;
use identity_domain::audit::RequestContext;
use identity_domain::consent::Consent;
use identity_domain::device::Device;
use identity_domain::email::EmailKey;
use identity_domain::lockout::BudgetKey;
use identity_domain::organization::OrganizationStatus;
use identity_domain::secret::ValueHash;
use identity_domain::session::{Acr, Authentication};
use identity_flows::admin::{clients, users};
use identity_flows::{audit_log, budget, declarative, keyring, session};
use identity_oauth::jose::Algorithm;
use identity_server::cli::declarative::read_files;
use identity_storage::{ChainReport, Work};
use serde::Serialize;

use crate::app::App;
use crate::seed::Seed;

impl App {
    /// `identity apply`, or why it refuses the file.
    pub async fn apply(&self, seed: &Seed) -> Result<(), String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("applied.json");
        std::fs::write(&file, seed.text()).expect("a file");
        let document = read_files(&[file]).map_err(|failed| format!("{failed:?}"))?;
        declarative::apply(
            &self.running.env,
            &document,
            false,
            &RequestContext::default(),
        )
        .await
        .map(drop)
        .map_err(|failure| failure.to_string())
    }

    /// `identity user suspend`
    pub async fn suspend(&self, email: &str) {
        self.try_suspend(email).await.expect("suspended");
    }

    /// `identity user activate`
    pub async fn activate(&self, email: &str) {
        users::activate(&self.running.env, email, &RequestContext::default())
            .await
            .expect("activated");
    }

    /// `identity user suspend`, or why it failed.
    pub async fn try_suspend(&self, email: &str) -> Result<(), String> {
        users::suspend(&self.running.env, email, &RequestContext::default())
            .await
            .map(drop)
            .map_err(|failure| format!("{failure:?}"))
    }

    /// `identity user require-password-change`
    pub async fn require_new_password(&self, email: &str) {
        users::require_change(&self.running.env, email, &RequestContext::default())
            .await
            .map(drop)
            .expect("demanded");
    }

    /// `identity user remove-factor --all`, or why it failed.
    pub async fn remove_factors(&self, email: &str, reason: &str) -> Result<(), String> {
        let context = RequestContext::default();
        users::remove_factors(&self.running.env, email, None, reason, &context)
            .await
            .map(drop)
            .map_err(|failure| format!("{failure:?}"))
    }

    /// Signs a person in so many times more, in browsers that nobody opened: a password each would take minutes.
    pub async fn more_sessions(&self, email: &str, count: usize) {
        let env = &self.running.env;
        let key = EmailKey::of(email);
        let user = env.store.user_by_email(&key).await.expect("a read");
        let user = user.expect("a person");
        let context = RequestContext::new("192.0.2.200", "", "");
        for _ in 0..count {
            let visit = env.visit(&context);
            let authentication = Authentication {
                at: visit.now,
                amr: vec!["pwd".to_owned()],
                acr: Acr::OneFactor,
            };
            let new = session::prepare(env, &user, authentication, false, visit);
            let work = Work::unaudited("a test").insert_session(&new.session);
            env.store.commit(work).await.expect("a session");
        }
    }

    /// Lets somebody have signed in with so many devices more.
    pub async fn more_devices(&self, email: &str, count: usize) {
        let env = &self.running.env;
        let user = env.store.user_by_email(&EmailKey::of(email)).await;
        let user = user.expect("a read").expect("a person");
        let now = env.now();
        let devices: Vec<Device> = (0..count)
            .map(|number| Device {
                id: Id::from_uuid(uuid::Uuid::from_u128(number as u128 + 1)),
                user_id: user.id,
                token_hash: ValueHash::of(format!("device {number}").as_bytes()),
                traits: "Firefox".to_owned(),
                label: Some(format!("Device {number}")),
                first_seen_at: now,
                last_seen_at: now,
                address: "192.0.2.7".to_owned(),
                country: None,
                user_agent: "Mozilla/5.0".to_owned(),
                trusted_until: None,
                distrusted_at: None,
                passed_over_at: None,
            })
            .collect();
        for some in devices.chunks(500) {
            let work = Work::unaudited("a test").ordered();
            let work = some.iter().fold(work, Work::put_device);
            env.store.commit(work).await.expect("devices");
        }
    }

    /// Lets somebody have allowed so many applications more to know them. With an address to be told at, all their sessions were used
    /// for each of them.
    pub async fn more_applications(&self, email: &str, count: usize, told_at: Option<&str>) {
        let env = &self.running.env;
        let user = env.store.user_by_email(&EmailKey::of(email)).await;
        let user = user.expect("a read").expect("a person");
        let now = env.now();
        let first = env.store.client("web1").await.expect("a read");
        let first = first.expect("the client");
        let sessions = env.store.sessions_of(user.id).await.expect("a read");
        let numbers: Vec<usize> = (0..count).collect();
        for some in numbers.chunks(500) {
            let mut work = Work::unaudited("a test").ordered();
            for number in some {
                let mut client = first.clone();
                client.client_id = format!("more{number:05}");
                client.metadata.client_name = Some(format!("More {number:05}"));
                client.metadata.client_uri = Some(format!("https://more{number:05}.test/"));
                client.metadata.backchannel_logout_uri = told_at.map(str::to_owned);
                let consent = Consent {
                    user_id: user.id,
                    client_id: client.client_id.clone(),
                    scopes: vec!["openid".to_owned()],
                    granted_at: now,
                    updated_at: now,
                };
                work = work.insert_client(&client).put_consent(&consent);
                for session in sessions.iter().filter(|_| told_at.is_some()) {
                    work = work.note_session_client(session.id, &client.client_id, now);
                }
            }
            env.store.commit(work).await.expect("applications");
        }
        self.run_jobs().await;
    }

    /// How often the database was read so far.
    pub fn reads(&self) -> u64 {
        self.running.env.store.tally().read
    }

    /// Uses up so many of the codes that the members of an organization may be sent: real ones would take minutes.
    pub async fn codes_sent_in(&self, slug: &str, way: &str, count: usize) {
        let env = &self.running.env;
        let stored = env.store.all_organizations().await.expect("organizations");
        let found = stored
            .iter()
            .find(|(organization, _)| organization.slug.as_str() == slug);
        let (organization, _) = found.expect("the organization");
        let key = BudgetKey::CodeOrganization(format!("{way} {}", organization.id));
        for _ in 0..count {
            budget::spend(env, &key, env.now()).await.expect("room");
        }
    }

    /// `identity client disable`
    pub async fn disable_client(&self, client_id: &str) {
        clients::disable(&self.running.env, client_id, &RequestContext::default())
            .await
            .map(drop)
            .expect("disabled");
    }

    /// The hash of somebody's password as it is stored now, unsealed.
    pub async fn password_hash(&self, email: &str) -> String {
        let key = EmailKey::of(email);
        let owner = self.running.env.store.password_owner(&key).await;
        let owner = owner.expect("a read").expect("a password");
        owner.credential.hash.as_str().to_owned()
    }

    /// The phone number of somebody as it is stored now, unsealed.
    pub async fn phone_of(&self, email: &str) -> Option<String> {
        let store = &self.running.env.store;
        let user = store.user_by_email(&EmailKey::of(email)).await;
        let user = user.expect("a read").expect("a person");
        let phone = store.phone_of(user.id).await.expect("a sealed value opens");
        phone.map(|phone| phone.expose().clone())
    }

    /// Shuts an organization out.
    pub async fn suspend_organization(&self, slug: &str) {
        let env = &self.running.env;
        let stored = env.store.all_organizations().await.expect("organizations");
        let (mut organization, _) = stored
            .into_iter()
            .find(|(organization, _)| organization.slug.as_str() == slug)
            .expect("the organization");
        organization.status = OrganizationStatus::Suspended;
        organization.updated_at = env.now();
        env.store
            .commit(Work::unaudited("a test").update_organization(&organization))
            .await
            .expect("suspended");
        self.run_jobs().await;
    }

    /// `identity keys rotate`, with `--now` if `at_once`.
    pub async fn rotate_keys(&self, at_once: bool) {
        keyring::rotate(&self.running.env, true, at_once)
            .await
            .map(drop)
            .expect("rotated");
    }

    /// `identity keys revoke`
    pub async fn revoke_key(&self, kid: &str) {
        assert!(
            keyring::revoke(&self.running.env, kid)
                .await
                .expect("revoked"),
            "no key {kid}"
        );
    }

    /// `identity keys rotate --kind encryption`
    pub async fn rotate_encryption(&self) {
        keyring::rotate_encryption(&self.running.env, std::future::ready(()))
            .await
            .map(drop)
            .expect("rotated");
    }

    /// `identity audit verify`
    pub async fn verify_audit(&self) -> Vec<ChainReport> {
        audit_log::verify(&self.running.env).await.expect("a look")
    }

    /// A token that is truly ours, about anything: for claims that we would never sign.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> String {
        self.running
            .env
            .keys
            .sign(Algorithm::ES256, typ, claims)
            .expect("signed")
    }
}
