//! API versions (docs.stripe.com/api/versioning): a date, and the name of the major release.

use crate::API_VERSION;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;

/// The names of the major releases (docs.stripe.com/changelog).
const RELEASES: [&str; 6] = ["acacia", "basil", "clover", "dahlia", "dashboard", "endive"];

/// The version that shapes one call.
#[derive(Clone, Debug)]
pub(crate) struct ApiVersion(String);

/// The platform's own version, for what no call causes.
impl Default for ApiVersion {
    fn default() -> Self {
        Self(API_VERSION.to_owned())
    }
}

impl ApiVersion {
    /// The version in `Stripe-Version`; `None` without the header.
    pub(crate) fn named(call: &Call) -> Result<Option<Self>, StripeError> {
        let Some(given) = &call.stripe_version else {
            return Ok(None);
        };
        let (date, release) = given.split_once('.').unwrap_or((given, "release"));
        let is_date = date.len() == 10
            && date.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        // A version of before the named releases has a date alone.
        let is_release = release == "release" || release == "preview" || RELEASES.contains(&release);
        if is_date && is_release {
            return Ok(Some(Self(given.clone())));
        }
        Err(StripeError::invalid(format!("Invalid Stripe API version: {given}")))
    }

    /// Whether the version is of `date` (`2026-09-30`) or later.
    pub(crate) fn is_since(&self, date: &str) -> bool {
        self.0.get(..date.len()).is_some_and(|of| of >= date)
    }
}
