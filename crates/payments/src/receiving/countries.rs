//! The countries whose creators can receive.

/// The supported countries; all of them when the deployment names none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Countries(Vec<String>);

/// A list of countries cannot be parsed. Entries count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("countries are two upper-case letters each, separated by commas; wrong at entry {entry}")]
pub struct CountriesError {
    pub entry: usize,
}

impl Countries {
    /// Parses `US,CA,GB`.
    ///
    /// # Errors
    /// [`CountriesError`] naming the first wrong entry.
    pub fn parse(text: &str) -> Result<Self, CountriesError> {
        let entries = text.split(',').map(str::trim).enumerate().filter(|(_, entry)| !entry.is_empty());
        entries
            .map(|(at, entry)| match Self::is_country(entry) {
                true => Ok(entry.to_owned()),
                false => Err(CountriesError { entry: at + 1 }),
            })
            .collect::<Result<_, _>>()
            .map(Self)
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
            assert_eq!(Countries::parse(bad), Err(CountriesError { entry }), "{bad}");
        }
    }
}
