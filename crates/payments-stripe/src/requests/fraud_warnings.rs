//! Requests about early fraud warnings: list.

use crate::{FraudWarningObject, Page, Session, StripeError, Window, list_pages::PAGE_MAX};
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod};
use stripe_types::RangeQueryTs;

/// The query of a list, in Stripe's own form. async-stripe has it in a crate of its own, for this request alone.
#[derive(Serialize)]
struct ListFraudWarnings<'a> {
    created: RangeQueryTs,
    limit: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_after: Option<&'a str>,
}

impl Session {
    /// Lists a page of the early fraud warnings that Stripe received in `window`.
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_fraud_warnings(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<FraudWarningObject>, StripeError> {
        let query = ListFraudWarnings { created: window.into(), limit: PAGE_MAX, starting_after: after };
        self.page(RequestBuilder::new(StripeMethod::Get, "/radar/early_fraud_warnings").query(&query)).await
    }
}
