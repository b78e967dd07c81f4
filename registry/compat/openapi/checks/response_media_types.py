"""Media types that a response comes in, and whether each has a schema."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.model import ResponseDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.reasons import STILL_UNDERSTOOD, TELL_READERS
from registry.compat.openapi.rules import BREAKING, INFO, RESPONSE, WARNING, Scope, rules

SCOPE = Scope.RESPONSE
RULES = (
    *rules(
        BREAKING,
        RESPONSE,
        "responses",
        "response-media-type-removed",
        why="callers that read it get something else",
        migrate="Keep answering in the media type.",
    ),
    *rules(INFO, RESPONSE, "responses", "response-media-type-added", why=STILL_UNDERSTOOD, migrate=TELL_READERS),
    *rules(
        INFO,
        RESPONSE,
        "responses",
        "response-body-media-type-schema-added",
        why=STILL_UNDERSTOOD,
        migrate=TELL_READERS,
    ),
    *rules(
        WARNING,
        RESPONSE,
        "responses",
        "response-body-media-type-schema-removed",
        why="callers can no longer tell what they get",
        migrate="Keep the schema.",
    ),
)
EXAMPLES = {
    "media-type-removed": (
        "{content: {application/json: {}, application/xml: {}}}",
        "{content: {application/json: {}}}",
    ),
    "media-type-added": ("{content: {application/json: {}}}", "{content: {application/json: {}, application/xml: {}}}"),
    "schema-added": ("{content: {application/json: {}}}", "{content: {application/json: {schema: {type: object}}}}"),
    "schema-removed": ("{content: {application/json: {schema: {type: object}}}}", "{content: {application/json: {}}}"),
}


def check(response: ResponseDiff, _context: Context) -> Iterator[Found]:
    """Compare the media types of a response that both sides have."""
    content = response.content
    for name, node in content.added.items():
        said = f"{{}} may now be {name}"
        yield Found("response-media-type-added", said, facts=(name,), nodes=(None, node))
    for name, node in content.removed.items():
        said = f"{{}} is no longer {name}"
        yield Found("response-media-type-removed", said, facts=(name,), nodes=(node, None))
    for media in content.common:
        if media.schema_added or media.schema_removed:
            event, verb = ("added", "got a") if media.schema_added else ("removed", "lost its")
            said = f"{{}} ({media.new_name}) {verb} schema"
            nodes = (media.old, media.new)
            yield Found(
                f"response-body-media-type-schema-{event}", said, ("schema",), facts=(media.new_name,), nodes=nodes
            )
