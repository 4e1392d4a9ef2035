//! The route of a request: the most specific one, as API Gateway selects it
//! (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).

use std::collections::BTreeMap;

use crate::template::Route;

/// The routes of one API.
#[derive(Debug)]
pub(super) struct Routes(Vec<(Vec<Segment>, Route)>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Parameter(String),
    Greedy(String),
}

/// A route that matches, with the values of its path parameters.
#[derive(Debug)]
pub(super) struct Matched<'a> {
    pub(super) route: &'a Route,
    pub(super) parameters: BTreeMap<String, String>,
}

impl Routes {
    pub(super) fn new(routes: Vec<Route>) -> Self {
        Self(routes.into_iter().map(|route| (segments(&route.path), route)).collect())
    }

    /// The route for a decoded path. Literal segments win over parameters, parameters over `{proxy+}`, and the method
    /// over `ANY`. A path with a trailing slash is another path, and a parameter is never empty.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Matched<'_>> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let candidates = self.0.iter().filter(|(_, route)| route.method == method || route.method == "ANY");
        candidates
            .filter_map(|(segments, route)| Some((segments, route, capture(segments, &parts)?)))
            .min_by_key(|(segments, route, _)| (generality(segments), route.method == "ANY"))
            .map(|(_, route, parameters)| Matched { route, parameters })
    }
}

fn segments(path: &str) -> Vec<Segment> {
    let parts = path.trim_start_matches('/').split('/');
    parts
        .map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            None => Segment::Literal(part.to_owned()),
            Some(name) => match name.strip_suffix('+') {
                Some(name) => Segment::Greedy(name.to_owned()),
                None => Segment::Parameter(name.to_owned()),
            },
        })
        .collect()
}

/// How general each segment is, from left to right.
fn generality(segments: &[Segment]) -> Vec<u8> {
    let one = |segment: &Segment| match segment {
        Segment::Literal(_) => 0,
        Segment::Parameter(_) => 1,
        Segment::Greedy(_) => 2,
    };
    segments.iter().map(one).collect()
}

fn capture(segments: &[Segment], parts: &[&str]) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    for (index, segment) in segments.iter().enumerate() {
        let part = *parts.get(index)?;
        match segment {
            Segment::Literal(literal) if literal == part => {}
            Segment::Literal(_) => return None,
            Segment::Parameter(_) | Segment::Greedy(_) if part.is_empty() => return None,
            Segment::Parameter(name) => {
                parameters.insert(name.clone(), part.to_owned());
            }
            Segment::Greedy(name) => {
                parameters.insert(name.clone(), parts.get(index..)?.join("/"));
                return Some(parameters);
            }
        }
    }
    (segments.len() == parts.len()).then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::Routes;
    use crate::template::Route;

    fn routes(keys: &[&str]) -> Routes {
        let route = |key: &&str| {
            let (method, path) = key.split_once(' ').unwrap();
            Route { method: method.into(), path: path.into(), function: String::new(), authorization: None }
        };
        Routes::new(keys.iter().map(route).collect())
    }

    fn found(routes: &Routes, method: &str, path: &str) -> String {
        let Some(matched) = routes.find(method, path) else {
            return "none".to_owned();
        };
        let parameters: Vec<String> = matched.parameters.iter().map(|(k, v)| format!("{k}={v}")).collect();
        format!("{} {}", matched.route.key(), parameters.join(",")).trim_end().to_owned()
    }

    #[test]
    fn the_most_specific_route_wins_in_any_order() {
        let routes =
            routes(&["GET /{proxy+}", "GET /pets/{id}", "ANY /pets/me", "GET /pets/me", "GET /{kind}/me"]);
        assert_eq!(found(&routes, "GET", "/pets/me"), "GET /pets/me");
        assert_eq!(found(&routes, "POST", "/pets/me"), "ANY /pets/me");
        assert_eq!(found(&routes, "GET", "/pets/6"), "GET /pets/{id} id=6");
        assert_eq!(found(&routes, "GET", "/dogs/me"), "GET /{kind}/me kind=dogs");
        assert_eq!(found(&routes, "GET", "/dogs/1/toys"), "GET /{proxy+} proxy=dogs/1/toys");
    }

    #[test]
    fn a_path_without_a_route_is_not_found() {
        let routes = routes(&["GET /v1/creators/{creator_id}", "POST /v1/quotes"]);
        for (method, path) in [
            ("GET", "/v1/creators"),
            ("GET", "/v1/creators/"),
            ("GET", "/v1/creators/ana/"),
            ("GET", "/v1/creators/ana/more"),
            ("GET", "/v1/quotes"),
            ("POST", "/v1/quotes/"),
            ("POST", "//v1/quotes"),
            ("GET", "/"),
            ("GET", ""),
        ] {
            assert_eq!(found(&routes, method, path), "none", "{method} {path}");
        }
    }
}
