//! What happens at Stripe without us: banks warn, dispute and decide, refunds fail, creators are paid out, accounts are
//! restricted and restored, and people act on Stripe's own pages.

use crate::actors::NEW_CREATOR;
use crate::backends::Backends;
use crate::client::secret_call;
use crate::currency::{CURRENCIES, Currency};
use fastrand::Rng;
use http::Method;
use stripe_stand_in::{Call, TransferMoney, Verdict};

/// In the metadata of another program's charges.
pub(crate) const PROGRAM: &str = "program";

/// A paid charge with its refunds and disputes.
struct Paid {
    charge: String,
    amount: i64,
    refunds: Vec<String>,
    disputes: Vec<String>,
}

pub(crate) enum ExternalEvent {
    /// It has happened; described for the trace.
    Done(String),
    /// An early fraud warning, described for the trace.
    Warning(String),
    /// Somebody makes this call from Stripe's own pages.
    Call(Call),
}

/// Draws what happens now; none when there is nothing that it could happen to.
pub(crate) fn draw_event(
    backends: &mut Backends,
    rng: &mut Rng,
    currency: Currency,
    now_ms: i64,
    set_up_can_break: bool,
) -> Option<ExternalEvent> {
    let kind = rng.u8(..if set_up_can_break { 24 } else { 21 });
    if kind >= 21 {
        return Some(set_up(backends, rng));
    }
    if kind == 20 {
        return Some(foreign_charge(rng));
    }
    if kind >= 18 {
        return Some(balance_transaction(rng, currency));
    }
    if kind >= 16 {
        return account(backends, rng, now_ms);
    }
    if kind < 3 {
        return payout(backends, rng);
    }
    if kind < 5 {
        return reversal(backends, rng, currency);
    }
    if kind == 5 {
        return cancellation(backends, rng);
    }
    let paid = pick(paid(backends), rng)?;
    let Paid { charge, amount, refunds, disputes } = paid;
    let part = rng.bool().then(|| currency.whole_steps(rng.i64(1..=amount)));
    Some(match kind {
        6 | 7 => {
            let inquiry = rng.u8(..4) == 0;
            let opened = backends.stripe.open_dispute(&charge, part, inquiry, now_ms)?;
            ExternalEvent::Done(format!("{opened} disputes {part:?} of {charge}, an inquiry: {inquiry}"))
        }
        8..=10 => {
            let dispute = pick(disputes, rng)?;
            let verdict = [Verdict::Won, Verdict::Lost, Verdict::Escalated][rng.usize(..3)];
            backends.stripe.decide_dispute(&dispute, verdict, now_ms);
            ExternalEvent::Done(format!("{dispute} is decided: {verdict:?}"))
        }
        // Parts of a dispute that is converted cannot be attributed, and are parked.
        11 if currency.balance != currency.code => return None,
        11 => {
            let (dispute, amount) = (pick(disputes, rng)?, part.unwrap_or(amount));
            let done = match rng.bool() {
                true => backends.stripe.withdraw_for_dispute(&dispute, amount, now_ms),
                false => backends.stripe.reinstate_for_dispute(&dispute, amount, now_ms),
            };
            ExternalEvent::Done(format!("{amount} of {dispute} change hands: {done}"))
        }
        12 => {
            let refund = pick(refunds, rng)?;
            let failed = backends.stripe.fail_refund(&refund, now_ms);
            ExternalEvent::Done(format!("{refund} fails: {failed}"))
        }
        13 | 14 => {
            backends.stripe.warn_of_fraud(&charge, now_ms);
            ExternalEvent::Warning(format!("the issuer warns of fraud with {charge}"))
        }
        _ => {
            let amount = part.map(|part| format!("&amount={part}")).unwrap_or_default();
            let body = format!("charge={charge}{amount}&reverse_transfer={}", rng.bool());
            ExternalEvent::Call(secret_call(Method::POST, "/v1/refunds", "", &body))
        }
    })
}

/// The platform's set-up breaks, or is mended.
fn set_up(backends: &mut Backends, rng: &mut Rng) -> ExternalEvent {
    let (change, what): (fn(&mut Backends), &str) = [
        (Backends::block_accounts as fn(&mut Backends), "Stripe creates no accounts"),
        (Backends::leave_region, "the platform is in another region"),
        (Backends::mend_set_up, "the set-up is mended"),
    ][rng.usize(..3)];
    change(backends);
    ExternalEvent::Done(what.to_owned())
}

