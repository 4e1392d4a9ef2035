//! The countries whose creators can receive.

use crate::list::{ListError, parse_list};

/// The supported countries; all of them when the deployment names none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Countries(Vec<String>);

impl Countries {
    /// Parses `US,CA,GB`.
    ///
    /// # Errors
    /// [`ListError`] naming the first wrong entry.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        parse_list(text, |entry| Self::is_country(entry).then(|| entry.to_owned())).map(Self)
    }

    /// Whether a text has the form of a two-letter country code.
    #[must_use]
    pub fn is_country(text: &str) -> bool {
        text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// Whether a country is supported.
    #[must_use]
    pub fn include(&self, country: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|supported| supported == country)
    }

    /// The country of a creator who names none: the first one supported.
    #[must_use]
    pub fn default_country(&self) -> &str {
        self.0.first().map_or("US", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_countries_are_supported_and_all_where_none_is() {
        let some = Countries::parse("DE, FR").expect("countries");
        assert_eq!(["DE", "FR", "US", "de"].map(|code| some.include(code)), [true, true, false, false]);
        assert!(Countries::default().include("US"));
        assert_eq!(Countries::parse(""), Ok(Countries::default()));
    }

    #[test]
    fn a_creator_who_names_no_country_has_the_first() {
        assert_eq!(Countries::parse("DE,US").expect("countries").default_country(), "DE");
        assert_eq!(Countries::default().default_country(), "US");
    }

    #[test]
    fn an_entry_that_is_no_country_is_refused_with_its_position() {
        for (bad, entry) in [("us", 1), ("US,USA", 2), ("US,,1X", 3)] {
            assert_eq!(Countries::parse(bad), Err(ListError { entry }), "{bad}");
        }
    }
}
