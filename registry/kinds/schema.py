"""Schema: a document that others rely on, its format, and what a change of it may break."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from registry.compat.model import Format, Mode
from registry.kinds.base import Finding, Manifest, Spec, Text

Definition = str | dict[str, Any]
"""A document: its text, or, where its format is written in JSON, the value that it says."""

_AS_TEXT_ONLY = (Format.PROTOBUF, Format.GRAPHQL)


def document_text(definition: Definition) -> str:
    """The text of a document; a value becomes JSON with a line for each key."""
    return definition if isinstance(definition, str) else json.dumps(definition, indent=2, ensure_ascii=False)


def _definition(value: object) -> object:
    if value is not None and not isinstance(value, str | dict):
        raise ValueError("must be the document as text or as a mapping")
    return value


class SchemaSpec(Spec):
    """``definition`` is the document; ``file`` names it in a repository, from where ``controlplane apply`` takes it."""

    format: Literal["json-schema", "openapi", "asyncapi", "avro", "protobuf", "graphql"]
    compatibility: Literal[
        "BACKWARD",
        "FORWARD",
        "FULL",
        "BACKWARD_TRANSITIVE",
        "FORWARD_TRANSITIVE",
        "FULL_TRANSITIVE",
        "NONE",
    ] = "BACKWARD"
    # Any, so that a wrong type is one sentence and not one for each branch of a union.
    definition: Annotated[Any, BeforeValidator(_definition)] = None
    file: Text | None = None

    def inconsistencies(self) -> Iterator[Finding]:
        """No document, or one in a form that its format does not have."""
        if self.file is not None:
            sentence = "a server reads no files; put the text into definition, or let `controlplane apply` do that"
            yield Finding(("file",), sentence)
        elif self.definition is None:
            yield Finding((), "a schema needs its document: definition, or file for `controlplane apply`")
        elif Format(self.format) in _AS_TEXT_ONLY and not isinstance(self.definition, str):
            yield Finding(("definition",), f"a document in {self.format} must be given as text")

    @property
    def text(self) -> str:
        """The document's text."""
        return document_text(self.definition)

    @property
    def mode(self) -> Mode:
        """Whose data or calls a change must leave right."""
        return Mode(self.compatibility)


class SchemaManifest(Manifest):
    """A subject: a document that changes version by version."""

    kind: Literal["Schema"] = "Schema"
    spec: SchemaSpec
