//! Stripe's rate limits (docs.stripe.com/rate-limits): over all calls, and over each endpoint.

use crate::wire::call::Call;
use std::collections::BTreeMap;

/// What Stripe allows one endpoint each second.
const ENDPOINT_PER_S: u32 = 25;

/// Endpoints that are remembered before those at rest are forgotten.
const REMEMBERED: usize = 128;

/// A call's cost: buckets count in thousandths, so that each millisecond adds its part.
const CALL: u64 = 1_000;

/// Why a call is refused: the value of `stripe-rate-limited-reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Global,
    Endpoint,
}

impl Limit {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Global => "global-rate",
            Self::Endpoint => "endpoint-rate",
        }
    }
}

/// Counts calls. Time is passed in, in milliseconds, and may stand still.
pub(crate) struct RateLimiter {
    per_s: u32,
    all: Bucket,
    endpoints: BTreeMap<String, Bucket>,
}

impl RateLimiter {
    /// At most `per_s` calls a second, and of those at most 25 on one endpoint.
    pub(crate) fn new(per_s: u32) -> Self {
        Self { per_s, all: Bucket::full(per_s), endpoints: BTreeMap::new() }
    }

    /// Counts a call, or says which limit it would pass; then it does not count.
    pub(crate) fn admit(&mut self, call: &Call, now_ms: i64) -> Result<(), Limit> {
        if !call.path.starts_with("/v1/") {
            return Ok(());
        }
        let per_s = self.per_s.min(ENDPOINT_PER_S);
        if self.endpoints.len() >= REMEMBERED {
            self.endpoints.retain(|_, bucket| !bucket.is_full(per_s, now_ms));
        }
        let endpoint = self.endpoints.entry(endpoint(call)).or_insert_with(|| Bucket::full(per_s));
        if !self.all.has_room(self.per_s, now_ms) {
            return Err(Limit::Global);
        }
        if !endpoint.has_room(per_s, now_ms) {
            return Err(Limit::Endpoint);
        }
        self.all.left -= CALL;
        endpoint.left -= CALL;
        Ok(())
    }
}

/// A token bucket that holds one second's calls.
struct Bucket {
    left: u64,
    /// As of the first call, for the clock's value then says nothing about the time before.
    as_of_ms: Option<i64>,
}

impl Bucket {
    fn full(per_s: u32) -> Self {
        Self { left: u64::from(per_s) * CALL, as_of_ms: None }
    }

    fn refill(&mut self, per_s: u32, now_ms: i64) {
        let since_ms = self.as_of_ms.map_or(0, |then| now_ms.saturating_sub(then).max(0));
        self.as_of_ms = Some(self.as_of_ms.unwrap_or(now_ms).max(now_ms));
        let gained = u64::try_from(since_ms).unwrap_or_default().saturating_mul(u64::from(per_s));
        self.left = self.left.saturating_add(gained).min(u64::from(per_s) * CALL);
    }

    fn has_room(&mut self, per_s: u32, now_ms: i64) -> bool {
        self.refill(per_s, now_ms);
        self.left >= CALL
    }

    fn is_full(&mut self, per_s: u32, now_ms: i64) -> bool {
        self.refill(per_s, now_ms);
        self.left == u64::from(per_s) * CALL
    }
}

/// The operation: Stripe counts `GET /v1/charges/{id}` for all charges together.
fn endpoint(call: &Call) -> String {
    let segments = call.path.split('/').skip(2).enumerate();
    let named = segments.map(|(place, segment)| match segment {
        _ if place % 2 == 0 => segment,
        "search" => segment,
        _ => "{id}",
    });
    format!("{} {}", call.method, named.collect::<Vec<_>>().join("/"))
}
