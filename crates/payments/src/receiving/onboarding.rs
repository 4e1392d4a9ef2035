//! How far a creator's onboarding at Stripe is, in sentences for the creator.

use crate::receiving::{ConnectedAccount, Policy, Receiver};
use serde::Serialize;

/// How far a creator's account is. Whether they may receive depends on the rollout as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Onboarding {
    NotStarted,
    /// The creator has not submitted the onboarding form.
    Unfinished,
    /// The form is submitted, and Stripe reviews it.
    InReview,
    /// Money can be sent to the account and is paid out.
    Ready,
    /// Ready, but Stripe needs more details to keep the account so.
    ReadyDetailsDue,
    /// Money can be sent to the account, but is not paid out.
    ReadyPayoutsOff,
    /// Money cannot be sent until the creator submits what is due.
    Restricted,
    Rejected,
    Disconnected,
}

impl Onboarding {
    /// How far a creator is, under the deployment's policy.
    #[must_use]
    pub fn of(receiver: &Receiver, policy: &Policy) -> Self {
        match &receiver.account {
            None => Self::NotStarted,
            Some(account) if account.disconnected => Self::Disconnected,
            Some(account) if policy.may_be_paid(account) => Self::of_receiving(account),
            Some(account) => Self::of_not_receiving(account),
        }
    }

    fn of_receiving(account: &ConnectedAccount) -> Self {
        match (account.payouts_enabled, account.requirements.are_due()) {
            (false, _) => Self::ReadyPayoutsOff,
            (true, true) => Self::ReadyDetailsDue,
            (true, false) => Self::Ready,
        }
    }

    fn of_not_receiving(account: &ConnectedAccount) -> Self {
        let requirements = &account.requirements;
        let disabled = requirements.disabled_reason.as_deref();
        // A country or business that Stripe does not support is as final as a rejection.
        let is_final = |reason: &str| reason.starts_with("rejected") || reason.starts_with("unsupported");
        if disabled.is_some_and(is_final) {
            Self::Rejected
        } else if !account.details_submitted {
            Self::Unfinished
        } else if requirements.are_due() {
            Self::Restricted
        } else {
            // Stripe has to act, not the creator: nothing is due.
            Self::InReview
        }
    }

    /// Whether Stripe or the creator can change it at any time, so that what is stored may be behind.
    #[must_use]
    pub fn is_awaited(self) -> bool {
        match self {
            Self::Unfinished
            | Self::InReview
            | Self::Restricted
            | Self::ReadyDetailsDue
            | Self::ReadyPayoutsOff => true,
            Self::NotStarted | Self::Ready | Self::Rejected | Self::Disconnected => false,
        }
    }

