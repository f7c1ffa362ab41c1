#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod administrators;
mod branding;
mod operations;
mod reading;
mod reconciling;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use identity_domain::Fault;
use identity_domain::audit::RequestContext;
use identity_domain::credential::password_hash::HashParameters;
use identity_domain::notification::Notification;
use identity_domain::ports::{
    Addressee, BoxFuture, Clock, Entropy, Fetch, FetchRequest, FetchResponse, Mail, MailRenderer,
    MailTransport, OutsideError,
};
use identity_domain::secret::SecretString;
use identity_domain::settings::Settings;
use identity_domain::text_message::TextNotice;
use identity_domain::time::{Duration, Timestamp};
use identity_storage::{MasterKey, Options, Store};
use serde_json::Value;

use super::*;
use crate::directory::Directory;
use crate::env::{Env, Outside};
use crate::keyring::Keyring;
use crate::password::HashingPool;
use crate::status::StatusBoard;

/// Costs next to nothing.
const CHEAP: HashParameters = HashParameters {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

pub(super) struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// Bytes that never repeat; nothing here needs them to be secret.
struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            let hash = identity_domain::secret::ValueHash::of(&number.to_be_bytes()).0;
            let length = chunk.len();
            chunk.copy_from_slice(&hash[..length]);
        }
    }
}

struct Nothing;

impl MailTransport for Nothing {
    fn send<'a>(&'a self, _: &'a Mail) -> BoxFuture<'a, Result<(), OutsideError>> {
        Box::pin(async { Ok(()) })
    }
}

impl MailRenderer for Nothing {
    fn render(&self, _: &Addressee<'_>, _: &Notification) -> Result<Mail, Fault> {
        Err(Fault::new("no mail here"))
    }

    fn text_message(&self, _: &TextNotice, _: &str) -> Result<String, Fault> {
        Err(Fault::new("no messages here"))
    }
}

impl Fetch for Nothing {
    fn fetch(&self, _: FetchRequest) -> BoxFuture<'_, Result<FetchResponse, OutsideError>> {
        Box::pin(async { Err(OutsideError::Permanent("no network here".to_owned())) })
    }
}

/// An environment over a database of its own.
pub(super) struct Fixture {
    pub env: Env,
    pub clock: Arc<TestClock>,
    _folder: tempfile::TempDir,
}

impl Fixture {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_750_000_000_000)));
        let entropy: Arc<dyn Entropy> = Arc::new(Counter(AtomicU64::new(0)));
        let now = clock.now();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let options = Options::new(MasterKey::new([7; 32]), Arc::clone(&entropy), now);
        let store = Store::open(&url, options).await.unwrap();
        let mut settings = Settings::new("https://id.test");
        settings.hash = CHEAP;
        let env = Env {
            keys: Keyring::load(&store, entropy.as_ref(), now).await.unwrap(),
            directory: Directory::load(&store, now).await.unwrap(),
            status: StatusBoard::default(),
            seen: crate::access::SeenTokens::default(),
            requested_claims: Env::claims_memory(),
            client_secrets: crate::client_authentication::SecretMemo::default(),
            refusals: crate::refusals::Refusals::default(),
            hashing: HashingPool::start(1, 64, CHEAP, Arc::clone(&entropy)).unwrap(),
            store,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy,
            settings: Arc::new(settings),
            outside: Outside {
                geo: None,
                mail: Arc::new(Nothing),
                mail_renderer: Arc::new(Nothing),
                sms: None,
                fetch: Arc::new(Nothing),
                breached: None,
            },
        };
        Self {
            env,
            clock,
            _folder: folder,
        }
    }

    pub fn pass(&self, span: Duration) {
        self.clock.0.fetch_add(span.0, Ordering::Relaxed);
    }

    pub async fn apply(&self, document: &Document) -> Report {
        self.pass(Duration::seconds(1));
        apply(&self.env, document, false, &context()).await.unwrap()
    }

    pub async fn prune(&self, document: &Document) -> Report {
        self.pass(Duration::seconds(1));
        apply(&self.env, document, true, &context()).await.unwrap()
    }

    pub async fn refused(&self, document: &Document, prune: bool) -> Vec<Problem> {
        match plan(&self.env, document, prune).await {
            Err(PlanFailure::Refused(problems)) => problems,
            Err(PlanFailure::Fault(fault)) => panic!("{fault}"),
            Ok(_) => panic!("there is a plan"),
        }
    }
}

pub(super) fn context() -> RequestContext {
    RequestContext::default()
}

/// Knows one variable and one file.
pub(super) struct TwoSecrets;

impl SecretSource for TwoSecrets {
    fn resolve(&self, reference: SecretReference<'_>) -> Result<SecretString, String> {
        match reference {
            SecretReference::Environment("CHAT_SECRET") => Ok("from the environment".into()),
            SecretReference::File("chat.secret") => Ok("from a file".into()),
            SecretReference::Environment(name) => Err(format!("names {name}, which is not set")),
            SecretReference::File(path) => Err(format!("names {path}, which is not there")),
        }
    }

    fn bytes(&self, path: &str, _: usize) -> Result<Vec<u8>, String> {
        match path {
            "acme.svg" => Ok(branding::LOGO.as_bytes().to_vec()),
            "scripted.svg" => Ok(branding::SCRIPTED.as_bytes().to_vec()),
            "large.svg" => Ok(vec![b' '; 33 * 1024]),
            path => Err(format!("names {path}, which is not there")),
        }
    }
}

/// A file as the server reads it.
pub(super) fn read_as(file: &str, value: &Value) -> Result<Document, Vec<Problem>> {
    let source = Source {
        file: Some(file),
        managed_by: Some(file),
    };
    read(value, source, &TwoSecrets)
}

pub(super) fn document(value: &Value) -> Document {
    read_as("seed.yaml", value).unwrap()
}
