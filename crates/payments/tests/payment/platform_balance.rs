//! What waits for the platform's balance.

use crate::fixture::*;
use crate::transfer::{now, paid, with_outcome};
use payments::{
    Currency, Fact, InstructionOutcome, OpenItem, Payment, PlatformBalance, Reconciliation, RefundStatus,
    Timestamp, TransferFact,
};
use std::collections::BTreeMap;

/// A refund of 5.30 failed after 4.99 were taken back, and Stripe refused to transfer them again.
fn refused(code: &str) -> Payment {
    let refunded = after(&paid(), &refund("re_1", 530, RefundStatus::Failed, None));
    let reversed = after(&refunded, &own_transfer(&[("trr_1", 499, None)]));
    let next = reversed.next_instruction(now()).expect("an instruction");
    let decided = with_facts(&reversed, &[Fact::Transfer(TransferFact::Instruction(next))]);
    with_outcome(&decided, InstructionOutcome::Refused(code.to_owned()))
}

fn dollars(amount: i64) -> BTreeMap<Currency, i64> {
    BTreeMap::from([(currency("usd"), amount)])
}

#[test]
fn a_retransfer_that_was_refused_for_want_of_balance_follows_as_soon_as_it_is_covered() {
    let payment = refused("balance_insufficient");
    assert!(payment.awaits_platform_balance());
    assert_eq!(payment.owed_reason(), Some("balance_insufficient"));
    assert!(payment.due_instruction(now(), &dollars(499)).is_some());
    let in_a_month = Timestamp::from_seconds(now().seconds() + 30 * 86_400);
    assert_eq!(payment.due_instruction(in_a_month, &dollars(498)), None, "a cent is missing");
    assert_eq!(payment.due_instruction(in_a_month, &BTreeMap::from([(currency("eur"), 9_999)])), None);
    let refunded_again = after(&payment, &refund("re_2", 530, RefundStatus::Succeeded, None));
    assert_eq!(refunded_again.state.to_recover(), 0);
    assert!(!refunded_again.awaits_platform_balance(), "nothing is to be paid again");
    assert!(payment.due_instruction(in_a_month, &BTreeMap::new()).is_some(), "the balance is not known");
}

#[test]
fn any_other_refusal_waits_for_its_pause_whatever_is_available() {
    let payment = refused("account_closed");
    assert!(!payment.awaits_platform_balance());
    assert_eq!(payment.due_instruction(now(), &dollars(10_000)), None);
    assert_eq!(paid().owed_reason(), None);
    let reversal_refused = {
        let refunded = after(&paid(), &refund("re_1", 530, RefundStatus::Succeeded, None));
        let next = refunded.next_instruction(now()).expect("an instruction");
        let decided = with_facts(&refunded, &[Fact::Transfer(TransferFact::Instruction(next))]);
        with_outcome(&decided, InstructionOutcome::Refused("balance_insufficient".to_owned()))
    };
    assert!(!reversal_refused.awaits_platform_balance(), "it is the creator's account that lacks it");
    assert_eq!(reversal_refused.owed_reason(), Some("balance_insufficient"));
}

#[test]
fn what_waits_for_the_balance_is_refreshed_every_quarter_of_an_hour() {
    let payment = refused("balance_insufficient");
    let items: Vec<_> = payment.open_items().into_iter().map(|(item, _)| item).collect();
    assert!(items.contains(&OpenItem::AwaitsBalance), "{items:?}");
    let later = Timestamp::from_seconds(now().seconds() + 30 * 86_400);
    let refreshed = with_facts(&payment, &[Fact::Refreshed(later)]);
    assert_eq!(refreshed.due_at(), Some(later.plus_seconds(900)));
}

/// A retransfer of 4.99 that was refused although the balance covered it, as often as it is decided until `until`.
fn contradicted(mut payment: Payment, until: Timestamp) -> (Payment, usize) {
    let (mut at, mut refusals) = (now(), 0);
    while at < until {
        if let Some(next) = payment.due_instruction(at, &dollars(10_000)) {
            assert!(next.covered);
            let decided = with_facts(&payment, &[Fact::Transfer(TransferFact::Instruction(next))]);
            payment = with_outcome(&decided, InstructionOutcome::Refused("balance_insufficient".to_owned()));
            refusals += 1;
        }
        at = at.plus_seconds(900);
    }
    (payment, refusals)
}

#[test]
fn where_stripe_refuses_what_the_balance_covers_the_pauses_grow() {
    let two_days = now().plus_seconds(2 * 86_400);
    let (payment, refusals) = contradicted(refused("balance_insufficient"), two_days);
    assert!((5..20).contains(&refusals), "{refusals} refusals in 192 refreshes");
    let last = payment.state.transfers.last_instruction.clone().expect("one");
    let next_week = last.decided_at.plus_seconds(7 * 86_400);
    assert!(payment.due_instruction(next_week, &dollars(499)).is_some());
    assert_eq!(payment.due_instruction(next_week, &dollars(498)), None, "it is not covered any more");
}

