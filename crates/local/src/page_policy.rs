//! The Content Security Policy of the sender's page, which depends on the Stripe that the stack uses.

use serde_json::Value;

/// The policy for a page with this configuration. The page loads its own files; its card form calls the stand-in. Only with
/// Stripe.js are Stripe's hosts allowed, as <https://docs.stripe.com/security/guide#content-security-policy> lists them.
pub(crate) fn page_policy(config: &Value) -> String {
    let base = config["stripe_base"].as_str().unwrap_or_default();
    let (script, frame, connect) = if config["stripe_js"].is_string() {
        let own = "https://js.stripe.com https://*.js.stripe.com";
        (own, format!("{own} https://hooks.stripe.com"), "https://api.stripe.com")
    } else {
        ("", "'none'".to_owned(), base)
    };
    let directives = [
        "default-src 'none'".to_owned(),
        format!("script-src 'self' {script}"),
        format!("frame-src {frame}"),
        format!("connect-src 'self' {connect}"),
        "img-src data:".to_owned(),
        "style-src 'self'".to_owned(),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
    ];
    directives.map(|directive| directive.trim_end().to_owned()).join("; ")
}

#[cfg(test)]
mod tests {
    use super::page_policy;
    use serde_json::json;

    #[test]
    fn stripes_hosts_are_allowed_only_with_stripe_js() {
        let strict = page_policy(
            &json!({"stripe_base": "http://127.0.0.1:12111", "publishable_key": "pk_test_local"}),
        );
        assert!(!strict.contains("stripe.com"), "{strict}");
        assert!(
            strict.contains("script-src 'self'; ")
                && strict.contains("connect-src 'self' http://127.0.0.1:12111;")
        );
        let wider = page_policy(
            &json!({"stripe_js": "https://js.stripe.com/endive/stripe.js", "publishable_key": "pk_test_1"}),
        );
        for directive in [
            "default-src 'none'; ",
            "script-src 'self' https://js.stripe.com https://*.js.stripe.com; ",
            "frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; ",
            "connect-src 'self' https://api.stripe.com; ",
        ] {
            assert!(wider.contains(directive), "{wider}");
        }
        assert!(!wider.contains("unsafe") && !wider.contains("127.0.0.1"), "{wider}");
    }
}
