//! Which differences of a payment remain after a refresh.

use crate::payment::Payment;
use crate::reconciliation::{Difference, DifferenceKind};

impl Payment {
    /// What remains different after a refresh: nothing, in the normal state.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let state = &self.state;
        let difference = |kind, amount| Difference {
            kind,
            payment_id: Some(self.id().clone()),
            object: None,
            detail: None,
            amount,
        };
        let mut differences = Vec::new();
        if state.is_contradictory() {
            differences.push(difference(DifferenceKind::Contradiction, None));
        }
        if state.to_recover() != 0 {
            let can_be_moved = self.terms.chosen.currency().is_chargeable();
            let kind = if can_be_moved { DifferenceKind::ToRecover } else { DifferenceKind::EndedCurrency };
            differences.push(difference(kind, Some(state.to_recover())));
        }
        for (_, request) in state.refunds.open_requests() {
            let amount = request.creator.saturating_add(request.platform);
            differences.push(difference(DifferenceKind::RefundNotMade, Some(amount)));
        }
        for conflict in &state.conflicts {
            let (object, detail) = (Some(conflict.object.clone()), Some(conflict.to_string()));
            differences.push(Difference { object, detail, ..difference(DifferenceKind::Conflict, None) });
        }
        for transfer in self.unsettled_transfers() {
            let object = Some(transfer.to_string());
            differences.push(Difference { object, ..difference(DifferenceKind::UnsettledTransfer, None) });
        }
        if self.is_below_zero() {
            differences.push(difference(DifferenceKind::CreatorBelowZero, None));
        }
        differences
    }
}
