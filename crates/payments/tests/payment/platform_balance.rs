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

#[test]
fn a_run_adds_up_what_is_awaited_and_takes_what_it_sends() {
    let (payment, mut run) = (refused("balance_insufficient"), Reconciliation::after(None, now()));
    run.available = dollars(1_000);
    run.add_refreshed(&payment, &payment);
    let pending = after(&paid(), &refund("re_2", 300, RefundStatus::Pending, None));
    run.add_refreshed(&pending, &pending);
    let shown: Vec<_> = run.platform_balances().collect();
    assert_eq!((shown[0].available, shown[0].awaited, shown[0].is_short()), (1_000, 799, false));

    let next = payment.due_instruction(now(), &run.available).expect("covered");
    let sent = with_facts(&payment, &[Fact::Transfer(TransferFact::Instruction(next))]);
    run.add_refreshed(&payment, &with_outcome(&sent, InstructionOutcome::Executed));
    let shown: Vec<_> = run.platform_balances().collect();
    assert_eq!(shown[0].available, 501);
    assert!(shown[0].is_short());
}

#[test]
fn a_balance_is_short_only_of_what_waits_for_it() {
    let balance = |awaited| PlatformBalance { currency: currency("usd"), available: 500, awaited };
    assert!(balance(501).is_short() && !balance(500).is_short());
    let mut run = Reconciliation::after(None, now());
    run.available = dollars(-1_000);
    assert!(run.platform_balances().all(|balance| !balance.is_short()));
    run.available.clear();
    let payment = refused("balance_insufficient");
    run.add_refreshed(&payment, &payment);
    assert_eq!(run.platform_balances().count(), 0, "Stripe's balance is not known");
}
