//! People who sign in with a password and the code of an authenticator app. A code counts once, so they take turns.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use identity_domain::credential::TotpCredential;
use identity_domain::credential::totp::STEP_SECONDS;
use identity_domain::secret::SecretString;
use identity_domain::time::Timestamp;

use crate::connection::Connection;
use crate::failure::{During as _, Failure, Outcome};
use crate::form;
use crate::journey::{App, code, encoded};
use crate::seed::{self, APP_HOLDERS, TOTP_SECRET};

/// All of them, each with the step of their last code.
pub struct AppHolders {
    credential: TotpCredential,
    turn: AtomicUsize,
    used: Vec<AtomicI64>,
}

impl AppHolders {
    /// Nobody has used a code yet.
    pub fn new() -> Outcome<Self> {
        let secret = SecretString::from(TOTP_SECRET);
        Ok(Self {
            credential: TotpCredential::import(&secret).during("the secret of the apps")?,
            turn: AtomicUsize::new(0),
            used: (0..APP_HOLDERS).map(|_| AtomicI64::new(0)).collect(),
        })
    }

    /// The whole hosted sign-in in the person's browser: authorize, the page, its form, the code's page, its form, the code.
    pub async fn sign_in(&self, app: &App, connection: &mut Connection) -> Outcome<String> {
        let number = self.turn.fetch_add(1, Ordering::Relaxed) % APP_HOLDERS;
        let visit = app
            .password_step(connection, &seed::app_holder(number))
            .await?;
        let request = app.target.get(&visit.location, &visit.cookies);
        let answer = connection.send(&request).await?;
        let page = answer.expect(200, "the page that asks for a code")?.text();
        let form = form::find(&page, "code").during("the page has no field for a code")?;
        let typed = self.next_code(number)?;
        let hidden = form.hidden.iter();
        let hidden = hidden.map(|(name, value)| (name.as_str(), value.as_str()));
        let body = encoded(hidden.chain([("code", typed.as_str())]));
        let request = app.target.post(&form.action, &visit.cookies, &body);
        let answer = connection.send(&request).await?;
        code(
            &answer
                .expect(303, "the code's form")?
                .location("the code's form")?,
        )
    }

    /// The person's code of this step, or of the next, which a phone that is a little fast would show.
    #[expect(
        clippy::disallowed_methods,
        reason = "the measured server has the machine's clock"
    )]
    fn next_code(&self, number: usize) -> Outcome<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.during("the time")?.as_secs().cast_signed() / STEP_SECONDS;
        let used = self.used.get(number).during("nobody of this number")?;
        let step = (used.load(Ordering::Relaxed) + 1).max(now);
        if step > now + 1 {
            return Err(Failure::new("more sign-ins than there are codes for"));
        }
        used.store(step, Ordering::Relaxed);
        let at = Timestamp(step * STEP_SECONDS * 1_000);
        let code = self.credential.code_at(at).during("a code")?;
        Ok(code.expose().clone())
    }
}
