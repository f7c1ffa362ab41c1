//! A database with somebody signed in to a client, and a refresh family for each task; and our own way to rotate and read them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use identity_domain::audit::{Actor, Event, Record, RequestContext};
use identity_domain::authorization::Grant;
use identity_domain::client::{Client, ClientStatus};
use identity_domain::email::EmailAddress;
use identity_domain::id::Id;
use identity_domain::ports::Entropy;
use identity_domain::secret::ValueHash;
use identity_domain::session::{Acr, Authentication, Session};
use identity_domain::time::{Duration, Timestamp};
use identity_domain::token::RefreshFamily;
use identity_domain::user::{Profile, Standing, User, UserStatus};
use identity_storage::{MasterKey, Options, Store, Work};

use super::Operation;
use crate::failure::{During as _, Outcome};

/// When all of it happens.
pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// Bytes that never repeat; nothing here is secret.
#[derive(Default)]
pub struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            for (byte, random) in chunk.iter_mut().zip(ValueHash::of(&count.to_be_bytes()).0) {
                *byte = random;
            }
        }
    }
}

/// The filled database.
pub struct Filled {
    store: Store,
    entropy: Arc<Counting>,
    /// One per task.
    pub families: Vec<Id<RefreshFamily>>,
}

/// The record of a rotation.
pub fn record(
    entropy: &Counting,
    user: Id<User>,
    family: Id<RefreshFamily>,
    generation: i64,
) -> Record {
    Record {
        id: Id::new(NOW, entropy),
        at: NOW,
        organization_id: None,
        actor: Actor::User(user),
        event: Event::TokenRefreshed {
            user,
            client: "app".to_owned(),
            family: family.to_string(),
            generation,
        },
        context: RequestContext::new("192.0.2.1", "identity-bench", "request"),
    }
}

impl Filled {
    /// Opens a fresh database and fills it.
    pub async fn open(url: &str, families: usize) -> Outcome<Self> {
        let entropy = Arc::new(Counting::default());
        let options = Options::new(
            MasterKey::new([9; 32]),
            Arc::<Counting>::clone(&entropy),
            NOW,
        );
        let store = Store::open(url, options)
            .await
            .during("opening the store")?;
        let mut filled = Self {
            store,
            entropy,
            families: Vec::new(),
        };
        let (user, client) = (filled.user()?, client()?);
        let session = filled.session(&user);
        let work = Work::unaudited("a benchmark")
            .insert_user(&user)
            .insert_client(&client)
            .insert_session(&session)
            .ordered();
        filled.store.commit(work).await.during("filling")?;
        for _ in 0..families {
            let status_index = filled
                .store
                .allocate_status_indexes(1)
                .await
                .during("filling")?;
            let family = filled.family(&session, status_index);
            filled
                .store
                .commit(Work::unaudited("a benchmark").insert_family(&family))
                .await
                .during("filling")?;
            filled.families.push(family.id);
        }
        Ok(filled)
    }

    /// One operation as the flows do it.
    pub(super) async fn act(&self, task: usize, operation: Operation) -> Outcome<()> {
        let id = *self.families.get(task).during("no such task")?;
        let mut family = self
            .store
            .family(id)
            .await
            .during("reading")?
            .during("the family is gone")?;
        if operation == Operation::Read {
            return Ok(());
        }
        let from = family.generation;
        family.generation += 1;
        let record = record(&self.entropy, family.grant.user_id, id, family.generation);
        self.store
            .commit(Work::audited(record).advance_family(&family, from))
            .await
            .during("the unit")
    }

    fn user(&self) -> Outcome<User> {
        Ok(User {
            id: Id::new(NOW, &*self.entropy),
            email: EmailAddress::parse("ana@bench.test").during("an address")?,
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
        })
    }

    fn session(&self, user: &User) -> Session {
        let mut token = [0; 32];
        self.entropy.fill(&mut token);
        Session {
            id: Id::new(NOW, &*self.entropy),
            user_id: user.id,
            token_hash: ValueHash(token),
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

    fn family(&self, session: &Session, status_index: i64) -> RefreshFamily {
        RefreshFamily {
            id: Id::new(NOW, &*self.entropy),
            client_id: "app".to_owned(),
            grant: Grant {
                user_id: session.user_id,
                session_id: session.id,
                organization_id: None,
                scope: ["openid", "profile", "email", "offline_access"]
                    .map(str::to_owned)
                    .to_vec(),
                audience: vec!["https://api.bench.test".to_owned()],
                nonce: Some("n".to_owned()),
                claims: None,
                authentication: session.authentication.clone(),
                status_index,
                granted_at: NOW,
            },
            generation: 1,
            created_at: NOW,
            rotated_at: NOW,
            idle_expires_at: NOW + Duration::days(14),
            expires_at: NOW + Duration::days(60),
            revoked_at: None,
        }
    }
}

fn client() -> Outcome<Client> {
    let metadata = serde_json::json!({"client_name": "App", "redirect_uris": ["https://app.bench.test/callback"]});
    Ok(Client {
        client_id: "app".to_owned(),
        organization_id: None,
        metadata: serde_json::from_value(metadata).during("client metadata")?,
        secrets: Vec::new(),
        branding: None,
        status: ClientStatus::Active,
        managed_by: None,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    })
}
