"""The plain values that the difference is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from registry.compat.openapi.diff.schema import SchemaDiff

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """An object of a document with the JSON Pointer at which it stands, after any ``$ref`` was followed."""

    pointer: str
    value: Json


@dataclass(frozen=True, slots=True)
class MediaDiff:
    """A media type that both documents have, perhaps under a wider or narrower name."""

    old_name: str
    new_name: str
    old: Node
    new: Node
    schema: SchemaDiff | None
    schema_added: bool = False
    schema_removed: bool = False


@dataclass(frozen=True, slots=True)
class ContentDiff:
    """Media types of a body, by name."""

    added: Mapping[str, Node]
    removed: Mapping[str, Node]
    common: tuple[MediaDiff, ...]


@dataclass(frozen=True, slots=True)
class BodyDiff:
    """A request body; None on the side that has none."""

    old: Node | None
    new: Node | None
    content: ContentDiff


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as one operation sees it; ``shared`` if it is declared for the whole path."""

    location: str
    name: str
    node: Node
    shared: bool

    @property
    def required(self) -> bool:
        """Whether a call must carry it."""
        return self.node.value.get("required") is True

    @property
    def label(self) -> str:
        """How a person calls it."""
        return f"{self.location} parameter `{self.name}`"


@dataclass(frozen=True, slots=True)
class ParameterDiff:
    """A parameter that both have. ``media_type`` is empty unless its content is described by one."""

    old: Parameter
    new: Parameter
    schema: SchemaDiff | None
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class ParametersDiff:
    """Parameters of one operation, those of its path included."""

    added: tuple[Parameter, ...] = ()
    removed: tuple[Parameter, ...] = ()
    common: tuple[ParameterDiff, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderDiff:
    """A response header that both have."""

    name: str
    old: Node
    new: Node
    schema: SchemaDiff | None


@dataclass(frozen=True, slots=True)
class ResponseDiff:
    """A response status that both have."""

    status: str
    old: Node
    new: Node
    headers_added: Mapping[str, Node]
    headers_removed: Mapping[str, Node]
    headers: tuple[HeaderDiff, ...]
    content: ContentDiff


@dataclass(frozen=True, slots=True)
class ResponsesDiff:
    """Responses of one operation by status."""

    added: Mapping[str, Node]
    removed: Mapping[str, Node]
    common: tuple[ResponseDiff, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of a path, in one document."""

    path: str
    method: str
    node: Node

    @property
    def label(self) -> str:
        """``POST /invoices``."""
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, slots=True)
class OperationDiff:
    """An operation that both documents have and that differs.

    ``inverted``: the provider makes this call (a webhook, a callback), so the caller of the API reads its request.
    """

    old: Operation
    new: Operation
    parameters: ParametersDiff
    body: BodyDiff | None
    responses: ResponsesDiff
    inverted: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class DocumentDiff:
    """Everything that differs between two documents."""

    old: Node
    new: Node
    operations: tuple[OperationDiff, ...] = ()
    added: tuple[Operation, ...] = ()
    removed: tuple[Operation, ...] = ()
    removed_with_path: tuple[Operation, ...] = ()
    old_components: Mapping[str, Mapping[str, Node]] = field(default_factory=dict)
    new_components: Mapping[str, Mapping[str, Node]] = field(default_factory=dict)
    webhooks_added: Mapping[str, Node] = field(default_factory=dict)
    webhooks_removed: Mapping[str, Node] = field(default_factory=dict)
