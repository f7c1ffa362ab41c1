//! A strict OIDC client of our own writing: it accepts nothing that a careful app would refuse.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use url::Url;

use crate::answer::Answer;
use crate::browser::Browser;
use crate::clock::Clock;
use crate::forge;
use crate::id_token::{self, Against, Expected};
use crate::network::Network;
use crate::page::{Page, parameter};

/// How a client proves who it is at the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_basic`
    Basic(String),
    /// `client_secret_post`
    Post(String),
    /// A public client.
    None,
}

/// What the app was told when it was registered.
#[derive(Clone, Debug)]
pub struct Registration {
    /// `client_id`
    pub client_id: String,
    /// How it authenticates.
    pub authentication: ClientAuthentication,
    /// Its callback.
    pub redirect_uri: String,
    /// The scope it asks for.
    pub scope: String,
    /// `id_token_signed_response_alg`
    pub id_token_alg: String,
}

/// Why the client does not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The provider said no: the `error` parameter.
    Provider(String),
    /// The answer does not belong to the request, or proves nothing.
    Invalid(String),
}

/// What the client holds after a sign-in.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The access token, opaque to the client.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// The ID token as received.
    pub id_token: String,
    /// The ID token's claims, validated.
    pub claims: Value,
    /// The token answer as a whole.
    pub answer: Value,
}

/// One authorization request and the secrets that belong to it.
#[derive(Clone, Debug)]
pub struct Attempt {
    endpoint: Url,
    /// Parameters in the order in which they are sent; a test may change them.
    pub parameters: Vec<(String, String)>,
    /// PKCE verifier.
    pub verifier: String,
    /// `state`
    pub state: String,
    /// `nonce`
    pub nonce: String,
}

impl Attempt {
    /// Sets a parameter.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a parameter out.
    pub fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(known, _)| known != name);
        self
    }

    /// Sends a parameter once more.
    pub fn repeat(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The address to open in a browser.
    pub fn url(&self) -> String {
        let mut url = self.endpoint.clone();
        url.query_pairs_mut().extend_pairs(&self.parameters);
        url.into()
    }

    fn max_age(&self) -> Option<i64> {
        self.parameters
            .iter()
            .find(|(name, _)| name == "max_age")
            .and_then(|(_, value)| value.parse().ok())
    }
}

/// A relying party.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    client: reqwest::Client,
    clock: Clock,
    /// The discovery document.
    pub metadata: Value,
    /// Its registration.
    pub registration: Registration,
}

impl RelyingParty {
    /// Reads discovery and checks that it speaks for `issuer` (OIDC Discovery §4.3).
    pub async fn discover(
        network: &Network,
        clock: &Clock,
        issuer: &str,
        registration: Registration,
    ) -> Self {
        let client = network.client();
        let address = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let answer = Answer::read(client.get(address).send().await.expect("discovery")).await;
        let metadata = answer.expect_ok();
        assert_eq!(
            metadata["issuer"], issuer,
            "discovery speaks for another issuer"
        );
        Self {
            client,
            clock: clock.clone(),
            metadata,
            registration,
        }
    }

    /// An endpoint's address from discovery.
    pub fn endpoint(&self, name: &str) -> Url {
        let address = self.metadata[name]
            .as_str()
            .unwrap_or_else(|| panic!("discovery lacks {name}"));
        Url::parse(address).expect("an address")
    }

    /// A new authorization request: code, PKCE S256, state, nonce.
    pub fn attempt(&self) -> Attempt {
        let [verifier, state, nonce] = std::array::from_fn(|_| random());
        let challenge = URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
        let registration = &self.registration;
        let parameters = [
            ("client_id", registration.client_id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", &registration.redirect_uri),
            ("scope", &registration.scope),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let parameters = parameters
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        Attempt {
            endpoint: self.endpoint("authorization_endpoint"),
            parameters,
            verifier,
            state,
            nonce,
        }
    }

    /// The code from the redirect that ended an attempt, if the redirect is truly the answer to it.
    pub fn code(&self, attempt: &Attempt, page: &Page) -> Result<String, Rejected> {
        let target = page
            .location()
            .ok_or_else(|| Rejected::Invalid(format!("no redirect: {}", page.summary())))?;
        let mut bare = target.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        let registered = Url::parse(&self.registration.redirect_uri).expect("an address");
        ensure(bare == registered, format!("the answer went to {bare}"))?;
        ensure(
            parameter(&target, "state").as_ref() == Some(&attempt.state),
            "state differs",
        )?;
        // RFC 9207 §2.4: the answer names its issuer, errors included.
        let issuer = parameter(&target, "iss").unwrap_or_default();
        ensure(
            self.metadata["issuer"] == issuer,
            format!("iss is {issuer:?}"),
        )?;
        if let Some(error) = parameter(&target, "error") {
            return Err(Rejected::Provider(error));
        }
        parameter(&target, "code").ok_or_else(|| Rejected::Invalid("no code".to_owned()))
    }

    /// Redeems the code of the redirect and validates everything that comes back.
    pub async fn tokens(&self, attempt: &Attempt, page: &Page) -> Result<Tokens, Rejected> {
        let code = self.code(attempt, page)?;
        let answer = self.redeem(attempt, &code).await;
        if answer.status != 200 {
            return Err(Rejected::Provider(answer.error()));
        }
        let expected = Expected {
            nonce: Some(attempt.nonce.clone()),
            max_age: attempt.max_age(),
        };
        self.accept(&answer, &expected).await
    }

    /// A whole sign-in of a person in a browser: from the request to validated tokens.
    pub async fn sign_in(&self, browser: &Browser, email: &str, password: &str) -> Tokens {
        let attempt = self.attempt();
        let page = browser.sign_in(&attempt.url(), email, password).await;
        self.tokens(&attempt, &page)
            .await
            .unwrap_or_else(|error| panic!("sign-in of {email}: {error:?}"))
    }

    /// The raw answer to a code.
    pub async fn redeem(&self, attempt: &Attempt, code: &str) -> Answer {
        let redirect_uri = self.registration.redirect_uri.clone();
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", &attempt.verifier),
        ])
        .await
    }

