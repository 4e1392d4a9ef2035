//! The host names that the stack's ports accept.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header;

use crate::gateway::Refusal;

/// Refuses other host names with 403, as AWS does. Otherwise a web page could point its own name here (DNS rebinding)
/// and request tokens.
pub(crate) async fn require_local_host(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    if matches!(name, "127.0.0.1" | "localhost") {
        next.run(request).await
    } else {
        Refusal::UnknownHost.into_response()
    }
}
