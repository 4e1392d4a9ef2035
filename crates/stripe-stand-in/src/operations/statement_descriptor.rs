//! The statement descriptor that an intent asks for.

use crate::objects::statement_descriptors::{PREFIX, calculated};
use crate::wire::errors::StripeError;
use crate::wire::form::Params;

/// The longest descriptor, with its prefix and `* `.
const MAX_LENGTH: usize = 22;

/// Takes `statement_descriptor_suffix`, and refuses `statement_descriptor`, which is not for cards.
pub(crate) fn take_suffix(params: &mut Params) -> Result<Option<String>, StripeError> {
    if params.take("statement_descriptor").is_some_and(|text| !text.is_empty()) {
        return Err(StripeError::invalid(
            "The `statement_descriptor` parameter cannot be used for a PaymentIntent with payment_method_types \
             including \"card\". Use `statement_descriptor_suffix` instead.",
        )
        .param("statement_descriptor"));
    }
    let suffix = params.take("statement_descriptor_suffix").filter(|text| !text.is_empty());
    suffix.map(check).transpose()
}

fn check(suffix: String) -> Result<String, StripeError> {
    let refuse = |message: String| Err(StripeError::invalid(message).param("statement_descriptor_suffix"));
    if calculated(Some(&suffix)).chars().count() > MAX_LENGTH {
        return refuse(format!(
            "The statement descriptor must be at most {MAX_LENGTH} characters, with the prefix {PREFIX} and `* `."
        ));
    }
    if !suffix.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        return refuse("The statement descriptor suffix may only contain Latin characters.".to_owned());
    }
    if suffix.contains(['<', '>', '\\', '\'', '"', '*']) {
        return refuse(
            "The statement descriptor suffix may not contain any of the following characters: < > \\ ' \" *"
                .to_owned(),
        );
    }
    if !suffix.contains(|c: char| c.is_ascii_alphabetic()) {
        return refuse("The statement descriptor suffix must contain at least one letter.".to_owned());
    }
    Ok(suffix)
}
