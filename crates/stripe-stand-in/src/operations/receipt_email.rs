//! The address that a receipt goes to.

use crate::wire::errors::StripeError;
use crate::wire::form::Params;

/// Top-level domains that no mail reaches (RFC 6761).
const UNREACHABLE: [&str; 2] = ["invalid", "localhost"];

/// Takes `receipt_email`; `Some(None)` removes it.
#[expect(clippy::option_option, reason = "a form parameter can be absent, empty or set")]
pub(crate) fn receipt_email(params: &mut Params) -> Result<Option<Option<String>>, StripeError> {
    match params.take("receipt_email") {
        None => Ok(None),
        Some(email) if email.is_empty() => Ok(Some(None)),
        Some(email) if is_reachable(&email) => Ok(Some(Some(email))),
        Some(email) => Err(StripeError::invalid(format!("Invalid email address: {email}"))
            .code("email_invalid")
            .param("receipt_email")),
    }
}

/// Stripe publishes no rules. These refuse what its mail could not reach: a local part with a misplaced dot, and a domain
/// that is no public name.
pub(crate) fn is_reachable(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(is_atom_text);
    let is_label = |label: &str| {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(good) && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    local.split('.').all(is_atom)
        && local.len() <= 64
        && domain.contains('.')
        && domain.split('.').all(is_label)
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !UNREACHABLE.contains(&top.to_ascii_lowercase().as_str())
}

/// The characters of an unquoted local part (RFC 5322).
fn is_atom_text(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}
