//! What is measured over HTTP, and one connection's part in it.

use std::sync::Arc;

use crate::app_holders::AppHolders;
use crate::connection::{Connection, Target};
use crate::failure::{During as _, Failure, Outcome};
use crate::journey::App;
use crate::passkey::Keyholder;
use crate::seed::{self, ALGORITHMS, APP, basic};

/// Connections under load.
pub const CONNECTIONS: usize = 16;
const DISCOVERY: &str = "/.well-known/openid-configuration";
const JWKS: &str = "/oauth2/jwks";

/// A case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Plain axum, as many bytes as discovery.
    PlainDiscovery,
    /// Provider metadata.
    Discovery,
    /// Plain axum, as many bytes as the keys.
    PlainJwks,
    /// The keys.
    Jwks,
    /// A token for the client itself, by algorithm.
    ClientCredentials(&'static str),
    /// Of a token seen before.
    Introspection,
    /// Of a token seen before.
    Userinfo,
    /// A rotation.
    Refresh,
    /// Authorize with a session, then the code.
    CodeFlow,
    /// The hosted sign-in in a browser used before, up to the code.
    Login,
    /// The same with the code of an authenticator app.
    TotpLogin,
    /// The same by a passkey alone.
    PasskeyLogin,
}

impl Case {
    /// All, in the order of the report.
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::PlainDiscovery,
            Self::Discovery,
            Self::PlainJwks,
            Self::Jwks,
        ];
        all.extend(ALGORITHMS.map(Self::ClientCredentials));
        all.extend([
            Self::Introspection,
            Self::Userinfo,
            Self::Refresh,
            Self::CodeFlow,
            Self::Login,
            Self::TotpLogin,
            Self::PasskeyLogin,
        ]);
        all
    }

    /// Name in the report and for `--case`.
    pub fn name(self) -> String {
        match self {
            Self::PlainDiscovery => "plain axum (discovery)".to_owned(),
            Self::Discovery => "discovery".to_owned(),
            Self::PlainJwks => "plain axum (jwks)".to_owned(),
            Self::Jwks => "jwks".to_owned(),
            Self::ClientCredentials(algorithm) => format!("client_credentials {algorithm}"),
            Self::Introspection => "introspection".to_owned(),
            Self::Userinfo => "userinfo".to_owned(),
            Self::Refresh => "refresh".to_owned(),
            Self::CodeFlow => "code flow with a session".to_owned(),
            Self::Login => "password login".to_owned(),
            Self::TotpLogin => "TOTP login".to_owned(),
            Self::PasskeyLogin => "passkey login".to_owned(),
        }
    }

    /// Whether the yardstick is measured and not the provider.
    pub fn is_plain(self) -> bool {
        matches!(self, Self::PlainDiscovery | Self::PlainJwks)
    }

    /// Whether one operation takes tens of milliseconds.
    pub fn is_slow(self) -> bool {
        matches!(self, Self::Login | Self::TotpLogin)
    }

    /// Whether work follows that belongs to the requests: sealing the audit log.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::Refresh | Self::CodeFlow | Self::Login | Self::TotpLogin | Self::PasskeyLogin
        )
    }
}

/// What all connections have in common.
pub struct Shared {
    /// The application.
    pub app: Arc<App>,
    /// The plain server.
    pub yardstick: Arc<Target>,
    /// People with authenticator apps.
    pub app_holders: Arc<AppHolders>,
}

/// One connection's part: its own person, its own tokens.
pub struct Worker {
    app: Arc<App>,
    yardstick: Arc<Target>,
    server: Connection,
    plain: Connection,
    fixed: Vec<(Case, Vec<u8>)>,
    /// Cookies of a signed-in browser.
    pub cookies: String,
    refresh_token: String,
    visits: usize,
    keyholder: Keyholder,
    app_holders: Arc<AppHolders>,
}

