use super::*;
use crate::server::rate_limits::{Limit, RateLimiter};

fn read(path: &str) -> Call {
    Call::new(Method::GET, path)
}

/// The number of calls admitted at one time, and the limit that refuses the next.
fn burst(limiter: &mut RateLimiter, now_ms: i64, path: impl Fn(usize) -> String) -> (usize, Option<Limit>) {
    let refused = (0..1_000).find_map(|n| Some((n, limiter.admit(&read(&path(n)), now_ms).err()?)));
    refused.map_or((1_000, None), |(admitted, limit)| (admitted, Some(limit)))
}

#[test]
fn an_endpoint_is_limited_to_25_calls_a_second_over_all_objects() {
    let mut limiter = RateLimiter::new(100);
    let charge = |n| format!("/v1/charges/ch_{n}");
    assert_eq!(burst(&mut limiter, NOW, charge), (25, Some(Limit::Endpoint)));
    assert_eq!(burst(&mut limiter, NOW, |_| "/v1/charges".to_owned()), (25, Some(Limit::Endpoint)));
    let posted = Call::new(Method::POST, "/v1/charges/ch_1");
    assert_eq!(limiter.admit(&posted, NOW), Ok(()));
    assert_eq!(burst(&mut limiter, NOW + 40, charge), (1, Some(Limit::Endpoint)), "one every 40 ms");
    assert_eq!(burst(&mut limiter, NOW + 1_040, charge), (25, Some(Limit::Endpoint)));
    assert_eq!(burst(&mut limiter, NOW + 60_000, charge), (25, Some(Limit::Endpoint)), "no more for waiting");
}

#[test]
fn all_endpoints_together_are_limited_for_the_account() {
    let mut limiter = RateLimiter::new(100);
    let endpoints = |n| format!("/v1/endpoint_{n}");
    assert_eq!(burst(&mut limiter, NOW, endpoints), (100, Some(Limit::Global)));
    assert_eq!(burst(&mut limiter, NOW + 10, endpoints), (1, Some(Limit::Global)));
    assert_eq!(limiter.admit(&read("/3d_secure/src_1"), NOW + 10), Ok(()));
    assert_eq!(burst(&mut RateLimiter::new(3), NOW, |_| "/v1/charges".to_owned()), (3, Some(Limit::Global)));
}

#[test]
fn a_clock_that_is_set_back_neither_adds_nor_removes_calls() {
    let mut limiter = RateLimiter::new(2);
    let one = |_| "/v1/charges".to_owned();
    assert_eq!(burst(&mut limiter, NOW, one), (2, Some(Limit::Global)));
    assert_eq!(burst(&mut limiter, NOW - 60_000, one), (0, Some(Limit::Global)));
    assert_eq!(burst(&mut limiter, NOW, one), (0, Some(Limit::Global)));
    assert_eq!(burst(&mut limiter, NOW + 500, one), (1, Some(Limit::Global)));
}
