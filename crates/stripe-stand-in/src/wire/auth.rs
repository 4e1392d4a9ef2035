//! API keys: a secret key may do everything, a publishable key what a page needs.

use crate::wire::call::Call;
use crate::wire::errors::StripeError;
use crate::wire::form::Params;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::Method;

/// How the restricted keys begin that may only read.
const READ_ONLY: &str = "rk_test_read";

/// The kind of a call's API key. Every test key opens the same sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Secret,
    Publishable,
    /// A restricted key with permission to read alone: `rk_test_read…`.
    ReadOnly,
}

impl Key {
    /// Reads `Authorization` (Bearer, or Basic with the key as user), or the parameter `key` of Stripe's browser
    /// library.
    pub(crate) fn of(call: &Call, params: &mut Params) -> Result<Self, StripeError> {
        let in_params = params.take("key");
        let given = call.authorization.as_deref().and_then(from_header).or(in_params);
        let Some(key) = given.filter(|key| !key.is_empty()) else {
            return Err(StripeError::unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization header, \
                 using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See \
                 https://stripe.com/docs/api#authentication for details, or we can help at \
                 https://support.stripe.com/.",
            ));
        };
        if key.starts_with(READ_ONLY) {
            return Ok(Self::ReadOnly);
        }
        if key.len() > "sk_test_".len() && (key.starts_with("sk_test_") || key.starts_with("rk_test_")) {
            return Ok(Self::Secret);
        }
        if key.len() > "pk_test_".len() && key.starts_with("pk_test_") {
            return Ok(Self::Publishable);
        }
        Err(StripeError::unauthorized(
            "Invalid API Key provided: the stand-in accepts any key of the form sk_test_…",
        ))
    }

    /// 403: a restricted key lacks the permission for the call.
    pub(crate) fn must_permit(self, method: &Method) -> Result<(), StripeError> {
        match self {
            Self::Secret | Self::Publishable => Ok(()),
            Self::ReadOnly if *method == Method::GET => Ok(()),
            Self::ReadOnly => Err(StripeError::permission(
                "The provided key 'rk_test_***' does not have the required permissions for this endpoint on account \
                 'acct_1StandInPlatform0'. Enabling write permissions on this key would allow this request to continue.",
            )),
        }
    }

    pub(crate) fn must_be_secret(self) -> Result<(), StripeError> {
        match self {
            Self::Secret | Self::ReadOnly => Ok(()),
            Self::Publishable => Err(StripeError::unauthorized(
                "This API call cannot be made with a publishable API key. Please use a secret API key. You can \
                 find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
            )
            .code("secret_key_required")),
        }
    }
}

/// The key in an `Authorization` header.
pub(crate) fn from_header(header: &str) -> Option<String> {
    let (scheme, rest) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = String::from_utf8(BASE64_STANDARD.decode(rest.trim()).ok()?).ok()?;
        return decoded.split(':').next().map(str::to_owned);
    }
    None
}
