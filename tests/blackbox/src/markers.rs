//! LOG-01: secrets that are easy to find, through all flows of the real binary in production with its log at `trace`, and then
//! looked for in everything it wrote.

mod factors;
mod misplaced;
mod secrets;

use identity_harness::browser::Browser;
use identity_harness::canary::Canary;
use identity_harness::clock::Clock;
use identity_harness::database::Database;
use identity_harness::network::Network;
use identity_harness::page::Page;
use identity_harness::relying_party::RelyingParty;
use identity_harness::seed::{ALICE, BOB, SVC1_SECRET, Seed, WEB1_SECRET, registration};
use identity_harness::smtp::MailServer;
use url::Url;

use self::secrets::Secrets;
use crate::process::{Installation, Served};

const MAIL_PASSWORD: &str = "marker-mail-server-4Fz8";
const SMS_TOKEN: &str = "marker-sms-gateway-6Jw1-of-thirty-two-characters";

/// A page without the links that lead back to it in another language: they repeat the address under which the browser asked.
fn without_own_address(body: &str) -> String {
    body.split("return_to=")
        .enumerate()
        .map(|(at, part)| match part.find('"').filter(|_| at > 0) {
            Some(end) => &part[end..],
            None => part,
        })
        .collect()
}

struct Run {
    database: Database,
    installation: Installation,
    served: Served,
    mail: MailServer,
    gateway: Canary,
    rp: RelyingParty,
    network: Network,
    secrets: Secrets,
}

impl Run {
    fn browser(&self) -> Browser {
        Browser::new(&self.network, &self.served.origin)
    }

