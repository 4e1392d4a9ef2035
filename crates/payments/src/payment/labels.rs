//! What a payment's objects at Stripe say about it: descriptions, metadata and the card's statement.
//!
//! The sender reads them on the receipt and the statement, operators in the platform's dashboard, the creator on the
//! transfer's destination payment in the dashboard of the connected account. None of them names the sender. The app may have
//! put somebody's name into the context, so the creator's part leaves out the context of an anonymous payment.

use crate::ids::CreatorId;
use crate::payment::{StatementDescriptorSuffix, StatementDescriptorTemplate};
use crate::text_limits::Context;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The labels of a payment's objects. They are frozen with the other parameters of the intent, because each attempt under
/// one idempotency key must be the same request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// On the intent, its charge and Stripe's receipt.
    pub description: Description,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub statement_descriptor_suffix: Option<StatementDescriptorSuffix>,
    /// Metadata `creator_id`.
    pub creator: CreatorId,
    /// Metadata `context`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub context: Option<Context>,
    /// What the creator may see.
    pub for_creator: CreatorLabels,
}

/// The labels of transfers and of the payments that they make on the creator's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatorLabels {
    pub description: Description,
    /// Metadata `context`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub context: Option<Context>,
}

/// To whom and for what a payment is, in one line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description(String);

impl Labels {
    /// Makes the labels of a payment, on the heap: everything that handles a payment holds several copies of it.
    #[must_use]
    pub fn new(
        creator: &CreatorId,
        context: Option<&Context>,
        anonymous: bool,
        descriptor: &StatementDescriptorTemplate,
    ) -> Box<Self> {
        let shown_to_creator = context.filter(|_| !anonymous);
        Box::new(Self {
            description: Description::of(creator, context),
            statement_descriptor_suffix: descriptor.for_creator(creator),
            creator: creator.clone(),
            context: context.cloned(),
            for_creator: CreatorLabels {
                description: Description::of(creator, shown_to_creator),
                context: shown_to_creator.cloned(),
            },
        })
    }
}

impl Description {
    fn of(creator: &CreatorId, context: Option<&Context>) -> Self {
        let context =
            context.map(|context| context.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
        Self(match context {
            Some(context) => format!("Payment to {creator} for {context}"),
            None => format!("Payment to {creator}"),
        })
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hides the text, which has what people write.
impl fmt::Debug for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Description(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(context: Option<&str>, anonymous: bool) -> Box<Labels> {
        let creator = CreatorId::parse("ana").expect("id");
        let context = context.map(|text| Context::parse(text).expect("context"));
        let descriptor = StatementDescriptorTemplate::parse("{creator}", 10).expect("template");
        Labels::new(&creator, context.as_ref(), anonymous, &descriptor)
    }

    #[test]
    fn every_label_says_to_whom_and_for_what() {
        let labels = labels(Some("room:42"), false);
        assert_eq!(labels.description.as_str(), "Payment to ana for room:42");
        assert_eq!(labels.for_creator.description.as_str(), "Payment to ana for room:42");
        assert_eq!(labels.for_creator.context, labels.context);
        let suffix = labels.statement_descriptor_suffix.expect("a suffix");
        assert_eq!(suffix.as_str(), "ana");
    }

    #[test]
    fn the_context_of_an_anonymous_payment_is_not_among_what_the_creator_sees() {
        let labels = labels(Some("chat with sam"), true);
        assert_eq!(labels.description.as_str(), "Payment to ana for chat with sam");
        assert_eq!(labels.for_creator.description.as_str(), "Payment to ana");
        assert_eq!(labels.for_creator.context, None);
    }

    #[test]
    fn a_description_is_one_line() {
        assert_eq!(labels(Some("two\nlines"), false).description.as_str(), "Payment to ana for two lines");
        assert_eq!(labels(None, false).description.as_str(), "Payment to ana");
    }

    #[test]
    fn debug_shows_nothing_that_people_write() {
        let labels = labels(Some("secret room"), false);
        assert!(!format!("{labels:?}").contains("secret"));
        assert_eq!(format!("{:?}", labels.description), "Description(…)");
    }
}
