//! The client of the queue for records of the table's stream that could not be handled.

use crate::{Cause, at_endpoint};
use aws_sdk_sqs::Client;
use aws_types::SdkConfig;
use std::fmt;

/// The queue. A clone is cheap and shares the connections.
#[derive(Clone)]
pub struct FailureQueue {
    client: Client,
    url: String,
}

impl FailureQueue {
    /// Connects to the queue at `url`, through `endpoint` or the region's endpoint. It makes no request.
    ///
    /// The configuration must provide an HTTP client, retries and timeouts.
    #[must_use]
    pub fn new(config: &SdkConfig, endpoint: Option<&str>, url: impl Into<String>) -> Self {
        Self { client: Client::new(&at_endpoint(config, endpoint)), url: url.into() }
    }

    /// Sends a message. Sent again, it is in the queue twice.
    ///
    /// # Errors
    /// [`Cause`]; the message may be in the queue.
    pub async fn send(&self, message: impl Into<String>) -> Result<(), Cause> {
        let send = self.client.send_message().queue_url(&self.url).message_body(message);
        Box::pin(send.send()).await.map(drop).map_err(Cause::of_request)
    }
}

/// Shows only the queue's URL, because the client holds credentials.
impl fmt::Debug for FailureQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailureQueue").field("url", &self.url).finish_non_exhaustive()
    }
}
