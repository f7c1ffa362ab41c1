//! OPS: what the process does when its surroundings fail it, and what it tells those who watch it.

use std::collections::BTreeSet;
use std::process::Command;

use identity_harness::browser::Browser;
use identity_harness::clock::Clock;
use identity_harness::database::Database;
use identity_harness::network::Network;
use identity_harness::relying_party::{RelyingParty, random};
use identity_harness::seed::{ALICE, BOB, Seed, WEB1_SECRET, registration};
use reqwest::Method;

use crate::process::{Installation, Served};

const MAIL: &str = "[mail]\nurl = \"smtp://127.0.0.1:9\"";

async fn served(database: &Database) -> Served {
    let installation = Installation::new(database, MAIL);
    installation.configure(8080);
    installation.apply(&Seed::common()).await;
    installation.serve().await
}

async fn relying_party(served: &Served) -> RelyingParty {
    RelyingParty::discover(
        &Network::default(),
        &Clock::starting_now(),
        served.origin.as_str().trim_end_matches('/'),
        registration("web1", Some(WEB1_SECRET)),
    )
    .await
}

/// The series of `/metrics` without their values.
async fn series(served: &Served) -> BTreeSet<String> {
    let text = served.metrics().await;
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned()))
        .collect()
}

/// Whatever strangers may choose: paths, methods, clients, addresses, agents, languages.
async fn strange_requests(served: &Served) {
    let client = Network::default().client();
    for _ in 0..40 {
        let word: String = random()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .take(12)
            .collect();
        let method = Method::from_bytes(word.to_uppercase().as_bytes()).expect("a method");
        let at = |path: String| served.origin.join(&path).expect("an address");
        for (method, address) in [
            (Method::GET, at(format!("/{word}"))),
            (Method::GET, at(format!("/login/{word}/identifier"))),
            (Method::GET, at(format!("/theme/{word}.css"))),
            (
                Method::GET,
                at(format!("/oauth2/authorize?client_id={word}&scope={word}")),
            ),
            (Method::DELETE, at(format!("/account/{word}"))),
            (method.clone(), at("/".to_owned())),
            (method, at(format!("/{word}"))),
        ] {
            let request = client
                .request(method, address)
                .header("user-agent", &word)
                .header("accept-language", &word)
                .header("x-forwarded-for", &word);
            request.send().await.expect("an answer");
        }
        let token = at("/oauth2/token".to_owned());
        for grant in ["authorization_code", word.as_str()] {
            let request = client
                .post(token.clone())
                .basic_auth(&word, Some(&word))
                .form(&[("grant_type", grant), ("scope", &word), ("code", &word)]);
            request.send().await.expect("an answer");
        }
    }
}

#[tokio::test]
async fn metrics_have_no_label_that_strangers_choose() {
    let database = Database::fresh().await;
    let served = served(&database).await;
    strange_requests(&served).await;
    let before = series(&served).await;
    assert!(
        before.iter().any(|series| series.contains("route=")),
        "{before:?}"
    );
    strange_requests(&served).await;
    let after = series(&served).await;
    // What runs by the clock may have run for the first time in between.
    let grown: Vec<_> = after
        .difference(&before)
        .filter(|series| !series.contains("job"))
        .collect();
    assert!(grown.is_empty(), "{grown:?}");
}

/// Lets the process write no file beyond so many bytes, as a disk without room would.
fn limit_files(served: &Served, bytes: &str) {
    let done = Command::new("prlimit")
        .args(["--pid", &served.id().to_string()])
        .arg(format!("--fsize={bytes}:unlimited"))
        .status();
    assert!(done.expect("prlimit").success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_08_a_full_disk_refuses_writes_and_harms_nothing() {
    let database = Database::fresh().await;
    if database.is_postgres() {
        return; // Its disk is the server's.
    }
    let served = served(&database).await;
    let rp = relying_party(&served).await;
    let browser = Browser::new(&Network::default(), &served.origin);
    let tokens = rp.sign_in(&browser, ALICE.email, ALICE.password).await;
    let stranger = Browser::new(&Network::default(), &served.origin);
    let form = stranger.open(&rp.attempt().url()).await.form("password");
    let form = form
        .fill("identifier", BOB.email)
        .fill("password", BOB.password);

    limit_files(&served, "1");
    for turn in 0..3 {
        let page = stranger.submit(&form).await;
        assert_eq!(page.status, 503, "turn {turn}: {}", page.summary());
        assert!(page.headers.contains_key("retry-after"));
        let answer = rp.refresh(tokens.refresh()).await;
        answer.expect_error(503, "temporarily_unavailable");
        // What only reads goes on.
        rp.userinfo(&tokens.access_token).await.expect_ok();
        let answer = rp.introspect(&tokens.access_token).await.expect_ok();
        assert_eq!(answer["active"], true);
        assert_eq!(browser.open("/account/sessions").await.status, 200);
        rp.keys().await;
    }
    assert!(stranger.cookie("session").is_none());

    limit_files(&served, "unlimited");
    rp.refresh(tokens.refresh()).await.expect_ok();
    let page = stranger.send(&form).await;
    assert!(page.location().is_some(), "{}", page.summary());
    let said = served.end().await;
    assert!(
        said.lines()
            .any(|line| line.contains("disk") && line.contains("\"ERROR\"")),
        "the log does not say why: {said}"
    );
    assert_eq!(database.integrity(), "ok");
}

#[tokio::test]
async fn d_12_commands_need_the_database_and_its_key_alone() {
    let database = Database::fresh().await;
    let installation = Installation::new(&database, "");
    let config = format!(
        "[database]\nurl = \"{}\"\n[secrets]\nmaster_key_file = \"master.key\"\n",
        database.url()
    );
    installation.write("identity.toml", &config);
    installation.apply(&Seed::common()).await;
    for command in [
        &["export"][..],
        &["user", "list"],
        &["client", "list"],
        &["org", "list"],
        &["keys", "list"],
        &["audit", "verify"],
        &["sessions", "revoke", "--user", ALICE.email],
    ] {
        let done = installation.run(command).await;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{command:?}: {said}");
    }
    // What makes an address has to know it, and says what is missing.
    let done = installation.run(&["admin", "link", "adam@a.test"]).await;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        !done.status.success() && said.contains("public_url"),
        "{said}"
    );
    installation.write("identity.toml", "public_url = \"https://id.test\"\n");
    let done = installation.run(&["user", "list"]).await;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        said.contains("database.url") && said.contains("secrets.master_key_file"),
        "{said}"
    );
}

