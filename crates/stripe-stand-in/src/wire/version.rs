//! API versions (docs.stripe.com/api/versioning): a date, and the name of the major release.

use crate::API_VERSION;
use crate::wire::call::Call;
use crate::wire::errors::StripeError;

/// Versions that an endpoint can be pinned to. (There are older ones.)
pub(crate) const VERSIONS: &str = "2022-11-15 2023-08-16 2023-10-16 2024-04-10 2024-06-20 2024-09-30.acacia 2024-10-28.acacia \
     2024-11-20.acacia 2024-12-18.acacia 2025-01-27.acacia 2025-02-24.acacia 2025-03-01.dashboard \
     2025-03-31.basil 2025-04-30.basil 2025-05-28.basil 2025-06-30.basil 2025-07-30.basil \
     2025-08-27.basil 2025-09-30.clover 2025-10-29.clover 2025-11-17.clover 2025-12-15.clover \
     2026-01-28.clover 2026-02-25.clover 2026-03-25.dahlia 2026-04-22.dahlia 2026-05-27.dahlia \
     2026-06-24.dahlia 2026-07-29.dahlia 2026-08-26.dahlia 2026-09-30.endive";

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
        let is_release = ["release", "preview"].contains(&release)
            || VERSIONS.split_whitespace().any(|version| version.ends_with(&format!(".{release}")));
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
