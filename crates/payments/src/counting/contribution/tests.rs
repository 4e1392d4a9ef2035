//! Contributions of payments, creators and feedback, and their differences.

use super::*;
use crate::ids::{
    AccountId, ChargeId, DisputeId, EventId, FraudWarningId, IntentId, RefundId, ReversalId, TransactionId,
    TransferId,
};
use crate::payment::DisputeStatus;
use crate::payment::{
    ChargeOutcome, DisputeFact, DisputeFunds, DisputeSummary, Fact, FraudType, FraudWarning,
    FraudWarningFact, Opinion, Rating, RefundFact, RefundSplit, RefundStatus, Stamp, TransferFact,
    TransferReversal, tests::payment,
};
use crate::receiving::ConnectedAccount;
use crate::timestamp::Timestamp;
use proptest::prelude::*;

fn usd() -> Currency {
    Currency::parse("usd").expect("currency")
}

fn wave(name: &str) -> WaveName {
    WaveName::parse(name).expect("name")
}

fn ana() -> CreatorId {
    CreatorId::parse("ana").expect("id")
}

fn in_wave() -> Payment {
    let mut payment = payment();
    let by = Admission::Wave(wave("test-group"));
    payment.terms.allowed = Some(Allowed { by, rollout_version: 1, receiver_version: 1, wave_resumes: 0 });
    payment
}

fn after(payment: &Payment, facts: &[Fact]) -> Payment {
    payment.join(facts).map_or_else(|| payment.clone(), |change| change.after)
}

fn totals(contribution: &Contribution) -> Totals {
    contribution.totals[&ana()][&usd()]
}

fn failed(n: u8) -> Fact {
    Fact::Charge(ChargeId::parse(&format!("ch_{n}")).expect("id"), ChargeOutcome::Failed)
}

fn refund(creator: i64, status: RefundStatus) -> Fact {
    let split = RefundSplit { creator, platform: 0, request: None };
    Fact::Refund(RefundFact::AtStripe(RefundId::parse("re_1").expect("id"), split, status))
}

fn withdrawn(charged: i64, creator: i64) -> Fact {
    let dispute = DisputeId::parse("dp_1").expect("id");
    let money = DisputeFunds { dispute, charged, creator, fee: 0, fee_currency: usd(), raw_amount: None };
    let id = TransactionId::parse(&format!("txn_{}", charged.unsigned_abs())).expect("id");
    Fact::Dispute(DisputeFact::Funds(id, money))
}

fn reversed(amount: i64) -> [Fact; 3] {
    let (charge, transfer) = (ChargeId::parse("ch_1").expect("id"), TransferId::parse("tr_1").expect("id"));
    let original = TransferFact::Original(charge.clone(), transfer.clone());
    let id = ReversalId::parse("trr_1").expect("id");
    let reversal = TransferFact::Reversal(id, TransferReversal { transfer, amount, sent: None });
    [Fact::Charge(charge, ChargeOutcome::Succeeded), Fact::Transfer(original), Fact::Transfer(reversal)]
}

fn summary(status: DisputeStatus) -> Fact {
    let stamp = Stamp::of_event(1, EventId::parse("evt_1").expect("id"));
    let summary = DisputeSummary { stamp, status, amount: 1_061, due_by: None };
    Fact::Dispute(DisputeFact::Summary(DisputeId::parse("dp_1").expect("id"), summary))
}

#[test]
fn a_payment_that_waits_for_a_card_has_nothing_to_count() {
    let intent = Fact::Intent(IntentId::parse("pi_1").expect("id"));
    assert_eq!(Contribution::of_payment(&after(&payment(), &[intent])), None);
}

#[test]
fn whatever_counts_of_a_payment_is_counted_when_it_is_known_alone() {
    let [paid_charge, original, reversal] = reversed(300);
    let warned_at = Timestamp::from_seconds(1);
    let warning = FraudWarning { warned_at, fraud_type: FraudType::Misc, is_too_late: false };
    let warning = FraudWarningFact::Received(FraudWarningId::parse("issfr_1").expect("id"), warning);
    for fact in [
        failed(1),
        paid_charge,
        original,
        reversal,
        refund(300, RefundStatus::Pending),
        withdrawn(318, 299),
        Fact::FraudWarning(warning),
    ] {
        assert!(
            Contribution::of_payment(&after(&payment(), std::slice::from_ref(&fact))).is_some(),
            "{fact:?}"
        );
    }
}

#[test]
fn a_settled_payment_adds_the_chosen_amount_and_one() {
    let counted = Contribution::of_payment(&after(&payment(), &[Fact::Succeeded])).expect("counted");
    assert_eq!(totals(&counted), Totals { received: 1_000, count: 1, ..Totals::default() });
    assert!(counted.waves.is_empty() && counted.first_payment.is_none());
}

