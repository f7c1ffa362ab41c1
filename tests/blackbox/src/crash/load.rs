//! What people and applications do while the process dies under them. A request that gets no whole answer ends its task; an answer
//! that arrives must be the right one, however close to the end.

use std::sync::{Arc, Mutex, MutexGuard};

use identity_harness::network::Network;
use identity_harness::page::Page;
use identity_harness::relying_party::{Attempt, RelyingParty};
use identity_harness::seed::{self, WEB1_SECRET};
use reqwest::RequestBuilder;
use tokio::sync::Notify;

use super::ledger::{Code, CodeState, Ledger};

/// One life of the process, seen from outside.
pub struct Life {
    client: reqwest::Client,
    rp: RelyingParty,
    cookies: String,
    ledger: Arc<Mutex<Ledger>>,
    /// The number of promises after which the end comes.
    last: usize,
    /// The end may come.
    pub due: Notify,
}

impl Life {
    pub fn new(
        rp: &RelyingParty,
        cookies: &str,
        ledger: &Arc<Mutex<Ledger>>,
        last: usize,
    ) -> Arc<Self> {
        ledger.lock().expect("the ledger").acknowledged = 0;
        Arc::new(Self {
            client: Network::default().client(),
            rp: rp.clone(),
            cookies: cookies.to_owned(),
            ledger: Arc::clone(ledger),
            last,
            due: Notify::new(),
        })
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().expect("the ledger")
    }

    /// Writes a promise down.
    fn acknowledge<T>(&self, note: impl FnOnce(&mut Ledger) -> T) -> T {
        let mut ledger = self.ledger();
        let noted = note(&mut ledger);
        ledger.acknowledged += 1;
        if ledger.acknowledged == self.last {
            self.due.notify_one();
        }
        noted
    }

    /// Rotates one family again and again.
    pub async fn refresh_on(self: Arc<Self>, family: usize) {
        loop {
            let newest = self.ledger().families[family].newest.clone();
            let Some(page) = self.refresh(&newest).await else {
                return;
            };
            let next = token(&page);
            self.acknowledge(|ledger| {
                ledger.families[family].newest = next;
                ledger.refreshes += 1;
            });
        }
    }

    /// Gets codes and redeems them.
    pub async fn redeem_on(self: Arc<Self>) {
        loop {
            let attempt = self.rp.attempt();
            let Some(page) = self.authorize(&attempt).await else {
                return;
            };
            let code = Code {
                value: page
                    .redirect_param("code")
                    .unwrap_or_else(|| panic!("no code: {}", page.summary())),
                verifier: attempt.verifier.clone(),
                state: CodeState::Issued,
            };
            let at = self.acknowledge(|ledger| {
                ledger.codes.push(code.clone());
                ledger.codes.len() - 1
            });
            self.ledger().codes[at].state = CodeState::Tried;
            let Some(page) = self.redeem(&code).await else {
                return;
            };
            let refresh_token = token(&page);
            self.acknowledge(|ledger| {
                ledger.codes[at].state = CodeState::Redeemed(refresh_token);
                ledger.redemptions += 1;
            });
        }
    }

    /// Allows one more scope, and one more.
    pub async fn consent_on(self: Arc<Self>) {
        loop {
            let wanted = {
                let mut ledger = self.ledger();
                ledger.asked += 1;
                super::wanted(ledger.asked - 1)
            };
            let Some((client, scope)) = wanted else {
                return;
            };
            let attempt = self.attempt(&client, &scope).with("prompt", "consent");
            let Some(mut page) = self.authorize(&attempt).await else {
                return;
            };
            while page.status == 303 {
                let request = self.client.get(page.redirect());
                let Some(next) = self.send(request).await else {
                    return;
                };
                page = next;
            }
            let form = page.form("decision").press("decision", "allow");
            let request = self
                .client
                .post(form.action.clone())
                .header("origin", form.action.origin().ascii_serialization())
                .header("sec-fetch-site", "same-origin")
                .form(&form.data());
            let Some(page) = self.send(request).await else {
                return;
            };
            assert!(
                page.redirect_param("code").is_some(),
                "not allowed: {}",
                page.summary()
            );
            self.acknowledge(|ledger| ledger.consents.push((client, scope)));
        }
    }

    /// A new authorization request of a client for one scope.
    pub fn attempt(&self, client: &str, scope: &str) -> Attempt {
        self.rp
            .attempt()
            .with("client_id", client)
            .with("redirect_uri", &seed::callback(client))
            .with("scope", &format!("openid {scope}"))
    }

    /// An authorization request of the person who is signed in.
    pub async fn authorize(&self, attempt: &Attempt) -> Option<Page> {
        self.send(self.client.get(attempt.url())).await
    }

    /// Presents a refresh token.
    pub async fn refresh(&self, refresh_token: &str) -> Option<Page> {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ])
        .await
    }

    /// Presents a code.
    pub async fn redeem(&self, code: &Code) -> Option<Page> {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", &code.value),
            ("redirect_uri", &self.rp.registration.redirect_uri),
            ("code_verifier", &code.verifier),
        ])
        .await
    }

    async fn token(&self, fields: &[(&str, &str)]) -> Option<Page> {
        let request = self
            .client
            .post(self.rp.endpoint("token_endpoint"))
            .basic_auth("web1", Some(WEB1_SECRET))
            .form(fields);
        self.send(request).await
    }

    /// A whole answer, or `None`.
    async fn send(&self, request: RequestBuilder) -> Option<Page> {
        let request = request
            .header("cookie", &self.cookies)
            .header("user-agent", "Chrome/156.0");
        let response = request.send().await.ok()?;
        Some(Page {
            url: response.url().clone(),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.ok()?,
        })
    }
}

/// The refresh token of an answer that must be a success.
pub fn token(page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let answer: serde_json::Value = serde_json::from_str(&page.body).expect("JSON");
    answer["refresh_token"]
        .as_str()
        .expect("a refresh token")
        .to_owned()
}
