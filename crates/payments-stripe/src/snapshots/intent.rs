//! Snapshots of intents.

use super::SnapshotError;
use crate::{IntentObject, LatestCharge, metadata};
use payments::{ChargeId, ChargeOutcome, DeclineCode, IntentSnapshot, IntentStatus, PaymentId, Stamp};

impl IntentObject {
    /// The payment that the intent names; none for an intent that is not the platform's.
    #[must_use]
    pub fn payment_id(&self) -> Option<PaymentId> {
        metadata::payment_id(&self.metadata)
    }

    /// The snapshot of the intent, stamped with `stamp`.
    ///
    /// # Errors
    /// [`SnapshotError::UnknownStatus`] when the status is not one of the seven documented ones.
    pub fn snapshot(&self, stamp: Stamp) -> Result<IntentSnapshot, SnapshotError> {
        let status = status(&self.status)?;
        let transfer = self.transfer_data.as_ref();
        Ok(IntentSnapshot {
            id: self.id.clone(),
            status,
            amount: self.amount,
            amount_received: self.amount_received,
            currency: self.currency.clone(),
            destination: transfer.and_then(|transfer| transfer.destination.clone()),
            transfer_amount: transfer.and_then(|transfer| transfer.amount),
            charge: self.charge(status),
            declined: self.declined(),
            stamp,
        })
    }

    /// The snapshot of the intent from the reply to its creation.
    ///
    /// # Errors
    /// [`SnapshotError::UnknownStatus`] when the status is not one of the seven documented ones.
    pub fn snapshot_at_creation(&self) -> Result<IntentSnapshot, SnapshotError> {
        self.snapshot(Stamp::of_creation(self.created))
    }

    /// The latest charge and its outcome, where the intent determines the outcome. An intent that waits can
    /// still name the failed charge of an earlier attempt, so a bare id determines nothing then.
    fn charge(&self, status: IntentStatus) -> Option<(ChargeId, ChargeOutcome)> {
        let failed = || {
            let charge = self.last_payment_error.as_ref()?.charge.clone()?;
            Some((charge, ChargeOutcome::Failed))
        };
        match self.latest_charge() {
            Some((id, Some("succeeded"))) => Some((id.clone(), ChargeOutcome::Succeeded)),
            Some((id, Some("failed"))) => Some((id.clone(), ChargeOutcome::Failed)),
            Some((id, _)) if status == IntentStatus::Succeeded => {
                Some((id.clone(), ChargeOutcome::Succeeded))
            }
            _ => failed(),
        }
    }

    fn declined(&self) -> Option<DeclineCode> {
        let error = self.last_payment_error.as_ref()?;
        DeclineCode::of(error.decline_code.as_deref().or(error.code.as_deref())?)
    }

    fn latest_charge(&self) -> Option<(&ChargeId, Option<&str>)> {
        match &self.latest_charge {
            Some(LatestCharge::Id(id)) => Some((id, None)),
            Some(LatestCharge::Expanded(charge)) => Some((&charge.id, charge.status.as_deref())),
            None => {
                let newest = self.charges.as_ref()?.data.first()?;
                Some((&newest.id, newest.status.as_deref()))
            }
        }
    }
}