/// An installation whose SQLite file lies beside its master key, as `identity dev` and small servers have it; nothing is made yet.
async fn of_one_folder() -> Installation {
    let database = Database::fresh().await;
    let installation = Installation::new(&database, "");
    let config = format!(
        "public_url = \"http://localhost:8080\"\n[database]\nurl = \"sqlite:{}\"\n\
         [secrets]\nmaster_key_file = \"master.key\"\n",
        installation.file("identity.db").display()
    );
    installation.write("identity.toml", &config);
    installation
}

#[tokio::test]
async fn ops_06_the_commands_of_the_guide_lead_from_nothing_to_the_first_administrator() {
    let installation = of_one_folder().await;
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guides/operate.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    let block = guide
        .split("```")
        .find_map(|block| block.strip_prefix("sh\n"));
    let commands = block.expect("a block of commands").lines();
    let commands: Vec<Vec<&str>> = commands
        .filter_map(|line| line.strip_prefix("identity "))
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert!(commands.len() >= 4, "{commands:?}");
    let mut said = String::new();
    for command in commands {
        let done = installation.run(&command).await;
        let problem = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{command:?}: {problem}");
        said = String::from_utf8_lossy(&done.stdout).into_owned();
    }
    assert!(said.contains("http://localhost:8080/admin/link/"), "{said}");
}

#[tokio::test]
async fn d_12_the_doctor_looks_at_a_data_folder_as_other_commands_do() {
    let installation = of_one_folder().await;
    let folder = installation.file("");
    let folder = folder.to_str().expect("a path");
    let look = ["doctor", "--offline", "--data", folder];
    let missing = installation.run(&look).await;
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(
        !missing.status.success() && said.contains("is not there"),
        "{said}"
    );
    assert!(!installation.file("identity.db").exists());
    assert!(installation.run(&["migrate"]).await.status.success());
    let looked = installation.run(&look).await;
    let said = String::from_utf8_lossy(&looked.stdout).into_owned();
    assert!(
        looked.status.success() && said.contains("opens this database"),
        "{said}"
    );
    assert!(said.contains("administrators: there is none"), "{said}");
    assert!(
        !said.contains("mail"),
        "what a folder does not configure: {said}"
    );
}

#[tokio::test]
async fn oau_10_a_file_with_a_secret_that_can_be_guessed_is_refused_with_its_place_and_the_way_out()
{
    let installation = of_one_folder().await;
    assert!(installation.run(&["migrate"]).await.status.success());
    let app = |secret: &str| {
        format!(
            "version: 1\nclients:\n  - client_id: app\n    redirect_uris: [\"https://app.test/cb\"]\n    client_secret: {secret}\n"
        )
    };
    let file = installation.write("app.yaml", &app("summer-2026"));
    let apply = ["apply", file.to_str().expect("a path")];
    let done = installation.run(&apply).await;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    for word in ["app.yaml:5:", "client_secret", "openssl rand -base64 32"] {
        assert!(said.contains(word), "{said}");
    }
    assert!(!said.contains("summer-2026"), "{said}");
    installation.write(
        "app.yaml",
        &app("x1ZzkWcQO3nVqS0mJ0pT4u9cXw2l8bR7yHfKe5aGdUo="),
    );
    let done = installation.run(&apply).await;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
}

#[tokio::test]
async fn ses_05_names_given_at_the_command_line_hold_no_marks_of_direction() {
    let installation = of_one_folder().await;
    assert!(installation.run(&["migrate"]).await.status.success());
    let name = "Acme\u{202e}moc\u{2066}\u{200b}";
    let user = ["user", "create", "ana@acme.test", "--name", name];
    for command in [&["org", "create", "acme", "--name", name][..], &user] {
        let done = installation.run(command).await;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{command:?}: {said}");
    }
    let written = installation.run(&["export"]).await.stdout;
    let written = String::from_utf8(written).expect("text");
    assert_eq!(written.matches("Acme\u{fffd}moc").count(), 2, "{written}");
    assert!(!written.contains(['\u{202e}', '\u{2066}', '\u{200b}']));
}
