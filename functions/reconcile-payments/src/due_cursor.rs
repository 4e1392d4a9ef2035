//! The cursor of a pass through the due index: a shard, and the last payment in it.

use payments::{PaymentId, Timestamp};
use payments_store::{DUE_SHARDS, DueCursor};

/// Returns the cursor of what follows in a shard, or of the next shard; `None` after the last.
pub(crate) fn behind(shard: u8, next: Option<DueCursor>) -> Option<String> {
    match next {
        Some(next) => Some(format!("{shard}:{} {}", next.payment_id, next.due_at)),
        None => (shard + 1 < DUE_SHARDS).then(|| format!("{}:", shard + 1)),
    }
}

/// Parses a cursor into the shard, and the last payment that was refreshed in it.
pub(crate) fn position(cursor: Option<&str>) -> (u8, Option<DueCursor>) {
    let (shard, after) = cursor.and_then(|cursor| cursor.split_once(':')).unwrap_or(("0", ""));
    let place = |(id, due_at): (&str, &str)| {
        Some(DueCursor { payment_id: PaymentId::parse(id).ok()?, due_at: Timestamp::parse(due_at).ok()? })
    };
    (shard.parse().unwrap_or(0), after.split_once(' ').and_then(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_a_shard_and_what_of_it_is_done_with() {
        assert_eq!(position(None), (0, None));
        assert_eq!(position(Some("3:")), (3, None));
        let payment_id = PaymentId::parse("pay_0123456789abcdef0123456789abcdef").expect("id");
        let behind = DueCursor { payment_id, due_at: Timestamp::from_seconds(7) };
        let cursor = format!("3:{} {}", behind.payment_id, behind.due_at);
        assert_eq!(position(Some(&cursor)), (3, Some(behind)));
    }
}
