//! Facts of every kind, joined in any order and any number of times.

use crate::fixture::*;
use crate::permutations::assert_entries_kept;
use payments::{
    AccountId, Card, ChargeId, ChargeOutcome, ClosedReason, Conflict, Conversion, CustomerId, DeclineCode,
    DisputeFact, DisputeFunds, DisputeId, DisputeStatus, DisputeSummary, Fact, FraudResponse, FraudType,
    FraudWarning, FraudWarningFact, FraudWarningId, InstructionOutcome, IntentId, Phase, RefundFact,
    RefundId, RefundSplit, RefundStatus, Retransfer, ReversalId, State, StripeFee, Timestamp, TransactionId,
    TransferFact, TransferId, TransferReversal,
};
use proptest::prelude::*;

fn refund_status() -> impl Strategy<Value = RefundStatus> {
    prop_oneof![
        Just(RefundStatus::Pending),
        Just(RefundStatus::RequiresAction),
        Just(RefundStatus::Succeeded),
        Just(RefundStatus::Canceled),
        Just(RefundStatus::Failed),
    ]
}

fn outcome() -> impl Strategy<Value = InstructionOutcome> {
    prop_oneof![
        Just(InstructionOutcome::Pending),
        Just(InstructionOutcome::Refused("balance_insufficient".to_owned())),
        Just(InstructionOutcome::Executed),
    ]
}

/// Amounts follow from their ids, because Stripe never changes what these ids stand for and we decide about each id once.
fn any_fact() -> impl Strategy<Value = Fact> {
    let txn = |n: i64| TransactionId::parse(&format!("txn_{n}")).expect("id");
    let tr = |n: i64| TransferId::parse(&format!("tr_{n}")).expect("id");
    let account = |n: i64| AccountId::parse(&format!("acct_{n}")).expect("id");
    let code = |n: i64| if n % 2 == 0 { "usd" } else { "eur" };
    prop_oneof![
        Just(Fact::Intent(IntentId::parse("pi_1").expect("id"))),
        (0_i64..3).prop_map(|n| Fact::Phase(stamp(n), Phase::Processing)),
        (0..3, any::<bool>()).prop_map(|(n, paid)| {
            let outcome = if paid { ChargeOutcome::Succeeded } else { ChargeOutcome::Failed };
            Fact::Charge(ChargeId::parse(&format!("ch_{n}")).expect("id"), outcome)
        }),
        Just(Fact::Succeeded),
        Just(Fact::Canceled),
        Just(Fact::Closed(ClosedReason::Abandoned)),
        Just(Fact::ReceiptRefused),
        Just(Fact::CustomerDropped),
        (0..2).prop_map(|n| Fact::CustomerReplaced(CustomerId::parse(&format!("cus_{n}")).expect("id"))),
        (0_i64..2).prop_map(move |n| {
            Fact::Fee(txn(n), StripeFee { amount: 60 + n, currency: currency(code(n)) })
        }),
        (0_i64..2).prop_map(move |n| {
            let charge = ChargeId::parse(&format!("ch_{n}")).expect("id");
            Fact::Transfer(TransferFact::Original(charge, tr(n)))
        }),
        (2_u32..5).prop_map(move |instruction| {
            let amount = i64::from(instruction) * 10;
            let destination = (instruction == 4).then(|| account(4));
            let retransfer = Retransfer { instruction, amount, sent: None, destination };
            Fact::Transfer(TransferFact::Retransfer(tr(i64::from(instruction)), retransfer))
        }),
        (1_u32..4).prop_map(move |n| Fact::Transfer(TransferFact::Redirect(n, account(i64::from(n))))),
        (0_i64..4).prop_map(move |n| {
            let reversal = TransferReversal { transfer: tr(n), amount: n + 1, sent: None };
            let id = ReversalId::parse(&format!("trr_{n}")).expect("id");
            Fact::Transfer(TransferFact::Reversal(id, reversal))
        }),
        (1_u32..4, outcome()).prop_map(|(n, outcome)| instruction(
            n,
            reversal_of_own(),
            i64::from(n),
            outcome
        )),
        (1_u8..4, any::<bool>()).prop_map(|(n, refused)| {
            requested(n, i64::from(n) * 100, 0, refused.then_some("charge_disputed"))
        }),
        (1_u8..4, refund_status()).prop_map(|(n, status)| {
            let split = RefundSplit { creator: 100, platform: i64::from(n), request: Some(request_id(n)) };
            Fact::Refund(RefundFact::AtStripe(
                RefundId::parse(&format!("re_{n}")).expect("id"),
                split,
                status,
            ))
        }),
        (10_i64..14).prop_map(move |n| {
            let funds = DisputeFunds {
                dispute: DisputeId::parse(&format!("dp_{}", n % 2)).expect("id"),
                charged: if n < 12 { 300 } else { -300 },
                creator: if n < 12 { 280 } else { -280 },
                fee: 1_500,
                fee_currency: currency(code(n)),
                raw_amount: None,
            };
            Fact::Dispute(DisputeFact::Funds(txn(n), funds))
        }),
        (0_i64..6).prop_map(move |n| {
            let conversion = Conversion { amount: n - 3, converted: 2 * n, currency: currency("eur") };
            Fact::Conversion(txn(n), conversion)
        }),
        (1_u32..4).prop_map(|number| Fact::Refund(RefundFact::ShareAdjustment(
            number,
            i64::from(number) * 10 - 15
        ))),
        (1_u32..3).prop_map(|number| {
            let dispute = DisputeId::parse("dp_1").expect("id");
            Fact::Dispute(DisputeFact::ShareAdjustment(dispute, number, i64::from(number) * 10))
        }),
        (0_i64..3, any::<bool>()).prop_map(|(at_s, won)| {
            let status = if won { DisputeStatus::Won } else { DisputeStatus::UnderReview };
            let summary = DisputeSummary { stamp: stamp(at_s), status, amount: 300, due_by: None };
            Fact::Dispute(DisputeFact::Summary(DisputeId::parse("dp_1").expect("id"), summary))
        }),
        (1_i64..4, any::<bool>()).prop_map(|(n, is_too_late)| {
            let id = FraudWarningId::parse(&format!("issfr_{n}")).expect("id");
            let warned_at = Timestamp::from_seconds(n);
            let warning = FraudWarning { warned_at, fraud_type: FraudType::Misc, is_too_late };
            Fact::FraudWarning(FraudWarningFact::Received(id, warning))
        }),
        (1_i64..4).prop_map(|n| {
            let id = FraudWarningId::parse(&format!("issfr_{n}")).expect("id");
            Fact::FraudWarning(FraudWarningFact::Response(id, FraudResponse::Refund))
        }),
        (0_i64..30).prop_map(|n| Fact::Conflict(Conflict {
            object: format!("trr_{n}"),
            field: "reversal amount".to_owned(),
            ours: n.to_string(),
            theirs: "0".to_owned(),
        })),
        (0_i64..3).prop_map(|at_s| Fact::Refreshed(Timestamp::from_seconds(at_s))),
        (0_i64..3).prop_map(|at_s| Fact::Settled(Timestamp::from_seconds(at_s))),
        (0_i64..3, any::<bool>()).prop_map(|(at_s, is_lost)| {
            let code = if is_lost { "lost_card" } else { "incorrect_cvc" };
            Fact::Declined(stamp(at_s), DeclineCode::of(code).expect("a code"))
        }),
        (1_i64..4).prop_map(|n| Fact::Card(Card::of("visa", &format!("000{n}")).expect("a card"))),
        (0_u32..3).prop_map(Fact::LedgerChecked),
    ]
}

