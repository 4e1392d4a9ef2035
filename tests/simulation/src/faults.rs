//! The faults of a request, and their rates. Each schedule has its own mix: most kinds are absent, some rare, some
//! frequent, so that combinations occur that an even mix would hide.

use crate::network::{Reply, Request};
use crate::table::{Answer, cancelled};
use fastrand::Rng;
use serde_json::json;

/// Rates, in thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// The request is lost: no effect, a broken connection.
    lose_request: u32,
    /// The request is lost: no effect, and nothing ever comes back.
    silence: u32,
    /// The request is refused without effect: throttled, in conflict, failing.
    refuse: u32,
    /// Part of a batch is left unprocessed.
    unprocessed: u32,
    /// The request takes effect, and the connection breaks.
    lose_answer: u32,
    /// The request takes effect, and nothing ever comes back.
    hide_answer: u32,
    /// The request takes effect, and the answer is a server error.
    fail_after: u32,
    /// A function is ended where it stands; drawn in each step.
    crash: u32,
    /// A client stops; drawn in each step.
    walk_away: u32,
    /// An event is delivered twice at once.
    duplicate: u32,
    /// Much time passes although requests are in flight; drawn in each step.
    stall: u32,
    lose_event: u32,
    /// A change at Stripe makes no event.
    make_no_event: u32,
}

/// What happens to a request that arrives.
pub(crate) enum Arrival {
    Effect,
    /// Only part of a batch is processed.
    Partial,
    /// No effect, and this answer.
    Refused(Reply),
    /// No effect, and no answer.
    Silence,
}

/// What happens to an answer.
pub(crate) enum Return {
    Whole,
    /// Another answer arrives in its place.
    Instead(Reply),
    Silence,
}

impl Faults {
    /// A mix for one schedule; one in eight schedules has no faults.
    pub(crate) fn mix(rng: &mut Rng) -> Self {
        if rng.u8(..8) == 0 {
            return Self::default();
        }
        let mut rate = |often: u32| match rng.u8(..8) {
            0..=3 => 0,
            4..=5 => often / 8,
            6 => often / 2,
            _ => often,
        };
        Self {
            lose_request: rate(150),
            silence: rate(60),
            refuse: rate(200),
            unprocessed: rate(300),
            lose_answer: rate(200),
            hide_answer: rate(60),
            fail_after: rate(150),
            crash: rate(40),
            walk_away: rate(10),
            duplicate: rate(400),
            stall: rate(60),
            lose_event: rate(300),
            make_no_event: rate(200),
        }
    }

    pub(crate) fn are_none(&self) -> bool {
        *self == Self::default()
    }

    /// The faults that the Stripe stand-in makes itself.
    pub(crate) fn of_stripe(&self, rng: &mut Rng) -> stripe_stand_in::Faults {
        let ppm = |rate: u32| stripe_stand_in::Ppm::new(rate * 1_000).unwrap_or_default();
        stripe_stand_in::Faults {
            lose: ppm(self.lose_event),
            drift: ppm(self.make_no_event),
            seed: rng.u64(..),
            ..stripe_stand_in::Faults::default()
        }
    }

    pub(crate) fn crashes(&self, rng: &mut Rng) -> bool {
        strikes(rng, self.crash)
    }

    pub(crate) fn walks_away(&self, rng: &mut Rng) -> bool {
        strikes(rng, self.walk_away)
    }

    pub(crate) fn duplicates(&self, rng: &mut Rng) -> bool {
        strikes(rng, self.duplicate)
    }

    pub(crate) fn stalls(&self, rng: &mut Rng) -> bool {
        strikes(rng, self.stall)
    }

