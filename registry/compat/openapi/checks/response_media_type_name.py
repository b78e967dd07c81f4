"""Media types of a response whose name grew wider or narrower."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.media_types import contains
from registry.compat.openapi.diff.model import ResponseDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.reasons import STILL_UNDERSTOOD, TELL_READERS
from registry.compat.openapi.rules import BREAKING, INFO, RESPONSE, Scope, rules

SCOPE = Scope.RESPONSE
RULES = (
    *rules(
        BREAKING,
        RESPONSE,
        "responses",
        "response-media-type-name-generalized",
        why="callers may get a kind of content that they do not know",
        migrate="Keep the narrower name.",
    ),
    *rules(
        INFO,
        RESPONSE,
        "responses",
        "response-media-type-name-specialized",
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
    *rules(
        INFO,
        RESPONSE,
        "responses",
        "response-media-type-name-changed",
        why="callers that compare the name as a whole should know",
        migrate="Tell callers the new name, for those who compare it letter by letter.",
    ),
)
EXAMPLES = {
    "generalized": ("{content: {application/problem+json: {}}}", "{content: {application/json: {}}}"),
    "specialized": ("{content: {application/json: {}}}", "{content: {application/problem+json: {}}}"),
    "changed": ("{content: {text/csv; header=present: {}}}", "{content: {text/csv; header=absent: {}}}"),
}


def check(response: ResponseDiff, _context: Context) -> Iterator[Found]:
    """Compare the names of media types that were matched."""
    for media in response.content.common:
        old, new = media.old_name, media.new_name
        if old == new:
            continue
        wider, narrower = contains(new, old), contains(old, new)
        event = "changed" if wider == narrower else "generalized" if wider else "specialized"
        said = f"the media type of {{}} was changed from {old} to {new}"
        yield Found(f"response-media-type-name-{event}", said, old=old, new=new, nodes=(media.old, media.new))
