//! Items that stay unreadable for days: reconciliation goes on and lists them, everybody else's payments agree with Stripe,
//! and once the items are readable again, what was left behind is made up for.

use super::Simulation;
use super::damage::Kind;
use crate::gateway::Invocation;
use crate::table::{Item, Key};
use payments::{Payment, Receiver, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

const POST_REDRIVE: &str = "POST /v1/admin/quarantine/{event_id}/redrive";
/// In one of so many schedules items stay unreadable.
const ONE_STAYS_OF: u8 = 3;

impl Simulation {
    /// Lets items be unreadable for some days.
    pub(super) async fn go_on_beside_damage(&mut self) -> Result<(), String> {
        if self.is_faultless || !self.plan.webhooks || self.rng.u8(..ONE_STAYS_OF) > 0 {
            return Ok(());
        }
        let damaged: Vec<Key> = (0..self.rng.u8(1..=2)).filter_map(|_| self.damage_some()).collect();
        if damaged.is_empty() {
            return Ok(());
        }
        // A payment that was due before is met in any case.
        let before = Timestamp::from_millis(self.now_ms());
        let report = self.pass_days().await?;
        for key in &damaged {
            self.is_listed(key, &report, before)?;
        }
        self.others_agree(&damaged, &report)?;
        self.occurrences.count("reconciliation beside an unreadable item");
        self.restore_all();
        self.redrive_parked().await
    }

    /// Applies the events that were parked while something that they need could not be read.
    pub(super) async fn redrive_parked(&mut self) -> Result<(), String> {
        for event in open_parked(self.backends.table.rows()) {
            let redrive = Invocation::of_operator("op", POST_REDRIVE, &Value::Null);
            let reply = self.call(redrive.with_parameter("event_id", event.clone())).await?;
            let outcome = reply.body()["outcome"].clone();
            if reply.status() != 200 || outcome == "still_parked" {
                return Err(format!(
                    "the redrive of {event} is answered {}: {}",
                    reply.status(),
                    reply.body()
                ));
            }
            self.occurrences.count("event parked and redriven");
        }
        Ok(())
    }

    /// The report of the last reconciliation names the item, if reconciliation had to read it.
    fn is_listed(&mut self, key: &Key, report: &Value, before: Timestamp) -> Result<(), String> {
        if self.backends.table.damaged().all(|damaged| damaged != key) {
            return Ok(());
        }
        let was_due = |payment: &Payment| payment.due_at().is_some_and(|due| due <= before);
        let must_be = match Kind::of(key) {
            Some(Kind::Payment) => self.invariants.payment_at(&key.0).is_some_and(was_due),
            // Of a payment with two damaged items, one is named.
            Some(Kind::Terms) => {
                let is_sound = |damaged: &(String, String)| *damaged != (key.0.clone(), "STATE".to_owned());
                self.backends.table.damaged().all(is_sound)
                    && self.invariants.payment_at(&key.0).is_some_and(was_due)
            }
            Some(Kind::Receiver) => self.invariants.receiver_at(&key.0).is_some_and(has_account),
            Some(Kind::Claim) => self.invariants.is_claim_of_connected(&key.0),
            Some(Kind::RolloutCopy | Kind::Review) => true,
            Some(Kind::Intent | Kind::Block | Kind::Hold | Kind::Wave | Kind::Note) | None => false,
        };
        let (name, copy) = (format!("{}/{}", key.0, key.1), key.0.as_str());
        let mut differences = report["differences"].as_array().into_iter().flatten();
        let is_listed = differences.any(|it| match it["kind"].as_str() {
            Some("unreadable_item") => it["object"] == name.as_str(),
            Some("rollout_copy") => it["object"] == copy,
            _ => false,
        });
        if is_listed {
            self.occurrences.count("unreadable item listed");
        }
        match is_listed || !must_be {
            true => Ok(()),
            false => Err(format!("{name} cannot be read and is not listed: {report}")),
        }
    }

    /// Payments that have nothing to do with the damaged items are as Stripe has them, and without a difference.
    fn others_agree(&self, damaged: &[Key], report: &Value) -> Result<(), String> {
        for payment in self.invariants.payments().filter(|payment| !self.needs(payment, damaged)) {
            let id = payment.id().as_str();
            let differences = report["differences"].as_array().into_iter().flatten();
            if let Some(difference) = differences.clone().find(|it| it["payment_id"] == id) {
                return Err(format!("{id} has nothing to do with {damaged:?}: {difference}"));
            }
            let intent =
                payment.state.intent.as_ref().and_then(|id| self.invariants.intents.get(id.as_str()));
            let status = intent.map(|intent| intent.status.as_str()).unwrap_or_default();
            let agrees = payment.state.succeeded == (status == "succeeded")
                && payment.state.canceled == (status == "canceled")
                && payment.state.to_recover() == 0;
            if !agrees {
                return Err(format!("{id} has nothing to do with {damaged:?} and is behind: {payment:?}"));
            }
        }
        Ok(())
    }

    /// Whether a payment depends on one of these items: its own, its creator's or its sender's.
    fn needs(&self, payment: &Payment, damaged: &[Key]) -> bool {
        let creator = payment.terms.creator.as_str();
        damaged.iter().any(|key| match Kind::of(key) {
            Some(Kind::Payment | Kind::Terms) => key.0 == format!("PAYMENT#{}", payment.id()),
            Some(Kind::Intent) => {
                payment.state.intent.as_ref().is_some_and(|id| key.0 == format!("INTENT#{id}"))
            }
            Some(Kind::Receiver | Kind::Block) => key.0 == format!("CREATOR#{creator}"),
            Some(Kind::Claim) => {
                let row = self.backends.table.rows().get(key);
                row.is_some_and(|row| row["creator_id"]["S"] == creator)
            }
            Some(Kind::Hold) => key.0 == format!("SENDER#{}", payment.terms.sender),
            Some(Kind::RolloutCopy | Kind::Wave | Kind::Note | Kind::Review) | None => false,
        })
    }
}

fn has_account(receiver: &Receiver) -> bool {
    receiver.account.as_ref().is_some_and(|account| !account.disconnected)
}

/// The parked events that were not redriven.
pub(crate) fn open_parked(rows: &BTreeMap<Key, Item>) -> Vec<String> {
    let open =
        rows.iter().filter(|((pk, _), row)| pk.starts_with("PARKED#") && !row.contains_key("redriven"));
    open.filter_map(|((_, sk), _)| sk.strip_prefix("EVENT#").map(str::to_owned)).collect()
}
