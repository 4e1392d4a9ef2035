//! The template's parameters, which a deployment asks for, and what the stand-in takes from them.

use std::collections::BTreeMap;

use stripe_stand_in::{Platform, Region};

use super::Options;
use crate::token::{AUDIENCE, ISSUER};

/// The origin in the sample events.
const SAMPLE_ORIGIN: &str = "https://app.example.com";

/// The values that the template is read with. Of a name that is given twice the last value applies.
pub(super) fn parameters(options: &Options, own_origins: &[String]) -> BTreeMap<String, String> {
    let given = [
        ("JwtIssuer", ISSUER.to_owned()),
        ("JwtAudience", AUDIENCE.to_owned()),
        ("AllowedOrigins", allowed_origins(options, own_origins)),
        ("SenderLimits", options.sender_limits.clone()),
        ("SenderCreatorLimits", options.sender_creator_limits.clone()),
        ("AddressLimits", options.address_limits.clone()),
        ("AccountKind", options.account_kind.unwrap_or_else(|| account_kind(options.platform)).to_owned()),
    ];
    let given = given.map(|(name, value)| (name.to_owned(), value));
    let others = options.parameters.iter().filter(|(name, _)| name != "AllowedOrigins").cloned();
    given.into_iter().chain(of_region(&region(options))).chain(others).collect()
}

/// The parameter's own list, or the stack's origins and that of the sample events; and those of `--allow-origin`.
fn allowed_origins(options: &Options, own_origins: &[String]) -> String {
    match given(options, "AllowedOrigins") {
        Some(list) => {
            let all = std::iter::once(list).chain(options.allowed_origins.iter().map(String::as_str));
            all.filter(|origin| !origin.is_empty()).collect::<Vec<_>>().join(",")
        }
        None => [own_origins, &[SAMPLE_ORIGIN.to_owned()]].concat().join(","),
    }
}

/// The platform's region: that of `PlatformCountry`, where the parameter is given.
pub(super) fn region(options: &Options) -> Region {
    let country = given(options, "PlatformCountry").and_then(|country| country.parse().ok());
    country.unwrap_or_else(|| options.region.clone())
}

/// In what the stand-in's platform settles: unless it is told, in what the parameters tell the functions.
pub(super) fn settlement_currencies(options: &Options) -> Vec<String> {
    if !options.settlement_currencies.is_empty() {
        return options.settlement_currencies.clone();
    }
    let default = given(options, "DefaultCurrency");
    let all = given(options, "SettlementCurrencies").unwrap_or_default().split(',');
    // The first is for charges in any other currency.
    let mut currencies: Vec<String> = default.into_iter().map(str::to_owned).collect();
    currencies
        .extend(all.filter(|currency| !currency.is_empty() && Some(*currency) != default).map(str::to_owned));
    currencies
}

fn given<'a>(options: &'a Options, name: &str) -> Option<&'a str> {
    options.parameters.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
}

/// The parameters that say where the platform is. One that pays to no other region lists its own country alone.
fn of_region(region: &Region) -> impl Iterator<Item = (String, String)> {
    let country = region.country().to_owned();
    let countries = (!region.pays_abroad()).then(|| ("Countries".to_owned(), country.clone()));
    let currency = region.currency().to_owned();
    let of_platform = [("PlatformCountry".to_owned(), country), ("DefaultCurrency".to_owned(), currency)];
    of_platform.into_iter().chain(countries)
}

/// The kind of account that a platform makes.
fn account_kind(platform: Platform) -> &'static str {
    match platform {
        Platform::AccountsV1 | Platform::AccountsV1Only => "controller_express",
        Platform::AccountsV2 | Platform::NeedsApproval | Platform::Inactive => "accounts_v2",
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, parameters, region, settlement_currencies};

    fn options(given: &[(&str, &str)]) -> Options {
        let parameters =
            given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Options { parameters, ..Options::default() }
    }

    #[test]
    fn the_stand_in_is_where_the_parameters_say_and_settles_in_their_currencies() {
        let german = options(&[("PlatformCountry", "DE")]);
        assert_eq!(region(&german).to_string(), "EEA");
        assert_eq!(parameters(&german, &[])["DefaultCurrency"], "eur");
        assert!(settlement_currencies(&german).is_empty(), "the region's own");
        let two = options(&[("DefaultCurrency", "eur"), ("SettlementCurrencies", "usd,eur,gbp")]);
        assert_eq!(settlement_currencies(&two), ["eur", "usd", "gbp"]);
        let told = Options { settlement_currencies: vec!["chf".to_owned()], ..two };
        assert_eq!(settlement_currencies(&told), ["chf"]);
    }

    #[test]
    fn a_list_of_origins_replaces_the_stacks_own_and_an_allowed_origin_is_in_either() {
        let own = ["http://127.0.0.1:3000".to_owned(), "http://app".to_owned()];
        let listed = |options: &Options| parameters(options, &own)["AllowedOrigins"].clone();
        let app = |given| Options { allowed_origins: vec!["http://app".to_owned()], ..options(given) };
        assert_eq!(listed(&app(&[])), "http://127.0.0.1:3000,http://app,https://app.example.com");
        assert_eq!(listed(&app(&[("AllowedOrigins", "https://a.example")])), "https://a.example,http://app");
        assert_eq!(listed(&options(&[("AllowedOrigins", "")])), "");
    }

    #[test]
    fn of_a_parameter_that_is_given_twice_the_last_value_applies() {
        let twice = options(&[("DefaultCurrency", "gbp"), ("DefaultCurrency", "chf")]);
        assert_eq!(parameters(&twice, &[])["DefaultCurrency"], "chf");
        assert_eq!(settlement_currencies(&twice), ["chf"]);
    }
}
