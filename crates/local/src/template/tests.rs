use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::{Template, TemplateError};

const SMALL: &str = r#"
Parameters:
  Origins: { Type: String, Default: "" }
  TableName: { Type: String, Default: things }
Conditions:
  HasOrigins: !Not [!Equals [!Ref Origins, ""]]
Globals:
  Function:
    Timeout: 10
    Environment: { Variables: { TABLE_NAME: !Ref Table, LIMIT: 5 } }
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Jwt
        Authorizers:
          Jwt:
            JwtConfiguration: { issuer: "https://issuer.example", audience: !Split [",", "a,b"] }
      CorsConfiguration: !If
        - HasOrigins
        - AllowOrigins: !Split [",", !Ref Origins]
          AllowMethods: [GET]
          MaxAge: 600
        - !Ref AWS::NoValue
  Things:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/read-things/
      Timeout: 29
      Role: !GetAtt Role.Arn
      Environment: { Variables: { OWN: "x-${Nothing}" } }
      Events:
        Get: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: get, Path: "/things/{id}" } }
        Put:
          Type: HttpApi
          Properties: { Method: PUT, Path: "/things/{id}", Auth: { Authorizer: Jwt, AuthorizationScopes: ["things:write"] } }
        Hook: { Type: HttpApi, Properties: { Method: POST, Path: /hook, Auth: { Authorizer: NONE } } }
        Tick: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(5 minutes) } }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Ref TableName
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: PK, AttributeType: S }]
      KeySchema: [{ AttributeName: PK, KeyType: HASH }]
      StreamSpecification: { StreamViewType: NEW_IMAGE }
      TimeToLiveSpecification: { AttributeName: expires_at, Enabled: true }
      DeletionProtectionEnabled: true
"#;

fn small(parameters: &[(&str, &str)]) -> Template {
    let parameters =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Template::parse(SMALL, &parameters).unwrap()
}

#[test]
fn a_route_has_the_default_authorizer_unless_it_says_otherwise() {
    let template = small(&[]);
    let scopes = |key: &str| {
        let route = template.routes.iter().find(|route| route.key() == key).unwrap();
        assert_eq!(route.function, "read-things");
        route.authorization.as_ref().map(|authorization| authorization.scopes.clone())
    };
    assert_eq!(template.routes.len(), 3);
    assert_eq!(scopes("GET /things/{id}"), Some(vec![]));
    assert_eq!(scopes("PUT /things/{id}"), Some(vec!["things:write".to_owned()]));
    assert_eq!(scopes("POST /hook"), None);
    let authorized = template.routes.iter().find_map(|route| route.authorization.as_ref()).unwrap();
    assert_eq!((authorized.issuer.as_str(), authorized.audience.len()), ("https://issuer.example", 2));
}

#[test]
fn cors_exists_only_when_its_condition_holds() {
    assert_eq!(small(&[]).cors, None);
    let cors = small(&[("Origins", "http://a.example,http://b.example")]).cors.unwrap();
    assert_eq!(cors.allow_origins, ["http://a.example", "http://b.example"]);
    assert_eq!(cors.max_age, Some(600));
}

#[test]
fn a_function_has_its_own_time_limit_and_the_shared_environment() {
    let function = &small(&[("TableName", "other")]).functions["read-things"];
    assert_eq!(function.timeout, Duration::from_secs(29));
    assert_eq!(function.environment["LIMIT"], "5");
    assert_eq!(function.environment["OWN"], "x-${Nothing}");
}

#[test]
fn the_table_becomes_a_create_table_request() {
    let table = small(&[("TableName", "other")]).table;
    assert_eq!(table.name, "other");
    assert_eq!(table.ttl_attribute.as_deref(), Some("expires_at"));
    let expected = json!({
        "TableName": "other", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
    });
    assert_eq!(table.create_table, expected);
}

#[test]
fn a_template_without_an_api_or_with_an_unknown_authorizer_is_refused() {
    let parse = |source: &str| Template::parse(source, &BTreeMap::new());
    assert!(matches!(parse("Resources: {}"), Err(TemplateError::Missing("AWS::Serverless::HttpApi"))));
    assert!(matches!(parse("a: [1"), Err(TemplateError::Yaml(_))));
    let misspelled = BTreeMap::from([("Curency".to_owned(), "eur".to_owned())]);
    assert!(matches!(Template::parse(SMALL, &misspelled), Err(TemplateError::Parameter(_))));
    assert!(matches!(
        parse(&SMALL.replace("Authorizer: Jwt,", "Authorizer: Other,")),
        Err(TemplateError::UnknownAuthorizer(_))
    ));
}

#[test]
fn the_projects_template_has_its_routes_with_the_right_authorization() {
    let template = Template::load(&BTreeMap::new()).unwrap();
    assert_eq!(template.table.name, "creator-payments");
    assert_eq!(template.table.create_table["KeySchema"][1]["AttributeName"], "SK");
    for route in &template.routes {
        let is_webhook = route.path == "/v1/stripe/webhooks";
        let is_admin = route.path.starts_with("/v1/admin/");
        assert_eq!(route.authorization.is_none(), is_webhook, "{} must need a token", route.key());
        let scopes = route.authorization.as_ref().map(|needed| needed.scopes.clone()).unwrap_or_default();
        assert_eq!(scopes == ["payments:admin"], is_admin, "{} has the wrong scopes", route.key());
        assert!(template.functions.contains_key(&route.function));
    }
    let keys: Vec<String> = template.routes.iter().map(super::Route::key).collect();
    for key in
        ["POST /v1/quotes", "POST /v1/payments", "POST /v1/stripe/webhooks", "GET /v1/creators/{creator_id}"]
    {
        assert!(keys.iter().any(|existing| existing == key), "{key} is missing");
    }
}

#[test]
fn an_existing_table_takes_the_place_of_the_templates_own() {
    let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/restored";
    let parameters = BTreeMap::from([("ExistingTableArn".to_owned(), arn.to_owned())]);
    let table = Template::load(&parameters).unwrap().table;
    assert_eq!(table.name, "restored");
    assert_eq!(table.create_table["TableName"], "restored");
}

#[test]
fn routes_of_operators_require_the_deployments_scope_and_with_a_group_leave_it_to_the_functions() {
    let scopes = |parameters: &[(&str, &str)]| {
        let given =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let routes = Template::load(&given).unwrap().routes;
        let admin = routes.into_iter().filter(|route| route.path.starts_with("/v1/admin/"));
        admin.map(|route| route.authorization.unwrap().scopes).collect::<Vec<_>>()
    };
    let scoped = scopes(&[("OperatorScope", "payments-api/admin")]);
    assert!(scoped.len() > 20 && scoped.iter().all(|scopes| scopes == &["payments-api/admin"]), "{scoped:?}");
    let grouped = scopes(&[("OperatorScope", "payments-api/admin"), ("OperatorGroup", "operators")]);
    assert!(grouped.len() > 20 && grouped.iter().all(Vec::is_empty), "{grouped:?}");
}
