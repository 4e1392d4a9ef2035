//! The web pages, compiled in: `cargo run` needs no files beside itself.

/// A page's path, its type and its text.
pub(crate) type Page = (&'static str, &'static str, &'static str);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! page {
    ($file:literal) => {
        include_str!(concat!("../pages/", $file))
    };
}

/// Everything in `pages/`.
pub(crate) const PAGES: &[Page] = &[
    ("/", HTML, page!("index.html")),
    ("/style.css", CSS, page!("style.css")),
    ("/amount.js", SCRIPT, page!("amount.js")),
    ("/api.js", SCRIPT, page!("api.js")),
    ("/app.js", SCRIPT, page!("app.js")),
    ("/attempts.js", SCRIPT, page!("attempts.js")),
    ("/card.js", SCRIPT, page!("card.js")),
    ("/checkout.js", SCRIPT, page!("checkout.js")),
    ("/money.js", SCRIPT, page!("money.js")),
    ("/profile.js", SCRIPT, page!("profile.js")),
    ("/quote.js", SCRIPT, page!("quote.js")),
    ("/receipt.js", SCRIPT, page!("receipt.js")),
    ("/stripe.js", SCRIPT, page!("stripe.js")),
    ("/view.js", SCRIPT, page!("view.js")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::PAGES;

    #[test]
    fn every_file_of_the_pages_is_served() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/pages");
        let files = std::fs::read_dir(directory)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap());
        let served = PAGES.iter().map(|(path, ..)| path.trim_start_matches('/').to_owned());
        let served: BTreeSet<String> =
            served.map(|name| if name.is_empty() { "index.html".to_owned() } else { name }).collect();
        assert_eq!(files.collect::<BTreeSet<String>>(), served);
    }
}
