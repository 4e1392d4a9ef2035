//! HTML of the stand-in's own pages.

use crate::wire::reply::Reply;

const STYLE: &str = "body{font:1rem system-ui;max-width:24rem;margin:3rem auto;padding:0 1rem}\
                     button{font:inherit;padding:.6rem 1.2rem;margin:.3rem 0;width:100%}";

pub(crate) fn page(title: &str, body: &str) -> Reply {
    Reply::html(
        200,
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style><main>{body}</main></html>"
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
