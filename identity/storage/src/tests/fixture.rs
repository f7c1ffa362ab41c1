//! A fresh store, and nouns to put into it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use identity_domain::authorization::Grant;
use identity_domain::client::{Client, ClientStatus};
use identity_domain::email::EmailAddress;
use identity_domain::id::Id;
use identity_domain::login::{Login, LoginState, Purpose, Step};
use identity_domain::organization::{Organization, OrganizationStatus, Slug};
use identity_domain::ports::Entropy;
use identity_domain::secret::ValueHash;
use identity_domain::session::{Acr, Authentication, Session};
use identity_domain::time::{Duration, Timestamp};
use identity_domain::token::RefreshFamily;
use identity_domain::user::{Profile, Standing, User, UserStatus};
use sqlx::Connection as _;

use crate::{MasterKey, Options, Store, Work};

/// The instant at which tests begin.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);
pub const MASTER: [u8; 32] = [9; 32];

/// Distinct bytes, the same in every run.
#[derive(Default)]
pub struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            chunk.copy_from_slice(&ValueHash::of(&count.to_be_bytes()).0[..chunk.len()]);
        }
    }
}

pub struct Fixture {
    pub store: Store,
    pub url: String,
    pub entropy: Arc<Counting>,
    _directory: Option<tempfile::TempDir>,
}

impl Fixture {
    pub async fn sqlite() -> Self {
        let (url, directory) = sqlite_url();
        Self::open(url, Some(directory)).await
    }

    pub async fn postgres() -> Option<Self> {
        Some(Self::open(postgres_url().await?, None).await)
    }

    async fn open(url: String, directory: Option<tempfile::TempDir>) -> Self {
        let entropy = Arc::new(Counting::default());
        let store = Store::open(
            &url,
            Self::options(MASTER, Arc::<Counting>::clone(&entropy)),
        )
        .await
        .expect("the store opens");
        Self {
            store,
            url,
            entropy,
            _directory: directory,
        }
    }

    pub fn options(master: [u8; 32], entropy: Arc<Counting>) -> Options {
        Options::new(MasterKey::new(master), entropy, NOW)
    }

    /// Another store on the same database, as a second node or a restart would open it.
    pub async fn reopened(&self) -> Store {
        Store::open(&self.url, Self::options(MASTER, Arc::clone(&self.entropy)))
            .await
            .unwrap()
    }

    pub fn id<T>(&self) -> Id<T> {
        Id::new(NOW, &*self.entropy)
    }

    pub fn hash(&self) -> ValueHash {
        let mut bytes = [0; 32];
        self.entropy.fill(&mut bytes);
        ValueHash(bytes)
    }

    pub async fn commit(&self, work: Work) {
        self.store.commit(work).await.expect("the unit is recorded");
    }

    pub fn a_user(&self, email: &str) -> User {
        User {
            id: self.id(),
            email: EmailAddress::parse(email).unwrap(),
            email_verified_at: Some(NOW),
            profile: Profile {
                name: Some("Ana".to_owned()),
                ..Profile::default()
            },
            status: UserStatus::Active,
            managed_by: None,
            standing: Standing::default(),
            language: None,
            security_epoch: 1,
            version: 1,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    pub async fn user(&self, email: &str) -> User {
        let user = self.a_user(email);
        self.commit(work().insert_user(&user)).await;
        user
    }

    pub async fn organization(&self, slug: &str) -> Organization {
        let organization = Organization {
            id: self.id(),
            slug: Slug::parse(slug).unwrap(),
            name: slug.to_uppercase(),
            status: OrganizationStatus::Active,
            domains: vec![format!("{slug}.test")],
            branding: None,
            managed_by: None,
            version: 1,
            created_at: NOW,
            updated_at: NOW,
        };
        self.commit(work().insert_organization(&organization)).await;
        organization
    }

    pub async fn client(&self, client_id: &str) -> Client {
        let client = Client {
            client_id: client_id.to_owned(),
            organization_id: None,
            metadata: metadata(client_id),
            secrets: Vec::new(),
            branding: None,
            status: ClientStatus::Active,
            managed_by: None,
            version: 1,
            created_at: NOW,
            updated_at: NOW,
        };
        self.commit(work().insert_client(&client)).await;
        client
    }

    pub fn a_session(&self, user: &User) -> Session {
        Session {
            id: self.id(),
            user_id: user.id,
            token_hash: self.hash(),
            authentication: Authentication {
                at: NOW,
                amr: vec!["pwd".to_owned()],
                acr: Acr::OneFactor,
            },
            remember: true,
            created_at: NOW,
            last_seen_at: NOW,
            idle_expires_at: NOW + Duration::hours(1),
            expires_at: NOW + Duration::hours(24),
            address: "192.0.2.1".to_owned(),
            user_agent: "Browser/1".to_owned(),
            ended: None,
            security_epoch: user.security_epoch,
            device_id: None,
            renewal_due_at: None,
            renewed_at: None,
        }
    }

    pub async fn session(&self, user: &User) -> Session {
        let session = self.a_session(user);
        self.commit(work().insert_session(&session)).await;
        session
    }

    pub async fn family(&self, session: &Session, client: &Client) -> RefreshFamily {
        let family = RefreshFamily {
            id: self.id(),
            client_id: client.client_id.clone(),
            grant: Grant {
                user_id: session.user_id,
                session_id: session.id,
                organization_id: None,
                scope: vec!["openid".to_owned(), "offline_access".to_owned()],
                audience: Vec::new(),
                nonce: Some("n".to_owned()),
                claims: None,
                authentication: session.authentication.clone(),
                status_index: self.store.allocate_status_indexes(1).await.unwrap(),
                granted_at: NOW,
            },
            generation: 1,
            created_at: NOW,
            rotated_at: NOW,
            idle_expires_at: NOW + Duration::days(14),
            expires_at: NOW + Duration::days(60),
            revoked_at: None,
        };
        self.commit(work().insert_family(&family)).await;
        family
    }

    pub fn a_login(&self) -> Login {
        let purpose = Purpose::Account {
            path: "/account".to_owned(),
            elevate: false,
        };
        Login {
            id: self.id(),
            browser_hash: self.hash(),
            state: LoginState::new(purpose, Step::Authenticate),
            created_at: NOW,
            expires_at: NOW + Duration::hours(1),
            version: 1,
        }
    }
}

/// RFC 7591 metadata; the type belongs to a crate this one does not name.
pub fn metadata<T: serde::de::DeserializeOwned>(name: &str) -> T {
    serde_json::from_value(
        serde_json::json!({ "client_name": name, "redirect_uris": ["https://rp.test/cb"] }),
    )
    .unwrap()
}

pub fn work() -> Work {
    Work::unaudited("a test")
}

/// A file that does not exist yet.
pub fn sqlite_url() -> (String, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().join("identity.db").display());
    (url, directory)
}

/// An empty schema.
pub async fn postgres_url() -> Option<String> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let Some(base) = std::env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
    else {
        eprintln!("skipped on PostgreSQL: TEST_DATABASE_URL is not set");
        return None;
    };
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let schema = format!("storage_{}_{number}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(&base)
        .await
        .expect("TEST_DATABASE_URL answers");
    for sql in [
        format!("DROP SCHEMA IF EXISTS {schema} CASCADE"),
        format!("CREATE SCHEMA {schema}"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
    }
    let separator = if base.contains('?') { '&' } else { '?' };
    Some(format!("{base}{separator}options[search_path]={schema}"))
}
