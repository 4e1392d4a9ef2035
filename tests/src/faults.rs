//! A function's hops: each request to DynamoDB or Stripe is counted, and any one of them can be made to fail.

use crate::aws_requests::recorded;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use local::functions::AwsServices;
use payments_stripe::{HyperTransport, Transport, TransportError, TransportFuture};
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Where a hop goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    DynamoDb,
    Stripe,
}

/// How a hop fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The function ends before the request is sent.
    CrashBefore,
    /// The request has its effect, and the function ends before it sees the answer.
    CrashAfter,
    /// The request has its effect and the answer is lost; the function goes on.
    LoseAnswer,
    /// The request has no effect and is answered with 500.
    Refuse500,
    /// As [`Fault::Refuse500`], and so is every later one.
    Outage,
}

impl Fault {
    pub const ALL: [Self; 5] =
        [Self::CrashBefore, Self::CrashAfter, Self::LoseAnswer, Self::Refuse500, Self::Outage];
    /// Those that end the function.
    pub const CRASHES: [Self; 2] = [Self::CrashBefore, Self::CrashAfter];

    /// The status of a request that met the fault; `otherwise` without one, since a retry overcomes a passing fault.
    #[must_use]
    pub fn status(self, otherwise: u16) -> u16 {
        match self {
            Self::CrashBefore | Self::CrashAfter => 500,
            Self::Outage => 503,
            Self::LoseAnswer | Self::Refuse500 => otherwise,
        }
    }
}

/// The hops of one function, in the order in which they are made.
#[derive(Debug, Clone, Default)]
pub struct Hops(Arc<Record>);

#[derive(Debug, Default)]
struct Record {
    /// The function whose requests to AWS are recorded.
    function: Option<&'static str>,
    made: Mutex<Vec<Service>>,
    asked: Mutex<Vec<Request<Bytes>>>,
    payment_reads: Mutex<usize>,
    stripe_reply: Mutex<Option<FixedReply>>,
    table_is_denied: Mutex<bool>,
    armed: Mutex<Option<Armed>>,
    crash: Notify,
}

/// What Stripe answers to every request whose path has this in it.
#[derive(Debug, Clone)]
struct FixedReply {
    path: String,
    status: StatusCode,
    body: Bytes,
}

#[derive(Debug)]
struct Armed {
    /// The hop that fails, counted from 1.
    hop: usize,
    fault: Fault,
    fired: bool,
}

impl Hops {
    /// The hops of a function, whose requests to AWS are recorded.
    pub(crate) fn of(function: &'static str) -> Self {
        Self(Arc::new(Record { function: Some(function), ..Record::default() }))
    }

    /// What a function uses of AWS, below these hops: a request that they refuse was not sent.
    pub(crate) fn recorded(&self, aws: AwsServices) -> AwsServices {
        match self.0.function {
            Some(function) => recorded(function, aws),
            None => aws,
        }
    }

    /// Counts from the start, and lets one hop fail; the first is 1.
    pub fn arm(&self, hop: usize, fault: Fault) {
        self.made();
        *lock(&self.0.armed) = Some(Armed { hop, fault, fired: false });
    }

    /// Removes the fault, and returns whether a request met it.
    #[must_use]
    pub fn fired(&self) -> bool {
        lock(&self.0.armed).take().is_some_and(|armed| armed.fired)
    }

    /// The hops since the last call of this or of [`Hops::arm`].
    pub fn made(&self) -> Vec<Service> {
        std::mem::take(&mut *lock(&self.0.made))
    }

    /// The requests to Stripe since the last call, as they were sent.
    pub fn asked_of_stripe(&self) -> Vec<Request<Bytes>> {
        std::mem::take(&mut *lock(&self.0.asked))
    }

    /// How often an item of a payment or of its intent was read since the last call: each key of a batch counts, and so does
    /// each query of a payment. Terms are read with their payment's state, and count with it.
    pub fn payment_reads(&self) -> usize {
        std::mem::take(&mut *lock(&self.0.payment_reads))
    }

    /// Lets Stripe answer every request with this and no advice to repeat it, until [`Hops::stripe_is_back`].
    ///
    /// # Panics
    /// When the status is invalid.
    pub fn stripe_replies(&self, status: u16, body: &serde_json::Value) {
        self.stripe_replies_at("", status, body);
    }

    /// As [`Hops::stripe_replies`], to every request whose path has this in it.
    ///
    /// # Panics
    /// When the status is invalid.
    pub fn stripe_replies_at(&self, path: &str, status: u16, body: &serde_json::Value) {
        let (path, status) = (path.to_owned(), StatusCode::from_u16(status).expect("a status"));
        *lock(&self.0.stripe_reply) = Some(FixedReply { path, status, body: body.to_string().into() });
    }

