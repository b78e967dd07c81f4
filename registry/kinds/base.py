"""What all kinds of manifest share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

API_VERSION: Literal["controlplane/v1"] = "controlplane/v1"


@dataclass(frozen=True, slots=True)
class Shape:
    """A validator: the whole text must match ``pattern``, or else ``sentence`` says what it must be."""

    pattern: str
    sentence: str

    def __call__(self, text: str) -> str:
        """The text itself; raises ``ValueError`` if it has another shape."""
        if re.fullmatch(self.pattern, text) is None:
            raise ValueError(self.sentence)
        return text


_NAME = Shape(r"[a-z0-9]+(-[a-z0-9]+)*", "must be lower-case letters, digits and hyphens, such as invoice-to-cash")
Name = Annotated[str, StringConstraints(max_length=100), AfterValidator(_NAME)]
"""Lower-case kebab-case, such as ``invoice-to-cash``."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
"""A line for people."""

_ATTRIBUTE = Shape(r"[^\s\x00-\x1f\x7f]+", "must be the name of an attribute, such as invoice.number, without spaces")
AttributeName = Annotated[str, StringConstraints(max_length=200), AfterValidator(_ATTRIBUTE)]
"""The name of an attribute on a span, its resource or an event, such as ``invoice.number``."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a manifest: the place (keys and indices from the top of the document) and one sentence."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a manifest that names another manifest.

    What is ``required`` must exist or come in the same apply; of the rest, what is missing is a warning.
    """

    path: Path
    kind: str
    name: str
    required: bool = True


class Lookup(Protocol):
    """Finds a manifest among those that exist or come in the same apply."""

    def get(self, kind: str, name: str) -> Manifest | None:
        """The manifest of that kind and name, if there is one."""

    def version(self, schema: str, number: int) -> str | None:
        """The document of a registered version of a schema, if there is one."""


class Part(BaseModel):
    """A piece of a manifest: unknown keys are refused, values don't change once read.

    Python may use a field's own name; a manifest must use its alias where it has one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=True)


class Metadata(Part):
    """Who and what a manifest is about."""

    name: Name
    title: Text | None = None
    owner: Name | None = None
    labels: dict[Annotated[str, StringConstraints(min_length=1, max_length=100)], str] = Field(default_factory=dict)


class Spec(Part):
    """What a kind declares; a kind says in ``inconsistencies`` what its fields must agree on."""

    def inconsistencies(self) -> Iterable[Finding]:
        """What does not fit together inside this spec; paths start within the spec."""
        return ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if findings := tuple(self.inconsistencies()):
            text = "; ".join(finding.message for finding in findings)
            raise PydanticCustomError("inconsistent", "{text}", {"text": text, "findings": findings})
        return self


class Manifest(Part):
    """One declared thing. A kind narrows ``kind`` to its own name and ``spec`` to its own class.

    ``BINDS``: what it names must not change so that it would no longer fit; otherwise that is only warned of.
    """

    BINDS: ClassVar[bool] = True

    api_version: Literal["controlplane/v1"] = Field(default=API_VERSION, alias="apiVersion")
    kind: str
    metadata: Metadata
    spec: Spec

    @property
    def name(self) -> str:
        """The name, unique in its kind."""
        return self.metadata.name

    @property
    def title(self) -> str:
        """What people read: the title, or else the name."""
        return self.metadata.title or self.metadata.name

    def references(self) -> Iterator[Reference]:
        """Every other manifest that this one names; a kind adds its own to the owner."""
        if self.metadata.owner is not None:
            yield Reference(("metadata", "owner"), "Team", self.metadata.owner, required=False)

    def disagreements(self, others: Lookup) -> Iterable[Finding]:  # noqa: ARG002  kinds that look at others override it
        """What does not fit the manifests that this one names; those that don't exist are reported elsewhere."""
        return ()

    def remarks(self, others: Lookup) -> Iterable[Finding]:  # noqa: ARG002  kinds that look at others override it
        """What fits and should be looked at all the same; it is shown and refuses nothing."""
        return ()

    def as_document(self) -> dict[str, Any]:
        """The plain JSON value that says the same, without what was left to its default."""
        head = {"apiVersion": self.api_version, "kind": self.kind}
        return (
            head
            | self.model_dump(mode="json", by_alias=True, exclude_defaults=True, include={"metadata"})
            | {
                "spec": self.spec.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            }
        )

    def as_record(self) -> dict[str, Any]:
        """What the audit log and the revisions keep of it; a kind leaves out what is too long and kept elsewhere."""
        return self.as_document()


def duplicates(values: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Position and value of each that came before."""
    seen = set[str]()
    for position, value in enumerate(values):
        if value in seen:
            yield position, value
        seen.add(value)
