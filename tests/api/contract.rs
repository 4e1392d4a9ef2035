//! template.yaml, infra/openapi.yaml and the handlers name the same routes, and every problem's code is
//! described. template.yaml and infra/observability.yaml alarm the metrics that are counted.

use local::template::Template;
use payments_http::ProblemCode;
use payments_services::Metric;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use yaml_rust2::{Yaml, YamlLoader};

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

pub(crate) type Routes = BTreeMap<String, String>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn openapi() -> Yaml {
    yaml("infra/openapi.yaml")
}

pub(crate) fn yaml(file: &str) -> Yaml {
    YamlLoader::load_from_str(&read(root().join(file))).expect("YAML").remove(0)
}

pub(crate) fn routes_of_handlers() -> Routes {
    let by_function: [(&str, &[&str]); 7] = [
        ("create-payment-intent", &create_payment_intent::ROUTES),
        ("stripe-webhook", &stripe_webhook::ROUTES),
        ("creator-eligibility", &creator_eligibility::ROUTES),
        ("creator-onboarding", &creator_onboarding::ROUTES),
        ("payment-history", &payment_history::ROUTES),
        ("refund-payment", &refund_payment::ROUTES),
        ("reconcile-payments", &reconcile_payments::ROUTES),
    ];
    let named = |(function, routes): (&str, &[&str])| {
        routes.iter().map(|route| ((*route).to_owned(), function.to_owned())).collect::<Vec<_>>()
    };
    by_function.into_iter().flat_map(named).collect()
}

pub(crate) fn operations(openapi: &Yaml) -> Vec<(String, Yaml)> {
    let paths = openapi["paths"].as_hash().expect("paths").iter();
    paths
        .flat_map(|(path, item)| {
            let path = path.as_str().expect("a path").to_owned();
            let operations = item.as_hash().expect("operations").iter();
            operations.filter_map(move |(method, operation)| {
                let method = method.as_str().filter(|method| METHODS.contains(method))?;
                Some((format!("{} {path}", method.to_uppercase()), operation.clone()))
            })
        })
        .collect()
}

pub(crate) fn template() -> Template {
    let parameters =
        [("JwtIssuer", "https://issuer.example"), ("JwtAudience", "app"), ("AllowedOrigins", "")];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Template::load(&parameters).expect("template.yaml")
}

#[test]
fn template_and_handlers_name_the_same_routes() {
    let routes: Routes =
        template().routes.iter().map(|route| (route.key(), route.function.clone())).collect();
    assert_eq!(routes, routes_of_handlers());
}

#[test]
fn openapi_describes_the_routes_that_exist() {
    let described: Routes = operations(&openapi())
        .into_iter()
        .map(|(route, operation)| (route, operation["x-function"].as_str().expect("x-function").to_owned()))
        .collect();
    assert_eq!(described, routes_of_handlers());
}

#[test]
fn openapi_describes_every_code_of_a_problem_and_no_other() {
    let openapi = openapi();
    let described = openapi["components"]["schemas"]["ProblemCode"]["enum"].as_vec().expect("codes");
    let described: BTreeSet<&str> = described.iter().map(|code| code.as_str().expect("a code")).collect();
    let codes: BTreeSet<&str> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(described, codes);
    assert_eq!(codes.len(), ProblemCode::ALL.len(), "no two have one name");
}

#[test]
fn every_example_of_a_problem_has_the_type_the_title_and_the_status_that_its_code_is_answered_with() {
    let mut examples = Vec::new();
    problems_in(&openapi(), &mut examples);
    assert!(examples.len() > 30, "{}", examples.len());
    for example in examples {
        let code = ProblemCode::ALL.iter().find(|code| example["code"].as_str() == Some(code.as_str()));
        let code = code.unwrap_or_else(|| panic!("no such code: {example:?}"));
        let kind = format!("urn:creator-payments:problem:{}", code.as_str());
        let answered = (kind.as_str(), code.title(), i64::from(code.status().as_u16()));
        let shown = (&example["type"], &example["title"], &example["status"]);
        let shown = (shown.0.as_str(), shown.1.as_str(), shown.2.as_i64());
        assert_eq!(shown, (Some(answered.0), Some(answered.1), Some(answered.2)), "{}", code.as_str());
    }
}

