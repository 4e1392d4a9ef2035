//! The two items of a payment. Its terms never change and are most of its bytes, so they are in an item that is written
//! once: DynamoDB charges a write by the size of the whole item, and the state is written with each change.

use crate::{
    StoreError, Stored,
    consistent_reads::Found,
    due_index::{DUE_AT, DUE_SHARD, due_partition, due_shard},
    item::{NewItem, kind, read},
    keys::{Item, Key, STATE, TERMS},
};
use payments::{Contribution, Payment, PaymentId};

/// The attribute that is `yes` on payments that the reader of the table's stream needs. The template's filter drops the
/// other payments, most of which only wait for a card, and it can test only top-level attributes.
const TO_TELL: &str = "to_tell";

impl Key {
    pub(crate) fn payment_terms(id: &PaymentId) -> Self {
        Self::payment(id).terms_beside()
    }

    /// The keys that a payment is read from.
    pub(crate) fn items_of_payment(id: &PaymentId) -> [Self; 2] {
        [Self::payment(id), Self::payment_terms(id)]
    }

    /// The key of a payment's terms, from that of its state.
    pub(crate) fn terms_beside(self) -> Self {
        Self { pk: self.pk, sk: TERMS.to_owned() }
    }

    /// The key of the item by which a thing is read: a payment's terms are read with its state.
    pub(crate) fn readable(self) -> Self {
        if self.is_terms() { Self { pk: self.pk, sk: STATE.to_owned() } } else { self }
    }

    /// Whether this is the key of a payment's state.
    pub(crate) fn is_state(&self) -> bool {
        self.family() == "PAYMENT" && self.sk == STATE
    }

    /// Whether this is the key of a payment's terms.
    pub(crate) fn is_terms(&self) -> bool {
        self.family() == "PAYMENT" && self.sk == TERMS
    }
}

impl Found {
    /// Takes a payment, both of whose keys were read.
    pub(crate) fn take_payment(&mut self, id: &PaymentId) -> Result<Option<Stored<Payment>>, StoreError> {
        let [state, terms] = Key::items_of_payment(id);
        let terms = self.take(&terms);
        self.take(&state).map(|state| read_payment(state, terms)).transpose()
    }
}

/// Makes the item of a payment's state, with the attributes for people and indexes at the top level. It has no value twice,
/// and stays below one write unit (`tests/table/item_sizes.rs`).
pub(crate) fn state_item(stored: &Stored<Payment>) -> Result<NewItem, StoreError> {
    let payment = &stored.value;
    let terms = &payment.terms;
    let due_at = payment.due_at();
    let to_tell = payment.state.is_terminal() || Contribution::of_payment(payment).is_some();
    NewItem::new(Key::payment(payment.id()), kind::PAYMENT)
        .number("version", stored.version)
        .text("sender_id", &terms.sender)
        .text("creator_id", &terms.creator)
        .number("amount", terms.chosen.amount())
        .number("total", terms.parameters.total.amount())
        .text("currency", terms.chosen.currency())
        .value("status", &payment.status())?
        .optional_text(DUE_SHARD, due_at.map(|_| due_partition(due_shard(payment.id()))))
        .optional_text(DUE_AT, due_at)
        .optional_text(TO_TELL, to_tell.then_some("yes"))
        .value("state", &payment.state)
}

/// Makes the item of a payment's terms, which is written with the first state and never again.
pub(crate) fn terms_item(payment: &Payment) -> Result<NewItem, StoreError> {
    NewItem::new(Key::payment_terms(payment.id()), kind::PAYMENT_TERMS).value("terms", &payment.terms)
}

/// Reads a payment from its items. A state without terms is an item that cannot be read.
pub(crate) fn read_payment(mut state: Item, terms: Option<Item>) -> Result<Stored<Payment>, StoreError> {
    let version = read(&mut state, kind::PAYMENT, "version")?;
    // The error names the key of the terms also where they are missing.
    let missing = || Key::of(&state).map(|key| key.terms_beside().attributes()).unwrap_or_default();
    let mut terms = terms.unwrap_or_else(missing);
    let state = read(&mut state, kind::PAYMENT, "state")?;
    let terms = read(&mut terms, kind::PAYMENT_TERMS, "terms")?;
    Ok(Stored { value: Payment { terms, state }, version })
}
