"""The property that tells which choice an object is: ``discriminator``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.document import mapping
from registry.compat.openapi.diff.model import Json
from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.rules import INFO, REQUEST, RESPONSE, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("discriminator",)
_EVENTS = ("added", "removed", "property-name-changed", "mapping-added", "mapping-deleted", "mapping-changed")
RULES = (
    *rules(
        INFO,
        REQUEST,
        "schema",
        *(f"{place}-discriminator-{event}" for place in ("request-body", "request-property") for event in _EVENTS),
        why="callers whose code is generated from the document may have to generate it again",
        migrate="Tell callers how the choices are told apart.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "schema",
        *(f"{place}-discriminator-{event}" for place in ("response-body", "response-property") for event in _EVENTS),
        why="callers that tell the choices apart by it should know",
        migrate="Tell callers how the choices are told apart.",
    ),
)
EXAMPLES = {
    "discriminator-added": ("{}", "{discriminator: {propertyName: kind}}"),
    "discriminator-removed": ("{discriminator: {propertyName: kind}}", "{}"),
    "property-name-changed": ("{discriminator: {propertyName: kind}}", "{discriminator: {propertyName: type}}"),
    "mapping-added": (
        "{discriminator: {propertyName: kind}}",
        "{discriminator: {propertyName: kind, mapping: {card: Card}}}",
    ),
    "mapping-deleted": (
        "{discriminator: {propertyName: kind, mapping: {card: Card}}}",
        "{discriminator: {propertyName: kind}}",
    ),
    "mapping-changed": (
        "{discriminator: {propertyName: kind, mapping: {card: Card}}}",
        "{discriminator: {propertyName: kind, mapping: {card: CreditCard}}}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare presence, then the property's name and the mapping."""
    old, new = (mapping(value) for value in place.values("discriminator"))
    stem = f"{place.prefix}-discriminator"
    if not old or not new:
        event, preposition = ("added", "to") if new else ("removed", "from")
        name = (new or old).get("propertyName")
        said = f"a discriminator was {event} {preposition} {{}}: `{name}`"
        yield Found(f"{stem}-{event}", said, ("discriminator",), old or None, new or None, (event, str(name)))
        return
    before, after = old.get("propertyName"), new.get("propertyName")
    if before != after:
        said = f"the discriminator of {{}} was changed from `{before}` to `{after}`"
        yield Found(f"{stem}-property-name-changed", said, ("discriminator", "propertyName"), before, after)
    yield from _mapping(stem, mapping(old.get("mapping")), mapping(new.get("mapping")))


def _mapping(stem: str, old: Json, new: Json) -> Iterator[Found]:
    for name in {**old, **new}:
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        event = "added" if name not in old else "deleted" if name not in new else "changed"
        yield Found(
            f"{stem}-mapping-{event}",
            f"the discriminator of {{}} had the mapping of `{name}` {event}",
            ("discriminator", "mapping", name),
            before,
            after,
            (name, str(before), str(after)),
        )
