//! A browser: cookies, no automatic redirects.

use std::collections::HashMap;
use std::sync::Arc;

use identity_demo::{DemoConfig, Kind, serve};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::net::TcpListener;
use url::Url;

use crate::provider::{CLIENT_ID, Provider, SECRET};

pub(crate) struct World {
    pub(crate) provider: Arc<Provider>,
    pub(crate) base: String,
    pub(crate) audience: &'static str,
    /// Without cookies.
    pub(crate) client: Client,
}

pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) base: String,
    provider: Arc<Provider>,
}

impl World {
    pub(crate) async fn new(kind: Kind) -> Self {
        let provider = Provider::start().await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let audience = match kind {
            Kind::Chat => "https://chat.acme.test",
            Kind::Analysis => "https://analysis.acme.test",
        };
        provider.wish(|wishes| audience.clone_into(&mut wishes.audience));
        let mut config = DemoConfig::new(&provider.issuer, CLIENT_ID, SECRET, audience);
        config.public_url = Some(base.clone());
        config.clock = Arc::new(provider.clock.clone());
        assert!(!format!("{config:?}").contains("marker"));
        tokio::spawn(serve(kind, config, listener, std::future::pending()));
        Self {
            provider,
            base,
            audience,
            client: Client::new(),
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .build()
            .unwrap();
        Browser {
            client,
            base: self.base.clone(),
            provider: Arc::clone(&self.provider),
        }
    }

    pub(crate) async fn signed_in(&self) -> Browser {
        let browser = self.browser();
        let response = browser.sign_in().await;
        assert_eq!(
            (response.status().as_u16(), location(&response).as_str()),
            (303, "/")
        );
        browser
    }
}

impl Browser {
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn home(&self) -> String {
        let response = self.get("/").await;
        assert_eq!(response.status(), 200);
        response.text().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.client
            .post(format!("{}{path}", self.base))
            .form(form)
            .send()
            .await
            .unwrap()
    }

    /// Posts with the token of the page.
    pub(crate) async fn submit(&self, path: &str, text: &str) -> Response {
        let page = self.home().await;
        let csrf = page
            .split("name=\"csrf\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        self.post(path, &[("csrf", csrf), ("text", text)]).await
    }

    /// Starts a sign-in; the parameters sent to the provider.
    pub(crate) async fn start(&self) -> HashMap<String, String> {
        let response = self.get("/login").await;
        assert_eq!(response.status(), 303);
        let address = Url::parse(&location(&response)).unwrap();
        let parameters: HashMap<String, String> = address.query_pairs().into_owned().collect();
        self.provider
            .wish(|wishes| wishes.nonce.clone_from(&parameters["nonce"]));
        parameters
    }

    /// Comes back from the provider.
    pub(crate) async fn come_back(&self, state: &str, iss: &str, more: &str) -> Response {
        self.get(&format!("/callback?state={state}&iss={iss}{more}"))
            .await
    }

    pub(crate) async fn sign_in(&self) -> Response {
        let sent = self.start().await;
        self.come_back(&sent["state"], &self.provider.issuer, "&code=c")
            .await
    }
}

pub(crate) fn location(response: &Response) -> String {
    response.headers()["location"].to_str().unwrap().to_owned()
}
