//! Payers of one creator: most pay at once, some with a card that fails first, some never; some payments are refunded
//! or disputed.

use futures_util::future::join_all;
use payments::{
    AccountId, Admission, Allowed, ChargeId, ChargeOutcome, CreatorId, Currency, DisputeFact, DisputeFunds,
    DisputeId, Fact, Fingerprint, IntentId, IntentParameters, Mismatch, Money, Payment, PaymentId,
    PaymentTerms, Rates, RefundFact, RefundId, RefundSplit, RefundStatus, Timestamp, Totals, TransactionId,
    UserId, WaveCounters, WaveName,
};
use payments_store::{Applied, Recorded, Store, StoreError, Stored};
use std::time::Duration;
use tokio::time::sleep;

/// Of how many payments one has a failed card first, one is refunded in half, one is disputed, one is never paid.
const ONE_FAILS_OF: u32 = 10;
const ONE_REFUNDED_OF: u32 = 25;
const ONE_DISPUTED_OF: u32 = 100;
const ONE_UNPAID_OF: u32 = 20;
/// How often the wave was resumed before it admitted them.
const RESUMES: u32 = 2;
const NOW: Timestamp = Timestamp::from_seconds(1_767_225_600);

pub(super) struct Payers {
    creator: CreatorId,
    wave: WaveName,
}

/// The counts that all payments together must have.
#[derive(Default)]
pub(super) struct Expected {
    pub(super) totals: Totals,
    pub(super) counters: WaveCounters,
}

impl Payers {
    pub(super) fn of(creator: CreatorId, wave: WaveName) -> Self {
        Self { creator, wave }
    }

    /// Makes `payments` payments, evenly over `seconds`.
    pub(super) async fn pay(&self, store: &Store, payments: u32, seconds: u64) -> Expected {
        let pause_us = seconds * 1_000_000 / u64::from(payments.max(1));
        let payers = (0..payments).map(|n| async move {
            sleep(Duration::from_micros(u64::from(n) * pause_us)).await;
            self.make_payment(store, n).await;
        });
        join_all(payers).await;
        self.expected(payments)
    }

    /// Stores one payment, then what Stripe reports about it, in two parts.
    async fn make_payment(&self, store: &Store, n: u32) {
        let payment = self.payment(n);
        let mut stored = recorded(store, &payment).await;
        let (mut first, then) = (vec![Fact::Intent(id(IntentId::parse, "pi", n))], after_payment(n));
        if n.is_multiple_of(ONE_FAILS_OF) {
            first.push(Fact::Charge(id(ChargeId::parse, "ch", n), ChargeOutcome::Failed));
        }
        if !n.is_multiple_of(ONE_UNPAID_OF) || n.is_multiple_of(ONE_DISPUTED_OF) {
            first.push(Fact::Succeeded);
        }
        stored = applied(store, stored, &first).await;
        if !then.is_empty() {
            applied(store, stored, &then).await;
        }
    }

    /// The expected counts, by arithmetic alone.
    fn expected(&self, payments: u32) -> Expected {
        let mut expected = Expected::default();
        let Expected { totals, counters } = &mut expected;
        let mut rates = Rates::default();
        for n in 0..payments {
            let (amount, fails) = (amount(n), n.is_multiple_of(ONE_FAILS_OF));
            let disputed = n.is_multiple_of(ONE_DISPUTED_OF);
            let settles = !n.is_multiple_of(ONE_UNPAID_OF) || disputed;
            rates.charges += i64::from(settles) + i64::from(fails);
            rates.failed_charges += i64::from(fails);
            if settles {
                totals.count += 1;
                totals.received += amount;
            }
            if disputed {
                totals.disputed += amount;
                totals.to_recover += amount;
                rates.disputed_payments += 1;
            } else if settles && n.is_multiple_of(ONE_REFUNDED_OF) {
                totals.refunded += amount / 2;
                totals.to_recover += amount / 2;
            }
        }
        rates.payments = totals.count;
        counters.cohorts = [(RESUMES, rates)].into();
        counters.first_payments = totals.count.min(1);
        counters.volume = [(usd(), totals.received)].into();
        expected
    }

    fn payment(&self, n: u32) -> Payment {
        let chosen = Money::new(amount(n), usd()).expect("an amount");
        Payment::new(PaymentTerms {
            sender: UserId::parse(&format!("payer-{n}")).expect("an id"),
            creator: self.creator.clone(),
            chosen,
            message: None,
            anonymous: false,
            context: None,
            fingerprint: Fingerprint::of(&n),
            allowed: Some(Allowed {
                by: Admission::Wave(self.wave.clone()),
                rollout_version: 1,
                receiver_version: 1,
                wave_resumes: RESUMES,
            }),
            parameters: IntentParameters {
                payment_id: PaymentId::parse(&format!("pay_{n:032x}")).expect("an id"),
                total: chosen,
                destination: AccountId::parse("acct_hot").expect("an id"),
                transfer_amount: chosen.amount(),
                customer: None,
                receipt_email: None,
                on_behalf_of: false,
                labels: payments::Labels::new(
                    &self.creator,
                    None,
                    false,
                    &payments::StatementDescriptorTemplate::default(),
                ),
            },
            created_at: NOW,
        })
    }
}

/// What happens to a payment after it is paid.
fn after_payment(n: u32) -> Vec<Fact> {
    if n.is_multiple_of(ONE_DISPUTED_OF) {
        let money = DisputeFunds {
            dispute: id(DisputeId::parse, "dp", n),
            charged: amount(n),
            creator: amount(n),
            fee: 0,
            fee_currency: usd(),
            raw_amount: None,
        };
        return vec![Fact::Dispute(DisputeFact::Funds(id(TransactionId::parse, "txn", n), money))];
    }
    if n.is_multiple_of(ONE_REFUNDED_OF) && !n.is_multiple_of(ONE_UNPAID_OF) {
        let split = RefundSplit { creator: amount(n) / 2, platform: 0, request: None };
        let refund = RefundFact::AtStripe(id(RefundId::parse, "re", n), split, RefundStatus::Succeeded);
        return vec![Fact::Refund(refund)];
    }
    Vec::new()
}

fn amount(n: u32) -> i64 {
    100 + i64::from(n % 901)
}

fn usd() -> Currency {
    Currency::parse("usd").expect("a currency")
}

fn id<T, E: std::fmt::Debug>(parse: impl Fn(&str) -> Result<T, E>, prefix: &str, n: u32) -> T {
    parse(&format!("{prefix}_{n}")).expect("an id")
}

async fn recorded(store: &Store, payment: &Payment) -> Stored<Payment> {
    loop {
        match store.record_payment(payment).await {
            Ok(Recorded::New(stored) | Recorded::Earlier(stored)) => return stored,
            Err(error) => pause(&error).await,
        }
    }
}

async fn applied(store: &Store, stored: Stored<Payment>, facts: &[Fact]) -> Stored<Payment> {
    loop {
        let facts = |_: &Payment| Ok::<_, Mismatch>(facts.to_vec());
        match store.apply_facts(stored.clone(), NOW, facts).await {
            Ok(Applied::Changed { payment, .. } | Applied::Unchanged(payment)) => return payment,
            Ok(Applied::Rejected(mismatch)) => panic!("{mismatch:?}"),
            Err(error) => pause(&error).await,
        }
    }
}

/// The write may have taken effect; repeating it is safe.
async fn pause(error: &StoreError) {
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    sleep(Duration::from_millis(fastrand::u64(1..50))).await;
}