    /// A page of ours never repeats a secret.
    fn look_at(&self, page: &Page) {
        self.secrets
            .expect_absent("a page", &without_own_address(&page.body));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_01_no_marker_is_in_anything_that_the_process_writes() {
    let mut run = Run::start(&["webauthn", "totp", "sms"]).await;
    sign_in_and_tokens(&mut run).await;
    sign_up_and_recover(&mut run).await;
    change_password(&mut run).await;
    admin_link(&mut run).await;
    misplaced::misuse(&mut run).await;
    misplaced::everywhere(&mut run).await;
    run.expect_silence(200).await;
}

impl Run {
    /// The binary in production, with these methods as second factors.
    async fn start(methods: &[&str]) -> Self {
        let database = Database::fresh().await;
        let (mail, gateway) = (MailServer::start().await, Canary::start().await);
        let installation = Installation::new(
            &database,
            &format!(
                "[mail]\nurl = \"smtp://relay:{MAIL_PASSWORD}@{}\"\nfrom = \"no-reply@id.test\"\n\
                 [sms]\nprovider = \"webhook\"\nurl = \"{}\"\ntoken = \"{SMS_TOKEN}\"\n\
                 [fetch]\nallow = [\"127.0.0.0/8\"]\n[mfa]\nmethods = {methods:?}\n\
                 [log]\nlevel = \"trace\"\nformat = \"json\"",
                mail.address(),
                gateway.url("/sms"),
            ),
        );
        installation.configure(8080);
        installation.apply(&factors::people(Seed::common())).await;
        let served = installation.serve().await;
        let network = Network::default();
        let issuer = served.origin.as_str().trim_end_matches('/').to_owned();
        let clock = Clock::starting_now();
        let web1 = registration("web1", Some(WEB1_SECRET));
        Self {
            rp: RelyingParty::discover(&network, &clock, &issuer, web1).await,
            secrets: Secrets::of_the_installation(),
            database,
            installation,
            served,
            mail,
            gateway,
            network,
        }
    }

    /// Ends it, and looks into everything that it wrote, which has to be much to be worth something.
    async fn expect_silence(self, answers: usize) {
        let metrics = self.served.metrics().await;
        let dump = self.database.dump().await;
        let audit = self.database.rows("audit").await;
        let audit: Vec<String> = audit.iter().map(ToString::to_string).collect();
        let said = self.served.end().await;
        let answered = said.matches("\"answered\"").count();
        assert!(
            said.contains("\"DEBUG\"") && answered > answers,
            "{answered}"
        );
        for (place, text) in [
            ("the log", said.as_str()),
            ("the metrics", &metrics),
            ("the audit log", &audit.join("\n")),
            ("the database", &String::from_utf8_lossy(&dump)),
        ] {
            self.secrets.expect_absent(place, text);
        }
    }
}

async fn sign_in_and_tokens(run: &mut Run) {
    let wrong = run.secrets.marker("wrong-password");
    let browser = run.browser();
    let page = browser
        .sign_in(&run.rp.attempt().url(), ALICE.email, &wrong)
        .await;
    run.look_at(&page);
    let browser = run.browser();
    let attempt = run.rp.attempt();
    let page = browser
        .sign_in(&attempt.url(), ALICE.email, ALICE.password)
        .await;
    let code = run.rp.code(&attempt, &page).expect("a code");
    run.secrets.add("code", &code);
    run.secrets.add("verifier", &attempt.verifier);
    run.secrets.add_cookies("Alice", &browser);
    let mut tokens = run.rp.redeem(&attempt, &code).await.expect_ok();
    run.rp.redeem(&attempt, &code).await; // A code used twice ends its family; a new sign-in goes on.
    keep_tokens(&mut run.secrets, "first", &tokens);
    let attempt = run.rp.attempt();
    let page = browser.open(&attempt.url()).await;
    let code = run.rp.code(&attempt, &page).expect("a code");
    run.secrets.add("second code", &code);
    tokens = run.rp.redeem(&attempt, &code).await.expect_ok();
    keep_tokens(&mut run.secrets, "second", &tokens);
    let refresh = tokens["refresh_token"].as_str().expect("a refresh token");
    tokens = run.rp.refresh(refresh).await.expect_ok();
    keep_tokens(&mut run.secrets, "third", &tokens);
    let access = tokens["access_token"].as_str().expect("an access token");
    run.rp.userinfo(access).await.expect_ok();
    run.rp.introspect(access).await.expect_ok();
    let hint = tokens["id_token"].as_str().expect("an ID token");
    let page = browser
        .open(&run.rp.logout_url(&[("id_token_hint", hint)]))
        .await;
    run.look_at(&page);
    run.rp
        .revoke(tokens["refresh_token"].as_str().expect("a refresh token"))
        .await;
    let mut service = run.rp.clone();
    service.registration = registration("svc1", Some(SVC1_SECRET));
    let token = service
        .token(&[("grant_type", "client_credentials")])
        .await
        .expect_ok();
    keep_tokens(&mut run.secrets, "service's", &token);
}

fn keep_tokens(secrets: &mut Secrets, whose: &str, answer: &serde_json::Value) {
    for kind in ["access_token", "refresh_token", "id_token"] {
        if let Some(token) = answer[kind].as_str() {
            secrets.add(&format!("{whose} {kind}"), token);
        }
    }
}

async fn sign_up_and_recover(run: &mut Run) {
    let password = run.secrets.marker("new-password");
    let browser = run.browser();
    let form = browser.open("/register").await.form("email");
    let form = form
        .fill("email", "nina@new.test")
        .fill("password", &password);
    let form = if form.has("name") {
        form.fill("name", "Nina New")
    } else {
        form
    };
    let page = browser.send(&form).await;
    let letter = run.mail.wait_for("nina@new.test", "/verify/").await;
    run.secrets
        .add("verification link", letter.link("/verify/"));
    run.secrets.add("verification code", letter.code());
    run.secrets
        .add("bare verification code", &letter.code().replace('-', ""));
    let wrong = browser
        .send(&page.form("code").fill("code", "BCDFG-HJKLM"))
        .await;
    run.look_at(&wrong);
    browser
        .send(&page.form("code").fill("code", letter.code()))
        .await;
    run.secrets.add_cookies("Nina", &browser);
    let browser = run.browser();
    let form = browser.open("/recover").await.form("identifier");
    browser
        .send(&form.fill("identifier", "nina@new.test"))
        .await;
    let letter = run.mail.wait_for("nina@new.test", "/recover/").await;
    run.secrets.add("recovery link", letter.link("/recover/"));
    run.secrets.add("recovery code", letter.code());
    let page = browser.open(letter.link("/recover/")).await;
    let password = run.secrets.marker("recovered-password");
    let page = browser
        .send(&page.form("password").fill("password", &password))
        .await;
    run.look_at(&page);
    // A link that was used, and one that never was.
    let page = browser.open(letter.link("/recover/")).await;
    run.look_at(&page);
}

async fn change_password(run: &mut Run) {
    let browser = run.browser();
    browser.sign_in("/account", BOB.email, BOB.password).await;
    let (wrong, new) = (
        run.secrets.marker("wrong-current"),
        run.secrets.marker("next-password"),
    );
    for (current, new) in [(wrong.as_str(), new.as_str()), (BOB.password, &new)] {
        let page = browser.open("/account/password").await;
        let form = page
            .form("current_password")
            .fill("current_password", current)
            .fill("password", new);
        let page = browser.send(&form).await;
        run.look_at(&page);
    }
    run.secrets.add_cookies("Bob", &browser);
}

async fn admin_link(run: &mut Run) {
    let done = run
        .installation
        .run(&["--json", "admin", "link", "adam@a.test"])
        .await;
    let said = String::from_utf8(done.stdout).expect("text");
    let link: serde_json::Value = serde_json::from_str(&said).expect("a link");
    let link = link["url"].as_str().expect("an address").to_owned();
    run.secrets.add("sign-in link", &link);
    let browser = run.browser();
    let path = Url::parse(&link).expect("an address").path().to_owned();
    let page = browser.open(&path).await;
    if let Some(form) = page
        .forms()
        .into_iter()
        .find(|form| form.method == "post" && form.action.path() == path)
    {
        let page = browser.send(&form).await;
        run.look_at(&page);
    }
    run.secrets.add_cookies("Adam", &browser);
}
