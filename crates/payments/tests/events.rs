//! docs/EVENTS.md documents every event as it is sent.

use payments::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const PAYMENT: &str = "pay_0123456789abcdef0123456789abcdef";

fn usd() -> Currency {
    Currency::parse("usd").expect("currency")
}

fn context() -> Option<Context> {
    Context::parse("room:42").ok()
}

fn at() -> Timestamp {
    Timestamp::parse("2026-11-25T20:15:00.000Z").expect("time")
}

fn wave(name: &str) -> WaveName {
    WaveName::parse(name).expect("name")
}

/// Ten dollars from `sam` to `ana`, whom a wave opened receiving to.
fn payment() -> Payment {
    Payment::new(PaymentTerms {
        sender: UserId::parse("sam").expect("id"),
        creator: CreatorId::parse("ana").expect("id"),
        chosen: Money::new(1_000, usd()).expect("money"),
        message: Message::parse("Thank you").ok(),
        anonymous: false,
        context: context(),
        fingerprint: Fingerprint::of(&"body"),
        allowed: Some(Allowed {
            by: Admission::Wave(wave("test-group")),
            rollout_version: 7,
            receiver_version: 2,
            wave_resumes: 0,
        }),
        parameters: IntentParameters {
            payment_id: PaymentId::parse(PAYMENT).expect("id"),
            total: Money::new(1_061, usd()).expect("money"),
            destination: AccountId::parse("acct_ana").expect("id"),
            transfer_amount: 1_000,
            customer: None,
            receipt_email: None,
            on_behalf_of: false,
            labels: Labels::new(
                &CreatorId::parse("ana").expect("id"),
                context().as_ref(),
                false,
                &StatementDescriptorTemplate::default(),
            ),
        },
        created_at: at(),
    })
}

fn payment_events(payment: Payment, facts: &[Fact]) -> Vec<Event> {
    let after = payment.join(facts).expect("a change").after;
    Event::of_payment(Some(&payment), &after, at())
}

fn dispute(charged: i64, transaction: &str) -> Fact {
    Fact::Dispute(DisputeFact::Funds(
        TransactionId::parse(transaction).expect("id"),
        DisputeFunds {
            dispute: DisputeId::parse("dp_1").expect("id"),
            charged,
            creator: charged * 1_000 / 1_061,
            fee: 0,
            fee_currency: usd(),
            raw_amount: None,
        },
    ))
}

fn summary(status: DisputeStatus) -> Fact {
    let stamp = Stamp::of_event(1, EventId::parse("evt_1").expect("id"));
    let id = DisputeId::parse("dp_1").expect("id");
    let due_by = (!status.is_closed()).then(|| at().plus_seconds(9 * 86_400));
    Fact::Dispute(DisputeFact::Summary(id, DisputeSummary { stamp, status, amount: 1_061, due_by }))
}

fn warning() -> [Fact; 2] {
    let id = FraudWarningId::parse("issfr_1").expect("id");
    let warning =
        FraudWarning { warned_at: at(), fraud_type: FraudType::MadeWithStolenCard, is_too_late: false };
    [
        Fact::FraudWarning(FraudWarningFact::Received(id.clone(), warning)),
        Fact::FraudWarning(FraudWarningFact::Response(id, FraudResponse::Refund)),
    ]
}

fn all_payment_events() -> Vec<Event> {
    let split = RefundSplit { creator: 400, platform: 0, request: None };
    let refund = |status| {
        Fact::Refund(RefundFact::AtStripe(RefundId::parse("re_1").expect("id"), split.clone(), status))
    };
    let refunded = [Fact::Succeeded, refund(RefundStatus::Pending)];
    let paid = payment().join(&refunded).expect("a change").after;
    let disputed = [summary(DisputeStatus::NeedsResponse), dispute(1_061, "txn_1")];
    let open = payment().join(&disputed).expect("a change").after;
    let mut events = payment_events(payment(), &refunded);
    events.extend(payment_events(paid, &[refund(RefundStatus::Failed)]));
    events.extend(payment_events(payment(), &[Fact::Canceled]));
    events.extend(payment_events(payment(), &disputed));
    let mut won = payment();
    won.state.disputes.funds = open.state.disputes.funds;
    events.extend(payment_events(payment(), &warning()));
    events.extend(payment_events(won, &[dispute(-1_061, "txn_2"), summary(DisputeStatus::Won)]));
    events
}