    /// A sentence for the creator.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::NotStarted => "You have not set up an account to receive money.",
            Self::Unfinished => "Your account is not finished: Stripe needs your details.",
            Self::InReview => {
                "Stripe is checking your details. Most checks take a few minutes, some take days."
            }
            Self::Ready => "Your account can receive money, and it is paid out to you.",
            Self::ReadyDetailsDue => {
                "Your account can receive money. Stripe needs more details to keep it so."
            }
            Self::ReadyPayoutsOff => {
                "Your account can receive money, but it is not paid out to you: it waits at Stripe."
            }
            Self::Restricted => {
                "Your account cannot receive money until Stripe has the details that it asks for."
            }
            Self::Rejected => "Stripe has closed your account. It cannot receive money.",
            Self::Disconnected => "Your account is not connected any more. It cannot receive money.",
        }
    }

    /// What the creator can do about it; `None` when there is nothing to do.
    #[must_use]
    pub fn next_step(self) -> Option<&'static str> {
        match self {
            Self::NotStarted => Some("Start the set-up with Stripe."),
            Self::Unfinished => Some("Continue the set-up at Stripe."),
            Self::ReadyDetailsDue | Self::ReadyPayoutsOff | Self::Restricted => {
                Some("Open the set-up at Stripe, and submit what it asks for.")
            }
            Self::Rejected => Some("Ask the app's support."),
            Self::Disconnected => Some("Set up a new account with Stripe."),
            Self::InReview | Self::Ready => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccountId, CreatorId};
    use crate::money::Currency;

    fn state(change: impl FnOnce(&mut ConnectedAccount)) -> Onboarding {
        let usd = Currency::parse("usd").expect("currency");
        let mut account = ConnectedAccount {
            details_submitted: true,
            transfers_active: true,
            payouts_enabled: true,
            ..ConnectedAccount::opened(AccountId::parse("acct_1").expect("id"), "US", usd)
        };
        change(&mut account);
        let receiver = Receiver::unknown(CreatorId::parse("ana").expect("id"));
        Onboarding::of(&Receiver { account: Some(account), ..receiver }, &Policy::default())
    }

    fn due(account: &mut ConnectedAccount) {
        account.requirements.currently_due = vec!["external_account".to_owned()];
    }

    #[test]
    fn a_creator_without_an_account_has_not_started() {
        let unknown = Receiver::unknown(CreatorId::parse("ana").expect("id"));
        assert_eq!(Onboarding::of(&unknown, &Policy::default()), Onboarding::NotStarted);
    }

    #[test]
    fn transfers_payouts_and_details_due_are_separate() {
        assert_eq!(state(|_| ()), Onboarding::Ready);
        assert_eq!(state(due), Onboarding::ReadyDetailsDue);
        assert_eq!(state(|account| account.payouts_enabled = false), Onboarding::ReadyPayoutsOff);
        let cannot = |account: &mut ConnectedAccount| account.transfers_active = false;
        let restricted = state(|account| {
            cannot(account);
            due(account);
        });
        assert_eq!(restricted, Onboarding::Restricted);
        assert_eq!(state(cannot), Onboarding::InReview, "nothing is due");
    }

    #[test]
    fn an_account_whose_details_are_not_submitted_is_unfinished_whatever_is_due() {
        let unfinished = state(|account| {
            (account.transfers_active, account.details_submitted) = (false, false);
            due(account);
        });
        assert_eq!(unfinished, Onboarding::Unfinished);
    }

    #[test]
    fn rejected_and_disconnected_accounts_have_states_of_their_own() {
        let rejected = state(|account| {
            account.transfers_active = false;
            account.requirements.disabled_reason = Some("rejected.fraud".to_owned());
        });
        assert_eq!(rejected, Onboarding::Rejected);
        assert_eq!(state(|account| *account = account.disconnected()), Onboarding::Disconnected);
    }

    #[test]
    fn each_state_says_whether_it_may_change_by_itself_and_what_the_creator_can_do() {
        use Onboarding as State;
        for (state, is_awaited, message, step) in [
            (State::NotStarted, false, "You have not set up an account", Some("Start")),
            (State::Unfinished, true, "Your account is not finished", Some("Continue")),
            (State::InReview, true, "Stripe is checking your details", None),
            (State::Ready, false, "Your account can receive money, and it is paid out", None),
            (State::ReadyDetailsDue, true, "Your account can receive money. Stripe needs", Some("Open")),
            (State::ReadyPayoutsOff, true, "Your account can receive money, but", Some("Open")),
            (State::Restricted, true, "Your account cannot receive money until", Some("Open")),
            (State::Rejected, false, "Stripe has closed your account", Some("Ask the app's support")),
            (State::Disconnected, false, "Your account is not connected", Some("Set up a new account")),
        ] {
            assert_eq!(state.is_awaited(), is_awaited, "{state:?}");
            assert!(state.message().starts_with(message), "{}", state.message());
            let first_words = step.map_or("", |step| step);
            assert_eq!(state.next_step().is_some(), step.is_some(), "{state:?}");
            assert!(state.next_step().unwrap_or_default().starts_with(first_words), "{state:?}");
        }
    }
}
