//! What kind of detail each of Stripe's requirements asks for, in sentences for the creator.

use crate::receiving::Requirements;
use serde::Serialize;

/// A kind of requirement that the creator reads in one sentence. Stripe's own page asks for each single requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    PayoutAccount,
    Terms,
    Identity,
    Business,
    /// What the creator offers.
    Activity,
    Other,
}

impl RequirementKind {
    /// The kind of one of Stripe's requirements, such as `individual.verification.document`, in Accounts v2
    /// `identity.individual.documents.primary_verification`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        // In Accounts v2 the first word is the part of the account, and the next the subject.
        let mut words =
            name.split('.').skip_while(|word| ["identity", "configuration", "merchant"].contains(word));
        let first = words.next().unwrap_or_default();
        match first {
            "external_account" | "recipient" => Self::PayoutAccount,
            "tos_acceptance" => Self::Terms,
            "defaults" if words.next() == Some("payout_methods") => Self::PayoutAccount,
            "attestations" if words.next() == Some("terms_of_service") => Self::Terms,
            "individual" | "persons" | "representative" | "owners" | "directors" | "executives" => {
                Self::Identity
            }
            "company" | "business_type" | "documents" | "business_details" | "entity_type"
            | "attestations" => Self::Business,
            "business_profile" | "settings" | "defaults" | "mcc" | "support" | "statement_descriptor" => {
                Self::Activity
            }
            person if person.starts_with("person_") => Self::Identity,
            _ => Self::Other,
        }
    }

    /// Every kind of requirement that is due, each once.
    #[must_use]
    pub fn all_due(requirements: &Requirements) -> Vec<Self> {
        let names = requirements.past_due.iter().chain(&requirements.currently_due);
        let mut kinds: Vec<_> = names.map(|name| Self::of(name)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
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

    #[test]
    fn each_kind_of_requirement_is_listed_once_with_a_sentence() {
        let requirements = Requirements {
            past_due: vec!["individual.first_name".to_owned(), "person_1Q.dob.day".to_owned()],
            currently_due: vec!["tos_acceptance.date".to_owned(), "external_account".to_owned()],
            pending_verification: vec!["company.tax_id".to_owned()],
            ..Requirements::default()
        };
        let kinds = RequirementKind::all_due(&requirements);
        assert_eq!(
            kinds,
            [RequirementKind::PayoutAccount, RequirementKind::Terms, RequirementKind::Identity]
        );
        assert_eq!(RequirementKind::of("something.new"), RequirementKind::Other);
        assert_eq!(RequirementKind::of("business_profile.url"), RequirementKind::Activity);
        assert!(kinds.iter().all(|kind| kind.message().ends_with('.')));
    }

    #[test]
    fn requirements_of_accounts_v2_are_of_the_same_kinds() {
        for (name, kind) in [
            ("identity.individual.date_of_birth", RequirementKind::Identity),
            ("identity.entity_type", RequirementKind::Business),
            ("identity.business_details.registered_name", RequirementKind::Business),
            ("identity.attestations.terms_of_service.account", RequirementKind::Terms),
            ("identity.attestations.ownership_declaration", RequirementKind::Business),
            ("configuration.recipient.default_outbound_destination", RequirementKind::PayoutAccount),
            ("defaults.payout_methods", RequirementKind::PayoutAccount),
            ("configuration.merchant.mcc", RequirementKind::Activity),
            ("configuration.merchant.support.phone", RequirementKind::Activity),
            ("defaults.profile.business_url", RequirementKind::Activity),
            ("something.new", RequirementKind::Other),
        ] {
            assert_eq!(RequirementKind::of(name), kind, "{name}");
        }
    }
}
