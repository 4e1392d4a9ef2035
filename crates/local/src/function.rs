//! A Lambda function in this process, invoked with the bytes that Lambda would pass.

use std::future::Future;
use std::sync::Arc;

use lambda_http::request::LambdaRequest;
use lambda_http::tower::Service;
use lambda_http::{Adapter, BoxFuture, Context, Error, IntoResponse, LambdaEvent, Request};

type Invoke = dyn Fn(Vec<u8>, Context) -> BoxFuture<'static, Result<Vec<u8>, Error>> + Send + Sync;

/// A function from an event's JSON to a response's JSON.
///
/// The event passes through the adapter that `lambda_http::run` uses, so a handler gets the same request as in AWS.
#[derive(Clone)]
pub struct Function(Arc<Invoke>);

impl Function {
    /// Wraps what a function's `main` would pass to `lambda_http::run`, such as `service_fn(handler)`.
    pub fn new<S>(service: S) -> Self
    where
        S: Service<Request> + Clone + Send + Sync + 'static,
        S::Response: IntoResponse + Send + 'static,
        S::Error: Into<Error> + Send + 'static,
        S::Future: Send + 'static,
    {
        Self(Arc::new(move |event, context| {
            let service = service.clone();
            Box::pin(async move {
                let request: LambdaRequest = serde_json::from_slice(&event)?;
                let response = Adapter::from(service).call(LambdaEvent::new(request, context));
                Ok(serde_json::to_vec(&response.await.map_err(Into::into)?)?)
            })
        }))
    }

    /// Wraps a function of other events, as its `main` passes it to `lambda_runtime::run`.
    pub fn of_events<F, Fut>(handle: F) -> Self
    where
        F: Fn(Vec<u8>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Vec<u8>, Error>> + Send + 'static,
    {
        Self(Arc::new(move |event, _context| Box::pin(handle(event))))
    }

    /// Invokes the function.
    ///
    /// # Errors
    /// The function's own error, or an event that `lambda_http` does not recognise.
    pub fn invoke(&self, event: Vec<u8>, context: Context) -> BoxFuture<'static, Result<Vec<u8>, Error>> {
        (self.0)(event, context)
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Function")
    }
}
