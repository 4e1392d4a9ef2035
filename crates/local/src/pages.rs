//! The web pages, compiled into the binary, so that `cargo run` needs no other files.

/// A page's path, content type and text.
pub(crate) type Page = (&'static str, &'static str, &'static str);

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! page {
    ($path:literal, $type:ident, $file:literal) => {
        ($path, $type, include_str!(concat!("../pages/", $file)))
    };
}

/// A page: what the head of each has, and its own file from there on.
macro_rules! html {
    ($path:expr, $file:literal) => {
        ($path, HTML, concat!(include_str!("../pages/head.html"), include_str!(concat!("../pages/", $file))))
    };
}

/// The path of the sender's page.
pub(crate) const SENDERS_PAGE: &str = "/";

/// Every file of `pages/`: the sender's page and shared files at the top, the creator's and the operator's in folders.
pub(crate) const PAGES: &[Page] = &[
    html!(SENDERS_PAGE, "index.html"),
    page!("/console.css", CSS, "console.css"),
    page!("/sender.css", CSS, "sender.css"),
    page!("/style.css", CSS, "style.css"),
    page!("/amount.js", SCRIPT, "amount.js"),
    page!("/api.js", SCRIPT, "api.js"),
    page!("/app.js", SCRIPT, "app.js"),
    page!("/attempts.js", SCRIPT, "attempts.js"),
    page!("/card.js", SCRIPT, "card.js"),
    page!("/card_names.js", SCRIPT, "card_names.js"),
    page!("/cards.js", SCRIPT, "cards.js"),
    page!("/charts.js", SCRIPT, "charts.js"),
    page!("/checkout.js", SCRIPT, "checkout.js"),
    page!("/csv.js", SCRIPT, "csv.js"),
    page!("/elements.js", SCRIPT, "elements.js"),
    page!("/events.js", SCRIPT, "events.js"),
    page!("/feedback.js", SCRIPT, "feedback.js"),
    page!("/fields.js", SCRIPT, "fields.js"),
    page!("/filters.js", SCRIPT, "filters.js"),
    page!("/forms.js", SCRIPT, "forms.js"),
    page!("/history.js", SCRIPT, "history.js"),
    page!("/home.js", SCRIPT, "home.js"),
    page!("/keys.js", SCRIPT, "keys.js"),
    page!("/money.js", SCRIPT, "money.js"),
    page!("/payment_element.js", SCRIPT, "payment_element.js"),
    page!("/profile.js", SCRIPT, "profile.js"),
    page!("/quote.js", SCRIPT, "quote.js"),
    page!("/rates.js", SCRIPT, "rates.js"),
    page!("/receipt.js", SCRIPT, "receipt.js"),
    page!("/refund_request.js", SCRIPT, "refund_request.js"),
    page!("/refunded.js", SCRIPT, "refunded.js"),
    page!("/saved_cards.js", SCRIPT, "saved_cards.js"),
    page!("/standing.js", SCRIPT, "standing.js"),
    page!("/stripe.js", SCRIPT, "stripe.js"),
    page!("/test_cards.js", SCRIPT, "test_cards.js"),
    page!("/typed_number.js", SCRIPT, "typed_number.js"),
    page!("/user.js", SCRIPT, "user.js"),
    page!("/view.js", SCRIPT, "view.js"),
    page!("/waiting.js", SCRIPT, "waiting.js"),
    html!("/creator", "creator/index.html"),
    page!("/creator/api.js", SCRIPT, "creator/api.js"),
    page!("/creator/app.js", SCRIPT, "creator/app.js"),
    page!("/creator/blocks.js", SCRIPT, "creator/blocks.js"),
    page!("/creator/earnings.js", SCRIPT, "creator/earnings.js"),
    page!("/creator/earnings_plot.js", SCRIPT, "creator/earnings_plot.js"),
    page!("/creator/history.js", SCRIPT, "creator/history.js"),
    page!("/creator/onboarding.js", SCRIPT, "creator/onboarding.js"),
    page!("/creator/overview.js", SCRIPT, "creator/overview.js"),
    page!("/creator/payment_row.js", SCRIPT, "creator/payment_row.js"),
    page!("/creator/payments.js", SCRIPT, "creator/payments.js"),
    page!("/creator/payouts.js", SCRIPT, "creator/payouts.js"),
    page!("/creator/settings.js", SCRIPT, "creator/settings.js"),
    page!("/creator/terms.js", SCRIPT, "creator/terms.js"),
    html!("/operator", "operator/index.html"),
    page!("/operator/amounts.js", SCRIPT, "operator/amounts.js"),
    page!("/operator/api.js", SCRIPT, "operator/api.js"),
    page!("/operator/app.js", SCRIPT, "operator/app.js"),
    page!("/operator/audit.js", SCRIPT, "operator/audit.js"),
    page!("/operator/books.js", SCRIPT, "operator/books.js"),
    page!("/operator/console.js", SCRIPT, "operator/console.js"),
    page!("/operator/creator.js", SCRIPT, "operator/creator.js"),
    page!("/operator/difference.js", SCRIPT, "operator/difference.js"),
    page!("/operator/difference_hints.js", SCRIPT, "operator/difference_hints.js"),
    page!("/operator/edit_wave.js", SCRIPT, "operator/edit_wave.js"),
    page!("/operator/event_feed.js", SCRIPT, "operator/event_feed.js"),
    page!("/operator/evidence.js", SCRIPT, "operator/evidence.js"),
    page!("/operator/feedback.js", SCRIPT, "operator/feedback.js"),
    page!("/operator/go_live.js", SCRIPT, "operator/go_live.js"),
    page!("/operator/halt_by_hand.js", SCRIPT, "operator/halt_by_hand.js"),
    page!("/operator/labels.js", SCRIPT, "operator/labels.js"),
    page!("/operator/overview.js", SCRIPT, "operator/overview.js"),
    page!("/operator/payment.js", SCRIPT, "operator/payment.js"),
    page!("/operator/payment_actions.js", SCRIPT, "operator/payment_actions.js"),
    page!("/operator/payment_labels.js", SCRIPT, "operator/payment_labels.js"),
    page!("/operator/payments.js", SCRIPT, "operator/payments.js"),
    page!("/operator/quarantine.js", SCRIPT, "operator/quarantine.js"),
    page!("/operator/reconciliation.js", SCRIPT, "operator/reconciliation.js"),
    page!("/operator/regularly.js", SCRIPT, "operator/regularly.js"),
    page!("/operator/report.js", SCRIPT, "operator/report.js"),
    page!("/operator/sender.js", SCRIPT, "operator/sender.js"),
    page!("/operator/statement.js", SCRIPT, "operator/statement.js"),
    page!("/operator/wave.js", SCRIPT, "operator/wave.js"),
    page!("/operator/wave_form.js", SCRIPT, "operator/wave_form.js"),
    page!("/operator/wave_requests.js", SCRIPT, "operator/wave_requests.js"),
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
    fn no_page_needs_a_secure_context() {
        for (path, _, text) in PAGES {
            for only_secure in ["randomUUID(", "crypto.subtle", "navigator.clipboard", "serviceWorker"] {
                assert!(!text.contains(only_secure), "{path}: {only_secure} is missing at a --host-alias");
            }
        }
    }

    #[test]
    fn every_file_of_the_pages_is_served() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/pages");
        let mut files = BTreeSet::new();
        files_in(Path::new(directory), &mut files);
        assert!(files.remove(&format!("{directory}/head.html")), "each page begins with it");
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
