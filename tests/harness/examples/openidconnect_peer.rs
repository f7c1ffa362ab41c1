//! An app built on the `openidconnect` crate, for a browser test: a relying party that nobody here wrote.
//!
//! Prints its callback address, reads one line of JSON (`issuer`, `client_id`, `client_secret`), then serves: `/` starts a sign-in,
//! the callback finishes it and shows the claims that the crate accepted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test program"
)]

use std::error::Error;

use identity_harness::network::Network;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope,
};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;
type Failure = Box<dyn Error + Send + Sync>;

/// What the app remembers between the start and the callback.
struct Pending {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let callback = format!("http://{}/callback", listener.local_addr()?);
    println!("{callback}");
    let mut line = String::new();
    BufReader::new(tokio::io::stdin())
        .read_line(&mut line)
        .await?;
    let told: serde_json::Value = serde_json::from_str(&line)?;
    let text = |name: &str| told[name].as_str().unwrap().to_owned();

    let metadata =
        CoreProviderMetadata::discover_async(IssuerUrl::new(text("issuer"))?, &call).await?;
    let client = CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(text("client_id")),
        Some(ClientSecret::new(text("client_secret"))),
    )
    .set_redirect_uri(RedirectUrl::new(callback.clone())?);
    let mut pending = None;
    loop {
        let (stream, _) = listener.accept().await?;
        serve(stream, &client, &callback, &mut pending).await?;
    }
}

async fn serve(
    mut stream: TcpStream,
    client: &Client,
    callback: &str,
    pending: &mut Option<Pending>,
) -> Result<(), Failure> {
    let mut bytes = vec![0; 16 * 1024];
    let read = stream.read(&mut bytes).await?;
    let request = String::from_utf8_lossy(&bytes[..read]).into_owned();
    let target = Url::parse(callback)?.join(request.split(' ').nth(1).unwrap_or("/"))?;
    let answer = match target.path() {
        "/" => {
            let (address, fresh) = start(client);
            *pending = Some(fresh);
            format!("HTTP/1.1 302 Found\r\nlocation: {address}\r\n")
        }
        "/callback" => match finish(client, &target, pending.take()).await {
            Ok(claims) => page("200 OK", &claims),
            Err(error) => page(
                "500 Failed",
                &format!("{error}: {:?}", error.source().map(ToString::to_string)),
            ),
        },
        _ => page("404 Not Found", ""),
    };
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .map_or((answer.trim_end(), ""), |(head, body)| (head, body));
    let whole = format!(
        "{head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(whole.as_bytes()).await?;
    Ok(stream.shutdown().await?)
}

fn start(client: &Client) -> (Url, Pending) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (address, state, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scopes(["profile", "email"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    (
        address,
        Pending {
            state,
            nonce,
            verifier,
        },
    )
}

async fn finish(
    client: &Client,
    target: &Url,
    pending: Option<Pending>,
) -> Result<String, Failure> {
    let pending = pending.ok_or("no sign-in was started")?;
    let parameter = |name: &str| {
        target
            .query_pairs()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    };
    if parameter("state").as_ref() != Some(pending.state.secret()) {
        return Err("state differs".into());
    }
    let code =
        AuthorizationCode::new(parameter("code").ok_or_else(|| format!("no code: {target}"))?);
    let tokens = client
        .exchange_code(code)?
        .set_pkce_verifier(pending.verifier)
        .request_async(&call)
        .await?;
    let id_token = openidconnect::TokenResponse::id_token(&tokens).ok_or("no ID token")?;
    let claims = id_token.claims(&client.id_token_verifier(), &pending.nonce)?;
    let access_token = openidconnect::OAuth2TokenResponse::access_token(&tokens).clone();
    let info: CoreUserInfoClaims = client
        .user_info(access_token, Some(claims.subject().clone()))?
        .request_async(&call)
        .await?;
    Ok(serde_json::json!({"id_token": claims, "userinfo": info}).to_string())
}

fn page(status: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\n\r\n<!doctype html><title>Peer</title><pre id=\"result\">{text}</pre>"
    )
}

/// The crate's HTTP seam: redirects are not followed.
async fn call(request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let response = Network::default()
        .client()
        .execute(request.try_into()?)
        .await?;
    let mut answer = openidconnect::http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    Ok(answer
        .body(response.bytes().await?.to_vec())
        .expect("a response"))
}
