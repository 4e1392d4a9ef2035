//! The Express Dashboard, as far as a link into it shows: the account's balance and its payouts.

use crate::dispatch::html;
use crate::operations::balance;
use crate::state::sandbox::Sandbox;
use crate::wire::call::Call;
use crate::wire::reply::Reply;
use http::Method;

/// `GET /express/{id}`. A link opens once; after that it leads to the app's `refresh_url`, where it has one.
pub(crate) fn handle(sandbox: &mut Sandbox, call: &Call, now_ms: i64) -> Reply {
    let not_found = || html::not_found("Dashboard", "This link does not exist or was used.");
    let id = call.path.trim_start_matches("/express/");
    let link = (call.method == Method::GET).then(|| sandbox.records.dashboard_links.get_mut(id)).flatten();
    let Some(link) = link else { return not_found() };
    if !link.can_be_opened(now_ms) {
        return match &link.refresh_url {
            Some(url) => Reply::html(303, String::new()).with("location", url.as_str()),
            None => not_found(),
        };
    }
    link.opened = true;
    let account = link.account.clone();
    let records = &sandbox.records;
    let balances = balance::of_account(records, &account);
    let balances = balances.iter().map(|(currency, amount)| format!("{amount} {currency}"));
    let payouts =
        records.payouts.rows().values().filter(|payout| payout.account.as_deref() == Some(account.as_str()));
    let payouts = payouts.map(|payout| {
        let json = payout.json();
        let status = json["status"].as_str().unwrap_or_default();
        format!("{} {}: {status}", payout.amount, payout.currency)
    });
    let (balances, payouts) = (list(balances), list(payouts));
    let body = format!(
        "<h1>Express Dashboard</h1><section><h2>Balance</h2>{balances}</section><section><h2>Payouts</h2>{payouts}</section>"
    );
    html::page("Dashboard", &body)
}

/// Amounts are in minor units, as in the API.
fn list(lines: impl Iterator<Item = String>) -> String {
    let items: String = lines.map(|line| format!("<li>{line}</li>")).collect();
    if items.is_empty() { "<p class=\"soft\">None yet.</p>".to_owned() } else { format!("<ul>{items}</ul>") }
}
