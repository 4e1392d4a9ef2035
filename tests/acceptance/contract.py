"""Checks answers of the API against infra/openapi.yaml: the status, the media type and the body."""

import datetime
import functools
import re

import jsonschema
import referencing
import referencing.jsonschema
import yaml

from local_stack import ROOT

FORMATS = jsonschema.FormatChecker(formats=[])
BASE = "urn:openapi"


@FORMATS.checks("date-time", raises=ValueError)
def is_rfc3339(value):
    return not isinstance(value, str) or datetime.datetime.fromisoformat(value).utcoffset() == datetime.timedelta(0)


@functools.cache
def document():
    return yaml.safe_load((ROOT / "infra" / "openapi.yaml").read_text())


@functools.cache
def registry():
    resource = referencing.Resource(document(), referencing.jsonschema.DRAFT202012)
    return referencing.Registry().with_resource(BASE, resource)


def resolve(node, pointer):
    """Follows `$ref`, and returns the node and its pointer in the document."""
    while "$ref" in node:
        pointer = node["$ref"].removeprefix("#")
        node = document()
        for part in pointer.strip("/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
    return node, pointer


def operation(method, path):
    path = path.split("?")[0]
    for template, routes in document()["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if method.lower() in routes and re.fullmatch(pattern, path):
            pointer = f"/paths/{template.replace('/', '~1')}/{method.lower()}"
            return routes[method.lower()], pointer
    return None, None


def fields(schema, pointer):
    """The names of all fields that a schema or its parts describe."""
    schema, pointer = resolve(schema, pointer)
    parts = [part for word in ("allOf", "anyOf", "oneOf") for part in schema.get(word, [])]
    return set(schema.get("properties", {})).union(*(fields(part, pointer) for part in parts))


def violations(method, path, answer):
    """What in an answer differs from its description; empty if nothing does."""
    described, pointer = operation(method, path)
    if described is None:
        return [] if answer.status in (404, 405) else [f"{answer.status} from a route that is not described"]
    if str(answer.status) not in described["responses"]:
        return [f"status {answer.status} is not described"]
    response, pointer = resolve(
        described["responses"][str(answer.status)], f"{pointer}/responses/{answer.status}"
    )
    media = answer.headers.get("content-type", "").split(";")[0]
    if "content" not in response:
        return [f"a body is not described for {answer.status}"] if answer.body else []
    if media not in response["content"]:
        return [f"content-type {media!r} is not described for {answer.status}"]
    pointer = f"{pointer}/content/{media.replace('/', '~1')}/schema"
    validator = jsonschema.Draft202012Validator(
        {"$ref": f"{BASE}#{pointer}"}, registry=registry(), format_checker=FORMATS
    )
    found = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer.json)]
    described = fields(response["content"][media]["schema"], pointer)
    undescribed = sorted(set(answer.json) - described) if isinstance(answer.json, dict) else []
    return found + [f"field {name!r} is not described" for name in undescribed]


def routes():
    """Every described (method, path, operation)."""
    for path, methods in document()["paths"].items():
        for method, described in methods.items():
            if method != "parameters":
                yield method.upper(), path, described
