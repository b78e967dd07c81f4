"""A payments company's large OpenAPI document and its next version, made up in any size.

Resources refer to one another as such a company's do: most references may be expanded (an id or the whole object), so
that nearly every object reaches every other, in circles.
"""

from __future__ import annotations

import copy
import random
from typing import Any

Json = dict[str, Any]

_NOUNS = (
    "account", "balance", "card", "charge", "coupon", "credit_note", "customer", "dispute", "event", "fee", "file",
    "invoice", "invoice_item", "mandate", "order", "payment_intent", "payment_method", "payout", "plan", "price",
    "product", "quote", "refund", "review", "session", "setup_intent", "source", "subscription", "tax_rate", "transfer",
)  # fmt: skip
_FIELDS = (
    "amount", "status", "currency", "created", "description", "reference", "reason", "country", "email", "period_start",
    "period_end", "quantity", "rate", "statement_descriptor", "url", "version", "note", "discount", "tax", "total",
)  # fmt: skip
_PROSE = "What it says of the object at the time of the call, as far as the account may see it. "


def generate(resources: int, *, seed: int = 7, prose: int = 2) -> Json:
    """A document with so many resources, five operations each; about 15 KB a resource with ``prose=2``."""
    chance = random.Random(seed)
    names = [f"{_NOUNS[index % len(_NOUNS)]}{'' if index < len(_NOUNS) else index}" for index in range(resources)]
    paths: Json = {}
    for name in names:
        paths[f"/v1/{name}s"] = {"get": _list(name), "post": _write(name, chance)}
        paths[f"/v1/{name}s/{{id}}"] = {
            "get": _read(name),
            "post": _write(name, chance, "update"),
            "delete": _read(name, "delete"),
        }
        for method in paths[f"/v1/{name}s/{{id}}"].values():
            method.setdefault("parameters", []).append(
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 5000}}
            )
    return {
        "openapi": "3.0.3",
        "info": {"title": "Payments", "version": "2025-01-01"},
        "paths": paths,
        "components": {"schemas": {name: _resource(name, names, chance, prose) for name in names}},
    }


def next_version(document: Json, *, seed: int = 8, share: float = 0.1) -> Json:
    """The document after some months: about this share of its resources differ, some of them so that it hurts."""
    chance = random.Random(seed)
    new = copy.deepcopy(document)
    schemas = new["components"]["schemas"]
    for name in chance.sample(sorted(schemas), max(1, int(len(schemas) * share))):
        properties = schemas[name]["properties"]
        field = chance.choice([key for key, value in properties.items() if value.get("type") == "string"])
        change = chance.randrange(5)
        if change == 0:
            properties.pop(field)
            schemas[name]["required"] = [key for key in schemas[name]["required"] if key != field]
        elif change == 1:
            properties[field] = {**properties[field], "type": "integer"}
        elif change == 2:
            properties["status"]["enum"].append("on_hold")
        elif change == 3:
            properties["added_lately"] = {"type": "string", "nullable": True}
        else:
            properties[field] = {**properties[field], "maxLength": 100}
    for path in chance.sample(sorted(new["paths"]), max(1, int(len(new["paths"]) * share / 4))):
        body = new["paths"][path]["post"]["requestBody"] if "post" in new["paths"][path] else None
        if body:
            schema = body["content"]["application/x-www-form-urlencoded"]["schema"]
            schema["required"] = [*schema["required"], "reference"]
    new["info"]["version"] = "2025-06-01"
    return new


def _resource(name: str, names: list[str], chance: random.Random, prose: int) -> Json:
    properties: Json = {
        "id": {"type": "string", "maxLength": 5000},
        "object": {"type": "string", "enum": [name]},
        "status": {"type": "string", "enum": ["open", "paid", "void"]},
        "metadata": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 500}},
    }
    for field in chance.sample(_FIELDS, 14):
        properties.setdefault(field, _field(field, chance, prose))
    for other in chance.sample(names, min(6, len(names))):
        reference = {"$ref": f"#/components/schemas/{other}"}
        expandable = {"anyOf": [{"type": "string", "maxLength": 5000}, reference], "nullable": True}
        properties[other] = {**expandable, "description": _PROSE * prose}
    properties["lines"] = {
        "type": "object",
        "required": ["data", "has_more"],
        "properties": {
            "data": {"type": "array", "items": _line(chance, prose)},
            "has_more": {"type": "boolean"},
            "url": {"type": "string"},
        },
    }
    return {
        "title": name,
        "description": _PROSE * prose,
        "type": "object",
        "required": ["id", "object", "status"],
        "properties": properties,
    }


def _line(chance: random.Random, prose: int) -> Json:
    return {
        "type": "object",
        "properties": {field: _field(field, chance, prose) for field in chance.sample(_FIELDS, 8)},
    }


def _field(field: str, chance: random.Random, prose: int) -> Json:
    if field in ("amount", "created", "quantity", "tax", "total", "period_start", "period_end"):
        kind: Json = {"type": "integer", "format": "unix-time" if field in ("created", "period_start") else "int64"}
    else:
        kind = {"type": "string", "maxLength": 5000, "nullable": chance.random() < 0.5}
    return {**kind, "description": _PROSE * prose}


def _answer(schema: Json) -> Json:
    problem = {"type": "object", "required": ["error"], "properties": {"error": {"type": "object", "properties": {
        "code": {"type": "string"}, "message": {"type": "string"}, "param": {"type": "string"}}}}}  # fmt: skip
    return {
        "200": {"description": "Done.", "content": {"application/json": {"schema": schema}}},
        "default": {"description": "Not done.", "content": {"application/json": {"schema": problem}}},
    }


def _read(name: str, verb: str = "read") -> Json:
    return {"operationId": f"{verb}_{name}", "responses": _answer({"$ref": f"#/components/schemas/{name}"})}


def _list(name: str) -> Json:
    listed = {
        "type": "object",
        "required": ["data", "has_more"],
        "properties": {
            "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
            "has_more": {"type": "boolean"},
        },
    }
    parameters = [
        {"name": key, "in": "query", "schema": {"type": "string", "maxLength": 5000}}
        for key in ("ending_before", "starting_after", "limit", "status")
    ]
    return {"operationId": f"list_{name}", "parameters": parameters, "responses": _answer(listed)}


def _write(name: str, chance: random.Random, verb: str = "write") -> Json:
    properties = {field: _field(field, chance, 1) for field in chance.sample(_FIELDS, 12)}
    properties["reference"] = {"type": "string"}
    schema = {"type": "object", "required": [min(properties)], "properties": properties}
    body = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    return {
        "operationId": f"{verb}_{name}",
        "requestBody": body,
        "responses": _answer({"$ref": f"#/components/schemas/{name}"}),
    }