    /// Denies every request to the table, as an IAM policy that lacks the permission.
    pub fn deny_table(&self) {
        *lock(&self.0.table_is_denied) = true;
    }

    /// Lets Stripe answer by itself again.
    pub fn stripe_is_back(&self) {
        *lock(&self.0.stripe_reply) = None;
    }

    /// Waits for the next crash.
    pub(crate) async fn crashed(&self) {
        self.0.crash.notified().await;
    }

    /// The transport to Stripe over these hops.
    pub(crate) fn transport(&self) -> impl Transport {
        StripeHops { hops: self.clone(), inner: HyperTransport::new() }
    }

    /// The AWS SDK's HTTP client over these hops.
    pub(crate) fn http_client(&self, inner: SharedHttpClient) -> impl HttpClient + 'static {
        TableHops { hops: self.clone(), inner }
    }

    /// Counts a hop, and returns the fault that it meets.
    fn next(&self, service: Service) -> Option<Fault> {
        let mut made = lock(&self.0.made);
        made.push(service);
        let mut armed = lock(&self.0.armed);
        let armed = armed.as_mut()?;
        let meets = armed.hop == made.len() || (armed.fired && armed.fault == Fault::Outage);
        armed.fired |= meets;
        meets.then_some(armed.fault)
    }

    /// Ends the function: it is dropped while this waits.
    async fn crash<T>(&self) -> T {
        self.0.crash.notify_one();
        pending().await
    }

    /// Makes a hop, with the fault that it meets.
    async fn carry<T, E>(
        &self,
        service: Service,
        sending: impl Future<Output = Result<T, E>>,
        refusal: impl FnOnce() -> T,
        loss: impl FnOnce() -> E,
    ) -> Result<T, E> {
        match self.next(service) {
            None => sending.await,
            Some(Fault::CrashBefore) => self.crash().await,
            Some(Fault::CrashAfter) => {
                let _unseen = sending.await;
                self.crash().await
            }
            Some(Fault::LoseAnswer) => {
                let _unseen = sending.await;
                Err(loss())
            }
            Some(Fault::Refuse500 | Fault::Outage) => Ok(refusal()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct StripeHops {
    hops: Hops,
    inner: HyperTransport,
}

impl Transport for StripeHops {
    fn send(&self, request: Request<Bytes>) -> TransportFuture<'_> {
        lock(&self.hops.0.asked).push(request.clone());
        let fixed = lock(&self.hops.0.stripe_reply).clone();
        let fixed = fixed.filter(|fixed| request.uri().path().contains(&fixed.path));
        if let Some(FixedReply { status, body, .. }) = fixed {
            let reply = Response::builder().status(status).header("stripe-should-retry", "false");
            let reply = reply.header("request-id", "req_1").body(body);
            return Box::pin(async move { Ok(reply.expect("a reply")) });
        }
        let refusal = || {
            let mut reply = Response::new(Bytes::new());
            *reply.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            reply
        };
        let loss = || TransportError::NotAnswered("the answer is lost".into());
        // The inner call is made only when polled: a crash before it sends nothing.
        let sending = async move { self.inner.send(request).await };
        Box::pin(self.hops.carry(Service::Stripe, sending, refusal, loss))
    }
}

#[derive(Debug)]
struct TableHops {
    hops: Hops,
    inner: SharedHttpClient,
}

impl HttpClient for TableHops {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(TableConnector { hops: self.hops.clone(), inner })
    }
}

#[derive(Debug)]
struct TableConnector {
    hops: Hops,
    inner: SharedHttpConnector,
}

impl HttpConnector for TableConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (hops, inner) = (self.hops.clone(), self.inner.clone());
        HttpConnectorFuture::new(async move {
            let refusal = || {
                let status = StatusCode::INTERNAL_SERVER_ERROR.into();
                HttpResponse::new(status, r#"{"__type": "InternalServerError"}"#.into())
            };
            let loss = || ConnectorError::io("the answer is lost".into());
            if *lock(&hops.0.table_is_denied) {
                let denied = r#"{"__type": "com.amazon.coral.service#AccessDeniedException"}"#;
                return Ok(HttpResponse::new(StatusCode::BAD_REQUEST.into(), denied.into()));
            }
            *lock(&hops.0.payment_reads) += payment_reads(&request);
            let sending = async move { inner.call(request).await };
            hops.carry(Service::DynamoDb, sending, refusal, loss).await
        })
    }
}

fn payment_reads(request: &HttpRequest) -> usize {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let reads = ["GetItem", "BatchGetItem", "Query"];
    if !reads.iter().any(|read| target.ends_with(&format!(".{read}"))) {
        return 0;
    }
    let body = std::str::from_utf8(request.body().bytes().unwrap_or_default()).unwrap_or_default();
    let count = |key: &str| body.matches(key).count();
    count("\"PAYMENT#") + count("\"INTENT#") - count("\"TERMS\"")
}
