//! The countries whose creators can receive, and those that money can be sent to from the platform's.

use crate::parameter_list::{ListError, parse_list};

/// The countries among which Stripe sends money across borders without `on_behalf_of`: the US, the UK, the EEA, Canada
/// and Switzerland (<https://docs.stripe.com/connect/cross-border-payouts>).
const CROSS_BORDER: [&str; 34] = [
    "AT", "BE", "BG", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "US",
];

/// The supported countries: all of them when the deployment names none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Countries {
    listed: Vec<String>,
    /// The country of the platform's own Stripe account; without it, no region is checked.
    platform: Option<String>,
}

impl Countries {
    /// Parses `US,CA,GB`.
    ///
    /// # Errors
    /// [`ListError`] naming the first wrong entry.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        let listed = parse_list(text, |entry| Self::is_country(entry).then(|| entry.to_owned()))?;
        Ok(Self { listed, platform: None })
    }

    /// The same countries, seen from the platform's own.
    #[must_use]
    pub fn from_platform_in(self, country: &str) -> Self {
        Self { platform: Some(country.to_owned()), ..self }
    }

    /// Whether a text has the form of a two-letter country code.
    #[must_use]
    pub fn is_country(text: &str) -> bool {
        text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// Whether the deployment supports a country.
    #[must_use]
    pub fn include(&self, country: &str) -> bool {
        self.listed.is_empty() || self.listed.iter().any(|supported| supported == country)
    }

    /// Whether a charge that settles on the platform can be sent on to an account in a country. `on_behalf_of` settles it
    /// there instead.
    #[must_use]
    pub fn platform_reaches(&self, country: &str) -> bool {
        let crosses_borders = |country: &str| CROSS_BORDER.contains(&country);
        self.platform.as_deref().is_none_or(|platform| {
            platform == country || (crosses_borders(platform) && crosses_borders(country))
        })
    }

    /// The country of the platform's own Stripe account.
    #[must_use]
    pub fn platform(&self) -> Option<&str> {
        self.platform.as_deref()
    }

    /// The country of a creator who names none: the first one supported.
    #[must_use]
    pub fn default_country(&self) -> &str {
        self.listed.first().or(self.platform.as_ref()).map_or("US", String::as_str)
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
        assert_eq!(Countries::default().from_platform_in("AU").default_country(), "AU");
    }

    #[test]
    fn money_crosses_borders_among_the_us_the_uk_the_eea_canada_and_switzerland_alone() {
        assert!(CROSS_BORDER.is_sorted());
        for (platform, country, is_sent) in [
            ("US", "DE", true),
            ("DE", "US", true),
            ("GB", "CA", true),
            ("CH", "NO", true),
            ("US", "JP", false),
            ("JP", "US", false),
            ("AU", "NZ", false),
            ("AU", "AU", true),
        ] {
            let countries = Countries::default().from_platform_in(platform);
            assert_eq!(countries.platform_reaches(country), is_sent, "{platform} to {country}");
        }
        assert!(Countries::default().platform_reaches("JP"), "no platform, no region");
    }

    #[test]
    fn an_entry_that_is_no_country_is_refused_with_its_position() {
        for (bad, entry) in [("us", 1), ("US,USA", 2), ("US,,1X", 3)] {
            assert_eq!(Countries::parse(bad), Err(ListError { entry }), "{bad}");
        }
    }
}
