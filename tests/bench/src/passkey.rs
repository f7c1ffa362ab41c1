//! People who sign in by passkey: an authenticator for each, and the way from the sign-in page to the code.

use serde_json::Value;

use crate::authenticator::Authenticator;
use crate::connection::Connection;
use crate::failure::{During as _, Failure, Outcome};
use crate::form::{self, Form};
use crate::journey::{App, code, encoded};

const ADD: &str = "/account/security/passkeys/add";

/// Somebody with a passkey.
pub struct Keyholder {
    authenticator: Authenticator,
    email: String,
}

impl Keyholder {
    /// Signs somebody in by password and adds a passkey to their account.
    pub async fn enrol(app: &App, connection: &mut Connection, email: &str) -> Outcome<Self> {
        let origin = format!("http://{}", app.target.host);
        let origin = url::Url::parse(&origin).during("the provider's origin")?;
        let mut authenticator = Authenticator::new(&origin);
        let cookies = app.sign_in(connection, email).await?.cookies;
        let request = app.target.get(ADD, &cookies);
        let answer = connection
            .send(&request)
            .await?
            .expect(200, "the passkey page")?;
        let form = passkey_form(&answer.text())?;
        let options = "/account/security/passkeys/options";
        let options = ask(app, connection, (options, &cookies), &form).await?;
        let credential = authenticator.create(&options);
        post(app, connection, &cookies, (&form, &credential)).await?;
        Ok(Self {
            authenticator,
            email: email.to_owned(),
        })
    }

    /// The whole hosted sign-in in the person's browser: authorize, the page, its options, the answer, the code.
    pub async fn sign_in(&mut self, app: &App, connection: &mut Connection) -> Outcome<String> {
        let mut cookies = app.browser_of(&self.email);
        let answer = connection
            .send(&app.target.get(&app.authorize, &cookies.line()))
            .await?
            .expect(303, "authorize")?;
        cookies.take(answer.header("set-cookie"));
        let page = answer.location("authorize")?;
        let answer = connection
            .send(&app.target.get(&page, &cookies.line()))
            .await?
            .expect(200, "the sign-in page")?;
        cookies.take(answer.header("set-cookie"));
        let form = passkey_form(&answer.text())?;
        let path = format!("{}/options", form.action);
        let options = ask(app, connection, (&path, &cookies.line()), &form).await?;
        let credential = self.authenticator.get(&options);
        code(&post(app, connection, &cookies.line(), (&form, &credential)).await?)
    }
}

fn passkey_form(html: &str) -> Outcome<Form> {
    form::find(html, "credential").during("the page has no form for a passkey")
}

/// What the page's script fetches.
async fn ask(
    app: &App,
    connection: &mut Connection,
    (path, cookies): (&str, &str),
    form: &Form,
) -> Outcome<Value> {
    let csrf = form.hidden.iter().find(|(name, _)| name == "csrf");
    let (_, csrf) = csrf.during("the form has no token")?;
    let request = app
        .target
        .post(path, cookies, &encoded([("csrf", csrf.as_str())]));
    let answer = connection.send(&request).await?.expect(200, "options")?;
    let mut json: Value = serde_json::from_slice(answer.body).during("options")?;
    json.get_mut("publicKey")
        .map(Value::take)
        .ok_or_else(|| Failure::new("no options"))
}

/// Sends the authenticator's answer; where it leads.
async fn post(
    app: &App,
    connection: &mut Connection,
    cookies: &str,
    (form, credential): (&Form, &Value),
) -> Outcome<String> {
    let credential = credential.to_string();
    let kept = form
        .hidden
        .iter()
        .filter(|(name, _)| name != "credential")
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let body = encoded(kept.chain([("credential", credential.as_str())]));
    let request = app.target.post(&form.action, cookies, &body);
    let answer = connection
        .send(&request)
        .await?
        .expect(303, "the passkey form")?;
    answer.location("the passkey form")
}
