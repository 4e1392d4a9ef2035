//! How far a creator is on the way to receiving money, in words for the creator.

use crate::receiving::{
    account::{ConnectedAccount, Requirements},
    policy::Policy,
    receiver::Receiver,
};

/// How far a creator's account is. Whether they may receive depends on the rollout, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onboarding {
    /// There is no account.
    NotStarted,
    /// There is one, and its onboarding was not handed in.
    Unfinished,
    /// It was handed in, and Stripe looks at it.
    InReview,
    /// Money can be sent to it and is paid out.
    Ready,
    /// The same, and Stripe asks for something that is needed to keep it so.
    ReadyDetailsDue,
    /// Money can be sent to it, and is not paid out.
    ReadyPayoutsOff,
    /// Stripe restricts it until something is handed in.
    Restricted,
    /// Stripe rejected it for good.
    Rejected,
    /// It is not connected to us any more.
    Disconnected,
}

/// What a creator is asked for, in kinds that can be put into words. Stripe's own page asks for each single thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A bank account or debit card.
    PayoutAccount,
    /// Acceptance of Stripe's terms.
    Terms,
    /// About the person.
    Identity,
    /// About the business.
    Business,
    /// About what is offered.
    Activity,
    /// Anything else.
    Other,
}

impl Onboarding {
    /// How far a creator is, on the deployment's terms.
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
        if disabled.is_some_and(|reason| reason.starts_with("rejected")) {
            Self::Rejected
        } else if !account.details_submitted {
            Self::Unfinished
        } else if requirements.are_due() {
            Self::Restricted
        } else {
            // What waits for Stripe and not for the creator: there is nothing to hand in.
            Self::InReview
        }
    }

    /// A stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::Unfinished => "unfinished",
            Self::InReview => "in_review",
            Self::Ready => "ready",
            Self::ReadyDetailsDue => "ready_details_due",
            Self::ReadyPayoutsOff => "ready_payouts_off",
            Self::Restricted => "restricted",
            Self::Rejected => "rejected",
            Self::Disconnected => "disconnected",
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

    /// What the creator can do about it; nothing where there is nothing to do.
    #[must_use]
    pub fn next_step(self) -> Option<&'static str> {
        match self {
            Self::NotStarted => Some("Start the set-up with Stripe."),
            Self::Unfinished => Some("Go on with the set-up at Stripe."),
            Self::ReadyDetailsDue | Self::ReadyPayoutsOff | Self::Restricted => {
                Some("Open the set-up at Stripe, and hand in what it asks for.")
            }
            Self::Rejected => Some("Ask the app's support."),
            Self::Disconnected => Some("Set up a new account with Stripe."),
            Self::InReview | Self::Ready => None,
        }
    }
}

impl Need {
    /// Of one of Stripe's names, such as `individual.verification.document`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let first = name.split('.').next().unwrap_or_default();
        match first {
            "external_account" => Self::PayoutAccount,
            "tos_acceptance" => Self::Terms,
            "individual" | "representative" | "owners" | "directors" | "executives" => Self::Identity,
            "company" | "business_type" | "documents" => Self::Business,
            "business_profile" | "settings" => Self::Activity,
            person if person.starts_with("person_") => Self::Identity,
            _ => Self::Other,
        }
    }

    /// Everything that is asked for, each kind once.
    #[must_use]
    pub fn all_of(requirements: &Requirements) -> Vec<Self> {
        let names = requirements.past_due.iter().chain(&requirements.currently_due);
        let mut needs: Vec<_> = names.map(|name| Self::of(name)).collect();
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    /// A stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PayoutAccount => "payout_account",
            Self::Terms => "terms",
            Self::Identity => "identity",
            Self::Business => "business",
            Self::Activity => "activity",
            Self::Other => "other",
        }
    }

    /// A sentence for the creator.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::PayoutAccount => "A bank account or debit card to pay you out to.",
            Self::Terms => "Your consent to Stripe's terms.",
            Self::Identity => "Details about you, or a proof of them.",
            Self::Business => "Details about your business, or a proof of them.",
            Self::Activity => "What you receive money for.",
            Self::Other => "Further details that Stripe asks for.",
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
        let receiver = Receiver::unknown(CreatorId::parse("ana").expect("id"), usd);
        Onboarding::of(&Receiver { account: Some(account), ..receiver }, &Policy::default())
    }

    fn due(account: &mut ConnectedAccount) {
        account.requirements.currently_due = vec!["external_account".to_owned()];
    }

    #[test]
    fn a_creator_without_an_account_has_not_started() {
        let usd = Currency::parse("usd").expect("currency");
        let nobody = Receiver::unknown(CreatorId::parse("ana").expect("id"), usd);
        assert_eq!(Onboarding::of(&nobody, &Policy::default()), Onboarding::NotStarted);
    }

    #[test]
    fn may_be_paid_payouts_on_and_details_due_are_told_apart() {
        assert_eq!(state(|_| ()), Onboarding::Ready);
        assert_eq!(state(due), Onboarding::ReadyDetailsDue);
        assert_eq!(state(|account| account.payouts_enabled = false), Onboarding::ReadyPayoutsOff);
        let cannot = |account: &mut ConnectedAccount| account.transfers_active = false;
        let restricted = state(|account| {
            cannot(account);
            due(account);
        });
        assert_eq!(restricted, Onboarding::Restricted);
        assert_eq!(state(cannot), Onboarding::InReview, "nothing is asked of the creator");
    }

    #[test]
    fn what_was_not_handed_in_is_unfinished_whatever_is_due() {
        let unfinished = state(|account| {
            (account.transfers_active, account.details_submitted) = (false, false);
            due(account);
        });
        assert_eq!(unfinished, Onboarding::Unfinished);
    }

    #[test]
    fn a_rejected_and_a_disconnected_account_are_the_end() {
        let rejected = state(|account| {
            account.transfers_active = false;
            account.requirements.disabled_reason = Some("rejected.fraud".to_owned());
        });
        assert_eq!(rejected, Onboarding::Rejected);
        assert_eq!(state(|account| *account = account.disconnected()), Onboarding::Disconnected);
    }

    #[test]
    fn each_kind_of_requirement_is_asked_for_once_and_in_words() {
        let requirements = Requirements {
            past_due: vec!["individual.first_name".to_owned(), "person_1Q.dob.day".to_owned()],
            currently_due: vec!["tos_acceptance.date".to_owned(), "external_account".to_owned()],
            pending_verification: vec!["company.tax_id".to_owned()],
            ..Requirements::default()
        };
        let needs = Need::all_of(&requirements);
        assert_eq!(needs, [Need::PayoutAccount, Need::Terms, Need::Identity]);
        assert_eq!(Need::of("something.new"), Need::Other);
        assert_eq!(Need::of("business_profile.url"), Need::Activity);
        assert!(needs.iter().all(|need| need.message().ends_with('.')));
    }
}
