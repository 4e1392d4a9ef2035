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

/// Reads balance transactions of earlier hours again. The first run of a day reads yesterday, which is complete only now,
/// and both it and an operator's run read from the first hour on that was not booked as Stripe shows it.
pub(crate) async fn reach_back(
    services: &Services,
    run: &mut Reconciliation,
    occasion: Occasion,
) -> Result<(), ReconciliationError> {
    let is_first_of_day = run.includes_accounts;
    if is_first_of_day {
        run.reach_back_to(run.to.start_of_day().plus_seconds(-DAY_S));
    }
    if !is_first_of_day && occasion == Occasion::Schedule {
        return Ok(());
    }
    let days = match services.store.statement_days(&run.to.plus_seconds(-REACH_BACK_S).date()).await {
        Ok(days) => days,
        Err(error) => return note_unreadable(run, error),
    };
    let first =
        days.iter().find_map(|(day, sums)| Some((Timestamp::of_day(day)?, sums.first_unbooked_hour()?)));
    if let Some((day, hour)) = first {
        run.reach_back_to(day.plus_seconds(i64::from(hour) * HOUR_S));
    }
    Ok(())
}
