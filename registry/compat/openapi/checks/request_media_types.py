"""Media types that an operation takes, and whether each has a schema."""

from __future__ import annotations

from collections.abc import Iterator

from registry.compat.openapi.diff.media_types import contains
from registry.compat.openapi.diff.model import OperationDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context
from registry.compat.openapi.reasons import LOOSEN_REQUEST, REFUSED, STILL_ACCEPTED, TELL_SENDERS
from registry.compat.openapi.rules import BREAKING, INFO, REQUEST, Scope, rules

SCOPE = Scope.OPERATION
RULES = (
    *rules(INFO, REQUEST, "requestbody", "request-body-media-type-added", why=STILL_ACCEPTED, migrate=TELL_SENDERS),
    *rules(
        BREAKING,
        REQUEST,
        "requestbody",
        "request-body-media-type-removed",
        why="calls that send it are refused",
        migrate=LOOSEN_REQUEST,
    ),
    *rules(
        BREAKING, REQUEST, "requestbody", "request-body-media-type-schema-added", why=REFUSED, migrate=LOOSEN_REQUEST
    ),
    *rules(
        INFO,
        REQUEST,
        "requestbody",
        "request-body-media-type-schema-removed",
        why=STILL_ACCEPTED,
        migrate=TELL_SENDERS,
    ),
)
EXAMPLES = {
    "media-type-added": (
        "{requestBody: {content: {application/json: {}}}}",
        "{requestBody: {content: {application/json: {}, application/xml: {}}}}",
    ),
    "media-type-removed": (
        "{requestBody: {content: {application/json: {}, application/xml: {}}}}",
        "{requestBody: {content: {application/json: {}}}}",
    ),
    "schema-added": (
        "{requestBody: {content: {application/json: {}}}}",
        "{requestBody: {content: {application/json: {schema: {type: object}}}}}",
    ),
    "schema-removed": (
        "{requestBody: {content: {application/json: {schema: {type: object}}}}}",
        "{requestBody: {content: {application/json: {}}}}",
    ),
}


def check(operation: OperationDiff, _context: Context) -> Iterator[Found]:
    """Compare the media types of a body that both sides have. A name that grew narrower is one lost and one won."""
    body = operation.body
    if body is None or body.old is None or body.new is None:
        return
    content = body.content
    narrower = [media for media in content.common if not contains(media.new_name, media.old_name)]
    added = {**content.added, **{media.new_name: media.new for media in narrower}}
    removed = {**content.removed, **{media.old_name: media.old for media in narrower}}
    for name, node in added.items():
        said = f"the request body may now be {name}"
        yield Found("request-body-media-type-added", said, facts=(name,), nodes=(None, node))
    for name, node in removed.items():
        said = f"the request body may no longer be {name}"
        yield Found("request-body-media-type-removed", said, facts=(name,), nodes=(node, None))
    for media in content.common:
        if media.schema_added or media.schema_removed:
            event, verb = ("added", "got a") if media.schema_added else ("removed", "lost its")
            said = f"the request body ({media.new_name}) {verb} schema"
            nodes = (media.old, media.new)
            yield Found(
                f"request-body-media-type-schema-{event}", said, ("schema",), facts=(media.new_name,), nodes=nodes
            )
