//! A database that does not come along: the queue fills up, the rest is told to come back, and nothing is left of it afterwards.

use identity_harness::answer::Answer;
use identity_harness::app::App;
use identity_harness::seed::WEB1_SECRET;
use reqwest::Client;
use tokio::task::JoinSet;

/// Connections, each with as many requests as may be open on one.
const CONNECTIONS: usize = 13;
const REQUESTS: usize = 100;

/// A refresh that is refused, which has to be written down.
async fn refuse(client: Client, endpoint: url::Url) -> Answer {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "none")];
    let request = client
        .post(endpoint)
        .basic_auth("web1", Some(WEB1_SECRET))
        .form(&fields);
    Answer::read(request.send().await.expect("an answer")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p1_a_full_queue_answers_503_and_recovers() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let endpoint = rp.endpoint("token_endpoint");
    let clients: Vec<Client> = (0..CONNECTIONS)
        .map(|_| {
            let builder = Client::builder().http2_prior_knowledge().no_proxy();
            builder.build().expect("a client")
        })
        .collect();
    // Once before: the secret is proven and the connections are open.
    for client in &clients {
        let answer = refuse(client.clone(), endpoint.clone()).await;
        answer.expect_error(400, "invalid_grant");
    }
    // PostgreSQL has no queue of ours in front: there the pool waits.
    let Some(held) = app.database.hold() else {
        return;
    };
    let mut waiting = JoinSet::new();
    for client in clients.iter().cycle().take(CONNECTIONS * REQUESTS) {
        waiting.spawn(refuse(client.clone(), endpoint.clone()));
    }
    // Nothing can be written, so the first answer is that of the first request without a place.
    let first = waiting.join_next().await.expect("one").expect("an answer");
    first.expect_error(503, "temporarily_unavailable");
    assert!(
        !first.header("retry-after").is_empty(),
        "{:?}",
        first.headers
    );
    drop(held);
    let answers = waiting.join_all().await;
    let refused = answers.iter().filter(|answer| answer.status == 503).count();
    let done = answers.iter().filter(|answer| answer.status == 400).count();
    assert_eq!(refused + done, answers.len(), "another answer");
    assert!(done > 500, "{done} were served after the lock was gone");
    rp.refresh("none").await.expect_error(400, "invalid_grant");
}