fn status(text: &str) -> Result<IntentStatus, SnapshotError> {
    Ok(match text {
        "requires_payment_method" => IntentStatus::RequiresPaymentMethod,
        "requires_confirmation" => IntentStatus::RequiresConfirmation,
        "requires_action" => IntentStatus::RequiresAction,
        "processing" => IntentStatus::Processing,
        "requires_capture" => IntentStatus::RequiresCapture,
        "succeeded" => IntentStatus::Succeeded,
        "canceled" => IntentStatus::Canceled,
        _ => return Err(SnapshotError::UnknownStatus { object: "intent" }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn view(change: Value) -> IntentObject {
        let mut intent = json!({"id": "pi_1", "status": "succeeded", "amount": 1_061, "amount_received": 1_061,
            "currency": "usd", "created": 7, "livemode": false,
            "transfer_data": {"destination": "acct_1", "amount": 1_000}});
        intent.as_object_mut().expect("object").extend(change.as_object().expect("object").clone());
        serde_json::from_value(intent).expect("reads")
    }

    fn charge(change: Value) -> Option<(String, ChargeOutcome)> {
        let seen = view(change).snapshot_at_creation().expect("known status");
        seen.charge.map(|(id, outcome)| (id.to_string(), outcome))
    }

    #[test]
    fn every_status_of_the_lifecycle_is_known_and_no_other() {
        for known in [
            "requires_payment_method",
            "requires_confirmation",
            "requires_action",
            "processing",
            "requires_capture",
            "succeeded",
            "canceled",
        ] {
            assert!(view(json!({"status": known})).snapshot_at_creation().is_ok(), "{known}");
        }
        for unknown in ["", "Succeeded", "paid", "requires_source"] {
            let seen = view(json!({"status": unknown})).snapshot_at_creation();
            assert_eq!(seen, Err(SnapshotError::UnknownStatus { object: "intent" }), "{unknown}");
        }
    }

    #[test]
    fn what_bears_money_is_carried_over() {
        let seen = view(json!({})).snapshot(Stamp::of_creation(9)).expect("known status");
        assert_eq!((seen.amount, seen.amount_received), (1_061, 1_061));
        assert_eq!(seen.destination.as_ref().map(ToString::to_string).as_deref(), Some("acct_1"));
        assert_eq!(seen.transfer_amount, Some(1_000));
        assert_eq!((seen.currency.as_str(), seen.stamp), ("usd", Stamp::of_creation(9)));
        let bare = view(json!({"transfer_data": null})).snapshot_at_creation().expect("known status");
        assert_eq!((bare.destination, bare.transfer_amount), (None, None));
    }

    #[test]
    fn the_charge_of_a_paid_intent_succeeded() {
        let paid = Some(("ch_2".to_owned(), ChargeOutcome::Succeeded));
        assert_eq!(charge(json!({"latest_charge": "ch_2"})), paid);
        assert_eq!(charge(json!({"latest_charge": {"id": "ch_2", "status": "succeeded"}})), paid);
        let old = json!({"charges": {"data": [{"id": "ch_2", "status": "succeeded"},
            {"id": "ch_1", "status": "failed"}]}});
        assert_eq!(charge(old), paid);
        assert_eq!(charge(json!({})), None);
    }

    #[test]
    fn the_charge_of_a_declined_attempt_failed() {
        let declined = json!({"status": "requires_payment_method", "latest_charge": "ch_1",
            "last_payment_error": {"code": "card_declined", "charge": "ch_1"}});
        assert_eq!(charge(declined), Some(("ch_1".to_owned(), ChargeOutcome::Failed)));
        let expanded = json!({"status": "requires_payment_method",
            "latest_charge": {"id": "ch_1", "status": "failed"}});
        assert_eq!(charge(expanded), Some(("ch_1".to_owned(), ChargeOutcome::Failed)));
    }

    #[test]
    fn the_issuers_reason_of_a_decline_comes_before_stripes_code() {
        let declined = |error: Value| {
            let change = json!({"status": "requires_payment_method", "last_payment_error": error});
            let seen = view(change).snapshot_at_creation().expect("known status");
            seen.declined.map(|code| code.as_str().to_owned())
        };
        let both = json!({"code": "card_declined", "decline_code": "insufficient_funds"});
        assert_eq!(declined(both).as_deref(), Some("insufficient_funds"));
        assert_eq!(declined(json!({"code": "incorrect_cvc"})).as_deref(), Some("incorrect_cvc"));
        assert_eq!(declined(json!({"message": "no code"})), None);
        assert_eq!(declined(json!(null)), None);
    }

    #[test]
    fn a_bare_charge_id_of_a_waiting_intent_tells_nothing() {
        for status in ["requires_payment_method", "requires_action", "processing"] {
            assert_eq!(charge(json!({"status": status, "latest_charge": "ch_1"})), None, "{status}");
        }
        let pending = json!({"status": "processing", "latest_charge": {"id": "ch_1", "status": "pending"}});
        assert_eq!(charge(pending), None);
    }

    #[test]
    fn an_intent_is_ours_only_with_a_payment_id_of_our_form() {
        let id = "pay_0123456789abcdef0123456789abcdef";
        let ours = view(json!({"metadata": {"payment_id": id, "note": "x"}}));
        assert_eq!(ours.payment_id().map(|id| id.to_string()).as_deref(), Some(id));
        for metadata in [json!({}), json!(null), json!({"payment_id": "42"}), json!({"payment": id})] {
            assert_eq!(view(json!({"metadata": metadata})).payment_id(), None);
        }
    }
}
