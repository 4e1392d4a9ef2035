//! Compares the amounts of a balance transaction with what the ledger has booked for it.

use crate::ids::TransactionId;
use crate::money::Currency;
use crate::payment::{Entry, LedgerAccount, Payment};
use crate::reconciliation::{BalanceTransactionKind, TransactionAmounts};
use std::collections::BTreeMap;

/// What the ledger has booked for one balance transaction: by currency, because a fee can be in another one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookedAmounts(BTreeMap<Currency, TransactionAmounts>);

impl BookedAmounts {
    /// What these entries book for a transaction of a kind. The entry of the settlement books both the charge and the
    /// creator's share: only the transaction's own account counts.
    #[must_use]
    pub fn of(kind: &BalanceTransactionKind, entries: &[Entry]) -> Self {
        let mut booked = BTreeMap::new();
        for posting in entries.iter().flat_map(|entry| &entry.postings) {
            let (amount, fee) = match (&posting.account, kind.is_of_share()) {
                (LedgerAccount::Card, false) | (LedgerAccount::Creator(_), true) => (-posting.amount, 0),
                // The conversion takes back what the payment's own entry books, and books what the balance changed by.
                (LedgerAccount::Fx(..), _) => (-posting.amount, 0),
                (LedgerAccount::StripeFees, false) => (0, posting.amount),
                (
                    LedgerAccount::Card
                    | LedgerAccount::Creator(_)
                    | LedgerAccount::StripeFees
                    | LedgerAccount::FeeReserve
                    | LedgerAccount::Owed(_)
                    | LedgerAccount::Platform,
                    _,
                ) => continue,
            };
            let sum =
                booked.entry(posting.currency).or_insert(TransactionAmounts::new(0, 0, posting.currency));
            *sum = TransactionAmounts::new(sum.amount + amount, sum.fee + fee, posting.currency);
        }
        booked.retain(|_, sum| sum.amount != 0 || sum.fee != 0);
        Self(booked)
    }

    /// What it changes of the balance, by currency.
    pub fn nets(&self) -> impl Iterator<Item = (Currency, i64)> {
        self.0.iter().map(|(currency, amounts)| (*currency, amounts.net))
    }

    /// How the transaction deviates from what is booked, with both values; `None` when they agree.
    #[must_use]
    pub fn deviation(&self, transaction: &TransactionAmounts) -> Option<String> {
        let zero = TransactionAmounts::new(0, 0, transaction.currency);
        let booked = self.0.get(&transaction.currency).unwrap_or(&zero);
        let has_others = self.0.keys().any(|currency| *currency != transaction.currency);
        if booked == transaction && !has_others {
            return None;
        }
        let booked: Vec<String> = self.0.values().map(ToString::to_string).collect();
        let booked = if booked.is_empty() { "nothing".to_owned() } else { booked.join(" and ") };
        let converted =
            if has_others { "; Stripe converted it, and the other currency is not booked" } else { "" };
        Some(format!("{booked} is booked, and Stripe shows {transaction}{converted}"))
    }
}

impl BalanceTransactionKind {
    /// Whether it moves the creator's share, not the sender's money.
    fn is_of_share(&self) -> bool {
        match self {
            Self::Transfer(_) | Self::Reversal(_) => true,
            Self::Charge | Self::Refund(_) | Self::RefundFailure(_) | Self::Dispute(_) => false,
        }
    }
}

impl Payment {
    /// The ids of the entries that book a balance transaction.
    #[must_use]
    pub fn entry_ids_of(&self, transaction: &TransactionId, kind: &BalanceTransactionKind) -> Vec<String> {
        let settled = || "settled".to_owned();
        let mut ids = match kind {
            BalanceTransactionKind::Charge => vec![settled(), format!("fee/{transaction}")],
            BalanceTransactionKind::Refund(id) => vec![format!("refund/{id}")],
            BalanceTransactionKind::RefundFailure(id) => vec![format!("refund/{id}/failed")],
            BalanceTransactionKind::Dispute(_) => vec![format!("dispute/{transaction}")],
            BalanceTransactionKind::Transfer(id) if self.state.transfers.retransfers.contains_key(id) => {
                vec![format!("transfer/{id}")]
            }
            BalanceTransactionKind::Transfer(_) => vec![settled()],
            BalanceTransactionKind::Reversal(id) => vec![format!("reversal/{id}")],
        };
        if self.state.conversions.contains_key(transaction) {
            ids.push(format!("fx/{transaction}"));
        }
        ids
    }
}
