//! The web pages, compiled in: `cargo run` needs no files beside itself.

/// A page's path, its type and its text.
pub(crate) type Page = (&'static str, &'static str, &'static str);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! page {
    ($path:literal, $type:ident, $file:literal) => {
        ($path, $type, include_str!(concat!("../pages/", $file)))
    };
}

/// Everything in `pages/`: the sender's page at its top, and what all share; the others' pages in folders of their own.
pub(crate) const PAGES: &[Page] = &[
    page!("/", HTML, "index.html"),
    page!("/console.css", CSS, "console.css"),
    page!("/style.css", CSS, "style.css"),
    page!("/amount.js", SCRIPT, "amount.js"),
    page!("/api.js", SCRIPT, "api.js"),
    page!("/app.js", SCRIPT, "app.js"),
    page!("/attempts.js", SCRIPT, "attempts.js"),
    page!("/card.js", SCRIPT, "card.js"),
    page!("/checkout.js", SCRIPT, "checkout.js"),
    page!("/elements.js", SCRIPT, "elements.js"),
    page!("/feedback.js", SCRIPT, "feedback.js"),
    page!("/live.js", SCRIPT, "live.js"),
    page!("/money.js", SCRIPT, "money.js"),
    page!("/plot.js", SCRIPT, "plot.js"),
    page!("/profile.js", SCRIPT, "profile.js"),
    page!("/quote.js", SCRIPT, "quote.js"),
    page!("/rates.js", SCRIPT, "rates.js"),
    page!("/receipt.js", SCRIPT, "receipt.js"),
    page!("/stripe.js", SCRIPT, "stripe.js"),
    page!("/view.js", SCRIPT, "view.js"),
    page!("/who.js", SCRIPT, "who.js"),
    page!("/creator", HTML, "creator/index.html"),
    page!("/creator/app.js", SCRIPT, "creator/app.js"),
    page!("/creator/blocks.js", SCRIPT, "creator/blocks.js"),
    page!("/creator/calls.js", SCRIPT, "creator/calls.js"),
    page!("/creator/earnings.js", SCRIPT, "creator/earnings.js"),
    page!("/creator/onboarding.js", SCRIPT, "creator/onboarding.js"),
    page!("/creator/received.js", SCRIPT, "creator/received.js"),
    page!("/creator/terms.js", SCRIPT, "creator/terms.js"),
    page!("/operator", HTML, "operator/index.html"),
    page!("/operator/app.js", SCRIPT, "operator/app.js"),
    page!("/operator/audit.js", SCRIPT, "operator/audit.js"),
    page!("/operator/calls.js", SCRIPT, "operator/calls.js"),
    page!("/operator/creator.js", SCRIPT, "operator/creator.js"),
    page!("/operator/difference.js", SCRIPT, "operator/difference.js"),
    page!("/operator/edit.js", SCRIPT, "operator/edit.js"),
    page!("/operator/happening.js", SCRIPT, "operator/happening.js"),
    page!("/operator/health.js", SCRIPT, "operator/health.js"),
    page!("/operator/overview.js", SCRIPT, "operator/overview.js"),
    page!("/operator/reads.js", SCRIPT, "operator/reads.js"),
    page!("/operator/report.js", SCRIPT, "operator/report.js"),
    page!("/operator/requests.js", SCRIPT, "operator/requests.js"),
    page!("/operator/wave.js", SCRIPT, "operator/wave.js"),
    page!("/operator/words.js", SCRIPT, "operator/words.js"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::PAGES;

    fn files_in(directory: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files_in(&path, found);
            } else {
                found.insert(path.to_str().unwrap().to_owned());
            }
        }
    }

    #[test]
    fn every_file_of_the_pages_is_served() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/pages");
        let mut files = BTreeSet::new();
        files_in(Path::new(directory), &mut files);
        let file = |path: &str| match path {
            "/" => "/index.html".to_owned(),
            page if !page.contains('.') => format!("{page}/index.html"),
            file => file.to_owned(),
        };
        let served: BTreeSet<String> =
            PAGES.iter().map(|(path, ..)| format!("{directory}{}", file(path))).collect();
        assert_eq!(files, served);
    }
}
