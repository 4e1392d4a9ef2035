//! Constructors of the differences that a reconciliation notes.

use payments::{AccountId, Difference, DifferenceKind, PaymentId};
use payments_store::ItemKey;
use payments_stripe::UnreadableObject;

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