/// A creator's balance is paid out, in part or whole.
fn payout(backends: &Backends, rng: &mut Rng) -> Option<ExternalEvent> {
    let money = backends.stripe.money();
    let full = money.balances.iter().filter(|(_, balance)| **balance > 0);
    let ((account, currency), balance) = pick(full.collect(), rng)?;
    let amount = if rng.u8(..3) == 0 { rng.i64(1..=*balance) } else { *balance };
    let mut call =
        secret_call(Method::POST, "/v1/payouts", "", &format!("amount={amount}&currency={currency}"));
    call.stripe_account = Some((*account).to_owned());
    Some(ExternalEvent::Call(call))
}

/// Stripe or the platform's bank moves the platform's balance.
fn balance_transaction(rng: &mut Rng, currency: Currency) -> ExternalEvent {
    let (kind, sign) = [
        ("stripe_fee", -1),
        ("payout", -1),
        ("payout_failure", 1),
        ("topup", 1),
        ("reserve_hold", -1),
        ("reserve_release", 1),
        ("adjustment", 1),
        ("contribution", -1),
    ][rng.usize(..8)];
    let (amount, fee) = (sign * currency.whole_steps(rng.i64(1..=2_000)), rng.i64(0..=3));
    let body = format!("type={kind}&amount={amount}&fee={fee}&currency={}", currency.balance);
    ExternalEvent::Call(secret_call(Method::POST, "/stand_in/balance_transactions", "", &body))
}

/// Another program charges a card on the same Stripe account, in any currency: Stripe converts to the platform's.
fn foreign_charge(rng: &mut Rng) -> ExternalEvent {
    let currency = CURRENCIES[rng.usize(..CURRENCIES.len())];
    let amount = currency.whole_steps(currency.of_cents(rng.i64(200..=4_000)));
    let deployment = match rng.bool() {
        true => "&metadata[deployment]=another&metadata[payment_id]=pay_0123456789abcdef0123456789abcdef",
        false => "",
    };
    let body = format!(
        "amount={amount}&currency={}&capture_method=automatic&allowed_payment_method_types[]=card\
         &payment_method=pm_card_visa&confirm=true&metadata[{PROGRAM}]=another{deployment}",
        currency.code
    );
    ExternalEvent::Call(secret_call(Method::POST, "/v1/payment_intents", "", &body))
}

/// Stripe or the creator changes an account.
fn account(backends: &mut Backends, rng: &mut Rng, now_ms: i64) -> Option<ExternalEvent> {
    let account = pick(backends.list("/v1/accounts", now_ms), rng)?;
    let may_go = account["metadata"]["creator_id"] == NEW_CREATOR;
    let action = match may_go && rng.bool() {
        true => "deauthorize",
        false => ["restore", "restore", "restrict", "hold_payouts", "ask_details"][rng.usize(..5)],
    };
    let path = format!("/stand_in/accounts/{}/{action}", account["id"].as_str()?);
    Some(ExternalEvent::Call(secret_call(Method::POST, &path, "", "")))
}

/// Part of a transfer is reversed by hand.
fn reversal(backends: &Backends, rng: &mut Rng, currency: Currency) -> Option<ExternalEvent> {
    let money = backends.stripe.money();
    let own = money.payments.values().filter_map(|payment| payment.transfer.as_ref());
    let ours = money.transfers.iter().filter(|transfer| transfer.metadata.contains_key("payment_id"));
    let open = |transfer: &&TransferMoney<'_>| transfer.amount > transfer.reversed();
    let transfer = pick(own.chain(ours).filter(open).collect(), rng)?;
    let amount = currency.whole_steps(rng.i64(1..=transfer.amount - transfer.reversed()));
    let path = format!("/v1/transfers/{}/reversals", transfer.id);
    Some(ExternalEvent::Call(secret_call(Method::POST, &path, "", &format!("amount={amount}"))))
}

/// An open intent is canceled by hand.
fn cancellation(backends: &Backends, rng: &mut Rng) -> Option<ExternalEvent> {
    let money = backends.stripe.money();
    let open = money.payments.iter().filter(|(_, payment)| payment.charge.is_none());
    let (intent, _) = pick(open.collect(), rng)?;
    let path = format!("/v1/payment_intents/{intent}/cancel");
    Some(ExternalEvent::Call(secret_call(Method::POST, &path, "", "")))
}

fn paid(backends: &Backends) -> Vec<Paid> {
    let money = backends.stripe.money();
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

fn pick<T>(mut all: Vec<T>, rng: &mut Rng) -> Option<T> {
    (!all.is_empty()).then(|| all.swap_remove(rng.usize(..all.len())))
}
