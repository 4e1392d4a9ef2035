use super::*;
use crate::ids::{AccountId, CreatorId, DisputeId, EventId, RefundId, TransactionId, WaveName};
use crate::money::Currency;
use crate::payment::{
    DisputeFact, DisputeFunds, DisputeStatus, DisputeSummary, Fact, IntentStatus, Payment, RefundFact,
    RefundSplit, RefundStatus, Stamp,
    tests::{intent, payment},
};
use crate::receiving::{
    Admission, Allowed, ConnectedAccount, HaltRule, Percentage, Policy, Receiver, ReceiverChange, Receiving,
    Rollout, Wave,
};
use crate::text_limits::{Context, Message};
use std::collections::BTreeSet;

const AT: Timestamp = Timestamp::from_seconds(2_000);

fn after(payment: &Payment, facts: &[Fact]) -> Payment {
    payment.join(facts).map_or_else(|| payment.clone(), |change| change.after)
}

fn paid(payment: &Payment) -> Payment {
    after(payment, &intent(IntentStatus::Succeeded).facts(payment).expect("same payment"))
}

fn refund(status: RefundStatus) -> Fact {
    let split = RefundSplit { creator: 400, platform: 0, request: None };
    Fact::Refund(RefundFact::AtStripe(RefundId::parse("re_1").expect("id"), split, status))
}

fn dispute_funds(id: &str, charged: i64, creator: i64) -> Fact {
    let fee_currency = Currency::parse("usd").expect("currency");
    let dispute = DisputeId::parse("dp_1").expect("id");
    let funds = DisputeFunds { dispute, charged, creator, fee: 0, fee_currency, raw_amount: None };
    Fact::Dispute(DisputeFact::Funds(TransactionId::parse(id).expect("id"), funds))
}

fn dispute_detail(at_s: i64, status: DisputeStatus) -> Fact {
    let stamp = Stamp::of_event(at_s, EventId::parse("evt_d").expect("id"));
    let summary = DisputeSummary { stamp, status, amount: 1_061, due_by: None };
    Fact::Dispute(DisputeFact::Summary(DisputeId::parse("dp_1").expect("id"), summary))
}

fn ids(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.id.as_str()).collect()
}

const PAY: &str = "pay_0123456789abcdef0123456789abcdef";

#[test]
fn a_settled_payment_gives_one_event_with_every_field() {
    let mut open = payment();
    open.terms.context = Context::parse("room:42").ok();
    open.terms.allowed = Some(Allowed {
        by: Admission::Wave(WaveName::parse("test-group").expect("name")),
        rollout_version: 1,
        receiver_version: 1,
        wave_resumes: 0,
    });
    assert_eq!(Event::of_payment(None, &open, AT), []);
    let paid = paid(&open);
    let events = Event::of_payment(Some(&open), &paid, AT);
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(event.detail_type(), "PaymentSettled");
    let detail: serde_json::Value = serde_json::from_str(&event.detail()).expect("JSON");
    let expected = serde_json::json!({
        "schema_version": 1, "event_id": format!("PaymentSettled/{PAY}"), "occurred_at": "1970-01-01T00:33:20.000Z",
        "payment_id": PAY, "creator_id": "ana", "context": "room:42", "sender_id": "sam", "amount": 1_000,
        "currency": "usd", "anonymous": false, "has_message": false, "wave": "test-group",
    });
    assert_eq!(detail, expected);
    assert_eq!(Event::of_payment(Some(&paid), &paid, AT), []);
}

