//! A creator has one account, whatever fails while it is opened, and however many requests come at once.

use black_box::{Answer, Breakable, Fault, Service, text};
use bytes::Bytes;
use futures_util::future::join_all;
use http::Request;
use local::stack::{Options, Platform};
use payments::{ACCOUNT_ATTEMPTS_END_S, STRIPE_V2_KEY_LIFETIME_S};
use serde_json::{Value, json};

/// The number of hops of an onboarding without faults.
async fn hops_of_an_onboarding(stack: &Breakable) -> usize {
    stack.onboarding.made();
    assert_eq!(stack.app.user("somebody").start_onboarding("somebody").await.status, 200);
    let made = stack.onboarding.made();
    let db = Service::DynamoDb;
    assert_eq!(made, [db, db, Service::Stripe, db, Service::Stripe]);
    made.len()
}

async fn start_through(stack: &Breakable, creator: &str, hop: usize, fault: Fault) {
    stack.onboarding.arm(hop, fault);
    let answer = stack.app.user(creator).start_onboarding(creator).await;
    assert!(stack.onboarding.fired(), "hop {hop} of {creator}");
    assert_eq!(answer.status, fault.status(200), "{fault:?} at {hop}: {answer:?}");
}

/// The creator has one account at Stripe, and row and claim name it.
async fn has_one_account(stack: &Breakable, creator: &str) -> String {
    let mut accounts = stack.app.accounts_of(creator).await;
    assert_eq!(accounts.len(), 1, "of {creator}");
    let account = accounts.remove(0);
    let row = stack.app.items(&format!("CREATOR#{creator}")).await;
    assert_eq!((row.len(), &row[0]["stripe_account_id"]["S"]), (1, &json!(account)));
    let claim = stack.app.items(&format!("ACCOUNT#{account}")).await;
    assert_eq!((claim.len(), &claim[0]["creator_id"]["S"]), (1, &json!(creator)));
    account
}

async fn starts(stack: &Breakable, creator: &str) -> String {
    let answer = stack.app.user(creator).start_onboarding(creator).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    has_one_account(stack, creator).await
}

