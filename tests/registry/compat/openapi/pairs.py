"""Small documents by the part that matters, and the exact set of findings between two of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from registry.compat.model import Options
from registry.compat.openapi import compare

AS_OF = date(2026, 6, 1)
Json = dict[str, Any]

# The level of every rule id, kept apart from the code so that no rule changes its name or level unseen.
LEVELS = {
    rule: level
    for level, rule in (line.split() for line in Path(__file__).with_name("rule_levels.txt").read_text().splitlines())
}


@dataclass(frozen=True, slots=True)
class Case:
    """Two documents and the ids of all that is to be found between them."""

    name: str
    old: Json
    new: Json
    expected: frozenset[str]
    config: Mapping[str, Any] = field(default_factory=dict)


def case(name: str, old: Json, new: Json, *expected: str, **config: Any) -> Case:
    return Case(name, old, new, frozenset(expected), config)


def findings(old: Json, new: Json, **config: Any) -> set[tuple[str, str]]:
    """(id, level) of all that is found."""
    options = Options(**{"as_of": AS_OF, **config})
    changes = compare(orjson.dumps(old).decode(), orjson.dumps(new).decode(), options)
    return {(change.rule, change.level.value) for change in changes}


def document(paths: Json | None = None, *, version: str = "2.0", **parts: Any) -> Json:
    """A whole document. Its version is no semantic one, so that nothing is said of it."""
    return {"openapi": "3.1.0", "info": {"title": "Billing", "version": version}, "paths": paths or {}, **parts}


def operation(components: Json | None = None, **parts: Any) -> Json:
    """A document of one operation."""
    whole = document({"/invoices": {"post": {"responses": {"200": {"description": "done"}}, **parts}}})
    return {**whole, "components": {"schemas": components}} if components is not None else whole


def request(schema: Any, media_type: str = "application/json", **components: Any) -> Json:
    """A document with a request body of this schema."""
    return operation(components, requestBody={"content": {media_type: {"schema": schema}}})


def response(schema: Any, media_type: str = "application/json", **components: Any) -> Json:
    """A document with a response body of this schema."""
    return operation(
        components, responses={"200": {"description": "done", "content": {media_type: {"schema": schema}}}}
    )


def parameters(*found: Json) -> Json:
    """A document of one operation with these parameters."""
    return operation(parameters=list(found))


def parameter(schema: Any = None, location: str = "query", name: str = "filter", **parts: Any) -> Json:
    return {"name": name, "in": location, "schema": {"type": "string"} if schema is None else schema, **parts}


def headers(**found: Json) -> Json:
    """A document with a response that has these headers."""
    return operation(responses={"200": {"description": "done", "headers": found}})


def properties(*required: str, **found: Any) -> Json:
    """A schema of an object."""
    return {"type": "object", "properties": found, **({"required": list(required)} if required else {})}


def within(place: str, schema: Any) -> Json:
    """A document with a schema at the place that begins the ids of its rules."""
    inner = properties(value=schema)
    return {
        "request-body": lambda: request(schema),
        "request-property": lambda: request(inner),
        "response-body": lambda: response(schema),
        "response-property": lambda: response(inner),
        "request-parameter": lambda: parameters(parameter(schema)),
        "request-parameter-property": lambda: parameters(parameter(inner)),
        "response-header": lambda: headers(Total={"schema": schema}),
    }[place]()


BODIES = ("request-body", "request-property", "response-body", "response-property")
PLACES = (*BODIES, "request-parameter", "request-parameter-property", "response-header")


def everywhere(name: str, old: Any, new: Any, events: Mapping[str, str] | str, **rename: str) -> Iterator[Case]:
    """One case for each place that a schema can stand at.

    Args:
        name: what happens to the schema.
        old: the schema as it was.
        new: the schema as it is.
        events: the end of the ids by the places that have such a rule (several divided by a space).
        rename: the whole id where it is not made of place and event, by place with underscores.
    """
    wanted: dict[str, str] = {}
    for places, event in ({"": events} if isinstance(events, str) else events).items():
        wanted.update(dict.fromkeys(places.split() or BODIES, event))
    for place in PLACES:
        ids = [rename[place.replace("-", "_")]] if place.replace("-", "_") in rename else []
        ids += [f"{place}-{wanted[place]}"] if place in wanted and not ids else []
        yield case(f"{name}: {place}", within(place, old), within(place, new), *ids)