#[test]
fn no_event_contains_an_anonymous_sender_a_message_or_an_address() {
    let mut open = payment();
    open.terms.anonymous = true;
    open.terms.message = Message::parse("for your eyes only").ok();
    let closed = Event::of_payment(Some(&open), &after(&open, &[Fact::Canceled]), AT);
    let settled = Event::of_payment(Some(&open), &paid(&open), AT);
    for event in closed.iter().chain(&settled) {
        let detail = event.detail();
        assert!(detail.contains(r#""sender_id":null"#), "{detail}");
        assert!(!["sam", "eyes", "example.com"].iter().any(|private| detail.contains(private)), "{detail}");
    }
    assert!(settled[0].detail().contains(r#""has_message":true"#));
}

#[test]
fn a_refund_gives_an_event_when_it_is_made_and_another_when_it_fails() {
    let paid = paid(&payment());
    let pending = after(&paid, &[refund(RefundStatus::Pending)]);
    let failed = after(&pending, &[refund(RefundStatus::Failed)]);
    let [made, failed_event] = [format!("PaymentRefunded/{PAY}/re_1"), format!("RefundFailed/{PAY}/re_1")];
    assert_eq!(ids(&Event::of_payment(Some(&paid), &pending, AT)), [&made]);
    let succeeded = after(&pending, &[refund(RefundStatus::Succeeded)]);
    assert_eq!(Event::of_payment(Some(&pending), &succeeded, AT), []);
    assert_eq!(ids(&Event::of_payment(Some(&pending), &failed, AT)), [&failed_event]);
    assert_eq!(ids(&Event::of_payment(Some(&paid), &failed, AT)), [&made, &failed_event]);
}

#[test]
fn a_dispute_opens_once_whether_its_funds_or_its_status_come_first() {
    let paid = paid(&payment());
    let funds = after(&paid, &[dispute_funds("txn_1", 1_061, 1_000)]);
    let opened = format!("DisputeOpened/{PAY}/dp_1");
    let withdrawn = format!("DisputeWithdrawn/{PAY}/dp_1/txn_1");
    assert_eq!(ids(&Event::of_payment(Some(&paid), &funds, AT)), [&opened, &withdrawn]);
    let open = after(&funds, &[dispute_detail(10, DisputeStatus::NeedsResponse)]);
    assert_eq!(Event::of_payment(Some(&funds), &open, AT), []);
    let won = after(&open, &[dispute_funds("txn_2", -1_061, -1_000), dispute_detail(11, DisputeStatus::Won)]);
    let events = Event::of_payment(Some(&open), &won, AT);
    let [reinstated, closed] =
        [format!("DisputeReinstated/{PAY}/dp_1/txn_2"), format!("DisputeClosed/{PAY}/dp_1/won")];
    assert_eq!(ids(&events), [&reinstated, &closed]);
    assert!(events[0].detail().contains(r#""creator_amount":1000"#), "{}", events[0].detail());
    let won_again = after(&won, &[dispute_detail(12, DisputeStatus::Won)]);
    assert_eq!(Event::of_payment(Some(&won), &won_again, AT), []);
}

#[test]
fn the_events_of_single_steps_are_the_events_of_all_steps_at_once() {
    let mut steps = vec![payment(), paid(&payment())];
    for fact in [
        refund(RefundStatus::Pending),
        dispute_funds("txn_1", 600, 600),
        dispute_detail(10, DisputeStatus::NeedsResponse),
        refund(RefundStatus::Failed),
        dispute_funds("txn_2", -600, -600),
        dispute_detail(11, DisputeStatus::Won),
    ] {
        steps.push(after(steps.last().expect("a step"), &[fact]));
    }
    let by_step: BTreeSet<String> = steps
        .windows(2)
        .flat_map(|pair| Event::of_payment(Some(&pair[0]), &pair[1], AT))
        .map(|event| event.id)
        .collect();
    let at_once = Event::of_payment(None, steps.last().expect("a step"), AT);
    assert_eq!(at_once.into_iter().map(|event| event.id).collect::<BTreeSet<_>>(), by_step);
    assert_eq!(by_step.len(), 7);
}

#[test]
fn every_status_of_a_dispute_is_parsed_from_the_word_that_it_is_written_as() {
    use DisputeStatus::*;
    let all = [
        WarningNeedsResponse,
        WarningUnderReview,
        WarningClosed,
        NeedsResponse,
        UnderReview,
        Prevented,
        Won,
        Lost,
        Other,
    ];
    for status in all {
        assert_eq!(DisputeStatus::parse(&status.to_string()), status);
        assert_eq!(serde_json::json!(status), status.to_string());
    }
}

fn of_receiver(before: Option<&Receiver>, after: &Receiver) -> Option<Event> {
    Event::of_receiver(before, after, &Policy::default(), AT)
}

#[test]
fn a_change_to_a_creator_gives_an_event_only_when_it_concerns_receiving() {
    let unknown = Receiver::unknown(CreatorId::parse("ana").expect("id"));
    let enabled = unknown.changed(ReceiverChange { receiving: Receiving::Enabled, account: None });
    let event = of_receiver(None, &enabled).expect("an event");
    assert_eq!(event.id, "ReceivingChanged/ana/1");
    assert!(event.detail().contains(r#""receiving":"enabled""#), "{}", event.detail());
    let mut rewritten = enabled.clone();
    rewritten.version = 2;
    assert_eq!(of_receiver(Some(&enabled), &rewritten), None);
    rewritten.denied_by.insert(WaveName::parse("b").expect("name"));
    let event = of_receiver(Some(&enabled), &rewritten).expect("an event");
    assert_eq!((event.id.as_str(), event.detail_type()), ("ReceivingChanged/ana/2", "ReceivingChanged"));
}

#[test]
fn a_creator_may_be_paid_on_the_deployments_terms() {
    let usd = Currency::parse("usd").expect("currency");
    let opened = ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd);
    let account = ConnectedAccount { transfers_active: true, ..opened };
    let receiver = Receiver::unknown(CreatorId::parse("ana").expect("id")).with_account(account);
    for (on_behalf_of, field) in [(false, r#""may_be_paid":true"#), (true, r#""may_be_paid":false"#)] {
        let policy = Policy { on_behalf_of, ..Policy::default() };
        let event = Event::of_receiver(None, &receiver, &policy, AT).expect("an event");
        assert!(event.detail().contains(field), "{}", event.detail());
    }
}

#[test]
fn each_change_to_a_wave_gives_an_event_that_names_the_action() {
    let wave = |percent: u8, halted| Wave {
        percentage: Percentage::new(percent).expect("percentage"),
        halt: Some(HaltRule { dispute_rate_ppm: 1, failure_rate_ppm: 1, min_payments: 1 }),
        halted,
        ..Wave::new(WaveName::parse("a").expect("name"))
    };
    let versions = [
        vec![],
        vec![wave(1, false)],
        vec![wave(2, false)],
        vec![wave(2, true)],
        vec![wave(2, false)],
        vec![],
    ];
    let rollouts: Vec<Rollout> = (0..)
        .zip(versions)
        .map(|(version, waves)| Rollout { waves, version, ..Rollout::default() })
        .collect();
    let events: Vec<_> = rollouts
        .windows(2)
        .flat_map(|pair| Event::of_rollout(&pair[0], &pair[1], AT))
        .map(|event| {
            let detail: serde_json::Value = serde_json::from_str(&event.detail()).expect("JSON");
            (event.id, detail["change"].as_str().unwrap_or_default().to_owned())
        })
        .collect();
    let expected = [
        ("WaveChanged/a/1", "opened"),
        ("WaveChanged/a/2", "changed"),
        ("WaveHalted/a/3", ""),
        ("WaveChanged/a/4", "resumed"),
        ("WaveChanged/a/5", "rolled_back"),
    ];
    assert_eq!(events, expected.map(|(id, change)| (id.to_owned(), change.to_owned())));
    let paused = Rollout { paused: true, version: 9, ..rollouts[1].clone() };
    assert_eq!(ids(&Event::of_rollout(&rollouts[1], &paused, AT)), ["RolloutChanged/9"], "the wave stays");
}

#[test]
fn the_kill_switch_gives_an_event_and_a_rewritten_rollout_does_not() {
    let before = Rollout::default();
    let paused = Rollout { paused: true, version: 1, ..Rollout::default() };
    let events = Event::of_rollout(&before, &paused, AT);
    assert_eq!(ids(&events), ["RolloutChanged/1"]);
    assert!(events[0].detail().contains(r#""paused":true"#));
    assert_eq!(Event::of_rollout(&paused, &Rollout { version: 2, ..paused.clone() }, AT), []);
}

#[test]
fn tampering_names_the_entry_and_what_happened_to_it() {
    let detail = AuditTampered {
        partition: "AUDIT#creator:ana".into(),
        sort: "2026-01-01T00:00:00.000Z#1".into(),
        tampering: Tampering::Removed,
    };
    let event = Event::of_tampering(detail, "12345", AT);
    assert_eq!((event.id.as_str(), event.detail_type()), ("AuditTampered/12345", "AuditTampered"));
    assert!(event.detail().contains(r#""tampering":"removed""#), "{}", event.detail());
}
