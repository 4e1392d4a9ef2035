//! What the sandbox holds of money, plainly: the oracle that a ledger is compared with.

use crate::objects::balance_transactions::BalanceTransaction;
use crate::objects::disputes::Dispute;
use crate::objects::payment_intents::PaymentIntent;
use crate::objects::records::Records;
use crate::objects::refunds::{Refund, Status};
use crate::objects::transfers::Transfer;
use crate::state::sandbox::Sandbox;
use std::collections::{BTreeMap, BTreeSet};

/// All money of the sandbox. Amounts are minor units.
#[derive(Clone, Debug, Default)]
pub struct Money<'b> {
    /// By payment intent, paid or not.
    pub payments: BTreeMap<&'b str, PaymentMoney<'b>>,
    /// The platform's own transfers: those that no destination charge made.
    pub transfers: Vec<TransferMoney<'b>>,
    /// What each connected account can be paid out, by account and currency.
    pub balances: BTreeMap<(&'b str, &'b str), i64>,
}

/// What one payment intent moved.
#[derive(Clone, Debug)]
pub struct PaymentMoney<'b> {
    /// The intent's status, as Stripe names it.
    pub status: &'static str,
    /// The currency of all its amounts.
    pub currency: &'b str,
    /// The intent's metadata.
    pub metadata: &'b BTreeMap<String, String>,
    /// The charge that succeeded.
    pub charge: Option<&'b str>,
    /// What the payer paid.
    pub charged: i64,
    /// The charge's balance transaction, with Stripe's fee. Not at once with asynchronous capture.
    pub settlement: Option<TransactionMoney<'b>>,
    /// The destination's share.
    pub transfer: Option<TransferMoney<'b>>,
    /// Oldest first, failed ones too.
    pub refunds: Vec<RefundMoney<'b>>,
    /// Oldest first, inquiries too.
    pub disputes: Vec<DisputeMoney<'b>>,
}

/// One movement of the platform's balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionMoney<'b> {
    /// The balance transaction's id.
    pub id: &'b str,
    /// What the platform gained, before the fee; negative when it lost.
    pub amount: i64,
    /// What Stripe took beside it.
    pub fee: i64,
}

/// One transfer and what was taken back of it.
#[derive(Clone, Debug)]
pub struct TransferMoney<'b> {
    /// The transfer's id.
    pub id: &'b str,
    /// What was transferred.
    pub amount: i64,
    /// What its maker wrote on it.
    pub metadata: &'b BTreeMap<String, String>,
    /// Oldest first.
    pub reversals: Vec<ReversalMoney<'b>>,
}

/// One reversal of a transfer.
#[derive(Clone, Debug)]
pub struct ReversalMoney<'b> {
    /// The reversal's id.
    pub id: &'b str,
    /// What was taken back.
    pub amount: i64,
    /// What its maker wrote on it.
    pub metadata: &'b BTreeMap<String, String>,
}

/// One refund.
#[derive(Clone, Debug)]
pub struct RefundMoney<'b> {
    /// The refund's id.
    pub id: &'b str,
    /// What it gives back to the payer.
    pub amount: i64,
    /// As Stripe names it.
    pub status: &'static str,
    /// Whether the money came back to the platform.
    pub failed: bool,
    /// What its maker wrote on it.
    pub metadata: &'b BTreeMap<String, String>,
}

/// One dispute.
#[derive(Clone, Debug)]
pub struct DisputeMoney<'b> {
    /// The dispute's id.
    pub id: &'b str,
    /// What is disputed.
    pub amount: i64,
    /// As Stripe names it.
    pub status: &'static str,
    /// Withdrawals (negative) and reinstatements, oldest first.
    pub transactions: Vec<TransactionMoney<'b>>,
}

impl PaymentMoney<'_> {
    /// What refunds that have not failed give back.
    #[must_use]
    pub fn refunded(&self) -> i64 {
        self.refunds.iter().filter(|refund| !refund.failed).map(|refund| refund.amount).sum()
    }

    /// What the destination got by the charge itself.
    #[must_use]
    pub fn transferred(&self) -> i64 {
        self.transfer.as_ref().map_or(0, |transfer| transfer.amount)
    }

    /// What of that was taken back.
    #[must_use]
    pub fn reversed(&self) -> i64 {
        self.transfer.as_ref().map_or(0, TransferMoney::reversed)
    }

    /// Stripe's fee for the charge, once it settled.
    #[must_use]
    pub fn fee(&self) -> Option<i64> {
        self.settlement.map(|transaction| transaction.fee)
    }
}