#[test]
fn refunds_and_disputes_are_counted_apart_and_the_rest_is_net() {
    let mut facts = vec![Fact::Succeeded, refund(300, RefundStatus::Succeeded), withdrawn(318, 299)];
    facts.extend(reversed(300));
    let counted = totals(&Contribution::of_payment(&after(&payment(), &facts)).expect("counted"));
    assert_eq!((counted.received, counted.refunded, counted.disputed), (1_000, 300, 299));
    assert_eq!((counted.to_recover, counted.net()), (299, 401));
}

#[test]
fn a_payment_counts_with_the_wave_that_admitted_it() {
    let settled = after(&in_wave(), &[failed(1), failed(2), Fact::Succeeded]);
    let counted = Contribution::of_payment(&settled).expect("counted");
    let rates = Rates { payments: 1, charges: 3, failed_charges: 2, ..Rates::default() };
    let expected = WaveCounters {
        volume: BTreeMap::from([(usd(), 1_000)]),
        cohorts: BTreeMap::from([(0, rates)]),
        ..WaveCounters::default()
    };
    assert_eq!(counted.waves, BTreeMap::from([(wave("test-group"), expected)]));
    assert_eq!(counted.first_payment, Some(FirstPayment { wave: wave("test-group"), creator: ana() }));
}

#[test]
fn a_dispute_counts_with_the_payments_that_were_allowed_together_with_its_own() {
    let mut later = in_wave();
    later.terms.allowed.iter_mut().for_each(|allowed| allowed.wave_resumes = 2);
    let early = after(&in_wave(), &[Fact::Succeeded, summary(DisputeStatus::NeedsResponse)]);
    let of = |payment: &Payment| {
        let counted = Contribution::of_payment(payment).expect("counted");
        counted.waves[&wave("test-group")].clone()
    };
    let counters = of(&early) + of(&after(&later, &[Fact::Succeeded]));
    let rates = |disputed_payments| Rates { payments: 1, disputed_payments, charges: 1, ..Rates::default() };
    assert_eq!([0, 1, 2].map(|resumes| counters.cohort(resumes)), [rates(1), Rates::default(), rates(0)]);
    assert_eq!(counters.rates(), rates(1) + rates(0));
}

#[test]
fn a_failed_charge_counts_before_anything_is_paid() {
    let counted = Contribution::of_payment(&after(&in_wave(), &[failed(1)])).expect("counted");
    let rates = counted.waves[&wave("test-group")].rates();
    assert_eq!((rates.charges, rates.failed_charges, rates.payments), (1, 1, 0));
    assert_eq!(counted.first_payment, None);
    assert_eq!(rates.failure_rate_ppm(), Some(1_000_000));
}

#[test]
fn a_dispute_counts_unless_it_is_an_inquiry_whether_won_or_lost() {
    for (status, disputed) in [
        (DisputeStatus::WarningNeedsResponse, false),
        (DisputeStatus::WarningClosed, false),
        (DisputeStatus::Prevented, false),
        (DisputeStatus::NeedsResponse, true),
        (DisputeStatus::Won, true),
        (DisputeStatus::Lost, true),
    ] {
        let payment = after(&in_wave(), &[Fact::Succeeded, summary(status)]);
        assert_eq!(payment.state.disputes.is_disputed(), disputed, "{status:?}");
    }
    let nothing_withdrawn = after(&in_wave(), &[Fact::Succeeded, withdrawn(0, 0)]);
    assert!(!nothing_withdrawn.state.disputes.is_disputed(), "a fee alone is no dispute");
    let won = after(&in_wave(), &[Fact::Succeeded, withdrawn(318, 299), withdrawn(-318, -299)]);
    let counted = Contribution::of_payment(&won).expect("counted");
    assert_eq!(counted.waves[&wave("test-group")].rates().disputed_payments, 1);
}

fn counted(receiver: &Receiver) -> Contribution {
    Contribution::of_receiver(receiver, &Policy::default())
}

#[test]
fn a_creator_on_a_list_is_invited_and_onboarded_once_the_account_takes_transfers() {
    let mut receiver = Receiver::unknown(ana());
    assert_eq!(counted(&receiver), Contribution::default());
    receiver.waves = [wave("a"), wave("b")].into();
    let counters = |receiver: &Receiver| {
        let waves = counted(receiver).waves;
        let of = |name| (waves[&wave(name)].invited, waves[&wave(name)].onboarded);
        [of("a"), of("b")]
    };
    assert_eq!(counters(&receiver), [(1, 0), (1, 0)]);
    for (transfers_active, onboarded) in [(false, 0), (true, 1)] {
        receiver.account = Some(ConnectedAccount {
            transfers_active,
            payouts_enabled: true,
            ..ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd())
        });
        assert_eq!(counters(&receiver), [(1, onboarded), (1, onboarded)]);
    }
    let as_merchant = Policy { on_behalf_of: true, ..Policy::default() };
    for (card_payments_active, onboarded) in [(false, 0), (true, 1)] {
        receiver.account.iter_mut().for_each(|account| account.card_payments_active = card_payments_active);
        let counted = Contribution::of_receiver(&receiver, &as_merchant);
        assert_eq!(counted.waves[&wave("a")].onboarded, onboarded, "the merchant of a charge takes cards");
    }
}

