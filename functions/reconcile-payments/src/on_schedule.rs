//! The schedule's slice of reconciliation, and how long a slice may take.

use crate::reconcile::{self, Occasion};
use crate::{ReconciliationError, rebuild_totals};
use payments_http::Problem;
use payments_services::{Services, Waited, waited};
use std::sync::Arc;

/// How long a slice may take while an operator waits: less than the gateway's 30 s, with time for one more page.
pub(crate) const ON_REQUEST_S: i64 = 12;

/// How long a scheduled slice may take: less than the function's 300 s, so that it ends before the next one starts.
const ON_SCHEDULE_S: i64 = 240;

/// Runs one slice of reconciliation, and one of a rebuild of totals if one is in progress. It gives way to an operator's
/// request that does the same, which is no error.
///
/// # Errors
/// The table or Stripe is unavailable; the next run continues from there.
pub async fn on_schedule(services: Arc<Services>) -> Result<(), Problem> {
    let reconciled = Box::pin(reconcile::work(&services, ON_SCHEDULE_S, Occasion::Schedule)).await;
    if let Ok(run) = &reconciled {
        let Waited { stripe, table } = waited();
        tracing::info!(
            run = run.number,
            finished = run.is_finished(),
            differences = run.findings.differences_found,
            StripeDuration = stripe,
            TableDuration = table,
            "reconciled"
        );
    }
    // Counting does not need Stripe, so it continues even if reconciliation failed.
    let counted = Box::pin(rebuild_totals::go_on(&services, ON_REQUEST_S)).await;
    gives_way(reconciled.map(drop)).and(gives_way(counted.map(drop))).map_err(Problem::from)
}

fn gives_way(worked: Result<(), ReconciliationError>) -> Result<(), ReconciliationError> {
    match worked {
        Err(ReconciliationError::UnderWay | ReconciliationError::RebuildUnderWay) => {
            tracing::info!("gives way to an operator's request");
            Ok(())
        }
        Ok(()) | Err(ReconciliationError::Bookkeeping(_)) => worked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use payments_bookkeeping::BookkeepingError;
    use payments_store::StoreError;

    #[test]
    fn a_slice_that_another_one_overtakes_is_no_error_and_any_other_failure_is_one() {
        assert!(gives_way(Err(ReconciliationError::UnderWay)).is_ok());
        assert!(gives_way(Err(ReconciliationError::RebuildUnderWay)).is_ok());
        let failed = BookkeepingError::Store(StoreError::InvalidCursor);
        assert!(gives_way(Err(ReconciliationError::Bookkeeping(failed))).is_err());
    }
}
