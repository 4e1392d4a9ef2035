use super::*;

const TRANSFERS: &str = "type=express&country=US&capabilities[transfers][requested]=true";

fn of(platform: Platform) -> Sandbox {
    sandbox_of(Settings { platform, ..Settings::default() })
}

/// The account of v2 without card payments.
fn transfers_alone(country: &str) -> Value {
    let mut account = v2_account();
    account["identity"]["country"] = country.into();
    account["configuration"]["merchant"].take();
    account
}

fn message(reply: &Reply) -> String {
    text(&parsed(reply), "/error/message").to_owned()
}

#[test]
fn a_platform_of_accounts_v2_cannot_create_by_v1_and_the_refusal_is_replayed() {
    let mut sandbox = of(Platform::AccountsV2);
    let call = post_call("/v1/accounts", Some("k"), TRANSFERS);
    let refused = sandbox.handle(&call, NOW);
    assert_eq!((refused.status, error_code(&refused)), (400, String::new()));
    assert!(message(&refused).starts_with("Stripe no longer recommends Accounts v1"), "{}", refused.body);
    assert_eq!(sandbox.handle(&call, NOW).header("idempotent-replayed"), Some("true"));
    assert_eq!(v2_post(&mut sandbox, "/v2/core/accounts", &v2_account()).status, 200);
}

#[test]
fn transfers_alone_need_approval_on_some_platforms_and_card_payments_abroad() {
    let mut sandbox = of(Platform::NeedsApproval);
    let refused = post(&mut sandbox, "/v1/accounts", TRANSFERS);
    assert!(message(&refused).starts_with("Your platform needs approval"), "{}", refused.body);
    let both = format!("{TRANSFERS}&capabilities[card_payments][requested]=true");
    assert_eq!(post(&mut sandbox, "/v1/accounts", &both).status, 200);
    let needs_other = "capability_not_available_without_other_capability";
    for (platform, country, expected) in [
        (Platform::NeedsApproval, "US", needs_other),
        (Platform::AccountsV2, "US", ""),
        (Platform::AccountsV2, "DE", needs_other),
        (Platform::AccountsV1, "GB", needs_other),
    ] {
        let reply = v2_post(&mut of(platform), "/v2/core/accounts", &transfers_alone(country));
        assert_eq!(error_code(&reply), expected, "{platform} {country}: {}", reply.body);
    }
}

#[test]
fn an_inactive_platform_cannot_create_and_new_versions_say_why() {
    let mut sandbox = of(Platform::Inactive);
    let mut call = post_call("/v1/accounts", None, TRANSFERS);
    for (version, code) in
        [("2026-09-30.endive", ""), ("2026-11-18.endive", "inactive_api_operation_confirmation_required")]
    {
        call.stripe_version = Some(version.to_owned());
        let refused = sandbox.handle(&call, NOW);
        assert_eq!((refused.status, error_code(&refused).as_str()), (400, code));
    }
    assert_eq!(v2_post(&mut sandbox, "/v2/core/accounts", &v2_account()).status, 400);
}

#[test]
fn a_fixture_is_an_account_that_the_platform_could_have_created() {
    for (platform, by_v2) in
        [(Platform::AccountsV2, 200), (Platform::AccountsV1, 400), (Platform::Inactive, 200)]
    {
        let mut sandbox = of(platform);
        let ready = post(&mut sandbox, "/stand_in/accounts", r#"{"country": "DE", "metadata": {"a": "b"}}"#);
        let id = text(&parsed(&ready), "/id").to_owned();
        let account = parsed(&get(&mut sandbox, &format!("/v1/accounts/{id}")));
        assert_eq!(text(&account, "/capabilities/transfers"), "active");
        assert_eq!((text(&account, "/default_currency"), text(&account, "/metadata/a")), ("eur", "b"));
        assert_eq!(v2_get(&mut sandbox, &format!("/v2/core/accounts/{id}")).status, by_v2);
        let form = "country=US&currency=gbp&ready=false&id=acct_bo";
        for _ in 0..2 {
            assert_eq!(text(&parsed(&post(&mut sandbox, "/stand_in/accounts", form)), "/id"), "acct_bo");
        }
        let account = parsed(&get(&mut sandbox, "/v1/accounts/acct_bo"));
        assert_eq!(text(&account, "/capabilities/transfers"), "inactive");
        assert_eq!(text(&account, "/default_currency"), "gbp");
    }
    for form in ["", "country=", "country=Narnia", "country=de", "country=ZZ", "country=JM"] {
        for platform in [Platform::AccountsV2, Platform::AccountsV1] {
            assert_eq!(post(&mut of(platform), "/stand_in/accounts", form).status, 400, "{form}");
        }
    }
    for country in ["ZZ", "AA", "QM", "XK"] {
        let form = TRANSFERS.replace("country=US", &format!("country={country}"));
        let refused = post(&mut of(Platform::AccountsV1), "/v1/accounts", &form);
        assert_eq!(error_code(&refused), "country_unsupported", "{country}");
    }
}

#[test]
fn a_platform_is_in_its_region() {
    for (region, country, currency, fee) in
        [("US", "US", "usd", 61), ("AU", "AU", "aud", 64), ("EEA", "DE", "eur", 57), ("FR", "DE", "eur", 57)]
    {
        let mut sandbox = sandbox_of(Settings { region: region.parse().unwrap(), ..Settings::default() });
        let account = parsed(&get(&mut sandbox, "/v1/account"));
        assert_eq!((text(&account, "/country"), text(&account, "/default_currency")), (country, currency));
        // An American card: 2.9 % of 10.61 and 0.30, or from abroad 1.7 % and 0.30, or 1.5 % and 0.25, and 1.5 %.
        let charge = format!(
            "amount=1061&currency={currency}&allowed_payment_method_types[]=card&confirm=true\
             &payment_method=pm_card_visa&capture_method=automatic"
        );
        assert_eq!(post(&mut sandbox, "/v1/payment_intents", &charge).status, 200);
        let moved = parsed(&get(&mut sandbox, "/v1/balance_transactions?type=charge"));
        assert_eq!(moved["data"][0]["fee"], fee, "{region}");
    }
}

#[test]
fn a_platform_has_the_name_of_its_flag() {
    let names = Platform::names();
    assert_eq!(names, ["accounts-v2", "accounts-v1", "accounts-v1-only", "needs-approval", "inactive"]);
    for name in names {
        assert_eq!(name.parse::<Platform>().unwrap().to_string(), name);
    }
    assert!("v3".parse::<Platform>().unwrap_err().to_string().contains("accounts-v1-only"));
}
