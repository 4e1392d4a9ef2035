//! Who is held from sending: whoever has a payment with a dispute whose money was not given back.

use super::items::plain;
use super::{Checked, Invariants, hold};
use crate::table::Table;
use ::payments::Hold;
use std::collections::BTreeSet;

impl Invariants {
    pub(super) fn hold_of(&self, table: &Table, sender: &str) -> Checked {
        let payments = self.payments.values().filter(|payment| payment.terms.sender.as_str() == sender);
        let holding: BTreeSet<_> = payments.flat_map(|payment| payment.state.disputes.holding()).collect();
        let row = table.row(&format!("SENDER#{sender}"), "HOLD");
        let stored: Hold = match row.and_then(|row| row.get("hold")) {
            Some(value) => serde_json::from_value(plain(value)).map_err(|error| error.to_string())?,
            None => Hold::default(),
        };
        hold(stored.disputes == holding, || {
            format!("{sender} is held by {:?}, and should be by {holding:?}", stored.disputes)
        })?;
        let held = row.and_then(|row| row.get("held")).is_some_and(|held| held["BOOL"] == true);
        hold(held != holding.is_empty(), || format!("{sender} is held: {held}, by {holding:?}"))
    }
}
