//! OAU: OAuth and OpenID endpoints.

mod assertions;
mod authorize;
mod code;
mod logout;
mod prompt;
mod token;

use identity_harness::app::App;
use identity_harness::relying_party::{Attempt, RelyingParty};
use identity_harness::seed::ALICE;

/// A code for alice at a client, and the attempt that it answers.
pub async fn fresh_code(app: &App, rp: &RelyingParty) -> (Attempt, String) {
    let attempt = rp.attempt();
    let page = app
        .browser()
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let code = rp.code(&attempt, &page).expect("a code");
    (attempt, code)
}
