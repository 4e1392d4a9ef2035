"""Our own form of two checks of schemathesis, which are off: they ask for less than the document says, or for what an HTTP API
does not do."""

import urllib.parse

import schemathesis
from schemathesis.generation.meta import CoveragePhaseData, CoverageScenario

# Fields whose values are refused by a rule that a schema cannot say, and the rule.
BEYOND_THE_SCHEMA = {
    "cursor": "a cursor is of one list",
    "currency": "a code of ISO 4217 that Stripe charges",
    "creator_id": "in the role `receiver` it is the caller",
    "sender_id": "in the role `sender` it is the caller",
    "from": "at most 92 days before `to`",
}
# Operations of which fields exclude or need each other: a creator is in one list of three; a sender or a creator is named.
BETWEEN_FIELDS = {"PUT /v1/admin/waves/{name}", "GET /v1/admin/payments"}


@schemathesis.hook
def filter_case(_context, case):
    """An HTTP API ends a decoded path at `?`, and schemathesis encodes a value once that the document has encoded twice: the
    request would be one of another operation."""
    return all("?" not in urllib.parse.unquote(str(value)) for value in (case.path_parameters or {}).values())


@schemathesis.check
def a_request_of_the_documented_form_is_not_400(ctx, response, case):
    """In place of `positive_data_acceptance`: state can refuse a valid request, with 403, 404, 409, 412, 422 or 429."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    problem = response.json()
    is_between_fields = case.operation.label in BETWEEN_FIELDS and "field" not in problem
    assert is_between_fields or problem.get("field") in BEYOND_THE_SCHEMA, f"the schema allows it: {problem}"


@schemathesis.check
def a_method_without_a_route_is_the_gateways_404(ctx, response, case):
    """In place of `unsupported_method`: an HTTP API has no 405."""
    data = case.meta and case.meta.phase.data
    if not isinstance(data, CoveragePhaseData) or data.scenario != CoverageScenario.UNSPECIFIED_HTTP_METHOD:
        return
    if response.request.method != "OPTIONS":  # Which CORS answers.
        assert response.status_code == 404, response.status_code
