use std::collections::HashSet;

use identity_domain::Timestamp;
use identity_domain::device::{Device, FORGOTTEN_AFTER};
use identity_domain::job::{Job, JobKind, Lane};
use identity_domain::lockout::{Budget, BudgetRule};
use identity_domain::time::Duration;

use super::fixture::{Fixture, NOW, work};
use super::on_both;

const LEASE: Duration = Duration::minutes(2);
const RULE: BudgetRule = BudgetRule::doubling(
    5,
    Duration::hours(1),
    Duration::seconds(1),
    Duration::minutes(10),
);

const MANY: BudgetRule = BudgetRule::draining(60, Duration::hours(1));

fn notice(fixture: &Fixture) -> Job {
    let kind = JobKind::BackchannelLogout {
        client_id: "chat".to_owned(),
        sub: "s".to_owned(),
        sid: "i".to_owned(),
    };
    Job {
        id: fixture.id(),
        kind,
        run_at: NOW,
        attempts: 0,
        created_at: NOW,
    }
}

on_both! {
    async fn a_job_belongs_to_one_claimer_until_its_lease_ends(fixture: Fixture) {
        for _ in 0..40 {
            fixture.commit(work().enqueue(notice(&fixture))).await;
        }
        let mut later = notice(&fixture);
        later.run_at = NOW + Duration::hours(1);
        fixture.commit(work().enqueue(later)).await;
        let for_people = fixture.store.claim_jobs(NOW, LEASE, 100, Lane::People).await.unwrap();
        assert!(for_people.is_empty(), "services have a lane of their own");
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let store = fixture.reopened().await;
            tasks.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let jobs = store.claim_jobs(NOW, LEASE, 3, Lane::Services).await.unwrap();
                    if jobs.is_empty() {
                        return mine;
                    }
                    mine.extend(jobs.into_iter().map(|job| job.id));
                }
            });
        }
        let claimed: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 40);
        assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), 40, "no job has two claimers");
        assert!(fixture.store.claim_jobs(NOW + Duration::minutes(1), LEASE, 100, Lane::Services).await.unwrap().is_empty());
        let again = fixture.store.claim_jobs(NOW + LEASE, LEASE, 100, Lane::Services).await.unwrap();
        assert_eq!(again.len(), 40);
        assert!(again.iter().all(|job| job.attempts == 1), "a lease that ran out counts as a try");
    }

    async fn a_job_is_done_tried_again_or_given_up_by_its_claimer_alone(fixture: Fixture) {
        fixture.commit(work().enqueue(notice(&fixture)).enqueue(notice(&fixture)).enqueue(notice(&fixture))).await;
        assert_eq!(fixture.store.job_counts().await.unwrap(), (3, 0));
        let jobs = fixture.store.claim_jobs(NOW, LEASE, 10, Lane::Services).await.unwrap();
        assert_eq!(jobs.len(), 3);
        assert!(matches!(&jobs[0].kind, JobKind::BackchannelLogout { client_id, .. } if client_id == "chat"));
        let stranger = fixture.reopened().await;
        stranger.finish_job(jobs[0].id).await.unwrap();
        assert_eq!(fixture.store.job_counts().await.unwrap(), (3, 0));
        fixture.store.finish_job(jobs[0].id).await.unwrap();
        fixture.store.retry_job(jobs[1].id, NOW + Duration::seconds(5), "line one\r\nline two").await.unwrap();
        fixture.store.bury_job(jobs[2].id, "refused for good").await.unwrap();
        assert_eq!(fixture.store.job_counts().await.unwrap(), (1, 1));
        assert!(fixture.store.claim_jobs(NOW, LEASE, 10, Lane::Services).await.unwrap().is_empty());
        let again = fixture.store.claim_jobs(NOW + Duration::seconds(5), LEASE, 10, Lane::Services).await.unwrap();
        assert_eq!(again.iter().map(|job| (job.id, job.attempts)).collect::<Vec<_>>(), [(jobs[1].id, 1)]);
    }

    async fn pwd_02_of_100_parallel_tries_only_the_free_ones_pass(fixture: Fixture) {
        let key = fixture.hash();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let store = fixture.store.clone();
            tasks.spawn(async move { store.spend_budget(key, RULE, NOW).await.unwrap().is_none() });
        }
        let passed = tasks.join_all().await.into_iter().filter(|passed| *passed).count();
        // The try that exhausts the free ones passes and starts the delay.
        assert_eq!(passed, 6);
        assert_eq!(fixture.store.budget(key).await.unwrap(), Some(Budget { level: Duration::minutes(72), last_at: NOW }));
        assert_eq!(fixture.store.spend_budget(key, RULE, NOW).await.unwrap(), Some(NOW + Duration::seconds(1)));
        assert_eq!(fixture.store.spend_budget(key, RULE, NOW + Duration::seconds(1)).await.unwrap(), None);
        assert_eq!(fixture.store.spend_budget(key, RULE, NOW + Duration::seconds(2)).await.unwrap(), Some(NOW + Duration::seconds(3)));
        let second_node = fixture.reopened().await;
        assert_eq!(second_node.budget(key).await.unwrap().unwrap().tries(&RULE), 7);
        assert_eq!(second_node.spend_budget(key, RULE, NOW + Duration::hours(2)).await.unwrap(), None);
        assert_eq!(second_node.budget(key).await.unwrap().unwrap().tries(&RULE), 1, "forgotten after the window");
        fixture.store.clear_budget(key).await.unwrap();
        assert_eq!(fixture.store.budget(key).await.unwrap(), None);
    }

    async fn a_count_that_judges_nothing_is_atomic(fixture: Fixture) {
        let key = fixture.hash();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let store = fixture.store.clone();
            tasks.spawn(async move { store.count_budget(key, MANY, NOW).await.unwrap().tries(&MANY) });
        }
        let counts: HashSet<_> = tasks.join_all().await.into_iter().collect();
        assert_eq!(counts, (1..=50).collect());
        assert_eq!(fixture.store.count_budget(key, MANY, NOW + MANY.window).await.unwrap().tries(&MANY), 1);
    }

    async fn pwd_03_a_count_forgets_as_the_rule_says(fixture: Fixture) {
        for rule in [MANY, RULE] {
            let key = fixture.hash();
            let mut expected = Budget::default();
            let mut at = NOW;
            // Faster than is forgotten, up to the most that is kept; slower; after a silence; by a clock that went back.
            let gaps = [0, 1, 20_000, 0, 59_000, 61_000, 400_000, 3_599_999, 3_600_000, 5, -90_000, 10];
            for gap in (0..90).map(|_| 7).chain(gaps) {
                at = Timestamp(at.0 + gap);
                expected = expected.counted(&rule, at);
                assert_eq!(fixture.store.count_budget(key, rule, at).await.unwrap(), expected, "after {gap}");
            }
        }
    }

    async fn what_is_over_is_swept_in_portions(fixture: Fixture) {
        for _ in 0..5 {
            fixture.commit(work().insert_login(&fixture.a_login())).await;
        }
        let user = fixture.user("ana@acme.test").await;
        fixture.session(&user).await;
        assert_eq!(fixture.store.sweep(NOW, None, 100).await.unwrap(), 0);
        let far = NOW + Duration::days(100);
        assert_eq!(fixture.store.sweep(far, None, 3).await.unwrap(), 3 + 1 + 1, "three logins, a session, a note of change");
        assert_eq!(fixture.store.sweep(far, None, 3).await.unwrap(), 2);
        assert!(fixture.store.user(user.id).await.unwrap().is_some());
    }
    async fn dos_05_of_logins_that_are_over_only_so_many_are_kept(fixture: Fixture) {
        for number in 0..6_i64 {
            let mut login = fixture.a_login();
            login.expires_at = NOW + Duration::seconds(number);
            fixture.commit(work().insert_login(&login)).await;
        }
        let over = NOW + Duration::minutes(1);
        assert_eq!(fixture.store.logins_beyond(6, over).await.unwrap(), None);
        // The last one is still open.
        let almost = NOW + Duration::seconds(5);
        assert_eq!(fixture.store.logins_beyond(5, almost).await.unwrap(), None);
        let beyond = fixture.store.logins_beyond(4, over).await.unwrap();
        assert_eq!(beyond, Some(NOW + Duration::seconds(1)));
        let before = beyond.map(|end| end + Duration::milliseconds(1));
        assert_eq!(fixture.store.sweep(over, before, 100).await.unwrap(), 2, "the oldest");
        assert_eq!(fixture.store.logins_beyond(3, over).await.unwrap(), Some(NOW + Duration::seconds(2)));
        assert_eq!(fixture.store.sweep(over, None, 100).await.unwrap(), 0, "the others are kept for a day");
    }
    async fn pri_04_what_is_kept_of_a_device_goes_when_it_was_not_seen_for_long(fixture: Fixture) {
        let user = fixture.user("ana@acme.test").await;
        let device = |last_seen_at| Device {
            id: fixture.id(),
            user_id: user.id,
            token_hash: fixture.hash(),
            traits: "Firefox".to_owned(),
            label: Some("Kitchen".to_owned()),
            first_seen_at: NOW,
            last_seen_at,
            address: "192.0.2.1".to_owned(),
            country: Some("DE".to_owned()),
            user_agent: "Browser/1".to_owned(),
            trusted_until: None,
            distrusted_at: None,
            passed_over_at: None,
        };
        let [long_ago, lately] = [device(NOW), device(NOW + Duration::days(1))];
        fixture.commit(work().put_device(&long_ago).put_device(&lately)).await;
        fixture.store.sweep(NOW + FORGOTTEN_AFTER, None, 100).await.unwrap();
        assert_eq!(fixture.store.devices_of(user.id).await.unwrap().len(), 2);
        fixture.store.sweep(NOW + FORGOTTEN_AFTER + Duration::seconds(1), None, 100).await.unwrap();
        assert_eq!(fixture.store.devices_of(user.id).await.unwrap(), [lately]);
    }
}