    /// The raw answer to a refresh token.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ])
        .await
    }

    /// Any request to the token endpoint, authenticated as registered.
    pub async fn token(&self, fields: &[(&str, &str)]) -> Answer {
        let answer = self.authenticated("token_endpoint", fields).await;
        // RFC 6749 §5.1: tokens must not be stored on the way; errors neither.
        assert!(
            answer.header("cache-control").contains("no-store"),
            "a token answer may be stored: {:?}",
            answer.headers
        );
        assert!(
            answer
                .header("content-type")
                .starts_with("application/json"),
            "not JSON: {:?}",
            answer.headers
        );
        answer
    }

    /// Introspection (RFC 7662).
    pub async fn introspect(&self, token: &str) -> Answer {
        self.authenticated("introspection_endpoint", &[("token", token)])
            .await
    }

    /// Revocation (RFC 7009).
    pub async fn revoke(&self, token: &str) -> Answer {
        self.authenticated("revocation_endpoint", &[("token", token)])
            .await
    }

    /// `UserInfo` with a bearer token.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        let request = self
            .client
            .get(self.endpoint("userinfo_endpoint"))
            .bearer_auth(access_token);
        Answer::read(request.send().await.expect("userinfo")).await
    }

    /// The address that ends the session (RP-Initiated Logout §2).
    pub fn logout_url(&self, parameters: &[(&str, &str)]) -> String {
        let mut url = self.endpoint("end_session_endpoint");
        url.query_pairs_mut().extend_pairs(parameters);
        url.into()
    }

    /// A POST to an endpoint of discovery, authenticated as registered.
    pub async fn authenticated(&self, endpoint: &str, fields: &[(&str, &str)]) -> Answer {
        let registration = &self.registration;
        let mut fields = fields.to_vec();
        let mut request = self.client.post(self.endpoint(endpoint));
        match &registration.authentication {
            ClientAuthentication::Basic(secret) => {
                // RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
                let encode = |text: &str| {
                    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                };
                request = request.basic_auth(encode(&registration.client_id), Some(encode(secret)));
            }
            ClientAuthentication::Post(secret) => fields.extend([
                ("client_id", registration.client_id.as_str()),
                ("client_secret", secret),
            ]),
            ClientAuthentication::None => fields.push(("client_id", &registration.client_id)),
        }
        Answer::read(request.form(&fields).send().await.expect("an answer")).await
    }

    /// The provider's keys as published now.
    pub async fn keys(&self) -> Value {
        let answer = self
            .client
            .get(self.endpoint("jwks_uri"))
            .send()
            .await
            .expect("keys");
        Answer::read(answer).await.expect_ok()
    }

    /// Validates a successful token answer.
    pub async fn accept(&self, answer: &Answer, expected: &Expected) -> Result<Tokens, Rejected> {
        let body = answer.json();
        let text = |member: &str| body[member].as_str().map(str::to_owned);
        ensure(
            text("token_type").is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")),
            "token_type is not Bearer",
        )?;
        ensure(
            body["expires_in"]
                .as_i64()
                .is_some_and(|span| (1..=600).contains(&span)),
            "expires_in is not within ten minutes",
        )?;
        let access_token =
            text("access_token").ok_or_else(|| Rejected::Invalid("no access_token".to_owned()))?;
        let (id_token, claims) = match text("id_token") {
            Some(token) => {
                let keys = self.keys().await;
                let against = Against {
                    keys: &keys,
                    metadata: &self.metadata,
                    registration: &self.registration,
                    now: self.clock.seconds(),
                    expected,
                };
                let claims = id_token::validate(&token, &against)?;
                let algorithm = &self.registration.id_token_alg;
                id_token::check_hash(&claims, "at_hash", &access_token, algorithm)?;
                (token, claims)
            }
            None => (String::new(), Value::Null),
        };
        Ok(Tokens {
            access_token,
            refresh_token: text("refresh_token"),
            id_token,
            claims,
            answer: body,
        })
    }
}

impl Tokens {
    /// The access token's claims, read without verification (a client would not; a test may).
    pub fn access_claims(&self) -> Value {
        forge::claims(&self.access_token)
    }

    /// The refresh token, which must be there.
    pub fn refresh(&self) -> &str {
        self.refresh_token.as_deref().expect("a refresh token")
    }
}

fn ensure(holds: bool, otherwise: impl Into<String>) -> Result<(), Rejected> {
    if holds {
        Ok(())
    } else {
        Err(Rejected::Invalid(otherwise.into()))
    }
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes)
        .as_ref()
        .to_vec()
}

/// 43 characters nobody can guess.
#[expect(
    clippy::disallowed_methods,
    reason = "a client's own randomness, not the provider's"
)]
pub fn random() -> String {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).expect("randomness");
    URL_SAFE_NO_PAD.encode(bytes)
}
