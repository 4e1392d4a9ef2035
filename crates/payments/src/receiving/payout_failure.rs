//! Why a bank sent a payout back or refused a debit, in sentences for the creator.

use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Serialize};

/// A reason of Stripe's list (<https://docs.stripe.com/api/payouts/failures>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutFailure {
    AccountClosed,
    AccountFrozen,
    BankAccountRestricted,
    BankOwnershipChanged,
    CouldNotProcess,
    DebitNotAuthorized,
    Declined,
    IncorrectAccountHolderAddress,
    IncorrectAccountHolderName,
    IncorrectAccountHolderTaxId,
    IncorrectAccountType,
    InsufficientFunds,
    InvalidAccountNumber,
    InvalidAccountNumberLength,
    InvalidCurrency,
    NoAccount,
    UnsupportedCard,
    /// None of those above: Stripe adds reasons, and can fail a payout without one.
    Other,
}

impl PayoutFailure {
    /// The reason of one of Stripe's codes.
    #[must_use]
    pub fn of(code: &str) -> Self {
        Self::deserialize(StrDeserializer::<ValueError>::new(code)).unwrap_or(Self::Other)
    }

    /// A sentence about a payout, with what helps. The money is in the creator's balance at Stripe again.
    #[must_use]
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::AccountClosed => "The bank account is closed. Enter another one at Stripe.",
            Self::AccountFrozen => {
                "The bank account is frozen. Ask your bank, or enter another one at Stripe."
            }
            Self::BankAccountRestricted => {
                "The bank account does not take payouts, as many savings accounts. Enter another one at Stripe."
            }
            Self::BankOwnershipChanged => {
                "The bank's branch has another owner now. Enter the account's new details at Stripe."
            }
            Self::CouldNotProcess => {
                "The bank could not process the payout. Check the bank account at Stripe."
            }
            Self::DebitNotAuthorized => {
                "The bank account does not allow debits, which Stripe requires. Ask your bank, or enter another one."
            }
            Self::Declined => "The bank declined the payout. Ask your bank.",
            Self::IncorrectAccountHolderAddress => {
                "The account holder's address at Stripe is not the bank's. Correct it at Stripe."
            }
            Self::IncorrectAccountHolderName => {
                "The account holder's name at Stripe is not the bank's. Correct it at Stripe."
            }
            Self::IncorrectAccountHolderTaxId => {
                "The account holder's tax number at Stripe is not the bank's. Correct it at Stripe."
            }
            Self::IncorrectAccountType => "The type of the bank account is wrong. Correct it at Stripe.",
            Self::InsufficientFunds => "Your balance at Stripe was lower than the payout.",
            Self::InvalidAccountNumber => {
                "The number of the bank account is not valid. Correct it at Stripe."
            }
            Self::InvalidAccountNumberLength => {
                "The number of the bank account is too long or too short. Correct it at Stripe."
            }
            Self::InvalidCurrency => {
                "The bank account does not take this currency. Enter another one at Stripe."
            }
            Self::NoAccount => "The bank has no account with these details. Correct them at Stripe.",
            Self::UnsupportedCard => "The bank takes no payouts to this card any more. Enter another one.",
            Self::Other => "The bank sent the payout back. Check the bank account at Stripe.",
        }
    }

    /// A sentence about a debit. Stripe did not get the money, and the creator's balance stays as low as it was.
    #[must_use]
    pub(super) fn message_of_debit(self) -> &'static str {
        match self {
            Self::BankAccountRestricted => {
                "The bank account does not allow debits, as many savings accounts. Enter another one at Stripe."
            }
            Self::CouldNotProcess => {
                "The bank could not process the debit. Check the bank account at Stripe."
            }
            Self::Declined => "The bank declined the debit. Ask your bank.",
            Self::InsufficientFunds => "The bank account had too little money for the debit.",
            Self::UnsupportedCard => "Stripe cannot debit this card. Enter another one.",
            Self::Other => "The bank refused the debit. Check the bank account at Stripe.",
            Self::AccountClosed
            | Self::AccountFrozen
            | Self::BankOwnershipChanged
            | Self::DebitNotAuthorized
            | Self::IncorrectAccountHolderAddress
            | Self::IncorrectAccountHolderName
            | Self::IncorrectAccountHolderTaxId
            | Self::IncorrectAccountType
            | Self::InvalidAccountNumber
            | Self::InvalidAccountNumberLength
            | Self::InvalidCurrency
            | Self::NoAccount => self.message(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_of_stripes_codes_has_its_own_sentence_and_an_unknown_one_has_the_general_one() {
        let codes = "account_closed account_frozen bank_account_restricted bank_ownership_changed could_not_process \
            debit_not_authorized declined incorrect_account_holder_address incorrect_account_holder_name \
            incorrect_account_holder_tax_id incorrect_account_type insufficient_funds invalid_account_number \
            invalid_account_number_length invalid_currency no_account unsupported_card other";
        let failures: Vec<_> = codes
            .split_whitespace()
            .map(|code| {
                let failure = PayoutFailure::of(code);
                assert_eq!(serde_json::json!(failure), code);
                failure
            })
            .collect();
        for message in [PayoutFailure::message, PayoutFailure::message_of_debit] {
            let sentences: BTreeSet<_> = failures.iter().map(|failure| message(*failure)).collect();
            assert_eq!(sentences.len(), 18);
            assert!(sentences.iter().all(|sentence| sentence.ends_with('.')));
        }
        assert_eq!(PayoutFailure::of("something_new"), PayoutFailure::Other);
        let of_debits = failures.iter().map(|failure| failure.message_of_debit());
        assert_eq!(
            of_debits.filter(|sentence| sentence.contains("payout")).collect::<Vec<_>>(),
            [] as [&str; 0]
        );
    }
}
