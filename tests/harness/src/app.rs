//! The provider under test: the real app, in this process, on free ports, with a database of its own and a clock that moves.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_domain::audit::RequestContext;
use identity_domain::secret::SecretString;
use identity_flows::declarative;
use identity_server::app::{self, Options, Running};
use identity_server::cli::declarative::read_files;
use identity_server::config::Config;
pub use identity_server::config::Period;
use tempfile::TempDir;
use url::Url;

use crate::answer::Answer;
use crate::browser::Browser;
use crate::clock::Clock;
use crate::database::Database;
use crate::mailbox::Mailbox;
use crate::network::Network;
use crate::relying_party::{Registration, RelyingParty};
use crate::seed::{self, SVC1_SECRET, Seed, WEB_B_SECRET, WEB1_SECRET};

/// The master key of every provider under test: two nodes share it, and a restart finds it again.
pub const MASTER_KEY: [u8; 32] = *b"the master key of the test suite";

/// A change of the configuration that a provider starts with.
type Change = Arc<dyn Fn(&mut Config) + Send + Sync>;

/// What a test may set before the start.
#[derive(Clone)]
pub struct Setup {
    changes: Vec<Change>,
    seed: Option<Seed>,
    trusted_proxies: Vec<String>,
    fetch_allow: Vec<String>,
    public_url: Option<Url>,
    address: Option<SocketAddr>,
    master_key: [u8; 32],
    tls: bool,
    mail: Option<String>,
}

/// A running provider; gone when dropped.
pub struct App {
    /// How to reach it.
    pub network: Network,
    /// Its time.
    pub clock: Clock,
    /// Its database, shared by all nodes on it.
    pub database: Arc<Database>,
    /// Its public address.
    pub origin: Url,
    /// Its issuer.
    pub issuer: String,
    /// Where health and metrics are.
    pub management: Url,
    setup: Setup,
    /// The composition root, for what an operator does from the shell.
    pub running: Running,
    _files: TempDir,
}

impl Setup {
    /// `[mail] url`: mails go to this server instead of the sink.
    pub fn mail(mut self, url: &str) -> Self {
        self.mail = Some(url.to_owned());
        self
    }

    /// Uses these objects instead of the common setting.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Any other key of the configuration; lives on over restarts.
    pub fn configure(mut self, change: impl Fn(&mut Config) + Send + Sync + 'static) -> Self {
        self.changes.push(Arc::new(change));
        self
    }

    /// `[http] trusted_proxies`
    pub fn trusted_proxies(mut self, networks: &[&str]) -> Self {
        self.trusted_proxies = networks
            .iter()
            .map(|network| (*network).to_owned())
            .collect();
        self
    }

    /// `[fetch] allow`
    pub fn fetch_allow(mut self, networks: &[&str]) -> Self {
        self.fetch_allow = networks
            .iter()
            .map(|network| (*network).to_owned())
            .collect();
        self
    }

    /// `public_url`, when it is not the address it listens on.
    pub fn public_url(mut self, url: &str) -> Self {
        self.public_url = Some(Url::parse(url).expect("an address"));
        self
    }

    /// Starts with another master key than the database was made with.
    pub fn master_key(mut self, key: [u8; 32]) -> Self {
        self.master_key = key;
        self
    }

    /// Starts on a database that another provider left behind.
    pub async fn on(self, database: &Arc<Database>, clock: &Clock) -> Result<App, String> {
        App::boot(self, Arc::clone(database), clock.clone()).await
    }

    /// Starts on a fresh database.
    pub async fn start(self) -> App {
        self.try_start().await.expect("the app starts")
    }

    /// Starts, or says why it refuses to.
    pub async fn try_start(self) -> Result<App, String> {
        App::boot(
            self,
            Arc::new(Database::fresh().await),
            Clock::starting_now(),
        )
        .await
    }

    /// Speaks TLS under this name, with a certificate that only the harness trusts.
    pub fn tls(mut self, url: &str) -> Self {
        self.tls = true;
        self.public_url(url)
    }
}

impl App {
    /// The common setting of the catalogue.
    pub async fn start() -> Self {
        Self::setup().start().await
    }

    /// The common setting, to be changed before the start.
    pub fn setup() -> Setup {
        Setup {
            changes: Vec::new(),
            seed: Some(Seed::common()),
            trusted_proxies: Vec::new(),
            fetch_allow: Vec::new(),
            public_url: None,
            address: None,
            master_key: MASTER_KEY,
            tls: false,
            mail: None,
        }
    }

    /// Stops and starts again on the same data: nothing in memory survives.
    pub async fn restart(self) -> Self {
        self.restart_with(|_| ()).await
    }

    /// The same with another configuration.
    pub async fn restart_with(self, change: impl Fn(&mut Config) + Send + Sync + 'static) -> Self {
        let Self {
            clock,
            database,
            running,
            mut setup,
            ..
        } = self;
        // The issuer holds the port: the new process listens where the old one did.
        setup.address = Some(running.address);
        running.stop().await;
        setup.seed = None;
        Self::boot(setup.configure(change), database, clock)
            .await
            .expect("the app starts again")
    }

