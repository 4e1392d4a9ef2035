//! A sender has one Customer at Stripe and is held by exactly the disputes whose money is withdrawn, what operators lifted
//! stays lifted, and usage counts each payment once.

use super::items::{number, plain};
use super::{Checked, Invariants, ensure};
use crate::table::Table;
use ::payments::SenderHold;
use serde_json::Value;
use std::collections::BTreeMap;
use stripe_stand_in::Call;

/// Numbers by their attribute.
type Count = BTreeMap<String, u64>;

impl Invariants {
    pub(super) fn sender_hold(&mut self, table: &Table, sender: &str) -> Checked {
        let payments = self.payments.values().filter(|payment| payment.terms.sender.as_str() == sender);
        let holding: BTreeMap<_, _> =
            payments.flat_map(|payment| payment.disputes_holding_sender()).collect();
        let row = table.row(&format!("SENDER#{sender}"), "HOLD");
        let stored: SenderHold = match row.and_then(|row| row.get("hold")) {
            Some(value) => serde_json::from_value(plain(value)).map_err(|error| error.to_string())?,
            None => SenderHold::default(),
        };
        ensure(stored.disputes == holding, || {
            format!("{sender} is held by {:?}, and should be by {holding:?}", stored.disputes)
        })?;
        let before = self.holds.insert(sender.to_owned(), stored.clone()).unwrap_or_default();
        ensure(stored.lifted.is_superset(&before.lifted), || {
            format!("{:?} were lifted for {sender}, and now {:?} are", before.lifted, stored.lifted)
        })?;
        let decided = |hold: &SenderHold| (hold.lifted.clone(), hold.by_operator);
        let same = decided(&before) == decided(&stored);
        ensure(same || self.new_entry(table, &format!("AUDIT#sender:{sender}")), || {
            format!("{before:?} of {sender} became {stored:?} without a record")
        })
    }

    /// After a call took effect: no sender has two Customers.
    pub(super) fn customer_called(&mut self, call: &Call, object: &Value) -> Checked {
        let sender = object["metadata"]["sender_id"].as_str().filter(|_| call.path == "/v1/customers");
        let (Some(sender), Some(id)) = (sender, object["id"].as_str()) else { return Ok(()) };
        let theirs = self.customers.entry(sender.to_owned()).or_default();
        theirs.insert(id.to_owned());
        ensure(theirs.len() == 1, || format!("{sender} has {theirs:?}"))
    }

    /// After a write: the usage of a sender or an address, or of the written payment's sender.
    pub(super) fn counts(&self, table: &Table, pk: &str) -> Checked {
        if let Some(payment) = self.payments.get(pk) {
            return self.usages(table, &format!("SENDER#{}", payment.terms.sender));
        }
        let counts = pk.starts_with("SENDER#") || pk.starts_with("ADDRESS#");
        if counts { self.usages(table, pk) } else { Ok(()) }
    }

    /// Usage counts exactly the recorded payments.
    fn usages(&self, table: &Table, partition: &str) -> Checked {
        let mut expected: BTreeMap<String, Count> = BTreeMap::new();
        for terms in self.payments.values().map(|payment| &payment.terms) {
            let day = format!("DAY#{}", terms.created_at.date());
            let keys = match partition.strip_prefix("SENDER#") {
                Some(sender) if sender != terms.sender.as_str() => vec![],
                Some(_) => vec![format!("{day}#CREATOR#{}", terms.creator), day],
                None => vec![day],
            };
            for key in keys {
                let count = expected.entry(key).or_default();
                let amount = terms.chosen.amount().unsigned_abs();
                *count.entry("payments".to_owned()).or_default() += 1;
                *count.entry(format!("hour_{:02}", terms.created_at.hour())).or_default() += 1;
                *count.entry(format!("amount_{}", terms.chosen.currency())).or_default() += amount;
            }
        }
        let stored: BTreeMap<String, Count> = table
            .partition(partition, "DAY#")
            .map(|((_, sk), row)| {
                let of_payments =
                    |name: &&String| !matches!(name.as_str(), "PK" | "SK" | "type" | "expires_at");
                let numbers = row.keys().filter(of_payments);
                (sk.clone(), numbers.filter_map(|name| Some((name.clone(), number(row, name)?))).collect())
            })
            .collect();
        ensure(stored == expected, || format!("{partition} counts {stored:?}, and there are {expected:?}"))
    }
}
