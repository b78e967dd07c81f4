"""How a text encodes what it holds: ``contentEncoding``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST, TIGHTEN_RESPONSE
from registry.compat.openapi.rules import BREAKING, REQUEST, RESPONSE, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("contentEncoding",)
_WHY = "whoever reads the text decodes it the wrong way"
RULES = (
    *rules(BREAKING, REQUEST, "requestbody", "request-body-content-encoding-changed", why=_WHY, migrate=LOOSEN_REQUEST),
    *rules(BREAKING, REQUEST, "schema", "request-property-content-encoding-changed", why=_WHY, migrate=LOOSEN_REQUEST),
    *rules(
        BREAKING, RESPONSE, "responses", "response-body-content-encoding-changed", why=_WHY, migrate=TIGHTEN_RESPONSE
    ),
    *rules(
        BREAKING, RESPONSE, "schema", "response-property-content-encoding-changed", why=_WHY, migrate=TIGHTEN_RESPONSE
    ),
)
EXAMPLES = {
    "content-encoding-changed": ("{contentEncoding: base64}", "{contentEncoding: base64url}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the encoding."""
    old, new = place.values("contentEncoding")
    said = f"the encoding of what is in {{}} was changed from {old or 'none'} to {new or 'none'}"
    yield Found(f"{place.prefix}-content-encoding-changed", said, ("contentEncoding",), old, new)
