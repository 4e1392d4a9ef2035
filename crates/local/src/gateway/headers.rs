//! Headers as text.

use http::{HeaderMap, HeaderName};

/// The values of a header, joined by commas. Bytes that are not UTF-8 are replaced, since an event is JSON.
pub(super) fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<_> =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(","))
}
