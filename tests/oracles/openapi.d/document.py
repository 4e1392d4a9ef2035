"""Stripe's OpenAPI document for v1: what an endpoint takes and answers."""

import copy
import json
import re

from jsonschema import Draft202012Validator


class Document:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.spec = json.load(file)
        self.components = {"schemas": {name: strict(it) for name, it in self.spec["components"]["schemas"].items()}}
        templates = sorted(self.spec["paths"], key=lambda template: template.count("{"))
        self.paths = [(re.compile(re.sub(r"\{[^}]*\}", "[^/]+", template)), template) for template in templates]

    def operation(self, method, path):
        for pattern, template in self.paths:
            operation = self.spec["paths"][template].get(method.lower())
            if operation and pattern.fullmatch(path):
                return template, operation
        return None, None

    def answer_deviations(self, exchange):
        template, operation = self.operation(exchange.method, exchange.path)
        if operation is None:
            return [f"{exchange.method} {exchange.path}: Stripe has no such endpoint"]
        responses = operation["responses"]
        response = responses.get(str(exchange.status), responses["default"])
        schema = strict(response["content"]["application/json"]["schema"])
        return self._deviations(f"{exchange.method} {template} ({exchange.status})", schema, exchange.body)

    def event_deviations(self, event):
        found = self._deviations(f"event {event['type']}", {"$ref": "#/components/schemas/event"}, event)
        changed = event["data"]["object"]
        schema = {"$ref": f"#/components/schemas/{changed['object']}"}
        return found + self._deviations(f"object of {event['type']}", schema, changed)

    def _deviations(self, where, schema, value):
        validator = Draft202012Validator({**schema, "components": self.components})
        return [f"{where}: {line}" for error in validator.iter_errors(value) for line in lines(error)]

    def request_deviations(self, method, path, fields, query):
        """Fields that an endpoint does not take, or not with this value."""
        template, operation = self.operation(method, path)
        where = f"request {method} {template or path}"
        if operation is None:
            return [f"{where}: Stripe has no such endpoint"]
        found = []
        if fields:
            schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
            found += self._value_deviations(where, schema, nested(fields))
        parameters = {it["name"]: it["schema"] for it in operation.get("parameters", []) if it["in"] == "query"}
        schema = {"type": "object", "properties": parameters, "additionalProperties": False}
        return found + self._value_deviations(where, schema, nested(query))

    def _value_deviations(self, where, schema, value):
        schema = self._resolved(schema)
        if "anyOf" in schema:
            tries = [self._value_deviations(where, each, value) for each in schema["anyOf"]]
            return min(tries, key=len)
        if isinstance(value, dict):
            if schema.get("type") == "array":
                return [each for item in value.values() for each in self._value_deviations(where, schema["items"], item)]
            properties, rest = schema.get("properties", {}), schema.get("additionalProperties", False)
            found = []
            for name, item in value.items():
                if name in properties:
                    found += self._value_deviations(f"{where}: {name}", properties[name], item)
                elif not rest:
                    found.append(f"{where}: no parameter {name}")
            return found + [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
        return [] if fits(schema, value) else [f"{where}: {value!r} does not fit {schema.get('type')} {schema.get('enum', '')}"]

    def _resolved(self, schema):
        while "$ref" in schema:
            schema = self.spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema


def fits(schema, text):
    if text.startswith("<"):
        return True  # A placeholder of the golden files.
    if "enum" in schema:
        return text in schema["enum"]
    match schema.get("type"):
        case "integer":
            return text.lstrip("-").isdigit()
        case "boolean":
            return text in ("true", "false")
        case "string":
            return len(text) <= schema.get("maxLength", len(text))
    return False


def nested(fields):
    """`a[b][0]` as dictionaries in dictionaries."""
    root = {}
    for name, value in fields.items():
        keys = [key for key in re.split(r"\[|\]\[|\]", name) if key]
        place = root
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return root


def strict(schema):
    """A schema of OpenAPI 3.0 as JSON Schema, in which an object has no fields but those named."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {}
    for name, value in schema.items():
        if name in ("properties", "patternProperties"):
            made[name] = {each: strict(it) for each, it in value.items()}
        elif name not in ("description", "title", "nullable") and not name.startswith("x-"):
            made[name] = strict(copy.copy(value))
    if made.get("type") == "object" and made.get("properties") and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") else made


def lines(error):
    """What is wrong, by the alternative that comes closest."""
    if error.validator == "anyOf" and error.context:
        by_alternative = {}
        for each in error.context:
            by_alternative.setdefault(each.schema_path[0], []).append(each)
        # An alternative of another type says nothing.
        closest = [found for found in by_alternative.values() if not any(is_of_another(it, error) for it in found)]
        if closest:
            return [line for each in min(closest, key=len) for line in lines(each)]
    path = "/".join(map(str, error.absolute_path))
    path = re.sub(r"/\d+(?=/|$)", "/*", path)
    return [f"{path}: {error.message[:200]}"]


def is_of_another(error, parent):
    """Whether the alternative is for another type, or another kind of object."""
    at = list(error.absolute_path)[len(parent.absolute_path):]
    return (error.validator == "type" and not at) or (error.validator == "enum" and at == ["object"])