/// The examples in a part of the document that are problems.
fn problems_in(part: &Yaml, found: &mut Vec<Yaml>) {
    if part["type"].as_str().is_some_and(|kind| kind.starts_with("urn:creator-payments:problem:")) {
        found.push(part.clone());
    }
    part.as_hash().into_iter().flatten().for_each(|(_, part)| problems_in(part, found));
    part.as_vec().into_iter().flatten().for_each(|part| problems_in(part, found));
}

#[test]
fn every_reason_of_the_decision_is_described_in_the_order_of_the_decision() {
    let creator = payments::CreatorId::parse("ana").expect("an id");
    let receiver = payments::Receiver::unknown(creator);
    let (rollout, policy) = (payments::Rollout::default(), payments::Policy::default());
    let now = payments::Timestamp::from_seconds(0);
    let decision = payments::decide(&payments::EligibilityInput::of(&receiver, &rollout, &policy, now));
    let rules: Vec<&str> = decision.rules.iter().map(|result| result.rule.as_str()).collect();
    let openapi = openapi();
    let described = openapi["components"]["schemas"]["ReasonCode"]["enum"].as_vec().expect("codes");
    let described: Vec<&str> = described.iter().filter_map(Yaml::as_str).collect();
    assert_eq!(described, rules);
}

/// The alarms that roll a deployment back, and all others.
const TEMPLATES: [&str; 2] = ["template.yaml", "infra/observability.yaml"];

/// The logical ids of the templates' alarms.
fn alarms() -> Vec<String> {
    let templates = TEMPLATES.map(|template| read(root().join(template))).concat();
    let names = templates.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
    names.filter(|name| name.ends_with("Alarm") && !name.starts_with(' ')).map(str::to_owned).collect()
}

#[test]
fn the_runbook_has_a_row_for_every_alarm_every_kind_of_difference_and_every_fault_of_the_set_up() {
    let runbook = read(root().join("docs/RUNBOOK.md"));
    let openapi = openapi();
    let kinds = &openapi["components"]["schemas"]["Difference"]["properties"]["kind"]["enum"];
    let kinds = kinds.as_vec().expect("kinds").iter().map(|kind| kind.as_str().expect("a kind").to_owned());
    let faults = payments::SetUpFault::ALL.iter().map(|fault| fault.as_str().to_owned());
    let named: Vec<String> = alarms().into_iter().chain(kinds).chain(faults).collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        let rows = runbook.lines().filter(|line| line.starts_with("| `"));
        let names = rows.filter_map(|row| row.split(" | ").next());
        assert!(names.into_iter().any(|cell| cell.contains(&format!("`{name}`"))), "{name} has no row");
    }
}

/// Metrics that no alarm watches, and why.
const NOT_ALARMED: [(&str, &str); 5] = [
    ("WebhookPing", "somebody tries the event destination in Stripe's dashboard"),
    ("WebhookNotOurs", "other business on the same Stripe account is expected"),
    ("StripeDuration", "it says who is slow, once an alarm rings or a caller complains"),
    ("TableDuration", "as StripeDuration"),
    ("SenderLimited", "a limit that refuses is expected"),
];

#[test]
fn every_metric_is_alarmed_under_its_name_or_left_out_for_a_reason() {
    let mut metrics = BTreeSet::new();
    TEMPLATES.iter().for_each(|template| alarmed(&yaml(template), &mut metrics));
    assert!(!metrics.is_empty());
    for (metric, why) in NOT_ALARMED {
        assert!(metrics.insert(metric.to_owned()), "{metric} is alarmed, though {why}");
    }
    let counted: BTreeSet<String> = Metric::ALL.iter().map(|metric| metric.name().to_owned()).collect();
    assert_eq!(metrics, counted);
    assert_eq!(counted.len(), Metric::ALL.len(), "no two have one name");
}

/// The names of our own metrics in a part of a template.
fn alarmed(part: &Yaml, metrics: &mut BTreeSet<String>) {
    if part["Namespace"].as_str() == Some("CreatorPayments") {
        metrics.insert(part["MetricName"].as_str().expect("a name").to_owned());
    }
    part.as_hash().into_iter().flatten().for_each(|(_, part)| alarmed(part, metrics));
    part.as_vec().into_iter().flatten().for_each(|part| alarmed(part, metrics));
}

pub(crate) fn read(path: PathBuf) -> String {
    fs::read_to_string(path).expect("a source file")
}

pub(crate) fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
