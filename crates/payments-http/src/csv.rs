//! Tables as CSV (RFC 4180), which opens in a spreadsheet as it is.
//!
//! It is UTF-8 with a byte order mark, without which Excel takes it for the machine's code page. It is separated by commas: where
//! a spreadsheet expects semicolons, its import asks, and programs need no guess. Times are ISO 8601, which no locale takes for
//! another day. An amount is an integer of minor units, the same number in every locale, with its decimal form beside it.

use crate::response::uncached;
use lambda_http::http::{HeaderValue, StatusCode, header};
use lambda_http::{Body, Request, Response};

const BYTE_ORDER_MARK: char = '\u{feff}';
/// How many items of a page this release cannot read; JSON has the field `unreadable`.
const UNREADABLE: &str = "x-unreadable-items";

/// A table of text, with its header line.
pub struct CsvTable {
    text: String,
}

/// One cell.
pub enum CsvCell<'a> {
    Empty,
    /// A name of ours, a time or a number, which needs no quotes and is no formula.
    Plain(String),
    /// What a person or another program chose. A spreadsheet never takes it for a formula.
    Text(&'a str),
}

impl<'a> CsvCell<'a> {
    /// A name of ours, a time or a number.
    pub fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    /// A name of ours, a time or a number that may be missing.
    pub fn optional(value: Option<impl ToString>) -> Self {
        value.map_or(Self::Empty, Self::plain)
    }

    /// A text that may be missing.
    #[must_use]
    pub fn optional_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::Text)
    }

    fn write(&self, to: &mut String) {
        match self {
            Self::Empty => {}
            Self::Plain(value) => to.push_str(value),
            Self::Text(text) => {
                to.push('"');
                for part in text.split_inclusive(starts_cell) {
                    if part.trim_start_matches('"').starts_with(starts_formula) {
                        to.push('\'');
                    }
                    to.push_str(&part.replace('"', "\"\""));
                }
                to.push('"');
            }
        }
    }
}

/// What a spreadsheet can take for the beginning of a formula (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn starts_formula(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// A column: its name, and its cell of an item.
pub type CsvColumn<T> = (&'static str, fn(&T) -> CsvCell<'_>);

/// What begins another cell within a text where a spreadsheet takes semicolons for separators: it opens the file without a
/// question, and there a quotation mark within a cell quotes nothing, neither a semicolon nor a line feed.
fn starts_cell(character: char) -> bool {
    matches!(character, ';' | '\n')
}

impl CsvTable {
    /// A table with a row for each item.
    #[must_use]
    pub fn of<T>(columns: &[CsvColumn<T>], items: &[T]) -> Self {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let mut table = Self::new(&names);
        items.iter().for_each(|item| table.row(columns.iter().map(|(_, cell)| cell(item))));
        table
    }

    /// A table with these columns and no rows.
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        Self { text: format!("{BYTE_ORDER_MARK}{}\r\n", columns.join(",")) }
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = CsvCell<'a>>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            cell.write(&mut self.text);
        }
        self.text.push_str("\r\n");
    }

    /// Builds the response, which no cache may store.
    #[must_use]
    pub fn into_response(self) -> Response<Body> {
        let mut response = uncached(StatusCode::OK, Body::Text(self.text));
        let content_type = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        // lambda_http decodes a text, and drops its byte order mark; with this it hands on the bytes.
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
        response
    }

    /// Builds the response for one page of a list: it links to the next page, and counts what could not be read.
    #[must_use]
    pub fn into_page(self, request: &Request, next_cursor: Option<&str>, unreadable: u32) -> Response<Body> {
        let mut response = self.into_response();
        if let Some(cursor) = next_cursor {
            let link = HeaderValue::from_str(&next_link(request, cursor)).expect("visible ASCII");
            response.headers_mut().insert(header::LINK, link);
        }
        if unreadable > 0 {
            response.headers_mut().insert(UNREADABLE, unreadable.into());
        }
        response
    }
}

/// The link (RFC 8288) to the same question with another cursor. It is relative to the URL that was asked, which only the caller
/// knows: a domain of its own can have a base path.
fn next_link(request: &Request, cursor: &str) -> String {
    let asked = request.uri().query().unwrap_or_default().split('&');
    let mut query: Vec<String> =
        asked.filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=")).map(percent_encoded).collect();
    query.push(format!("cursor={}", percent_encoded(cursor)));
    format!("<?{}>; rel=\"next\"", query.join("&"))
}

