//! The events of payouts to creators' banks.

use crate::event::{CreatorPayoutFailed, CreatorPayoutPaid, Event, EventPayload};
use crate::receiving::{CreatorPayout, PayoutFailure, PayoutStatus};
use crate::timestamp::Timestamp;

impl Event {
    /// The event of a payout that arrived or failed; `None` for every other status, and for a debit, which pays nothing to
    /// the creator and gives nothing back to them when it fails.
    #[must_use]
    pub fn of_payout(of_creator: &CreatorPayout, at: Timestamp) -> Option<Self> {
        let CreatorPayout { creator, payout } = of_creator;
        if payout.is_debit() {
            return None;
        }
        let (creator_id, stripe_payout_id) = (creator.clone(), payout.id.clone());
        let (amount, currency) = (payout.amount, payout.currency);
        let payload = match payout.status {
            PayoutStatus::Paid => EventPayload::CreatorPayoutPaid(CreatorPayoutPaid {
                creator_id,
                stripe_payout_id,
                amount,
                currency,
                arrives_at: payout.arrives_at,
            }),
            PayoutStatus::Failed => {
                let failure_code = payout.failure.unwrap_or(PayoutFailure::Other);
                EventPayload::CreatorPayoutFailed(CreatorPayoutFailed {
                    creator_id,
                    stripe_payout_id,
                    amount,
                    currency,
                    failure_code,
                    failure_message: failure_code.message(),
                })
            }
            PayoutStatus::Pending | PayoutStatus::InTransit | PayoutStatus::Canceled => return None,
        };
        Some(Self::new(at, payload, &payout.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CreatorId, PayoutId};
    use crate::money::Currency;
    use crate::receiving::Payout;

    fn told(amount: i64, status: PayoutStatus) -> Option<Event> {
        let payout = Payout {
            id: PayoutId::parse("po_1").expect("id"),
            amount,
            currency: Currency::parse("usd").expect("currency"),
            created_at: Timestamp::from_seconds(1),
            arrives_at: Timestamp::from_seconds(2),
            status,
            failure: None,
        };
        let creator = CreatorId::parse("ana").expect("id");
        Event::of_payout(&CreatorPayout { creator, payout }, Timestamp::from_seconds(3))
    }

    #[test]
    fn a_payout_is_told_once_it_arrived_and_once_it_failed() {
        assert_eq!(told(5, PayoutStatus::Paid).expect("told").id, "CreatorPayoutPaid/po_1");
        let failed = told(5, PayoutStatus::Failed).expect("told");
        assert_eq!(failed.id, "CreatorPayoutFailed/po_1");
        assert!(failed.detail().contains(r#""failure_code":"other""#), "{}", failed.detail());
        for status in [PayoutStatus::Pending, PayoutStatus::InTransit, PayoutStatus::Canceled] {
            assert_eq!(told(5, status), None);
        }
    }

    #[test]
    fn a_debit_is_neither_paid_to_the_creator_nor_given_back() {
        assert_eq!(told(-5, PayoutStatus::Paid), None);
        assert_eq!(told(-5, PayoutStatus::Failed), None);
    }
}