#[test]
fn ratings_have_an_average_in_hundredths_and_feedback_without_a_wave_counts_nowhere() {
    let feedback = |rating, payment: &Payment| {
        let opinion = Opinion { rating: Rating::new(rating).expect("rating"), text: None };
        let by = payment.terms.sender.clone();
        Feedback::about_payment(by, payment, opinion, Timestamp::from_seconds(9)).expect("theirs")
    };
    let rated =
        |rating| Contribution::of_feedback(&feedback(rating, &in_wave())).waves[&wave("test-group")].clone();
    let counters = rated(5) + rated(4) + rated(4);
    assert_eq!((counters.feedbacks, counters.rating_hundredths()), (3, Some(433)));
    assert_eq!(WaveCounters::default().rating_hundredths(), None);
    assert_eq!(Contribution::of_feedback(&feedback(5, &payment())), Contribution::default());
}

#[test]
fn leaving_a_list_subtracts_what_was_contributed() {
    let mut receiver = Receiver::unknown(ana());
    receiver.waves = [wave("a")].into();
    let before = counted(&receiver);
    receiver.waves = [wave("b")].into();
    let difference = counted(&receiver).difference_from(&before);
    assert_eq!((difference.waves[&wave("a")].invited, difference.waves[&wave("b")].invited), (-1, 1));
    assert_eq!(before.difference_from(&before), Contribution::default());
}

#[test]
fn a_creator_on_many_lists_is_counted_wave_by_wave() {
    let receiver = |names: std::ops::Range<u32>| Receiver {
        waves: names.map(|n| wave(&format!("w{n}"))).collect(),
        ..Receiver::unknown(ana())
    };
    let [before, now] = [receiver(0..5), receiver(3..9)].map(|receiver| counted(&receiver));
    assert_eq!(now.step_from(&before, 9), now);
    let (mut last, mut steps) = (before, 0);
    while last != now {
        let next = now.step_from(&last, 2);
        assert!(next.difference_from(&last).waves.len() <= 2);
        (last, steps) = (next, steps + 1);
    }
    assert_eq!(steps, 4, "7 waves change, 2 at a time");
}

fn facts() -> [Fact; 11] {
    let [charge, original, reversal] = reversed(300);
    [
        failed(1),
        failed(2),
        Fact::Succeeded,
        refund(300, RefundStatus::Pending),
        refund(300, RefundStatus::Failed),
        withdrawn(318, 299),
        withdrawn(-318, -299),
        charge,
        original,
        reversal,
        summary(DisputeStatus::NeedsResponse),
    ]
}

#[test]
fn a_payment_counts_from_its_success_even_before_its_charge_is_known() {
    let paid = after(&in_wave(), &[Fact::Succeeded]);
    let difference =
        Contribution::of_payment(&paid).expect("counted").difference_from(&Contribution::default());
    assert_eq!(totals(&difference).received, paid.terms.chosen.amount());
    let refunded = after(&paid, &[refund(300, RefundStatus::Pending)]);
    let of = |payment: &Payment| Contribution::of_payment(payment).expect("counted");
    let back = totals(&of(&paid).difference_from(&of(&refunded)));
    assert_eq!((back.received, back.refunded), (0, -totals(&of(&refunded)).refunded));
}

proptest! {
    /// However a payment's history is cut into versions, the differences add up to the contribution of the last one.
    #[test]
    fn differences_add_up_to_the_last_contribution(picks in prop::collection::vec(0_usize..11, 1..12)) {
        let facts = facts();
        let mut payment = in_wave();
        let (mut last, mut sum, mut counters, mut firsts) =
            (Contribution::default(), Totals::default(), WaveCounters::default(), 0);
        for pick in picks {
            payment = after(&payment, &facts[pick..=pick]);
            let now = Contribution::of_payment(&payment).expect("counted");
            let difference = now.difference_from(&last);
            sum = sum + difference.totals.get(&ana()).map(|by| by[&usd()]).unwrap_or_default();
            counters = counters + difference.waves.get(&wave("test-group")).cloned().unwrap_or_default();
            firsts += u8::from(difference.first_payment.is_some());
            last = now;
        }
        prop_assert_eq!(sum, totals(&last));
        // A sum leaves out zeros.
        let expected = WaveCounters::default() + last.waves[&wave("test-group")].clone();
        prop_assert_eq!(counters, expected);
        prop_assert_eq!(firsts, u8::from(payment.state.succeeded));
    }

    #[test]
    fn a_payment_that_counted_once_always_counts(picks in prop::collection::vec(0_usize..11, 0..12)) {
        let facts = facts();
        let mut payment = in_wave();
        let mut counted = false;
        for pick in picks {
            payment = after(&payment, &facts[pick..=pick]);
            let now = Contribution::of_payment(&payment).is_some();
            prop_assert!(now || !counted);
            counted = now;
        }
    }
}
