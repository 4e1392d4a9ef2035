//! The copies of the rollout: a decision reads any one of them, so all must say the same.

use crate::report::other_copy;
use payments::Reconciliation;
use payments_function::App;
use payments_http::Problem;

/// A read can meet a write of all copies midway; as many reads in a row do not.
const LOOKS: u32 = 4;

/// Notes each copy that is not as the first one.
pub(crate) async fn page(app: &App, run: &mut Reconciliation) -> Result<Option<String>, Problem> {
    let mut others = Vec::new();
    for _ in 0..LOOKS {
        let copies = app.store.rollout_copies().await.map_err(Problem::unavailable)?;
        others = (0..copies.len()).filter(|copy| copies[*copy] != copies[0]).collect();
        if others.is_empty() {
            break;
        }
    }
    others.into_iter().for_each(|copy| run.note(other_copy(copy)));
    Ok(None)
}