    /// Draws what happens to a request; `has_twin` when another one with its idempotency key is in flight.
    pub(crate) fn arrival(&self, rng: &mut Rng, request: &Request, has_twin: bool) -> Arrival {
        if strikes(rng, self.lose_request) {
            return Arrival::Refused(Reply::Lost);
        }
        if strikes(rng, self.silence) {
            return Arrival::Silence;
        }
        if strikes(rng, self.refuse) {
            return Arrival::Refused(refusal(rng, request, has_twin));
        }
        match request {
            Request::Table(operation, _) if operation == "BatchGetItem" && strikes(rng, self.unprocessed) => {
                Arrival::Partial
            }
            Request::Stripe(_) | Request::Table(..) | Request::Function(_) => Arrival::Effect,
        }
    }

    /// Draws what happens to an answer.
    pub(crate) fn on_return(&self, rng: &mut Rng, request: &Request) -> Return {
        if strikes(rng, self.lose_answer) {
            return Return::Instead(Reply::Lost);
        }
        if strikes(rng, self.hide_answer) {
            return Return::Silence;
        }
        if strikes(rng, self.fail_after) {
            return Return::Instead(failure(request));
        }
        Return::Whole
    }
}

fn strikes(rng: &mut Rng, rate: u32) -> bool {
    rate > 0 && rng.u32(..1000) < rate
}

/// A refusal that DynamoDB, Stripe or the gateway can give.
fn refusal(rng: &mut Rng, request: &Request, has_twin: bool) -> Reply {
    match request {
        Request::Table(operation, request) => {
            let answer = match (operation.as_str(), rng.u8(..8)) {
                ("TransactWriteItems", 0..=3) => {
                    let actions = request["TransactItems"].as_array().map_or(1, Vec::len);
                    conflict(rng, actions)
                }
                ("TransactWriteItems", 4) => Answer::error(400, "TransactionInProgressException"),
                ("PutItem", 0..=3) => Answer::error(400, "TransactionConflictException"),
                (_, 5) => Answer::error(503, "ServiceUnavailable"),
                (_, 6) => Answer::error(500, "InternalServerError"),
                (_, 7) => Answer::error(400, "RequestLimitExceeded"),
                (_, 3) => Answer::error(400, "ThrottlingException"),
                _ => Answer::error(400, "ProvisionedThroughputExceededException"),
            };
            Reply::json(answer.status, &answer.body)
        }
        Request::Stripe(_) if has_twin && rng.bool() => {
            stripe_error(409, "idempotency_error", "idempotency_key_in_use")
        }
        Request::Stripe(_) => match rng.u8(..4) {
            0 => stripe_error(429, "invalid_request_error", "rate_limit"),
            1 => stripe_error(429, "invalid_request_error", "lock_timeout"),
            2 => stripe_error(500, "api_error", "internal"),
            _ => unavailable(),
        },
        Request::Function(_) => unavailable(),
    }
}

/// A transaction that conflicts, or is throttled, on some of its items.
fn conflict(rng: &mut Rng, actions: usize) -> Answer {
    let code = if rng.u8(..4) == 0 { "ThrottlingError" } else { "TransactionConflict" };
    let met = rng.usize(..actions);
    let reasons = (0..actions).map(|place| match place == met || rng.u8(..4) == 0 {
        true => json!({"Code": code, "Message": "simulated"}),
        false => json!({"Code": "None"}),
    });
    cancelled(reasons.collect())
}

/// A server error after the effect.
fn failure(request: &Request) -> Reply {
    match request {
        Request::Table(..) => {
            let answer = Answer::error(500, "InternalServerError");
            Reply::json(answer.status, &answer.body)
        }
        Request::Stripe(_) => stripe_error(500, "api_error", "internal"),
        Request::Function(_) => unavailable(),
    }
}

fn stripe_error(status: u16, kind: &str, code: &str) -> Reply {
    Reply::json(status, &json!({"error": {"type": kind, "code": code, "message": "simulated"}}))
}

fn unavailable() -> Reply {
    Reply::json(503, &json!({"message": "Service Unavailable"}))
}

/// The gateway's answer when a function ended without one.
pub(crate) fn crashed() -> Reply {
    Reply::json(500, &json!({"message": "Internal Server Error"}))
}
