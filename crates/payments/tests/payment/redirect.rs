//! Retransfers that an operator redirects to the account that a creator has today.

use crate::fixture::*;
use crate::transfer::{instruction_in, now, paid, refunded, with_outcome};
use payments::{
    AccountId, InstructionKind, InstructionOutcome, NothingOwed, Payment, RefundStatus, Snapshot, TransferId,
    TransferSnapshot,
};

fn acct(id: &str) -> AccountId {
    AccountId::parse(id).expect("id")
}

/// The retransfer that an instruction asks for, as Stripe shows it.
fn retransfer_to(account: &str, id: &str, amount: i64, number: u32) -> Snapshot {
    let Snapshot::Transfer(snapshot) = retransfer(id, amount, number) else { unreachable!() };
    Snapshot::Transfer(TransferSnapshot { destination: Some(acct(account)), ..snapshot })
}

/// A refund of everything failed after its reversal, and the retransfer was refused.
fn owed_to_a_creator_without_account() -> Payment {
    let reversed = after(&refunded(1_061), &own_transfer(&[("trr_1", 1_000, Some(1))]));
    let failed = after(&reversed, &refund("re_1", 1_061, RefundStatus::Failed, None));
    let code = InstructionOutcome::Refused("account_invalid".to_owned());
    with_facts(&failed, &[instruction(2, InstructionKind::Transfer, 1_000, code)])
}

#[test]
fn a_redirect_is_decided_only_for_what_is_owed_and_once() {
    assert_eq!(paid().decide_redirect(&acct("acct_new")), Err(NothingOwed));
    let owed = owed_to_a_creator_without_account();
    assert_eq!(owed.decide_redirect(&acct("acct_ana")), Ok(None), "it goes there already");
    let redirect = owed.decide_redirect(&acct("acct_new")).expect("owed").expect("another account");
    let facts = owed.with_decisions(vec![redirect], now());
    let decided = instruction_in(&facts).expect("at once, although the last one was refused");
    assert_eq!((decided.number, decided.amount), (3, 1_000));
    assert_eq!(decided.destination, Some(acct("acct_new")));
    let redirected = with_facts(&owed, &facts);
    assert_eq!(redirected.decide_redirect(&acct("acct_new")), Ok(None));
}

#[test]
fn an_instruction_under_way_keeps_its_destination_and_the_next_one_goes_to_the_new_account() {
    let owed = owed_to_a_creator_without_account();
    let pending = with_facts(&owed, &[decided_retransfer(3, 1_000)]);
    let redirect = pending.decide_redirect(&acct("acct_new")).expect("owed").expect("another account");
    let facts = pending.with_decisions(vec![redirect], now());
    assert_eq!(instruction_in(&facts), None, "one instruction at a time");
    let redirected = with_facts(&pending, &facts);
    let elsewhere = after(&redirected, &retransfer_to("acct_new", "tr_3", 1_000, 3));
    assert_eq!(elsewhere.state.conflicts.first().expect("a conflict").field, "destination");
    let refused = with_outcome(&redirected, InstructionOutcome::Refused("account_invalid".to_owned()));
    let next = refused.next_instruction(now()).expect("an instruction");
    assert_eq!((next.number, next.destination), (4, Some(acct("acct_new"))));
    let made = after(&redirected, &retransfer("tr_3", 1_000, 3));
    assert_eq!((made.state.to_recover(), made.next_instruction(now())), (0, None));
}

#[test]
fn what_a_redirected_creator_has_to_return_is_taken_from_the_account_of_today() {
    let reversed = after(&refunded(424), &own_transfer(&[("trr_1", 399, Some(1))]));
    let failed = after(&reversed, &refund("re_1", 424, RefundStatus::Failed, None));
    let redirect = failed.decide_redirect(&acct("acct_new")).expect("owed").expect("another account");
    let redirected = with_facts(&failed, &failed.with_decisions(vec![redirect], now()));
    let paid_again = after(&redirected, &retransfer_to("acct_new", "tr_2", 399, 1));
    assert_eq!((paid_again.state.to_recover(), paid_again.differences().len()), (0, 0));
    let refunded_again = after(&paid_again, &refund("re_2", 531, RefundStatus::Succeeded, None));
    let next = refunded_again.next_instruction(now()).expect("an instruction");
    let of_new = InstructionKind::Reversal(TransferId::parse("tr_2").expect("id"));
    assert_eq!((next.kind, next.amount, next.destination), (of_new, 399, None));
    assert_eq!(after(&paid_again, &retransfer_to("acct_new", "tr_2", 399, 1)), paid_again);
}
