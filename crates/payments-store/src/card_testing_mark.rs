//! The mark of a payment that was used for card testing, and how long it is kept.

use crate::{
    item::{NewItem, kind},
    keys::Key,
};
use payments::{Payment, Timestamp};

/// The number of days for which a mark of card testing is kept.
const CARD_TESTING_KEPT_DAYS: i64 = 90;

/// Marks that a sender tests cards with a payment; each such payment has its own item.
pub(crate) fn card_testing_item(payment: &Payment, now: Timestamp) -> NewItem {
    let sender = &payment.terms.sender;
    NewItem::new(Key::card_testing(sender, payment.id()), kind::CARD_TESTING)
        .text("sender_id", sender)
        .text("payment_id", payment.id())
        .text("seen_at", now)
        .number("expires_at", now.plus_seconds(CARD_TESTING_KEPT_DAYS * 86_400).seconds())
}
