//! Decides which attempts are repeated, and after which pause.

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// Stripe's advice on whether a retry can help (<https://docs.stripe.com/error-low-level>).
const SHOULD_RETRY: &str = "stripe-should-retry";
/// The longest first pause, in milliseconds; each later one doubles.
const FIRST_PAUSE_MAX_MS: u64 = 500;
/// The longest pause, in milliseconds, unless Stripe asks for more.
const PAUSE_MAX_MS: u64 = 4_000;

/// Whether to retry, under the same key, after a reply whose status is not 2xx. Stripe's advice decides;
/// without advice, transient statuses are retried.
pub(crate) fn is_worth_retrying(status: StatusCode, headers: &HeaderMap) -> bool {
    match headers.get(SHOULD_RETRY).map(|advice| advice.as_bytes()) {
        Some(b"true") => true,
        Some(b"false") => false,
        _ => matches!(status.as_u16(), 409 | 424 | 429 | 500..=599),
    }
}

/// The pause that the reply asks for, in whole seconds. Dates are ignored, because Stripe sends none.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The pause after attempt number `attempt` (from 1): exponential, with jitter between half and all of the
/// step.
///
/// The jitter is a hash of the request instead of a random number: different requests still spread out, and a
/// simulation replays exactly.
pub(crate) fn pause(attempt: u32, asked: Option<Duration>, what: &str) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    let step_ms = FIRST_PAUSE_MAX_MS.saturating_mul(1 << doublings).min(PAUSE_MAX_MS);
    let mut hasher = DefaultHasher::new();
    (what, attempt).hash(&mut hasher);
    let jitter_ms = hasher.finish() % (step_ms / 2 + 1);
    Duration::from_millis(step_ms - jitter_ms).max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), HeaderValue::from_static(value))])
    }

    #[test]
    fn stripes_advice_wins_over_the_status() {
        let advice = |value| headers(SHOULD_RETRY, value);
        assert!(is_worth_retrying(StatusCode::BAD_REQUEST, &advice("true")));
        assert!(!is_worth_retrying(StatusCode::INTERNAL_SERVER_ERROR, &advice("false")));
        assert!(is_worth_retrying(StatusCode::INTERNAL_SERVER_ERROR, &advice("perhaps")));
    }

    #[test]
    fn without_advice_the_transient_statuses_are_repeated() {
        for status in [409, 424, 429, 500, 502, 503, 504] {
            let status = StatusCode::from_u16(status).expect("status");
            assert!(is_worth_retrying(status, &HeaderMap::new()), "{status}");
        }
        for status in [301, 400, 401, 402, 403, 404] {
            let status = StatusCode::from_u16(status).expect("status");
            assert!(!is_worth_retrying(status, &HeaderMap::new()), "{status}");
        }
    }

    #[test]
    fn pauses_grow_to_their_limit_and_differ_between_requests() {
        for (attempt, max_ms) in [(1, 500), (2, 1_000), (3, 2_000), (4, 4_000), (5, 4_000), (u32::MAX, 4_000)]
        {
            for what in ["pay_1/create", "pay_2/create"] {
                let pause_ms = pause(attempt, None, what).as_millis();
                assert!((max_ms / 2..=max_ms).contains(&pause_ms), "{attempt}: {pause_ms}");
            }
        }
        assert_ne!(pause(1, None, "pay_1/create"), pause(1, None, "pay_2/create"));
        assert_eq!(pause(1, None, "pay_1/create"), pause(1, None, "pay_1/create"));
    }

    #[test]
    fn a_longer_pause_that_stripe_asks_for_is_kept() {
        assert_eq!(retry_after(&headers("retry-after", "7")), Some(Duration::from_secs(7)));
        for unusable in ["", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"] {
            assert_eq!(retry_after(&headers("retry-after", unusable)), None, "{unusable}");
        }
        assert_eq!(pause(1, Some(Duration::from_secs(7)), "k"), Duration::from_secs(7));
        assert!(pause(1, Some(Duration::ZERO), "k") >= Duration::from_millis(250));
    }
}