    /// The common setting on two nodes and one database. SQLite is for one node, so there the second is `None`.
    pub async fn two_nodes() -> (Self, Option<Self>) {
        // A name without a port, so that both nodes can be reached under it.
        let setup = Self::setup().tls("https://idp.test");
        let (public_url, first) = (setup.public_url.clone(), setup.start().await);
        if !first.database.is_postgres() {
            return (first, None);
        }
        let setup = Setup {
            seed: None,
            public_url,
            tls: true,
            ..Self::setup()
        };
        let second = Self::boot(setup, Arc::clone(&first.database), first.clock.clone()).await;
        (first, Some(second.expect("a second node starts")))
    }

    async fn boot(setup: Setup, database: Arc<Database>, clock: Clock) -> Result<Self, String> {
        let files = tempfile::tempdir().expect("a temporary folder");
        let seed = setup
            .seed
            .as_ref()
            .map(|seed| write(&files, "seed.json", &seed.text()));
        let certificate = setup
            .tls
            .then(|| Certificate::issue(&files, setup.public_url.as_ref()));
        let mut config = Config::default();
        let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
        config.http.listen = setup.address.unwrap_or(any);
        config.management.listen = any;
        config.http.drain = Period::seconds(1);
        config.http.trusted_proxies = networks(&setup.trusted_proxies);
        config.fetch.allow = networks(&setup.fetch_allow);
        for change in &setup.changes {
            change(&mut config);
        }
        let options = Options {
            config,
            public_url: setup
                .public_url
                .as_ref()
                .map(|url| url.as_str().parse().expect("a public URL")),
            database_url: SecretString::from(database.url()),
            master_key: SecretString::from(STANDARD.encode(setup.master_key)),
            mail_url: setup.mail.clone().map(SecretString::from),
            tls: certificate
                .as_ref()
                .map(|certificate| certificate.files.clone()),
            dev: true,
            clock: Some(Arc::new(clock.clone())),
            hangup: None,
        };
        let running = Box::pin(app::App::start(options))
            .await
            .map_err(|fault| fault.to_string())?;
        if let Some(file) = seed {
            let document = read_files(&[file]).map_err(|failed| format!("{failed:?}"))?;
            let context = RequestContext::default();
            Box::pin(declarative::apply(&running.env, &document, false, &context))
                .await
                .map_err(|failure| failure.to_string())?;
        }
        let origin = running.public_url.clone();
        let host = origin.host_str().unwrap_or_default().to_owned();
        let network = Network {
            root_pem: certificate.map(|certificate| certificate.pem),
            // A second node has the first one's name, and an address of its own.
            resolve: setup
                .public_url
                .is_some()
                .then_some((host, running.address)),
        };
        Ok(Self {
            network,
            clock,
            database,
            issuer: running.issuer.clone(),
            management: running.management_url.clone(),
            origin,
            setup,
            running,
            _files: files,
        })
    }

    /// A fresh browser.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.network, &self.origin)
    }

    /// The mails it sent.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::new(&self.network, &self.origin)
    }

    /// The text messages it sent.
    pub fn text_messages(&self) -> Mailbox {
        Mailbox::of_messages(&self.network, &self.origin)
    }

    /// Does all background work that is due now.
    pub async fn run_jobs(&self) {
        self.running.run_jobs().await.expect("background work");
    }

    /// One of the clients of the common setting.
    pub async fn client(&self, client_id: &str) -> RelyingParty {
        let secret = match client_id {
            "web1" => Some(WEB1_SECRET),
            "webB" => Some(WEB_B_SECRET),
            "svc1" => Some(SVC1_SECRET),
            _ => None,
        };
        self.relying_party(seed::registration(client_id, secret))
            .await
    }

    /// Any client.
    pub async fn relying_party(&self, registration: Registration) -> RelyingParty {
        RelyingParty::discover(&self.network, &self.clock, &self.issuer, registration).await
    }

    /// A bare GET, outside of any browser.
    pub async fn get(&self, path: &str) -> Answer {
        self.request(reqwest::Method::GET, path, &[]).await
    }

    /// A bare request with headers.
    pub async fn request(
        &self,
        method: reqwest::Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self
            .network
            .client()
            .request(method, self.origin.join(path).expect("an address"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::read(request.send().await.expect("an answer")).await
    }
}

/// A certificate of our own, in files and as the root that a client trusts.
struct Certificate {
    files: (PathBuf, PathBuf),
    pem: String,
}

impl Certificate {
    fn issue(folder: &TempDir, url: Option<&Url>) -> Self {
        let name = url.and_then(Url::host_str).expect("TLS needs a public URL");
        let issued = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
        let pem = issued.cert.pem();
        let files = (
            write(folder, "certificate.pem", &pem),
            write(folder, "key.pem", &issued.signing_key.serialize_pem()),
        );
        Self { files, pem }
    }
}

fn networks<N: std::str::FromStr<Err: std::fmt::Debug>>(texts: &[String]) -> Vec<N> {
    texts
        .iter()
        .map(|text| text.parse().expect("a network"))
        .collect()
}

fn write(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("a file");
    path
}
