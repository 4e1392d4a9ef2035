//! Which balance transactions of earlier hours a run reads and sums again.

use crate::ReconciliationError;
use crate::note_unreadable::note_unreadable;
use crate::reconcile::Occasion;
use payments::{Reconciliation, Timestamp};
use payments_services::Services;

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;
/// How far hours that are not booked as Stripe shows them are looked for.
const REACH_BACK_S: i64 = 30 * DAY_S;

/// Sums hours again that were not booked as Stripe shows them: in the first run of a day, and in those of operators.
pub(crate) async fn reach_back(
    services: &Services,
    run: &mut Reconciliation,
    occasion: Occasion,
) -> Result<(), ReconciliationError> {
    if !run.includes_accounts && occasion == Occasion::Schedule {
        return Ok(());
    }
    let days = match services.store.statement_days(&run.to.plus_seconds(-REACH_BACK_S).date()).await {
        Ok(days) => days,
        Err(error) => return note_unreadable(&mut run.findings, error),
    };
    let mut unbooked = Vec::new();
    for (day, sums) in &days {
        let begins_at = Timestamp::of_day(day);
        unbooked.extend(
            sums.unbooked_hours().filter_map(|hour| Some(begins_at?.plus_seconds(i64::from(hour) * HOUR_S))),
        );
    }
    run.sum_again(unbooked);
    Ok(())
}
