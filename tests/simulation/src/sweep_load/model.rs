//! How many payments a second one function sweeps, from the requests that a payment costs and the time that each takes.

use crate::network::Request;
use std::fmt::Write as _;

/// Requests of payments over their life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Demand {
    /// Pages of Stripe's lists.
    pub pages: u64,
    /// Batches of a hundred items.
    pub batches: u64,
    /// Reads of one payment.
    pub own_reads: u64,
    pub writes: u64,
}

/// The time that requests take, and how many are made side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumptions {
    /// A page of Stripe's; assumed.
    pub page_ms: u64,
    /// A read of DynamoDB's; assumed.
    pub read_ms: u64,
    /// A transaction of DynamoDB's; assumed.
    pub write_ms: u64,
    /// Pages side by side (`PAGES_AT_ONCE`).
    pub pages_at_once: u64,
    /// Payments of a page side by side (`PAYMENTS_AT_ONCE`).
    pub payments_at_once: u64,
    /// `ReconciliationStripeRate`.
    pub stripe_a_second: u32,
    /// How much of the time the schedule works: 240 s of every 300 s.
    pub working_percent: u64,
}

/// What the table in `docs/ARCHITECTURE.md` assumes.
pub const MODELLED: Assumptions = Assumptions {
    page_ms: 1_000,
    read_ms: 4,
    write_ms: 8,
    pages_at_once: 16,
    payments_at_once: 10,
    stripe_a_second: 20,
    working_percent: 80,
};

impl Demand {
    pub(super) fn add(&mut self, request: &Request) {
        match request {
            Request::Stripe(_) => self.pages += 1,
            Request::Table(operation, _) if operation == "BatchGetItem" => self.batches += 1,
            Request::Table(operation, _) if operation == "GetItem" || operation == "Query" => {
                self.own_reads += 1;
            }
            Request::Table(..) => self.writes += 1,
            Request::Function(_) => {}
        }
    }

    /// How long the requests take side by side, in milliseconds, or Stripe's rate allows.
    #[must_use]
    pub fn takes_ms(&self, assumed: &Assumptions) -> u64 {
        let of_payments = (self.own_reads * assumed.read_ms + self.writes * assumed.write_ms)
            .div_ceil(assumed.payments_at_once);
        let all = self.pages * assumed.page_ms + self.batches * assumed.read_ms + of_payments;
        all.div_ceil(assumed.pages_at_once).max(self.pages * 1_000 / u64::from(assumed.stripe_a_second))
    }

    /// How many payments a second are swept over their life, if so many cost this.
    #[must_use]
    pub fn payments_a_second(&self, payments: u64, assumed: &Assumptions) -> u64 {
        payments * 1_000 * assumed.working_percent / 100 / self.takes_ms(assumed).max(1)
    }
}

/// One request after another, as it was before.
const ONE_BY_ONE: Assumptions =
    Assumptions { pages_at_once: 1, payments_at_once: 1, stripe_a_second: 1_000, ..MODELLED };

/// Before and after, measured by `tests/api/sweep_costs.rs` and by `simulate --sweep`: requests of a hundred payments.
const ROWS: [(&str, Demand, Assumptions); 4] = [
    ("told, with an overlap of an hour", demand(39, 0, 5_200, 100), ONE_BY_ONE),
    ("lost, with an overlap of an hour", demand(91, 0, 10_400, 500), ONE_BY_ONE),
    ("told, in two passes", demand(6, 6, 100, 100), MODELLED),
    ("lost, in two passes", demand(11, 11, 100, 500), MODELLED),
];

const fn demand(pages: u64, batches: u64, own_reads: u64, writes: u64) -> Demand {
    Demand { pages, batches, own_reads, writes }
}

/// The table in `docs/ARCHITECTURE.md`.
#[must_use]
pub fn table() -> String {
    let mut table = "| a hundred payments | pages of Stripe's | batches | reads of one payment | writes | payments a second, at 1 s a page | at 0.3 s |\n\
        | --- | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for (name, demand, assumed) in ROWS {
        let Demand { pages, batches, own_reads, writes } = demand;
        let slow = demand.payments_a_second(100, &assumed);
        let fast = demand.payments_a_second(100, &Assumptions { page_ms: 300, ..assumed });
        let _ =
            writeln!(table, "| {name} | {pages} | {batches} | {own_reads} | {writes} | {slow} | {fast} |");
    }
    table
}
