//! A user's payments through the API as one CSV, page after page.

use std::io;

use reqwest::Method;
use serde_json::json;

use crate::api_client::{ApiClient, ApiError};

/// The most items of one page.
const PAGE: &str = "100";

/// Why an export was not finished.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error("cannot be written: {0}")]
    Write(#[from] io::Error),
}

/// Which payments an export has.
#[derive(Debug, Clone)]
pub struct Export {
    /// `sender` or `receiver`.
    pub role: String,
    /// Whose payments, if the local stack issues the token.
    pub user: String,
    /// The first time, RFC 3339.
    pub from: Option<String>,
    /// The first time that is too late.
    pub to: Option<String>,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportProgress {
    pub pages: u64,
    pub payments: u64,
    /// Payments that are left out because the API cannot read them.
    pub unreadable: u64,
}

/// Reads payments through the API at `api` page by page, and writes each page: the header line stands only at the beginning.
///
/// # Errors
/// [`ExportError`]; what is written is complete up to a page.
pub async fn export(
    api: &str,
    token: Option<String>,
    export: &Export,
    mut write: impl FnMut(&str) -> io::Result<()>,
    mut progress: impl FnMut(ExportProgress),
) -> Result<ExportProgress, ExportError> {
    let client = ApiClient::connect(api, token, &json!({"sub": export.user})).await?;
    let Export { role, from, to, .. } = export;
    let query = [("role", Some(role)), ("from", from.as_ref()), ("to", to.as_ref())];
    let query = query.into_iter().filter_map(|(name, value)| Some((name, value?.as_str())));
    let query: Vec<(&str, &str)> = query.chain([("limit", PAGE)]).collect();
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let mut next = Some(client.url(&format!("/v1/payments?{query}"))?);
    let mut done = ExportProgress::default();
    while let Some(url) = next {
        let page = client.send(Method::GET, &url, "text/csv").await?;
        let (header, rows) = page.body.split_once("\r\n").unwrap_or((&page.body, ""));
        if done.pages == 0 {
            write(&format!("{header}\r\n"))?;
        }
        write(rows)?;
        done.pages += 1;
        done.payments += lines(rows);
        done.unreadable += page.unreadable;
        progress(done);
        next = page.next;
    }
    Ok(done)
}

/// The number of rows; a line break within quotes ends none.
fn lines(rows: &str) -> u64 {
    let mut is_quoted = false;
    let mut lines = 0;
    for c in rows.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => lines += 1,
            _ => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_and_not_the_line_breaks_in_messages() {
        for (rows, expected) in
            [("", 0), ("a,1\r\n", 1), ("a,\"x\r\ny\"\r\nb,\"\"\r\n", 2), ("a,\"\"\"\n\"\"\"\r\n", 1)]
        {
            assert_eq!(lines(rows), expected, "{rows:?}");
        }
    }
}
