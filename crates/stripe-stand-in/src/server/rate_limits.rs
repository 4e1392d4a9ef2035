//! Stripe's rate limits (docs.stripe.com/rate-limits): on all calls, and on each endpoint.

use crate::wire::call::Call;
use std::collections::BTreeMap;

/// Stripe's limit on calls to one endpoint per second.
const ENDPOINT_PER_S: u32 = 25;

/// The number of endpoints above which full buckets are dropped.
const MAX_ENDPOINTS: usize = 128;

/// The cost of a call: buckets count thousandths, so that each millisecond adds its part.
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

/// Counts calls at times that are passed in, in milliseconds.
pub(crate) struct RateLimiter {
    per_s: u32,
    all: Bucket,
    endpoints: BTreeMap<String, Bucket>,
}

impl RateLimiter {
    /// Allows `per_s` calls per second, and at most 25 of them on one endpoint.
    pub(crate) fn new(per_s: u32) -> Self {
        Self { per_s, all: Bucket::full(per_s), endpoints: BTreeMap::new() }
    }

    /// Counts a call, or returns the limit that it would exceed.
    pub(crate) fn admit(&mut self, call: &Call, now_ms: i64) -> Result<(), Limit> {
        if !call.is_of_api() {
            return Ok(());
        }
        let per_s = self.per_s.min(ENDPOINT_PER_S);
        if self.endpoints.len() >= MAX_ENDPOINTS {
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
    /// `None` before the first call.
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

/// The endpoint that Stripe counts: `GET /v1/charges/{id}` is one for all charges.
fn endpoint(call: &Call) -> String {
    // `/v2/core/accounts/{id}` has the name of a group of resources before that of the resource.
    let before = if call.path.starts_with("/v2/") { 3 } else { 2 };
    let segments = call.path.split('/').skip(before).enumerate();
    let template = segments.map(|(place, segment)| match segment {
        _ if place % 2 == 0 => segment,
        "search" => segment,
        _ => "{id}",
    });
    format!("{} {}", call.method, template.collect::<Vec<_>>().join("/"))
}