/// A part of a query with nothing in it that a URI cannot have (RFC 3986): clients send such characters as they are, and neither a
/// link nor a header has room for them. What is encoded already stays.
fn percent_encoded(part: &str) -> String {
    let mut encoded = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_graphic() && !br#""<>\^`{|}#"#.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Whether the caller asks for CSV.
#[must_use]
pub fn accepts_csv(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let weight = |kind: &str| accept.map_or(0, |accept| weight(accept, kind));
    let csv = weight("text/csv");
    csv > 0 && csv >= weight("application/json")
}

/// The weight of a media type in thousandths (RFC 9110, 12.4.2); 0 if it is not named.
fn weight(accept: &str, kind: &str) -> u32 {
    let of = |named: &str| {
        let mut parts = named.split(';').map(str::trim);
        parts.next().filter(|named| named.eq_ignore_ascii_case(kind))?;
        let given = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let (whole, rest) = given.unwrap_or("1").split_once('.').unwrap_or((given.unwrap_or("1"), ""));
        format!("{whole}{rest:0<3.3}").parse().ok()
    };
    accept.split(',').filter_map(of).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(cell: &CsvCell<'_>) -> String {
        let mut text = String::new();
        cell.write(&mut text);
        text
    }

    fn asked(uri: &str, accept: &str) -> Request {
        let request = lambda_http::http::Request::builder().uri(uri).header("accept", accept);
        request.body(Body::Empty).unwrap()
    }

    #[test]
    fn a_table_is_rfc_4180_with_a_byte_order_mark() {
        let mut table = CsvTable::new(&["id", "message", "amount"]);
        table.row([CsvCell::plain("pay_1"), CsvCell::Text("Grüße, \"Ana\"\n🎶"), CsvCell::plain(-5)]);
        table.row([CsvCell::plain("pay_2"), CsvCell::optional_text(None), CsvCell::plain(7)]);
        let response = table.into_response();
        let Body::Text(text) = response.body() else { unreachable!("a text") };
        let expected = "\u{feff}id,message,amount\r\npay_1,\"Grüße, \"\"Ana\"\"\n🎶\",-5\r\npay_2,,7\r\n";
        assert_eq!(text, expected);
        assert_eq!(response.headers()["content-type"], "text/csv; charset=utf-8; header=present");
    }

    #[test]
    fn no_text_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=\"\""] {
            assert!(cell(&CsvCell::Text(formula)).starts_with("\"'"), "{formula:?}");
        }
        for harmless in ["", "a=1", "1-1", "'=1", " =1"] {
            assert_eq!(cell(&CsvCell::Text(harmless)), format!("\"{harmless}\""));
        }
    }

    #[test]
    fn no_text_is_a_formula_where_semicolons_separate_cells_and_quotes_within_a_cell_quote_nothing() {
        for text in [";=1+1;", "a\n=1+1\nb", ";\"=1+1&\";", ";;@me", "a;b\n\n-1", "\"=1\"", "\n\"\"+1"] {
            let mut table = CsvTable::new(&["id", "message"]);
            table.row([CsvCell::plain("pay_1"), CsvCell::Text(text)]);
            for cell in table.text.split([';', '\n']) {
                let shown = cell.trim_start_matches('"').trim_end_matches('\r');
                assert!(!shown.starts_with(starts_formula), "{text:?} has the cell {cell:?}");
            }
        }
        for harmless in ["a;b", "one\ntwo", "1;2", "; =1", "a\n"] {
            assert_eq!(cell(&CsvCell::Text(harmless)), format!("\"{harmless}\""));
        }
    }

    #[test]
    fn a_page_links_to_the_same_question_with_the_next_cursor() {
        let link = |uri: &str, cursor: Option<&str>| {
            let page = CsvTable::new(&["id"]).into_page(&asked(uri, "text/csv"), cursor, 0);
            page.headers().get("link").map(|link| link.to_str().unwrap().to_owned())
        };
        let expected = "<?role=sender&context=a%26b&cursor=next>; rel=\"next\"";
        let asked = "https://x.example/v1/payments?role=sender&cursor=this&context=a%26b";
        assert_eq!(link(asked, Some("next")).as_deref(), Some(expected));
        assert_eq!(link(asked, None), None);
        let first = link("https://x.example/v1/payments", Some("next"));
        assert_eq!(first.as_deref(), Some("<?cursor=next>; rel=\"next\""));
        // Clients send such characters as they are, and the type of a URI takes them.
        let raw = "https://x.example/v1/payments?context=Käse🎶{|}^`%C3%A9+&to=1";
        let expected =
            "<?context=K%C3%A4se%F0%9F%8E%B6%7B%7C%7D%5E%60%C3%A9+&to=1&cursor=next>; rel=\"next\"";
        assert_eq!(link(raw, Some("next")).as_deref(), Some(expected));
    }

    #[test]
    fn a_link_is_a_header_whatever_the_query_and_the_cursor_have() {
        let all: String = (1..=u8::MAX).map(char::from).chain("ÿ🎶".chars()).collect();
        let encoded = percent_encoded(&all);
        assert!(HeaderValue::from_str(&encoded).is_ok_and(|value| value.to_str().is_ok()), "{encoded}");
        assert!(!encoded.contains(['<', '>', '"', ' ']), "{encoded}");
    }

    #[test]
    fn what_could_not_be_read_is_counted() {
        let page = |unreadable| CsvTable::new(&["id"]).into_page(&Request::default(), None, unreadable);
        assert_eq!(page(2).headers()["x-unreadable-items"], "2");
        assert!(!page(0).headers().contains_key("x-unreadable-items"));
    }

    #[test]
    fn csv_is_asked_for_by_its_media_type() {
        for (accept, expected) in [
            ("text/csv", true),
            ("application/json, text/csv", true),
            ("Text/CSV; header=present", true),
            ("application/json;q=0.9, text/csv", true),
            ("application/json, text/csv;q=0.5", false),
            ("text/csv;q=0", false),
            ("text/csv;q=0.000", false),
            ("text/csv; q=0.001", true),
            ("text/csv;q=x", false),
            ("application/json", false),
            ("*/*", false),
        ] {
            assert_eq!(accepts_csv(&asked("/", accept)), expected, "{accept}");
        }
        assert!(!accepts_csv(&Request::default()));
    }
}
