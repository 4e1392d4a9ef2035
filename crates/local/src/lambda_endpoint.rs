//! Functions behind Lambda's Invoke API, such as that of `sam local start-lambda`: the gateway here authorizes, and the
//! functions run in SAM's containers (<https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>).

use std::collections::BTreeMap;

use lambda_http::Error;

use crate::endpoints::Endpoints;
use crate::function::Function;

/// The template's functions, at `endpoint`.
pub(crate) fn functions(
    endpoints: &Endpoints,
    endpoint: &str,
) -> Result<BTreeMap<&'static str, Function>, Error> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let names = crate::functions::NAMES.into_iter().filter(|name| endpoints.functions.contains_key(*name));
    Ok(names.map(|name| (name, function(&client, endpoint, name))).collect())
}

fn function(client: &reqwest::Client, endpoint: &str, name: &str) -> Function {
    let base = endpoint.trim_end_matches('/');
    let url = format!("{base}/2015-03-31/functions/{}/invocations", logical_id(name));
    let client = client.clone();
    Function::of_events(move |event| {
        let request = client.post(&url).header("content-type", "application/json").body(event);
        async move {
            let answer = request.send().await?.error_for_status()?;
            let has_failed = answer.headers().contains_key("x-amz-function-error");
            let payload = answer.bytes().await?;
            if has_failed {
                return Err(String::from_utf8_lossy(&payload).into_owned().into());
            }
            Ok(payload.to_vec())
        }
    })
}

/// The template's name of a function: `create-payment-intent` is `CreatePaymentIntentFunction`.
fn logical_id(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    };
    name.split('-').map(word).collect::<String>() + "Function"
}

#[cfg(test)]
mod tests {
    use super::logical_id;
    use crate::functions::NAMES;

    #[test]
    fn each_function_has_its_logical_id_in_the_template() {
        let template = include_str!("../../../template.yaml");
        for name in NAMES {
            let resource = format!("\n  {}:\n    Type: AWS::Serverless::Function", logical_id(name));
            assert!(template.contains(&resource), "{name}");
        }
    }
}
