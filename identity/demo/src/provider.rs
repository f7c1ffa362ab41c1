//! Talking to the provider: metadata, token endpoint, revocation.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use crate::config::DemoConfig;
use crate::session::lock;
use crate::trouble::Trouble;

const MAX_ANSWER: usize = 256 * 1024;
/// Milliseconds.
const METADATA_LIFE: i64 = 10 * 60 * 1000;

/// The part of the provider's metadata that is used.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    token_endpoint: String,
    pub(crate) end_session_endpoint: Option<String>,
    revocation_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

/// The answer of the token endpoint. No `Debug`: it is all secrets.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    pub(crate) access_token: String,
    token_type: String,
    pub(crate) expires_in: Option<i64>,
    pub(crate) refresh_token: Option<String>,
    pub(crate) id_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// Why there are no tokens.
pub(crate) enum TokenError {
    /// The provider decided against it (`invalid_grant` and relatives).
    Refused(String),
    /// No decision was reached.
    Unavailable(String),
}

pub(crate) struct Provider {
    client: Client,
    config: DemoConfig,
    metadata: Mutex<Option<(Arc<Metadata>, i64)>>,
}

impl Provider {
    pub(crate) fn new(config: DemoConfig) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(2))
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self {
            client,
            config,
            metadata: Mutex::default(),
        })
    }

    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, Trouble> {
        let now = self.config.clock.now();
        let known = lock(&self.metadata).clone();
        if let Some((metadata, at)) = known
            && now.saturating_sub(at) < METADATA_LIFE
        {
            return Ok(metadata);
        }
        let issuer = self.config.issuer.trim_end_matches('/');
        let address = format!("{issuer}/.well-known/openid-configuration");
        let answer = self.client.get(address).send().await.map_err(unreachable)?;
        if answer.status() != StatusCode::OK {
            return Err(Trouble::Provider(format!(
                "discovery answered {}",
                answer.status()
            )));
        }
        let metadata: Metadata = read(answer).await.map_err(Trouble::Provider)?;
        // OpenID Connect Discovery §4.3: identical, or the answer is somebody else's.
        if metadata.issuer != self.config.issuer {
            return Err(Trouble::Provider(
                "discovery names another issuer".to_owned(),
            ));
        }
        let metadata = Arc::new(metadata);
        *lock(&self.metadata) = Some((Arc::clone(&metadata), now));
        Ok(metadata)
    }

    pub(crate) async fn redeem(
        &self,
        code: &str,
        code_verifier: &str,
        redirect_uri: &str,
    ) -> Result<TokenAnswer, TokenError> {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", code_verifier),
            ("redirect_uri", redirect_uri),
        ])
        .await
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Result<TokenAnswer, TokenError> {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ])
        .await
    }

    /// RFC 7009: what the person signs out of should not live on. Failing is no reason to stop.
    pub(crate) async fn revoke(&self, refresh_token: &str) {
        let Ok(metadata) = self.metadata().await else {
            return;
        };
        let Some(endpoint) = &metadata.revocation_endpoint else {
            return;
        };
        let form = [
            ("token", refresh_token),
            ("token_type_hint", "refresh_token"),
        ];
        if let Err(error) = self
            .authenticated(self.client.post(endpoint))
            .form(&form)
            .send()
            .await
        {
            tracing::warn!(error = %error.without_url(), "refresh token not revoked");
        }
    }

    async fn token(&self, form: &[(&str, &str)]) -> Result<TokenAnswer, TokenError> {
        let unavailable =
            |error: reqwest::Error| TokenError::Unavailable(error.without_url().to_string());
        let metadata = self
            .metadata()
            .await
            .map_err(|trouble| TokenError::Unavailable(trouble.to_string()))?;
        let request = self.authenticated(self.client.post(&metadata.token_endpoint));
        let answer = request.form(form).send().await.map_err(unavailable)?;
        match answer.status() {
            StatusCode::OK => {
                let tokens: TokenAnswer = read(answer).await.map_err(TokenError::Unavailable)?;
                if tokens.token_type.eq_ignore_ascii_case("Bearer") {
                    Ok(tokens)
                } else {
                    Err(TokenError::Unavailable(
                        "token type not understood".to_owned(),
                    ))
                }
            }
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => {
                let refusal: Refusal = read(answer).await.map_err(TokenError::Unavailable)?;
                Err(TokenError::Refused(crate::sign_in::error_code(
                    &refusal.error,
                )))
            }
            status => Err(TokenError::Unavailable(format!(
                "token endpoint answered {status}"
            ))),
        }
    }

    /// RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
    fn authenticated(&self, request: RequestBuilder) -> RequestBuilder {
        let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        request.basic_auth(
            encode(&self.config.client_id),
            Some(encode(&self.config.client_secret)),
        )
    }
}

async fn read<T: serde::de::DeserializeOwned>(mut answer: Response) -> Result<T, String> {
    let mut body = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| error.without_url().to_string())?
    {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err("answer too large".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    // The text of a JSON error could quote a token, so only its kind is told.
    serde_json::from_slice(&body)
        .map_err(|error| format!("answer unreadable: {:?}", error.classify()))
}

fn unreachable(error: reqwest::Error) -> Trouble {
    Trouble::Provider(error.without_url().to_string())
}
