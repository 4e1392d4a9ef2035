"""Every kind of request that ours sends, from the golden files that a test holds against what is sent."""

import json
import pathlib
import typing

from stripe.params.v2.core._account_create_params import AccountCreateParams
from stripe.params.v2.core._account_link_create_params import AccountLinkCreateParams
from stripe.params.v2.core._account_retrieve_params import AccountRetrieveParams
from stripe.params.v2.core._event_list_params import EventListParams

import types_of
from document import nested

GOLDEN = pathlib.Path("tests/golden/stripe_requests")
BODIES_V2 = {"/v2/core/accounts": AccountCreateParams, "/v2/core/account_links": AccountLinkCreateParams}
QUERIES_V2 = {"/v2/core/events": EventListParams}


def all_requests():
    return [request for path in sorted(GOLDEN.glob("*.json")) for request in json.loads(path.read_text())]


def count():
    return len(all_requests())


def deviations(document, exchanges):
    """What Stripe does not take. An endpoint that no exchange was held against is one, too."""
    answered = {document.operation(it.method, it.path)[0:1] + (it.method,) for it in exchanges}
    found = []
    for request in all_requests():
        method, path = request["method"], request["path"]
        if path.startswith("/v2/"):
            found += v2(method, path, request)
            continue
        found += document.request_deviations(method, path, request["form"], request["query"])
        if document.operation(method, path)[0:1] + (method,) not in answered:
            found.append(f"{method} {path}: the walk has no answer of it")
    return found


def v2(method, path, request):
    where = f"request {method} {path}"
    if method == "POST":
        body = request.get("json", request.get("body", request.get("form")))
        return named(where, BODIES_V2[path], body)
    kind = QUERIES_V2.get(path, AccountRetrieveParams)
    return named(where, kind, nested(request["query"]))


def typed_v2():
    """The bodies for v2, with the npm package's names of their types."""
    bodies = [(it["path"], it["json"]) for it in all_requests() if it["method"] == "POST" and it["path"] in BODIES_V2]
    return [(f"request POST {path}", BODIES_V2[path].__name__, body) for path, body in bodies]


def named(where, kind, value):
    """Unknown names of fields, as deep as the package's types go."""
    if isinstance(value, dict) and typing.is_typeddict(kind):
        hints = types_of.hints_of(kind)
        found = [f"{where}: no parameter {name}" for name in value if name not in hints]
        return found + [line for name, item in value.items() if name in hints for line in named(f"{where}.{name}", hints[name], item)]
    for each in typing.get_args(kind):
        if typing.is_typeddict(each):
            return named(where, each, value)
    return []
