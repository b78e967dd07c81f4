"""Schema: a document that others rely on, its format, and what a change of it may break."""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict, StringConstraints

from registry.compat.model import Format, Mode
from registry.kinds.base import Finding, Manifest, Name, Part, Reference, Shape, Spec, Text, duplicates

Definition = str | dict[str, Any]
"""A document: its text, or, where its format is written in JSON, the value that it says."""

LONGEST_RECORDED = 64 * 1024
"""Characters of a document that the audit log and the catalogue's revisions repeat."""

_AS_TEXT_ONLY = (Format.PROTOBUF, Format.GRAPHQL)


def document_text(definition: Definition) -> str:
    """The text of a document; a value becomes JSON with a line for each key."""
    return definition if isinstance(definition, str) else json.dumps(definition, indent=2, ensure_ascii=False)


def _definition(value: object) -> object:
    if value is not None and not isinstance(value, str | dict):
        raise ValueError("must be the document as text or as a mapping")
    return value


ALIAS = Shape(
    r"[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?", "must be one printable line without blanks around it"
)
Alias = Annotated[str, StringConstraints(max_length=500), AfterValidator(ALIAS)]
"""A subject's name as Kafka's clients write it, such as ``orders-value`` or ``com.acme.Order``."""


OURS = re.compile(r"(?<![\w.-])controlplane:([a-z0-9]+(?:-[a-z0-9]+)*)/([1-9][0-9]{0,8})(?![0-9])")
"""Our own notation for a version of a schema, as documents may name it without declaring it."""


class Referred(Part):
    """Another schema that a document names: ``name`` as it stands in the document, and which version that is.

    In JSON and YAML ``name`` is what a ``$ref`` has before its ``#``, in Avro a type's full name, in Protobuf an import.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    subject: Name
    version: Annotated[int, Strict(), Field(ge=1, le=2**31 - 1)]


class SchemaSpec(Spec):
    """``definition`` is the document; ``file`` names it in a repository, from where ``controlplane apply`` takes it.

    ``state`` is the state in which a new document is registered, ``subject`` the name by which Confluent's clients know
    the schema, where that is another one.
    """

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
    state: Literal["draft", "active"] = "active"
    subject: Alias | None = None
    references: tuple[Referred, ...] = ()
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
        for position, name in duplicates(one.name for one in self.references):
            yield Finding(("references", position, "name"), f"{name!r} is named twice; keep one")

    @cached_property
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

    def references(self) -> Iterator[Reference]:
        """The owner and the schemas that the document names."""
        yield from super().references()
        for position, one in enumerate(self.spec.references):
            yield Reference(("spec", "references", position, "subject"), "Schema", one.subject)
        for subject in dict.fromkeys(found[1] for found in OURS.finditer(self.spec.text)):
            yield Reference(("spec", "definition"), "Schema", subject)

    def as_record(self) -> dict[str, Any]:
        """What history keeps: a long document is told by its hash, since its version has it."""
        document = self.as_document()
        text = self.spec.text
        if len(text) > LONGEST_RECORDED:
            digest = hashlib.sha256(text.encode()).hexdigest()
            document["spec"]["definition"] = {"sha256": digest, "characters": len(text)}
        return document
