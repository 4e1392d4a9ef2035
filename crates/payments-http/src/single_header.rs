//! Headers that are given once.

use crate::Problem;
use lambda_http::Request;

/// Returns the value of a header that is given once, or `None` without it.
///
/// API Gateway joins the values of a repeated header by commas, so that a value with a comma can be two values. No value
/// of the headers that are read here needs one.
///
/// # Errors
/// 400 when the header is given twice or is not text.
pub(crate) fn single_header<'a>(
    request: &'a Request,
    name: &'static str,
) -> Result<Option<&'a str>, Problem> {
    let mut values = request.headers().get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let value = value.to_str().ok().filter(|value| values.next().is_none() && !value.contains(','));
    value.map(Some).ok_or_else(|| {
        let detail = format!("The header {name} must be given once, as text without a comma.");
        Problem::invalid_request(detail).field(name)
    })
}