#[test]
fn one_contradiction_after_a_month_of_waiting_pauses_as_shortly_as_the_first() {
    let in_a_month = now().plus_seconds(30 * 86_400);
    let next = refused("balance_insufficient").due_instruction(in_a_month, &dollars(499)).expect("covered");
    let decided =
        with_facts(&refused("balance_insufficient"), &[Fact::Transfer(TransferFact::Instruction(next))]);
    let again = with_outcome(&decided, InstructionOutcome::Refused("balance_insufficient".to_owned()));
    assert_eq!(again.due_instruction(in_a_month.plus_seconds(299), &dollars(499)), None);
    assert!(again.due_instruction(in_a_month.plus_seconds(300), &dollars(499)).is_some());
}

/// A run that knows the balance and has refreshed these payments.
fn run_with(available: BTreeMap<Currency, i64>, refreshed: &[&Payment]) -> Reconciliation {
    let mut run = Reconciliation::after(None, now());
    run.available = available;
    refreshed.iter().for_each(|payment| run.add_refreshed(payment, payment));
    run.add_up_awaited(refreshed.iter().copied());
    run
}

fn shown(run: &Reconciliation) -> Vec<(&str, i64, i64, bool)> {
    let balances = run.platform_balances();
    balances.map(|it| (it.currency.code(), it.available, it.awaited, it.is_short())).collect()
}

#[test]
fn a_run_adds_up_what_is_awaited_and_takes_what_it_sends() {
    let payment = refused("balance_insufficient");
    let pending = after(&paid(), &refund("re_2", 300, RefundStatus::Pending, None));
    let mut run = run_with(dollars(1_000), &[&payment, &pending]);
    assert_eq!(shown(&run), [("usd", 1_000, 799, false)]);
    let next = payment.due_instruction(now(), &run.available).expect("covered");
    let sent = with_facts(&payment, &[Fact::Transfer(TransferFact::Instruction(next))]);
    run.add_refreshed(&payment, &with_outcome(&sent, InstructionOutcome::Executed));
    assert_eq!(shown(&run), [("usd", 501, 799, true)]);
}

#[test]
fn what_waits_is_counted_by_each_run_also_where_it_is_not_refreshed_until_it_waits_no_more() {
    let payment = refused("balance_insufficient");
    let mut run = run_with(dollars(10), &[&payment]);
    for runs in 1..4 {
        run = Reconciliation::after(Some(&run), now().plus_seconds(runs * 300));
        run.available = dollars(10);
        run.begin_slice();
        let remembered = run.awaiting.clone();
        assert_eq!(remembered.iter().collect::<Vec<_>>(), [payment.id()]);
        run.add_up_awaited([&payment]);
        run.begin_slice();
        assert_eq!(shown(&run), [("usd", 10, 499, true)], "in another slice as well");
    }
    run.add_up_awaited([&paid()]);
    assert_eq!((shown(&run), run.awaiting.len()), (vec![("usd", 10, 0, false)], 0));
    run.add_refreshed(&payment, &payment);
    run.add_refreshed(&payment, &paid());
    assert_eq!(run.awaiting.len(), 0, "a refresh tells as well");
}

#[test]
fn a_currency_that_stripe_does_not_list_has_nothing_available() {
    let payment = refused("balance_insufficient");
    let run = run_with(BTreeMap::from([(currency("eur"), 9_000)]), &[&payment]);
    assert_eq!(shown(&run), [("eur", 9_000, 0, false), ("usd", 0, 499, true)]);
}

#[test]
fn a_balance_that_is_not_known_stays_so_when_something_is_sent() {
    let payment = refused("balance_insufficient");
    let in_an_hour = now().plus_seconds(3_600);
    let next = payment.due_instruction(in_an_hour, &BTreeMap::new()).expect("after the pause");
    assert!(!next.covered);
    let sent = with_facts(&payment, &[Fact::Transfer(TransferFact::Instruction(next))]);
    let mut run = run_with(BTreeMap::new(), &[&payment]);
    run.add_refreshed(&payment, &with_outcome(&sent, InstructionOutcome::Executed));
    assert!(run.available.is_empty());
    assert_eq!(shown(&run), []);
}

#[test]
fn a_balance_is_short_only_of_what_waits_for_it() {
    let balance = |awaited| PlatformBalance { currency: currency("usd"), available: 500, awaited };
    assert!(balance(501).is_short() && !balance(500).is_short());
    assert_eq!(shown(&run_with(dollars(-1_000), &[])), [("usd", -1_000, 0, false)]);
}