#[tokio::test]
async fn a_fault_at_any_hop_of_an_onboarding_leaves_one_account() {
    let stack = Breakable::start().await;
    for hop in 1..=hops_of_an_onboarding(&stack).await {
        for fault in Fault::ALL {
            let creator = format!("dee-{hop}-{fault:?}");
            start_through(&stack, &creator, hop, fault).await;
            let account = starts(&stack, &creator).await;
            assert_eq!(starts(&stack, &creator).await, account);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn simultaneous_onboardings_of_one_creator_open_one_account() {
    let stack = Breakable::start().await;
    for round in 0..4 {
        let creator = format!("dee-{round}");
        let dee = stack.app.user(&creator);
        let answers = join_all((0..6).map(|_| dee.start_onboarding(&creator))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        let mut links: Vec<_> = answers.iter().map(|answer| text(&answer.body, "url")).collect();
        links.sort_unstable();
        links.dedup();
        assert_eq!(links.len(), 6, "each has a link of its own");
        has_one_account(&stack, &creator).await;
    }
}

#[tokio::test]
async fn twins_after_a_crash_open_one_account() {
    let stack = Breakable::start().await;
    for hop in 1..=hops_of_an_onboarding(&stack).await {
        for fault in Fault::CRASHES {
            let creator = format!("dee-{hop}-{fault:?}");
            start_through(&stack, &creator, hop, fault).await;
            let dee = stack.app.user(&creator);
            let answers = join_all((0..3).map(|_| dee.start_onboarding(&creator))).await;
            assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
            has_one_account(&stack, &creator).await;
        }
    }
}

#[tokio::test]
async fn a_request_older_than_its_key_is_looked_up_and_never_sent_again() {
    let stack = Breakable::start().await;
    // Stripe opened the account, and the answer is lost.
    start_through(&stack, "dee", 3, Fault::CrashAfter).await;
    let opened = stack.app.accounts_of("dee").await;
    assert_eq!(opened.len(), 1);
    // Stripe was never asked.
    start_through(&stack, "eli", 3, Fault::CrashBefore).await;
    stack.pass_seconds(STRIPE_V2_KEY_LIFETIME_S);
    stack.onboarding.made();
    assert_eq!(starts(&stack, "dee").await, opened[0]);
    let (db, stripe) = (Service::DynamoDb, Service::Stripe);
    assert_eq!(
        stack.onboarding.made(),
        [db, stripe, db, stripe],
        "the accounts are listed, and none is opened"
    );
    starts(&stack, "eli").await;
    let row = stack.app.items("CREATOR#eli").await;
    assert_eq!(row[0]["receiver"]["M"]["account_request"]["M"]["number"]["N"], "2");
}

/// A request to Stripe arrives once more, by another attempt.
async fn arrives_again(stack: &Breakable, request: Request<Bytes>) {
    let url = format!("{}{}", stack.app.stack.endpoints().stripe, request.uri().path());
    let (parts, body) = request.into_parts();
    let again = stack.app.http.request(parts.method, url).headers(parts.headers).body(body);
    let answer = Answer::to(again).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_request_refused_for_the_set_up_is_looked_up_before_another_is_sent() {
    let stack = Breakable::start_as(Options { platform: Platform::AccountsV1, ..Options::default() }).await;
    // As an inactive platform is refused: Stripe need not keep that under the key.
    let blocked = json!({"error": {"type": "invalid_request_error", "code": "inactive_api_operation_confirmation_required"}});
    for (creator, is_opened, number) in [("dee", true, "1"), ("eli", false, "2")] {
        stack.onboarding.asked_of_stripe();
        stack.onboarding.stripe_replies(400, &blocked);
        let start = async || stack.app.user(creator).start_onboarding(creator).await;
        assert_eq!(start().await.problem(), (503, "unavailable"));
        let asked = stack.onboarding.asked_of_stripe().remove(0);
        stack.onboarding.stripe_is_back();
        if is_opened {
            // Another attempt was under way when the set-up was mended.
            arrives_again(&stack, asked).await;
        }
        stack.pass_seconds(ACCOUNT_ATTEMPTS_END_S / 2);
        assert_eq!(start().await.problem(), (503, "unavailable"), "another attempt may be under way");
        assert_eq!(stack.onboarding.asked_of_stripe().len(), 0);
        stack.pass_seconds(ACCOUNT_ATTEMPTS_END_S / 2);
        starts(&stack, creator).await;
        let row = stack.app.items(&format!("CREATOR#{creator}")).await;
        assert_eq!(row[0]["receiver"]["M"]["account_request"]["M"]["number"]["N"], number, "{creator}");
    }
}

/// Changes an account; the latest event about it.
async fn event_about(stack: &Breakable, account: &str, action: &str) -> Value {
    stack.app.change_account(account, action).await;
    stack.app.events_of_account(account).await.remove(0)
}

#[tokio::test]
async fn an_account_whose_opening_was_interrupted_is_claimed_by_its_first_event() {
    let stack = Breakable::start().await;
    for fault in Fault::CRASHES {
        for hop in 1..=3 {
            let creator = format!("dee-{hop}-{fault:?}");
            start_through(&stack, &creator, 3, Fault::CrashAfter).await;
            let account = stack.app.accounts_of(&creator).await.remove(0);
            let event = event_about(&stack, &account, "restore").await;
            stack.webhook.arm(hop, fault);
            stack.app.deliver(event.to_string()).await;
            assert!(stack.webhook.fired(), "hop {hop}");
            assert_eq!(stack.app.deliver(event.to_string()).await.status, 200);
            assert_eq!(has_one_account(&stack, &creator).await, account);
            assert_eq!(starts(&stack, &creator).await, account);
        }
    }
}

#[tokio::test]
async fn a_fault_at_any_hop_of_an_accounts_event_is_mended_by_its_redelivery() {
    let stack = Breakable::start().await;
    let account = starts(&stack, "dee").await;
    for fault in Fault::ALL {
        for hop in 1..=4 {
            for (action, expected) in [("restrict", "restricted"), ("restore", "ready")] {
                let event = event_about(&stack, &account, action).await.to_string();
                stack.webhook.arm(hop, fault);
                stack.app.deliver(event.clone()).await;
                assert!(stack.webhook.fired(), "hop {hop}");
                assert_eq!(stack.app.deliver(event).await.status, 200);
                assert_eq!(stack.app.stored_state("dee").await, expected, "{fault:?} at {hop}");
            }
        }
    }
}

#[tokio::test]
async fn an_accounts_event_costs_three_requests_of_dynamodb_and_its_duplicate_two() {
    let stack = Breakable::start().await;
    let account = starts(&stack, "dee").await;
    let event = event_about(&stack, &account, "restore").await.to_string();
    let (db, stripe) = (Service::DynamoDb, Service::Stripe);
    assert_eq!(stack.app.deliver(event.clone()).await.status, 200);
    // Retrieved once more after the write, since another writer may have stored a later state.
    assert_eq!(stack.webhook.made(), [db, db, stripe, db, stripe]);
    assert_eq!(stack.app.deliver(event).await.status, 200);
    assert_eq!(stack.webhook.made(), [db, db, stripe]);
}

#[tokio::test]
async fn a_change_without_a_webhook_is_found_among_stripes_undelivered_events() {
    let stack = Breakable::start().await;
    let account = starts(&stack, "dee").await;
    stack.app.chaos(json!({"lose": 1_000_000, "seed": 1})).await;
    stack.app.change_account(&account, "restore").await;
    stack.app.reconciled().await;
    assert_eq!(stack.app.stored_state("dee").await, "ready");
}

#[tokio::test]
async fn after_a_refusal_of_stripes_the_next_request_takes_the_next_number() {
    let stack = Breakable::start().await;
    let dee = stack.app.user("dee");
    for _ in 0..2 {
        let refused = dee.start_onboarding_in("dee", "KP").await;
        assert_eq!(refused.problem(), (422, "country_unsupported"));
    }
    assert_eq!(dee.start_onboarding_in("dee", "US").await.status, 200);
    has_one_account(&stack, "dee").await;
    let row = stack.app.items("CREATOR#dee").await;
    assert_eq!(row[0]["receiver"]["M"]["account_request"]["M"]["number"]["N"], "3");
}

#[tokio::test]
async fn after_a_fault_of_the_set_up_the_creator_repeats_the_request_and_has_one_account() {
    let stack = Breakable::start().await;
    let message = "Your platform needs approval for accounts to have requested the `transfers` capability without the \
                   `card_payments` capability.";
    let refusal = json!({"error": {"type": "invalid_request_error", "message": message}});
    stack.onboarding.stripe_replies(400, &refusal);
    for _ in 0..2 {
        let refused = stack.app.user("dee").start_onboarding("dee").await;
        assert_eq!((refused.problem(), refused.retry_after.as_deref()), ((503, "unavailable"), Some("60")));
    }
    stack.onboarding.stripe_is_back();
    stack.onboarding.asked_of_stripe();
    starts(&stack, "dee").await;
    let asked = stack.onboarding.asked_of_stripe();
    let key = asked[0].headers()["idempotency-key"].to_str().expect("text");
    assert!(key.contains("/account/1-"), "v2 executes a refused call again under its key: {key}");
    assert_eq!(stack.app.accounts_of("dee").await.len(), 1);
}
