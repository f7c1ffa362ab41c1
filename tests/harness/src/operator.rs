//! What an operator does from the shell, done to a running provider.

use identity_domain::audit::RequestContext;
use identity_domain::email::EmailKey;
use identity_domain::organization::OrganizationStatus;
use identity_domain::session::{Acr, Authentication};
use identity_flows::admin::{clients, users};
use identity_flows::{audit_log, declarative, keyring, session};
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

    /// `identity user suspend`, or why it failed.
    pub async fn try_suspend(&self, email: &str) -> Result<(), String> {
        users::suspend(&self.running.env, email, &RequestContext::default())
            .await
            .map(drop)
            .map_err(|failure| format!("{failure:?}"))
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
        keyring::rotate_encryption(&self.running.env)
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
