//! Regions between which funds can go without `on_behalf_of`
//! (docs.stripe.com/connect/destination-charges, /connect/account-capabilities#transfers-cross-border).

use crate::currencies::currency_of;
use std::fmt;
use std::str::FromStr;

const EEA: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK";

/// The regions that pay to each other.
const CORRIDOR: [&str; 5] = ["CA", "CH", "EEA", "GB", "US"];

/// The European Economic Area, or a single country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

/// Neither `EEA` nor the code of a country.
#[derive(Debug, thiserror::Error)]
#[error("EEA, or the 2-letter code of a country such as US or GB")]
pub struct UnknownRegion;

impl Region {
    /// The region of a country.
    pub(crate) fn of(country: &str) -> Self {
        let is_in_eea = EEA.split(' ').any(|code| code == country);
        Self(if is_in_eea { "EEA" } else { country }.to_owned())
    }

    pub(crate) fn pays_to(&self, other: &Self) -> bool {
        self == other || (self.pays_abroad() && other.pays_abroad())
    }

    /// The country of a platform in this region: Germany for the EEA.
    #[must_use]
    pub fn country(&self) -> &str {
        if self.0 == "EEA" { "DE" } else { &self.0 }
    }

    /// The currency in which a platform in this region has a balance.
    #[must_use]
    pub fn currency(&self) -> &'static str {
        currency_of(&self.0)
    }

    /// Whether the platform pays to other regions.
    #[must_use]
    pub fn pays_abroad(&self) -> bool {
        CORRIDOR.contains(&self.0.as_str())
    }

    /// Stripe's rate for the region's own cards (stripe.com/pricing), in parts per million; the US rate where none is named
    /// here.
    pub(crate) fn domestic_ppm(&self) -> i64 {
        match self.0.as_str() {
            "EEA" | "GB" => 15_000,
            "AU" => 17_000,
            "NZ" => 27_000,
            "SG" | "HK" => 34_000,
            "JP" => 36_000,
            _ => 29_000,
        }
    }
}

impl Default for Region {
    fn default() -> Self {
        Self("US".to_owned())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(name: &str) -> Result<Self, UnknownRegion> {
        let is_country = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_uppercase());
        match name {
            "EEA" => Ok(Self(name.to_owned())),
            _ if is_country => Ok(Self::of(name)),
            _ => Err(UnknownRegion),
        }
    }
}
