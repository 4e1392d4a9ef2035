//! The page size of lists.

use crate::{Problem, query_parameter};
use lambda_http::Request;

/// The page size when the query sets no `limit`.
const PAGE_LIMIT_DEFAULT: u8 = 25;
/// The largest page size that a query may set.
const PAGE_LIMIT_MAX: u8 = 100;

/// Returns the maximum number of items on a page, from the query's `limit` or the default.
///
/// # Errors
/// 400 when `limit` is not a number from 1 to 100.
pub fn page_limit(request: &Request) -> Result<u8, Problem> {
    let Some(text) = query_parameter(request, "limit") else { return Ok(PAGE_LIMIT_DEFAULT) };
    text.parse().ok().filter(|limit| (1..=PAGE_LIMIT_MAX).contains(limit)).ok_or_else(|| {
        Problem::invalid_field("limit", format_args!("must be a number from 1 to {PAGE_LIMIT_MAX}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::RequestExt;

    #[test]
    fn a_page_has_1_to_100_items_and_25_when_nobody_says() {
        let limit = |query: &[(&str, &str)]| {
            let query: std::collections::HashMap<String, Vec<String>> =
                query.iter().map(|(name, value)| ((*name).into(), vec![(*value).into()])).collect();
            page_limit(&Request::default().with_query_string_parameters(query))
        };
        assert_eq!(limit(&[]).unwrap(), 25);
        assert_eq!(limit(&[("limit", "100")]).unwrap(), 100);
        for bad in ["0", "101", "-1", "many", ""] {
            assert_eq!(limit(&[("limit", bad)]).unwrap_err().code.status(), 400, "{bad}");
        }
    }
}
