//! Decoding of paths, as HTTP APIs do it.

/// The path after percent-decoding, which `rawPath` holds in spite of its name, and which routes match. A decoded `?`
/// ends it. (Both measured at AWS: middleapi/standard-server#93.) Bytes that are not UTF-8 are replaced.
pub(super) fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = if first == b'%' { after.split_at_checked(2) } else { None };
        match escaped.and_then(|(digits, after)| Some((byte(digits)?, after))) {
            Some((b'?', _)) => break,
            Some((decoded, after)) => {
                bytes.push(decoded);
                rest = after;
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn byte(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok()?;
    // The parser below would also take a sign.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn percent_signs_decode_once_and_invalid_escapes_stay() {
        assert_eq!(decode("/v1/creators/a%7Cb%40c"), "/v1/creators/a|b@c");
        assert_eq!(decode("/a%2Fb/%2541"), "/a/b/%41");
        assert_eq!(decode("/%zz/%4/%+1/%"), "/%zz/%4/%+1/%");
        assert_eq!(decode("/%C3%A9/%FF"), "/é/\u{fffd}");
        assert_eq!(decode("/a%3Fadmin=1"), "/a");
    }
}
