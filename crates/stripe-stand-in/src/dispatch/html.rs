//! HTML of the stand-in's own pages. Each says that it is a test page.

use crate::wire::reply::Reply;

const STYLE: &str = include_str!("page.css");

pub(crate) fn page(title: &str, body: &str) -> Reply {
    Reply::html(
        200,
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>{title} · Test page</title><link rel=\"icon\" \
             href=\"data:,\"><style>{STYLE}</style></head><body><header><p class=\"test\">Test page of a stand-in for \
             Stripe. No real money or personal data.</p></header><main>{body}</main></body></html>"
        ),
    )
}

pub(crate) fn not_found(title: &str, words: &str) -> Reply {
    let mut reply = page(title, &format!("<h1>Not found</h1><p>{words}</p>"));
    reply.status = 404;
    reply
}

/// A button that posts to an address.
pub(crate) fn button(action: &str, label: &str) -> String {
    format!("<form method=\"post\" action=\"{action}\"><button>{label}</button></form>")
}

/// A button that posts to an address, with what follows from pressing it. The main choice is drawn so.
pub(crate) fn choice(action: &str, label: &str, consequence: &str, is_main: bool) -> String {
    let id = action.rsplit('/').next().unwrap_or_default();
    let class = if is_main { " class=\"primary\"" } else { "" };
    format!(
        "<form method=\"post\" action=\"{action}\"><button{class} aria-describedby=\"{id}\">{label}</button>\
         <p class=\"soft\" id=\"{id}\">{consequence}</p></form>"
    )
}
