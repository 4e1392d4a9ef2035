//! The statement of the platform's balance through the API, as CSV or as a table.

use reqwest::Method;
use serde_json::Value;

use crate::api_client::ApiError;
use crate::reconcile::operators_client;

/// Reads the statement of the days from `from` to `to` through the API at `api`: CSV, or JSON. Without a token, requests an
/// operator's from the local stack.
///
/// # Errors
/// [`ApiError`], also for a day that is none.
pub async fn statement(
    api: &str,
    token: Option<String>,
    days: [Option<&str>; 2],
    is_csv: bool,
) -> Result<String, ApiError> {
    let client = operators_client(api, token).await?;
    let parameters = ["from", "to"].into_iter().zip(days);
    let query: Vec<String> = parameters.filter_map(|(name, day)| Some(format!("{name}={}", day?))).collect();
    let media_type = if is_csv { "text/csv" } else { "application/json" };
    let url = client.url(&format!("/v1/admin/statement?{}", query.join("&")))?;
    Ok(client.send(Method::GET, &url, media_type).await?.body)
}

/// Shows a statement as a table: for each currency the opening balance, the movements and the closing balance of each day.
/// Amounts are in minor units.
#[must_use]
pub fn table(statement: &Value) -> String {
    let mut lines =
        vec![row(["", "", "count", "amount", "fee", "net", "booked", "balance"].map(str::to_owned))];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for currency in list(&statement["currencies"]) {
        let code = text(&currency["currency"]);
        lines.push(balance(&code, "opening", &currency["opening"]));
        for day in list(&currency["days"]) {
            for movement in list(&day["movements"]) {
                let sums = ["count", "amount", "fee", "net", "booked"].map(|field| text(&movement[field]));
                let [count, amount, fee, net, booked] = sums;
                let class = text(&movement["class"]);
                lines.push(row([text(&day["day"]), class, count, amount, fee, net, booked, String::new()]));
            }
            lines.push(balance(&text(&day["day"]), "closing", &day["closing"]));
        }
        lines.push(balance(&code, "closing", &currency["closing"]));
        lines.push(balance(&code, "not booked", &currency["difference"]));
    }
    for compared in list(&statement["balance"]["balances"]) {
        lines.push(balance(&text(&compared["currency"]), "Stripe's balance", &compared["stripe"]));
    }
    lines.join("\n")
}

fn balance(of: &str, name: &str, amount: &Value) -> String {
    let empty = String::new;
    row([of.to_owned(), name.to_owned(), empty(), empty(), empty(), empty(), empty(), text(amount)])
}

fn row([first, second, rest @ ..]: [String; 8]) -> String {
    let numbers: String = rest.iter().map(|cell| format!("{cell:>12}")).collect();
    format!("{first:<12}{second:<18}{numbers}").trim_end().to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_has_each_days_movements_between_the_opening_and_the_closing_balance() {
        let payout =
            json!({"class": "payout", "count": 1, "amount": -80, "fee": 0, "net": -80, "booked": -80});
        let day = json!({"day": "2026-11-24", "opening": 100, "movements": [payout], "closing": 20});
        let dollars =
            json!({"currency": "usd", "opening": 100, "days": [day], "closing": 20, "difference": 0});
        let balances = json!([{"currency": "usd", "ours": 20, "stripe": 20}]);
        let shown = table(&json!({"currencies": [dollars], "balance": {"balances": balances}}));
        let words: Vec<Vec<&str>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
        let expected = [
            vec!["count", "amount", "fee", "net", "booked", "balance"],
            vec!["usd", "opening", "100"],
            vec!["2026-11-24", "payout", "1", "-80", "0", "-80", "-80"],
            vec!["2026-11-24", "closing", "20"],
            vec!["usd", "closing", "20"],
            vec!["usd", "not", "booked", "0"],
            vec!["usd", "Stripe's", "balance", "20"],
        ];
        assert_eq!(words, expected);
    }
}