fn rollout_events() -> Vec<Event> {
    let rule = HaltRule { dispute_rate_ppm: 10_000, failure_rate_ppm: 500_000, min_payments: 20 };
    let wave = Wave { halt: Some(rule), ..Wave::new(wave("test-group")) };
    let before = Rollout { version: 6, ..Rollout::default() };
    let opened = Rollout { waves: vec![wave.clone()], version: 7, ..Rollout::default() };
    let halted =
        Rollout { waves: vec![Wave { halted: true, ..wave }], paused: true, version: 8, ..opened.clone() };
    let mut events = Event::of_rollout(&before, &opened, at());
    events.extend(Event::of_rollout(&opened, &halted, at()));
    events
}

fn other_events() -> [Event; 2] {
    let creator = CreatorId::parse("ana").expect("id");
    let mut receiver = Receiver::unknown(creator);
    receiver.waves.insert(wave("test-group"));
    receiver.version = 2;
    let tampered = AuditTampered {
        partition: "AUDIT#creator:ana".into(),
        sort: "2026-11-25T20:00:00.000Z#0123456789abcdef".into(),
        tampering: Tampering::Changed,
    };
    [
        Event::of_receiver(None, &receiver, &Policy::default(), at()).expect("an event"),
        Event::of_tampering(tampered, "49590338271490256608559692538361571095921575989136588898", at()),
    ]
}

fn payout_events() -> [Event; 2] {
    let told = |status, failure| {
        let payout = Payout {
            id: PayoutId::parse("po_1").expect("id"),
            amount: 12_500,
            currency: usd(),
            created_at: at(),
            arrives_at: Timestamp::parse("2026-11-25T00:00:00.000Z").expect("time"),
            status,
            failure,
        };
        let creator = CreatorId::parse("ana").expect("id");
        Event::of_payout(&CreatorPayout { creator, payout }, at()).expect("an event")
    };
    [told(PayoutStatus::Paid, None), told(PayoutStatus::Failed, Some(PayoutFailure::AccountClosed))]
}

fn feedback_event() -> Event {
    let opinion =
        Opinion { rating: Rating::new(5).expect("a rating"), text: FeedbackText::parse("Lovely").ok() };
    let payment = payment();
    let given = Feedback {
        id: FeedbackId::parse("fbk_0123456789abcdef0123456789abcdef").expect("id"),
        wave: Some(wave("test-group")),
        about: at(),
        by: payment.terms.sender.clone(),
        payment_id: Some(payment.id().clone()),
        creator: Some(payment.terms.creator.clone()),
        opinion,
        given_at: at(),
    };
    Event::of_feedback(&given, 1, at())
}

/// One of each type.
fn events() -> BTreeMap<&'static str, Value> {
    let all = all_payment_events()
        .into_iter()
        .chain(rollout_events())
        .chain(other_events())
        .chain(payout_events())
        .chain([feedback_event()]);
    all.map(|event| (event.detail_type(), serde_json::from_str(&event.detail()).expect("JSON"))).collect()
}

/// The document's JSON blocks by heading.
fn documented() -> BTreeMap<String, Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/EVENTS.md");
    let document = fs::read_to_string(path).expect("docs/EVENTS.md");
    document
        .split("\n### ")
        .skip(1)
        .map(|section| {
            let heading = section.lines().next().expect("a heading").to_owned();
            let block = section.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
            (heading, serde_json::from_str(block.expect("a block")).expect("JSON"))
        })
        .collect()
}

#[test]
fn every_event_is_documented_as_it_is_sent() {
    let (events, documented) = (events(), documented());
    assert_eq!(events.len(), 17, "one of each type");
    let wrong = events.iter().filter(|(detail_type, event)| documented.get(**detail_type) != Some(event));
    let corrections: String = wrong
        .map(|(detail_type, event)| {
            format!("### {detail_type}\n{}\n", serde_json::to_string_pretty(event).expect("JSON"))
        })
        .collect();
    assert!(corrections.is_empty(), "it must be:\n{corrections}");
    assert_eq!(events.len(), documented.len(), "an event is documented that is not sent");
}
