//! Requests about thin events of connected accounts: list.

use super::accounts_v2::PAGE_MAX;
use crate::ThinEvent;
use crate::thin_events::{ACCOUNT_EVENTS, EVENTS, Notice};
use crate::{Page, Session, StripeError, Window};
use payments::Timestamp;

impl Session {
    /// Lists a page of the events of `window` about accounts of v2, delivered or not: the list cannot tell. Stripe keeps
    /// them for 30 days (<https://docs.stripe.com/api/v2/core/events/list>).
    ///
    /// # Errors
    /// [`StripeError`].
    pub async fn list_account_events(
        &self,
        window: Window,
        after: Option<&str>,
    ) -> Result<Page<ThinEvent>, StripeError> {
        let time = |seconds| Timestamp::from_seconds(seconds).to_string();
        let mut query = vec![format!("created[gte]={}", time(window.from_s))];
        query.extend(window.until_s.map(|until_s| format!("created[lt]={}", time(until_s))));
        query.push(format!("limit={PAGE_MAX}"));
        let escaped = |name: &str| name.replace('[', "%5B").replace(']', "%5D");
        let types = ACCOUNT_EVENTS.iter().enumerate();
        query.extend(types.map(|(at, name)| format!("types[{at}]={}", escaped(name))));
        let page = self.page_v2(EVENTS, query.join("&"), after).await?;
        Ok(page.map(|notice: Notice| ThinEvent::of(&notice)))
    }
}
