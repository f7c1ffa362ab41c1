//! A database that does not come along: the queue fills up, the rest is told to come back, and nothing is left of it afterwards.

use identity_harness::answer::Answer;
use identity_harness::app::App;
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::task::JoinSet;

/// Connections, each with as many requests as may be open on one.
const CONNECTIONS: usize = 13;
const REQUESTS: usize = 100;

/// A sign-in that begins, which has to be written down.
async fn begin(client: Client, authorize: String) -> Answer {
    let answer = client.get(authorize).send().await;
    Answer::read(answer.expect("an answer")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p1_a_full_queue_answers_503_and_recovers() {
    let app = App::start().await;
    let rp = app.client("web1").await;
    let authorize = rp.attempt().url();
    let clients: Vec<Client> = (0..CONNECTIONS)
        .map(|_| {
            let builder = Client::builder().http2_prior_knowledge().no_proxy();
            let builder = builder.redirect(Policy::none());
            builder.build().expect("a client")
        })
        .collect();
    // Once before, so that the connections are open.
    for client in &clients {
        let answer = begin(client.clone(), authorize.clone()).await;
        assert_eq!(answer.status, 303);
    }
    // PostgreSQL has no queue of ours in front: there the pool waits.
    let Some(held) = app.database.hold() else {
        return;
    };
    let mut waiting = JoinSet::new();
    for client in clients.iter().cycle().take(CONNECTIONS * REQUESTS) {
        waiting.spawn(begin(client.clone(), authorize.clone()));
    }
    // Nothing can be written, so the first answer is that of the first request without a place.
    let first = waiting.join_next().await.expect("one").expect("an answer");
    assert_eq!(first.status, 503);
    assert!(
        !first.header("retry-after").is_empty(),
        "{:?}",
        first.headers
    );
    drop(held);
    let answers = waiting.join_all().await;
    let refused = answers.iter().filter(|answer| answer.status == 503).count();
    let done = answers.iter().filter(|answer| answer.status == 303).count();
    assert_eq!(refused + done, answers.len(), "another answer");
    assert!(done > 500, "{done} were served after the lock was gone");
    let answer = begin(Client::clone(&clients[0]), authorize).await;
    assert_eq!(answer.status, 303);
}
