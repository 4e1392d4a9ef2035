//! Requests of API v2, which async-stripe does not have: JSON both ways, over the same transport, time limits, retries
//! and keys (<https://docs.stripe.com/api-v2-overview>).

use crate::call::Call;
use crate::list_pages::identified;
use crate::{Page, Session, StripeError, UnreadableJson, UnreadableObject};
use http::Uri;
use payments::IdempotencyKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A page of a list of API v2, which names the address of the next one.
#[derive(Deserialize)]
struct RawPage {
    data: Vec<Box<RawValue>>,
    #[serde(default)]
    next_page_url: Option<String>,
}

impl Session {
    pub(crate) async fn get_v2<V: DeserializeOwned>(
        &self,
        path: String,
        query: String,
    ) -> Result<V, StripeError> {
        self.call(Call::get_v2(path, Some(query)), None).await
    }

    /// Changes something. Every attempt sends `key`, so that the change happens at most once.
    pub(crate) async fn post_v2<V: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        key: &IdempotencyKey,
    ) -> Result<V, StripeError> {
        let json = serde_json::to_vec(body)
            .map_err(|error| StripeError::Unreadable(UnreadableJson::from(&error)))?;
        self.call(Call::post_v2(path, json), Some(key)).await
    }

    /// Retrieves a page and parses each object on its own. `after` is the query of the next page, as the page before
    /// names it.
    pub(crate) async fn page_v2<T: DeserializeOwned>(
        &self,
        path: &'static str,
        first: String,
        after: Option<&str>,
    ) -> Result<Page<T>, StripeError> {
        let query = after.map_or(first, str::to_owned);
        let raw: RawPage = self.get_v2(path.to_owned(), query).await?;
        let next = raw.next_page_url.as_deref().map(|url| query_of(url, path)).transpose()?;
        let mut page = Page { data: Vec::new(), unreadable: Vec::new(), next, reached_s: None };
        for json in raw.data {
            match serde_json::from_str(json.get()) {
                Ok(object) => page.data.push(object),
                Err(error) => {
                    let id = identified(&json).map(|it| it.id).unwrap_or_default();
                    page.unreadable.push(UnreadableObject::new(id, &json, &error));
                }
            }
        }
        Ok(page)
    }
}

/// The query of the next page's address. An address of anything but this list is not followed.
fn query_of(url: &str, path: &str) -> Result<String, StripeError> {
    let address = url.parse::<Uri>().ok().filter(|address| address.path() == path);
    let query = address.as_ref().and_then(Uri::query).map(str::to_owned);
    let what = "an address of no page of this list";
    query.ok_or(StripeError::Unreadable(UnreadableJson { what, line: 1, column: 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_followed_on_its_own_list_alone() {
        let next = |url| query_of(url, "/v2/core/events").ok();
        assert_eq!(next("/v2/core/events?page=abc&limit=20").as_deref(), Some("page=abc&limit=20"));
        assert_eq!(next("https://api.stripe.com/v2/core/events?page=abc").as_deref(), Some("page=abc"));
        for other in ["/v1/refunds?page=abc", "/v2/core/events", "", "https://x y"] {
            assert_eq!(next(other), None, "{other}");
        }
    }
}
