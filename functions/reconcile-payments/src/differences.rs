//! Constructors of the differences that a reconciliation notes.

use payments::{AccountId, ComparedBalance, Difference, DifferenceKind, PaymentId};
use payments_store::ItemKey;
use payments_stripe::{TransactionObject, UnreadableObject};

pub(crate) fn unappliable(object: String, reason: String, payment_id: Option<PaymentId>) -> Difference {
    let kind = DifferenceKind::Unappliable;
    Difference { kind, payment_id, object: Some(object), detail: Some(reason), amount: None }
}

pub(crate) fn unreadable(object: &UnreadableObject) -> Difference {
    unappliable(object.id.clone(), object.why.to_string(), None)
}

pub(crate) fn unreadable_item(key: &ItemKey, cause: String) -> Difference {
    let (kind, object) = (DifferenceKind::UnreadableItem, Some(key.to_string()));
    Difference { kind, payment_id: None, object, detail: Some(cause), amount: None }
}

pub(crate) fn unclaimed(account: &AccountId) -> Difference {
    let detail = Some("the creator whom it names has another account, or its request had ended".to_owned());
    let (kind, object) = (DifferenceKind::UnclaimedAccount, Some(account.to_string()));
    Difference { kind, payment_id: None, object, detail, amount: None }
}

pub(crate) fn odd_copy(copy: u8) -> Difference {
    let (kind, object) = (DifferenceKind::RolloutCopy, Some(format!("ROLLOUT#{copy}")));
    let detail = Some("this copy of the rollout is not as most of them are".to_owned());
    Difference { kind, payment_id: None, object, detail, amount: None }
}

pub(crate) fn unbooked(object: String, amount: i64, payment: PaymentId) -> Difference {
    let kind = DifferenceKind::Unbooked;
    Difference { kind, payment_id: Some(payment), object: Some(object), detail: None, amount: Some(amount) }
}

pub(crate) fn unreachable(payment: PaymentId, cause: String) -> Difference {
    let kind = DifferenceKind::Unreachable;
    Difference { kind, payment_id: Some(payment), object: None, detail: Some(cause), amount: None }
}

pub(crate) fn wrong_ledger(payment: PaymentId) -> Difference {
    let detail = Some("the stored entries are not those that the payment's state implies".to_owned());
    Difference { kind: DifferenceKind::Ledger, payment_id: Some(payment), object: None, detail, amount: None }
}

pub(crate) fn unknown_transaction(transaction: &TransactionObject) -> Difference {
    let (kind, amount) = (DifferenceKind::UnknownTransaction, Some(transaction.balance.amount));
    let object = Some(transaction.balance.id.to_string());
    let currency = &transaction.balance.currency;
    let detail = Some(format!("a transaction of the type {} in {currency} is not known", transaction.kind));
    Difference { kind, payment_id: None, object, detail, amount }
}

pub(crate) fn differing(
    object: String,
    payment_id: Option<PaymentId>,
    net: i64,
    detail: String,
) -> Difference {
    let kind = DifferenceKind::AmountsDiffer;
    Difference { kind, payment_id, object: Some(object), detail: Some(detail), amount: Some(net) }
}

pub(crate) fn balance_differs(balance: &ComparedBalance) -> Difference {
    let ComparedBalance { currency, ours, stripe } = balance;
    let code = currency.code();
    let detail = Some(format!("our balance is {ours} {code}, and Stripe's is {stripe} {code}"));
    let (kind, amount) = (DifferenceKind::BalanceDiffers, Some(stripe.saturating_sub(*ours)));
    Difference { kind, payment_id: None, object: None, detail, amount }
}
