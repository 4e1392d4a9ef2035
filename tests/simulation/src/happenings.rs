//! What happens at Stripe without us: banks dispute and decide, refunds come back, creators are paid out, accounts
//! are restricted and restored, and operators act on Stripe's own pages.

use crate::actors::NEW_CREATOR;
use crate::outside::secret_call;
use crate::world::World;
use fastrand::Rng;
use http::Method;
use stripe_stand_in::{Call, TransferMoney, Verdict};

/// A paid charge, and what has come of it so far.
struct Paid {
    charge: String,
    amount: i64,
    refunds: Vec<String>,
    disputes: Vec<String>,
}

/// Something that happens at Stripe.
pub(crate) enum EventPayload {
    /// It has happened.
    Done(String),
    /// An operator does it on Stripe's own pages.
    Call(Call),
}

/// Draws what happens now; nothing where there is nothing that it could happen to.
pub(crate) fn happen(world: &mut World, rng: &mut Rng, now_ms: i64) -> Option<EventPayload> {
    let kind = rng.u8(..18);
    if kind >= 16 {
        return account(world, rng, now_ms);
    }
    if kind < 3 {
        return payout(world, rng);
    }
    if kind < 5 {
        return reversal(world, rng);
    }
    if kind == 5 {
        return cancellation(world, rng);
    }
    let paid = some(paid(world), rng)?;
    let Paid { charge, amount, refunds, disputes } = paid;
    let part = rng.bool().then(|| rng.i64(1..=amount));
    Some(match kind {
        6 | 7 => {
            let inquiry = rng.u8(..4) == 0;
            let opened = world.books.open_dispute(&charge, part, inquiry, now_ms)?;
            EventPayload::Done(format!("{opened} disputes {part:?} of {charge}, an inquiry: {inquiry}"))
        }
        8..=10 => {
            let dispute = some(disputes, rng)?;
            let verdict = [Verdict::Won, Verdict::Lost, Verdict::Escalated][rng.usize(..3)];
            world.books.decide_dispute(&dispute, verdict, now_ms);
            EventPayload::Done(format!("{dispute} is decided: {verdict:?}"))
        }
        11 => {
            let (dispute, amount) = (some(disputes, rng)?, part.unwrap_or(amount));
            let done = match rng.bool() {
                true => world.books.withdraw_for_dispute(&dispute, amount, now_ms),
                false => world.books.reinstate_for_dispute(&dispute, amount, now_ms),
            };
            EventPayload::Done(format!("{amount} of {dispute} are moved: {done}"))
        }
        12 => {
            let refund = some(refunds, rng)?;
            let failed = world.books.fail_refund(&refund, now_ms);
            EventPayload::Done(format!("{refund} fails: {failed}"))
        }
        _ => {
            let amount = part.map(|part| format!("&amount={part}")).unwrap_or_default();
            let body = format!("charge={charge}{amount}&reverse_transfer={}", rng.bool());
            EventPayload::Call(secret_call(Method::POST, "/v1/refunds", "", &body))
        }
    })
}

/// A creator's balance leaves Stripe, in part or whole.
fn payout(world: &World, rng: &mut Rng) -> Option<EventPayload> {
    let money = world.books.money();
    let full = money.balances.iter().filter(|(_, balance)| **balance > 0);
    let ((account, currency), balance) = some(full.collect(), rng)?;
    let amount = if rng.u8(..3) == 0 { rng.i64(1..=*balance) } else { *balance };
    let mut call =
        secret_call(Method::POST, "/v1/payouts", "", &format!("amount={amount}&currency={currency}"));
    call.stripe_account = Some((*account).to_owned());
    Some(EventPayload::Call(call))
}

/// Stripe, or its owner, brings an account somewhere.
fn account(world: &mut World, rng: &mut Rng, now_ms: i64) -> Option<EventPayload> {
    let account = some(world.list("/v1/accounts", now_ms), rng)?;
    let may_go = account["metadata"]["creator_id"] == NEW_CREATOR;
    let deed = match may_go && rng.bool() {
        true => "deauthorize",
        false => ["restore", "restore", "restrict", "hold_payouts", "ask_details"][rng.usize(..5)],
    };
    let path = format!("/stand_in/accounts/{}/{deed}", account["id"].as_str()?);
    Some(EventPayload::Call(secret_call(Method::POST, &path, "", "")))
}

/// Part of a transfer is taken back by hand.
fn reversal(world: &World, rng: &mut Rng) -> Option<EventPayload> {
    let money = world.books.money();
    let own = money.payments.values().filter_map(|payment| payment.transfer.as_ref());
    let ours = money.transfers.iter().filter(|transfer| transfer.metadata.contains_key("payment_id"));
    let open = |transfer: &&TransferMoney<'_>| transfer.amount > transfer.reversed();
    let transfer = some(own.chain(ours).filter(open).collect(), rng)?;
    let amount = rng.i64(1..=transfer.amount - transfer.reversed());
    let path = format!("/v1/transfers/{}/reversals", transfer.id);
    Some(EventPayload::Call(secret_call(Method::POST, &path, "", &format!("amount={amount}"))))
}

/// An open intent is canceled by hand.
fn cancellation(world: &World, rng: &mut Rng) -> Option<EventPayload> {
    let money = world.books.money();
    let open = money.payments.iter().filter(|(_, payment)| payment.charge.is_none());
    let (intent, _) = some(open.collect(), rng)?;
    let path = format!("/v1/payment_intents/{intent}/cancel");
    Some(EventPayload::Call(secret_call(Method::POST, &path, "", "")))
}

fn paid(world: &World) -> Vec<Paid> {
    let money = world.books.money();
    let paid = money.payments.values().filter_map(|payment| {
        Some(Paid {
            charge: payment.charge?.to_owned(),
            amount: payment.charged,
            refunds: payment.refunds.iter().map(|refund| refund.id.to_owned()).collect(),
            disputes: payment.disputes.iter().map(|dispute| dispute.id.to_owned()).collect(),
        })
    });
    paid.collect()
}

fn some<T>(mut all: Vec<T>, rng: &mut Rng) -> Option<T> {
    (!all.is_empty()).then(|| all.swap_remove(rng.usize(..all.len())))
}