impl TransferMoney<'_> {
    /// What was taken back.
    #[must_use]
    pub fn reversed(&self) -> i64 {
        self.reversals.iter().map(|reversal| reversal.amount).sum()
    }
}

impl DisputeMoney<'_> {
    /// What was taken from the platform, fees apart.
    #[must_use]
    pub fn withdrawn(&self) -> i64 {
        self.transactions.iter().map(|transaction| (-transaction.amount).max(0)).sum()
    }

    /// What it got back.
    #[must_use]
    pub fn reinstated(&self) -> i64 {
        self.transactions.iter().map(|transaction| transaction.amount.max(0)).sum()
    }

    /// What Stripe took for the dispute.
    #[must_use]
    pub fn fee(&self) -> i64 {
        self.transactions.iter().map(|transaction| transaction.fee).sum()
    }
}

impl Sandbox {
    /// All money, as of the last call or [`Sandbox::advance`].
    #[must_use]
    pub fn money(&self) -> Money<'_> {
        let records = &self.records;
        let mut money = Money::default();
        for (id, intent) in records.payment_intents.rows() {
            money.payments.insert(id, of_intent(records, intent));
        }
        for refund in records.refunds.rows().values() {
            if let Some(payment) = money.payments.get_mut(refund.payment_intent.as_str()) {
                payment.refunds.push(of_refund(refund));
            }
        }
        for dispute in records.disputes.rows().values() {
            if let Some(payment) = money.payments.get_mut(dispute.payment_intent.as_str()) {
                payment.disputes.push(of_dispute(records, dispute));
            }
        }
        let of_charges: BTreeSet<&str> =
            money.payments.values().filter_map(|payment| Some(payment.transfer.as_ref()?.id)).collect();
        for transfer in records.transfers.rows().values() {
            let balance = (transfer.destination.as_str(), transfer.currency.as_str());
            *money.balances.entry(balance).or_default() += transfer.amount - transfer.amount_reversed;
            if !of_charges.contains(transfer.id.as_str()) {
                money.transfers.push(of_transfer(records, transfer));
            }
        }
        for payout in records.payouts.rows().values() {
            *money.balances.entry((&payout.account, &payout.currency)).or_default() -= payout.amount;
        }
        money
    }
}

fn of_intent<'b>(records: &'b Records, intent: &'b PaymentIntent) -> PaymentMoney<'b> {
    let charge = intent.latest_charge.as_ref().and_then(|id| records.charges.get(id));
    let charge = charge.filter(|charge| charge.is_paid());
    let settlement = charge.and_then(|charge| charge.balance_transaction.as_ref());
    let transfer = charge.and_then(|charge| charge.transfer.as_ref());
    PaymentMoney {
        status: intent.status.name(),
        currency: &intent.currency,
        metadata: &intent.metadata,
        charge: charge.map(|charge| charge.id.as_str()),
        charged: charge.map_or(0, |charge| charge.amount),
        settlement: settlement.and_then(|id| records.balance_transactions.get(id)).map(of_transaction),
        transfer: transfer.and_then(|id| records.transfers.get(id)).map(|it| of_transfer(records, it)),
        refunds: Vec::new(),
        disputes: Vec::new(),
    }
}

fn of_transaction(transaction: &BalanceTransaction) -> TransactionMoney<'_> {
    TransactionMoney { id: &transaction.id, amount: transaction.amount, fee: transaction.fee }
}

fn of_transfer<'b>(records: &'b Records, transfer: &'b Transfer) -> TransferMoney<'b> {
    let reversals = transfer.reversals.iter().filter_map(|id| records.transfer_reversals.get(id));
    TransferMoney {
        id: &transfer.id,
        amount: transfer.amount,
        metadata: &transfer.metadata,
        reversals: reversals
            .map(|it| ReversalMoney { id: &it.id, amount: it.amount, metadata: &it.metadata })
            .collect(),
    }
}

fn of_refund(refund: &Refund) -> RefundMoney<'_> {
    RefundMoney {
        id: &refund.id,
        amount: refund.amount,
        status: refund.status.name(),
        failed: refund.status == Status::Failed,
        metadata: &refund.metadata,
    }
}

fn of_dispute<'b>(records: &'b Records, dispute: &'b Dispute) -> DisputeMoney<'b> {
    let transactions = dispute.balance_transactions.iter();
    DisputeMoney {
        id: &dispute.id,
        amount: dispute.amount,
        status: dispute.status.name(),
        transactions: transactions
            .filter_map(|id| records.balance_transactions.get(id).map(of_transaction))
            .collect(),
    }
}
