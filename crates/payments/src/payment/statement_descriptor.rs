//! The suffix of the statement descriptor: what a card's statement shows behind the account's prefix.
//!
//! Stripe's rules (<https://docs.stripe.com/get-started/account/statement-descriptors>): the prefix of 2 to 10 characters,
//! `* ` and the suffix have at most 22 characters, all Latin, at least one letter in the suffix, and none of `< > \ ' " *`.

use crate::ids::CreatorId;
use serde::{Deserialize, Serialize};

/// The longest descriptor, with its prefix.
const MAX_CHARS: usize = 22;
/// `* `, between prefix and suffix.
const SEPARATOR_CHARS: usize = 2;
/// The lengths that Stripe lets a prefix have.
const PREFIX_CHARS: std::ops::RangeInclusive<usize> = 2..=10;
/// Where a template has the creator's id.
const CREATOR: &str = "{creator}";

/// A suffix that Stripe's rules take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementDescriptorSuffix(String);

impl StatementDescriptorSuffix {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str, max_chars: usize) -> Option<Self> {
        let fits = (1..=max_chars).contains(&text.chars().count()) && text.trim() == text;
        let has_letter = text.contains(|c: char| c.is_ascii_alphabetic());
        (fits && has_letter && text.chars().all(is_taken)).then(|| Self(text.to_owned()))
    }
}

/// Stripe drops what is not ASCII, so that a name would be shown in part.
fn is_taken(c: char) -> bool {
    (c.is_ascii_graphic() || c == ' ') && !matches!(c, '<' | '>' | '\\' | '\'' | '"' | '*')
}

/// The deployment's form of the suffix, such as `{creator}` or `TIP {creator}`. The default gives none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatementDescriptorTemplate {
    text: String,
    max_chars: usize,
}

/// The template has characters that Stripe does not take, or the prefix's length is none of Stripe's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a suffix of a statement descriptor")]
pub struct NotADescriptor;

impl StatementDescriptorTemplate {
    /// Checks a template; `prefix_chars` is the length of the account's prefix.
    ///
    /// # Errors
    /// [`NotADescriptor`].
    pub fn parse(text: &str, prefix_chars: usize) -> Result<Self, NotADescriptor> {
        let rest = text.replace(CREATOR, "");
        let is_valid = PREFIX_CHARS.contains(&prefix_chars)
            && rest.chars().all(is_taken)
            && !rest.contains(['{', '}'])
            && text.trim() == text;
        let max_chars = MAX_CHARS - SEPARATOR_CHARS;
        match is_valid {
            true => Ok(Self { text: text.to_owned(), max_chars: max_chars - prefix_chars }),
            false => Err(NotADescriptor),
        }
    }

    /// The suffix of a payment to a creator; `None` where Stripe's rules do not take it: a name is shown whole or not at
    /// all.
    #[must_use]
    pub fn for_creator(&self, creator: &CreatorId) -> Option<StatementDescriptorSuffix> {
        StatementDescriptorSuffix::parse(&self.text.replace(CREATOR, creator.as_str()), self.max_chars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suffix(template: &str, prefix_chars: usize, creator: &str) -> Option<String> {
        let template = StatementDescriptorTemplate::parse(template, prefix_chars).expect("a template");
        let creator = CreatorId::parse(creator).expect("id");
        template.for_creator(&creator).map(|suffix| suffix.as_str().to_owned())
    }

    #[test]
    fn a_name_within_stripes_rules_is_the_suffix() {
        assert_eq!(suffix("{creator}", 10, "ana").as_deref(), Some("ana"));
        assert_eq!(suffix("TIP {creator}", 10, "ana-42").as_deref(), Some("TIP ana-42"));
        assert_eq!(suffix("Tips", 10, "1").as_deref(), Some("Tips"));
    }

    #[test]
    fn a_name_outside_of_stripes_rules_gives_none() {
        for refused in ["4242", "an-artist-1", "x_42-42-42-42"] {
            assert_eq!(suffix("{creator}", 10, refused), None, "{refused}");
        }
        assert_eq!(suffix("", 10, "ana"), None);
    }

    #[test]
    fn the_length_is_what_the_prefix_leaves() {
        for (prefix_chars, longest) in [(10, 10), (2, 18)] {
            let name = |length: usize| "a".repeat(length);
            assert_eq!(suffix("{creator}", prefix_chars, &name(longest)), Some(name(longest)));
            assert_eq!(suffix("{creator}", prefix_chars, &name(longest + 1)), None);
        }
    }

    #[test]
    fn a_template_has_only_what_stripe_takes() {
        for wrong in
            ["a*b", "it's", "<{creator}>", "\\", "\"", "安", "{creator", "{name}", " {creator}", "a\n"]
        {
            assert_eq!(StatementDescriptorTemplate::parse(wrong, 10), Err(NotADescriptor), "{wrong}");
        }
        for prefix_chars in [1, 11] {
            assert_eq!(StatementDescriptorTemplate::parse("{creator}", prefix_chars), Err(NotADescriptor));
        }
    }
}
