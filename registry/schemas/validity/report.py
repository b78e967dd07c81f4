"""What jsonschema-rs finds wrong, as places and sentences for people."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from registry.compat.json_lines import escape
from registry.nearest import did_you_mean
from registry.schemas.validity.check import Wrong

_LONGEST = 200
_Kind = jsonschema_rs.ValidationErrorKind


def told(errors: Iterator[jsonschema_rs.ValidationError]) -> Iterator[Wrong]:
    """Place and sentence of each; of alternatives, what is wrong with the one that was meant."""
    for error in errors:
        meant = _meant(error)
        yield _pointer(meant), _sentence(meant)


def _pointer(error: jsonschema_rs.ValidationError) -> str:
    return "".join(f"/{escape(str(part))}" for part in error.instance_path)


def _meant(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """The cause deepest in the document: an alternative that fits as far as there was meant to fit."""
    branches = [branch for branch in getattr(error.kind, "context", None) or [] if branch]
    # Everything may be a reference; what is none was not meant as one.
    meant = [branch for branch in branches if not any(_asks_for_reference(one) for one in branch)]
    if not meant:
        return error
    # The alternative that got furthest, and in it the error that stands deepest.
    branch = max(meant, key=lambda one: (min(len(cause.instance_path) for cause in one), -len(one)))
    causes = [cause for cause in branch if not getattr(cause.kind, "context", None)] or branch
    found = max(causes, key=lambda cause: len(cause.instance_path))
    return _meant(found)


def _asks_for_reference(error: jsonschema_rs.ValidationError) -> bool:
    return isinstance(error.kind, _Kind.Required) and error.kind.property == "$ref"


def _sentence(error: jsonschema_rs.ValidationError) -> str:
    kind: Any = error.kind
    if isinstance(kind, _Kind.Required):
        return f'"{kind.property}" is missing'
    if isinstance(kind, _Kind.AdditionalProperties | _Kind.UnevaluatedProperties):
        names = [str(name) for name in kind.unexpected]
        hint = did_you_mean(names[0], _USUAL) if len(names) == 1 else ""
        return (
            f"{', '.join(repr(name[:80]) for name in names[:5])} is not known here{hint if hint.endswith('?') else ''}"
        )
    if isinstance(kind, _Kind.Type):
        return f"must be {' or '.join(map(str, kind.types))}"
    return error.message if len(error.message) <= _LONGEST else f"{error.message[:_LONGEST]}..."


# What most often stands in these documents, for guesses.
_USUAL = [
    "openapi", "asyncapi", "info", "servers", "paths", "webhooks", "components", "security", "tags", "externalDocs",
    "channels", "operations", "parameters", "responses", "requestBody", "summary", "description", "operationId",
    "deprecated", "content", "schema", "required", "callbacks", "headers", "links", "examples", "example",
    "defaultContentType", "id", "title", "version", "action", "channel", "messages", "payload", "bindings",
]  # fmt: skip