fn state_of(facts: &[Fact]) -> State {
    State::default().join_all(facts)
}

proptest! {
    #[test]
    fn any_facts_in_any_order_with_any_repetition_give_the_same_state(
        (facts, shuffled) in prop::collection::vec(any_fact(), 0..16).prop_flat_map(|facts| {
            let doubled: Vec<Fact> = facts.iter().chain(facts.iter().step_by(2)).cloned().collect();
            (Just(facts), Just(doubled).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(state_of(&shuffled), state_of(&facts));
    }

    #[test]
    fn joining_a_fact_again_changes_nothing(facts in prop::collection::vec(any_fact(), 1..16)) {
        let state = state_of(&facts);
        for fact in &facts {
            prop_assert_eq!(&state.clone().join(fact), &state);
        }
    }

    #[test]
    fn any_facts_only_add_entries_and_keep_the_ledger_sound(
        facts in prop::collection::vec(any_fact(), 0..16),
    ) {
        let mut before = new_payment();
        for fact in facts {
            let change = before.join(std::slice::from_ref(&fact));
            let after = change.as_ref().map_or_else(|| before.clone(), |change| change.after.clone());
            assert_entries_kept(&before, &after);
            let new = change.map_or_else(Vec::new, |change| change.new_entries);
            let booked = payments::entries(&before).len();
            prop_assert_eq!(payments::entries(&after).len(), booked + new.len());
            before = after;
        }
    }

    #[test]
    fn a_state_with_any_facts_survives_being_stored(facts in prop::collection::vec(any_fact(), 0..16)) {
        let state = state_of(&facts);
        let stored = serde_json::to_string(&state).expect("serializes");
        prop_assert_eq!(serde_json::from_str::<State>(&stored).expect("reads"), state);
    }

    #[test]
    fn a_payment_is_due_exactly_when_it_has_an_open_item(facts in prop::collection::vec(any_fact(), 0..16)) {
        let payment = with_facts(&new_payment(), &facts);
        let due = payment.due_at();
        prop_assert_eq!(due.is_none(), payment.open_items().is_empty());
        let later = payment.state.refreshed_at.zip(due).is_none_or(|(refreshed_at, due)| due > refreshed_at);
        prop_assert!(later, "due after the last refresh");
    }
}

#[test]
fn a_new_state_stores_two_fields_only() {
    let stored = serde_json::to_value(State::default()).expect("serializes");
    let fields: Vec<_> = stored.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["canceled", "succeeded"]);
}
