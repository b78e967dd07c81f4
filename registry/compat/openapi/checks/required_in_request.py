"""Properties that a request must, or need no longer, carry."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("required",)
RULES = (
    *rules(
        BREAKING,
        REQUEST,
        "schema",
        "request-property-became-required",
        "request-property-became-required-with-default",
        why="calls that leave it out are refused",
        migrate="Keep it optional and fill in a default on the server.",
    ),
    *rules(INFO, REQUEST, "schema", "request-property-became-optional", why=STILL_ACCEPTED, migrate=TELL_SENDERS),
    *rules(
        BREAKING,
        REQUEST,
        "parameters",
        "request-header-property-became-required",
        why="calls that leave it out are refused",
        migrate="Keep it optional and fill in a default on the server.",
    ),
)
EXAMPLES = {
    "became-required": ("{properties: {due: {type: string}}}", "{properties: {due: {type: string}}, required: [due]}"),
    "became-optional": ("{properties: {due: {type: string}}, required: [due]}", "{properties: {due: {type: string}}}"),
    "became-required-with-default": (
        "{properties: {due: {default: now}}}",
        "{properties: {due: {default: now}}, required: [due]}",
    ),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the lists of required names, for properties that both sides have and callers write."""
    if not place.request:
        return
    header = place.prefix.startswith("request-parameter") and place.location == "header"
    if place.prefix.startswith("request-parameter") and not header:
        return
    stem = "request-header-property" if header else "request-property"
    for name in dict.fromkeys((*place.old.required, *place.new.required)):
        had, has = name in place.old.required, name in place.new.required
        old, new = place.diff.property(name)
        if had == has or old is None or new is None or new.read_only:
            continue
        default = "-with-default" if has and new.value.get("default") is not None and not header else ""
        event = f"required{default}" if has else "optional"
        said = "must be sent" if has else "may be left out"
        facts = (event, name)
        yield Found(f"{stem}-became-{event}", f"property `{name}` of {{}} {said}", ("properties", name), facts=facts)