impl Worker {
    /// Signs its person in and prepares its requests.
    pub async fn prepare(number: usize, shared: &Shared) -> Outcome<Self> {
        let Shared {
            app,
            yardstick,
            app_holders,
        } = shared;
        let mut server = Connection::open(&app.target).await?;
        let signed_in = app.sign_in(&mut server, &seed::person(number)).await?;
        let tokens = app.redeem(&mut server, &signed_in.code).await?;
        let mut fixed = prepared(&app.target, &tokens.access_token);
        for (plain, path) in [(Case::PlainDiscovery, DISCOVERY), (Case::PlainJwks, JWKS)] {
            let answer = server.send(&app.target.get(path, "")).await?;
            let length = answer.expect(200, path)?.body.len();
            fixed.push((plain, yardstick.get(&format!("/bytes/{length}"), "")));
        }
        let plain = Connection::open(yardstick).await?;
        let keyholder = Keyholder::enrol(app, &mut server, &seed::keyholder(number)).await?;
        Ok(Self {
            keyholder,
            app: Arc::clone(app),
            yardstick: Arc::clone(yardstick),
            app_holders: Arc::clone(app_holders),
            server,
            plain,
            fixed,
            cookies: signed_in.cookies,
            refresh_token: tokens.refresh_token,
            visits: number * 4,
        })
    }

    /// One operation.
    pub async fn step(&mut self, case: Case) -> Outcome<()> {
        let done = self.attempt(case).await;
        if done.is_err() {
            // Nobody knows where in the exchange it broke.
            self.server = Connection::open(&self.app.target).await?;
            self.plain = Connection::open(&self.yardstick).await?;
        }
        done
    }

    async fn attempt(&mut self, case: Case) -> Outcome<()> {
        match case {
            Case::Refresh => {
                self.refresh_token = self
                    .app
                    .refresh(&mut self.server, &self.refresh_token)
                    .await?
                    .refresh_token;
                Ok(())
            }
            Case::CodeFlow => self
                .app
                .code_flow(&mut self.server, &self.cookies)
                .await
                .map(drop),
            Case::Login => {
                self.visits += 1;
                self.app
                    .sign_in(&mut self.server, &seed::visitor(self.visits))
                    .await
                    .map(drop)
            }
            Case::TotpLogin => {
                let server = &mut self.server;
                self.app_holders.sign_in(&self.app, server).await.map(drop)
            }
            Case::PasskeyLogin => {
                let server = &mut self.server;
                self.keyholder.sign_in(&self.app, server).await.map(drop)
            }
            fixed => {
                let (_, request) = self
                    .fixed
                    .iter()
                    .find(|(case, _)| *case == fixed)
                    .during("no such request")?;
                let connection = if fixed.is_plain() {
                    &mut self.plain
                } else {
                    &mut self.server
                };
                connection.send(request).await?.expect(200, "it").map(drop)
            }
        }
    }

    /// One operation whose answer is looked at, before any is counted.
    pub async fn probe(&mut self, case: Case) -> Outcome<()> {
        self.step(case).await?;
        if case != Case::Introspection {
            return Ok(());
        }
        let (_, request) = self
            .fixed
            .iter()
            .find(|(known, _)| *known == case)
            .during("no such request")?;
        let answer = self.server.send(request).await?;
        if answer.text().contains("\"active\":true") {
            return Ok(());
        }
        Err(Failure::new("the token is not active"))
    }
}

/// Requests that are the same each time.
fn prepared(target: &Target, access_token: &str) -> Vec<(Case, Vec<u8>)> {
    let bearer = format!("authorization: Bearer {access_token}\r\n");
    let token = format!("token={access_token}");
    let introspection = target.post("/oauth2/introspect", &basic(APP), &token);
    let mut requests = vec![
        (Case::Discovery, target.get(DISCOVERY, "")),
        (Case::Jwks, target.get(JWKS, "")),
        (Case::Introspection, introspection),
        (Case::Userinfo, target.get("/oauth2/userinfo", &bearer)),
    ];
    for algorithm in ALGORITHMS {
        let authorization = basic(&seed::service(algorithm));
        let form = "grant_type=client_credentials";
        let request = target.post("/oauth2/token", &authorization, form);
        requests.push((Case::ClientCredentials(algorithm), request));
    }
    requests
}
