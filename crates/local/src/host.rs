//! Which host names the stack's ports answer to.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header;

use crate::gateway::Refusal;

/// Refuses names that are not this machine's: a page elsewhere could else point its own name here (DNS
/// rebinding) and ask for tokens. AWS, too, answers 403 to a host that no API has.
pub(crate) async fn known_host(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _port)| name);
    if matches!(name, "127.0.0.1" | "localhost") {
        next.run(request).await
    } else {
        Refusal::UnknownHost.into_response()
    }
}
