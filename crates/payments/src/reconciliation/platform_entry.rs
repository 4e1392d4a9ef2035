//! The double-entry bookkeeping of what moves the platform's balance and belongs to no payment.
//!
//! | class | postings |
//! | --- | --- |
//! | a payout or top-up of amount a | `stripe_balance` + a, `bank` − a |
//! | Stripe's fee | `stripe_balance` + a, `stripe_fees` − a |
//! | any other | `stripe_balance` + a, the account of its class − a |
//! | with a fee f in it | `stripe_balance` − f, `stripe_fees` + f in addition |

use crate::ids::TransactionId;
use crate::money::Currency;
use crate::reconciliation::{TransactionAmounts, TransactionClass};
use serde::{Deserialize, Serialize};

/// An entry of the platform: one balance transaction. Its postings sum to zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformEntry {
    pub transaction: TransactionId,
    pub class: TransactionClass,
    pub postings: Vec<PlatformPosting>,
}

/// A change of the balance of one of the platform's accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformPosting {
    pub account: PlatformAccount,
    /// Minor units; positive increases the account.
    pub amount: i64,
    pub currency: Currency,
}

/// An account of the platform's own entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformAccount {
    /// The platform's balance at Stripe, as far as no payment moves it.
    StripeBalance,
    Bank,
    StripeFees,
    Tax,
    Reserve,
    Adjustments,
    Contributions,
    Financing,
    Issuing,
    Collections,
    ApplicationFees,
    CustomerFunds,
    BalancePayments,
}

impl PlatformEntry {
    /// The entry of a transaction; `None` when it is not the platform's own.
    #[must_use]
    pub fn of(
        transaction: &TransactionId,
        class: TransactionClass,
        amounts: &TransactionAmounts,
        has_payment_object: bool,
    ) -> Option<Self> {
        let counterpart = counterpart(class).filter(|_| class.is_platforms(has_payment_object))?;
        let mut entry = Self { transaction: transaction.clone(), class, postings: Vec::new() };
        entry.post(
            PlatformAccount::StripeBalance,
            amounts.amount.saturating_sub(amounts.fee),
            amounts.currency,
        );
        entry.post(counterpart, amounts.amount.saturating_neg(), amounts.currency);
        entry.post(PlatformAccount::StripeFees, amounts.fee, amounts.currency);
        entry.postings.retain(|posting| posting.amount != 0);
        Some(entry)
    }

    /// What the entry changes of the balance at Stripe, in minor units of a currency.
    #[must_use]
    pub fn balance_change(&self, currency: Currency) -> i64 {
        let of_balance = |posting: &&PlatformPosting| {
            posting.account == PlatformAccount::StripeBalance && posting.currency == currency
        };
        self.postings.iter().filter(of_balance).map(|posting| posting.amount).sum()
    }

    fn post(&mut self, account: PlatformAccount, amount: i64, currency: Currency) {
        match self.postings.iter_mut().find(|posting| posting.account == account) {
            Some(posting) => posting.amount = posting.amount.saturating_add(amount),
            None => self.postings.push(PlatformPosting { account, amount, currency }),
        }
    }
}

/// The account on the other side of the balance; none for what belongs to payments, or is not known.
fn counterpart(class: TransactionClass) -> Option<PlatformAccount> {
    Some(match class {
        TransactionClass::Charge
        | TransactionClass::Refund
        | TransactionClass::RefundFailure
        | TransactionClass::Dispute
        | TransactionClass::Transfer
        | TransactionClass::TransferReversal
        | TransactionClass::OtherBusiness
        | TransactionClass::Unknown => return None,
        TransactionClass::StripeFee => PlatformAccount::StripeFees,
        TransactionClass::Tax => PlatformAccount::Tax,
        TransactionClass::Payout | TransactionClass::TopUp => PlatformAccount::Bank,
        TransactionClass::Reserve => PlatformAccount::Reserve,
        TransactionClass::Adjustment => PlatformAccount::Adjustments,
        TransactionClass::Contribution => PlatformAccount::Contributions,
        TransactionClass::Financing => PlatformAccount::Financing,
        TransactionClass::Issuing => PlatformAccount::Issuing,
        TransactionClass::Collection => PlatformAccount::Collections,
        TransactionClass::PlatformEarning => PlatformAccount::ApplicationFees,
        TransactionClass::CustomerFunds => PlatformAccount::CustomerFunds,
        TransactionClass::BalancePayment => PlatformAccount::BalancePayments,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use PlatformAccount as Account;

    fn postings(class: TransactionClass, amount: i64, fee: i64) -> Vec<(Account, i64)> {
        let amounts = TransactionAmounts::new(amount, fee, Currency::parse("usd").expect("currency"));
        let id = TransactionId::parse("txn_1").expect("id");
        let entry = PlatformEntry::of(&id, class, &amounts, false).expect("the platform's");
        assert_eq!(entry.balance_change(amounts.currency), amounts.net);
        assert_eq!(entry.balance_change(Currency::parse("eur").expect("currency")), 0);
        entry.postings.iter().map(|posting| (posting.account, posting.amount)).collect()
    }

    #[test]
    fn each_of_the_platforms_classes_is_booked_against_its_account_and_sums_to_zero() {
        for class in TransactionClass::ALL.into_iter().filter(|class| class.is_platforms(false)) {
            for (amount, fee) in [(-500, 0), (700, 0), (-500, 15), (0, 9)] {
                let sum: i64 = postings(class, amount, fee).iter().map(|(_, amount)| amount).sum();
                assert_eq!(sum, 0, "{class}");
            }
        }
        assert_eq!(
            postings(TransactionClass::Payout, -500, 0),
            [(Account::StripeBalance, -500), (Account::Bank, 500)]
        );
        assert_eq!(
            postings(TransactionClass::Payout, -500, 5),
            [(Account::StripeBalance, -505), (Account::Bank, 500), (Account::StripeFees, 5)]
        );
        assert_eq!(
            postings(TransactionClass::StripeFee, -20, 2),
            [(Account::StripeBalance, -22), (Account::StripeFees, 22)]
        );
    }

    #[test]
    fn what_could_be_a_payments_has_no_entry_of_the_platform() {
        let amounts = TransactionAmounts::new(5, 0, Currency::parse("usd").expect("currency"));
        let id = TransactionId::parse("txn_1").expect("id");
        for class in TransactionClass::ALL {
            let entry = PlatformEntry::of(&id, class, &amounts, true);
            assert_eq!(entry.is_some(), class.is_platforms(true), "{class}");
        }
        assert_eq!(PlatformEntry::of(&id, TransactionClass::Adjustment, &amounts, true), None);
    }
}
