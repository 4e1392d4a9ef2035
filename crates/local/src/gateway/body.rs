//! Encoding of bodies in events, which are JSON and hold text only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The body as in an event, and whether it is base64.
///
/// AWS documents only that a "binary" body is encoded. The authors of an emulator measured the types at AWS
/// (ministackorg/ministack#766): `text/*`, JSON, XML and JavaScript are text, and everything else is encoded, including
/// forms and bodies without a type. A text that is not UTF-8 is encoded too, which preserves its bytes for a signature.
pub(super) fn encode(content_type: Option<&str>, body: &[u8]) -> (String, bool) {
    match std::str::from_utf8(body) {
        Ok(text) if content_type.is_some_and(is_text) => (text.to_owned(), false),
        _ => (STANDARD.encode(body), true),
    }
}

fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.starts_with("text/")
        || matches!(essence.as_str(), "application/json" | "application/xml" | "application/javascript")
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn only_textual_types_pass_as_text() {
        let is_encoded = |content_type| encode(content_type, b"{}").1;
        for textual in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "text/csv",
            "application/xml",
            "application/javascript",
        ] {
            assert!(!is_encoded(Some(textual)), "{textual}");
        }
        for binary in ["application/octet-stream", "application/x-www-form-urlencoded", "image/png", ""] {
            assert!(is_encoded(Some(binary)), "{binary}");
        }
        assert!(is_encoded(None));
    }

    #[test]
    fn a_json_body_that_is_not_utf_8_keeps_its_bytes() {
        assert_eq!(encode(Some("application/json"), b"{\"a\":\"\xff\"}"), ("eyJhIjoi/yJ9".to_owned(), true));
    }
}
