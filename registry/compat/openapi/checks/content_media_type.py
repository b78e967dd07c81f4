"""What a text holds: ``contentMediaType``."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.found import Found
from registry.compat.openapi.place import Place
from registry.compat.openapi.reasons import LOOSEN_REQUEST, TIGHTEN_RESPONSE
from registry.compat.openapi.rules import BREAKING, REQUEST, RESPONSE, Scope, rules

SCOPE = Scope.SCHEMA
KEYWORDS = ("contentMediaType",)
_WHY = "whoever reads the text reads it as the wrong kind of content"
RULES = (
    *rules(
        BREAKING, REQUEST, "requestbody", "request-body-content-media-type-changed", why=_WHY, migrate=LOOSEN_REQUEST
    ),
    *rules(
        BREAKING, REQUEST, "schema", "request-property-content-media-type-changed", why=_WHY, migrate=LOOSEN_REQUEST
    ),
    *rules(
        BREAKING, RESPONSE, "responses", "response-body-content-media-type-changed", why=_WHY, migrate=TIGHTEN_RESPONSE
    ),
    *rules(
        BREAKING, RESPONSE, "schema", "response-property-content-media-type-changed", why=_WHY, migrate=TIGHTEN_RESPONSE
    ),
)
EXAMPLES = {
    "content-media-type-changed": ("{contentMediaType: image/png}", "{contentMediaType: image/jpeg}"),
}


def check(place: Place) -> Iterator[Found]:
    """Compare the media type."""
    old, new = place.values("contentMediaType")
    said = f"the media type of what is in {{}} was changed from {old or 'none'} to {new or 'none'}"
    yield Found(f"{place.prefix}-content-media-type-changed", said, ("contentMediaType",), old, new)
