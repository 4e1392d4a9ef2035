//! A summary of all money in the sandbox: an oracle for a ledger.

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
    /// By payment intent, unpaid ones too.
    pub payments: BTreeMap<&'b str, PaymentMoney<'b>>,
    /// Transfers that the platform made itself, without a destination charge.
    pub transfers: Vec<TransferMoney<'b>>,
    /// The balance of each connected account, by account and currency.
    pub balances: BTreeMap<(&'b str, &'b str), i64>,
}

/// The money of one payment intent.
#[derive(Clone, Debug)]
pub struct PaymentMoney<'b> {
    pub status: &'static str,
    pub metadata: &'b BTreeMap<String, String>,
    /// The charge that succeeded.
    pub charge: Option<&'b str>,
    pub charged: i64,
    /// The charge's balance transaction. With asynchronous capture, it follows the charge.
    pub settlement: Option<TransactionMoney<'b>>,
    /// The destination's share.
    pub transfer: Option<TransferMoney<'b>>,
    /// Oldest first, including failed ones.
    pub refunds: Vec<RefundMoney<'b>>,
    /// Oldest first, including inquiries.
    pub disputes: Vec<DisputeMoney<'b>>,
}

/// One change of the platform's balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionMoney<'b> {
    pub id: &'b str,
    /// The change of the platform's balance before the fee.
    pub amount: i64,
    pub fee: i64,
    /// The currency of the platform's balance.
    pub currency: &'b str,
    /// `amount` before Stripe converted it, in the currency of its source.
    pub source_amount: i64,
}

/// One transfer and its reversals.
#[derive(Clone, Debug)]
pub struct TransferMoney<'b> {
    pub id: &'b str,
    pub amount: i64,
    pub currency: &'b str,
    pub metadata: &'b BTreeMap<String, String>,
    /// Oldest first.
    pub reversals: Vec<ReversalMoney<'b>>,
}

/// One reversal of a transfer.
#[derive(Clone, Debug)]
pub struct ReversalMoney<'b> {
    pub id: &'b str,
    pub amount: i64,
    pub metadata: &'b BTreeMap<String, String>,
}

/// One refund, with its status as Stripe names it.
#[derive(Clone, Debug)]
pub struct RefundMoney<'b> {
    pub id: &'b str,
    pub amount: i64,
    pub status: &'static str,
    /// Whether the money came back to the platform.
    pub failed: bool,
    pub metadata: &'b BTreeMap<String, String>,
}

/// One dispute, with its status as Stripe names it.
#[derive(Clone, Debug)]
pub struct DisputeMoney<'b> {
    pub id: &'b str,
    pub amount: i64,
    pub status: &'static str,
    /// Withdrawals (negative) and reinstatements, oldest first.
    pub transactions: Vec<TransactionMoney<'b>>,
}

impl PaymentMoney<'_> {
    /// The sum of the refunds that have not failed.
    #[must_use]
    pub fn refunded(&self) -> i64 {
        self.refunds.iter().filter(|refund| !refund.failed).map(|refund| refund.amount).sum()
    }

    /// The destination's share of the charge.
    #[must_use]
    pub fn transferred(&self) -> i64 {
        self.transfer.as_ref().map_or(0, |transfer| transfer.amount)
    }

    /// The reversed part of the destination's share.
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
    /// The sum of the reversals.
    #[must_use]
    pub fn reversed(&self) -> i64 {
        self.reversals.iter().map(|reversal| reversal.amount).sum()
    }
}

impl DisputeMoney<'_> {
    /// The sum of the withdrawals, without fees, in the dispute's currency.
    #[must_use]
    pub fn withdrawn(&self) -> i64 {
        self.transactions.iter().map(|transaction| (-transaction.source_amount).max(0)).sum()
    }

    /// The sum of the reinstatements, in the dispute's currency.
    #[must_use]
    pub fn reinstated(&self) -> i64 {
        self.transactions.iter().map(|transaction| transaction.source_amount.max(0)).sum()
    }

    /// Stripe's fees for the dispute.
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
            let balance = (transfer.destination.as_str(), transfer.received_in.as_str());
            *money.balances.entry(balance).or_default() += transfer.received - transfer.taken_back;
            if !of_charges.contains(transfer.id.as_str()) {
                money.transfers.push(of_transfer(records, transfer));
            }
        }
        for payout in records.payouts.rows().values() {
            if let Some(account) = &payout.account {
                *money.balances.entry((account, &payout.currency)).or_default() -= payout.taken();
            }
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
    TransactionMoney {
        id: &transaction.id,
        amount: transaction.amount,
        fee: transaction.fee,
        currency: &transaction.currency,
        source_amount: transaction.source_amount,
    }
}

fn of_transfer<'b>(records: &'b Records, transfer: &'b Transfer) -> TransferMoney<'b> {
    let reversals = transfer.reversals.iter().filter_map(|id| records.transfer_reversals.get(id));
    TransferMoney {
        id: &transfer.id,
        amount: transfer.amount,
        currency: &transfer.currency,
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
