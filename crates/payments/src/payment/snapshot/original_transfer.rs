//! Which transfer Stripe made with a charge.

use crate::ids::{ChargeId, TransferId};
use crate::payment::snapshot::mismatch::Shown;
use crate::payment::{Mismatch, Payment};

/// A charge has one transfer, and a transfer one charge.
pub(super) fn ensure_original(
    charge: &ChargeId,
    transfer: &TransferId,
    payment: &Payment,
) -> Result<(), Mismatch> {
    let known = &payment.state.transfers;
    let of_charge = known.originals.get(charge);
    Mismatch::unless(of_charge.is_none_or(|of| of == transfer), "transfer", &Shown(of_charge), transfer)?;
    let by_other = known.originals.iter().find(|(other, of)| *other != charge && *of == transfer);
    let other = by_other.map(|(other, _)| other);
    Mismatch::unless(other.is_none(), "charge", &Shown(other), charge)?;
    let is_retransfer = known.retransfers.contains_key(transfer);
    Mismatch::unless(!is_retransfer, "transfer", &"a retransfer", transfer)
}
