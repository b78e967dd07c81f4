"""One schema as the comparison sees it: OpenAPI 3.0's and 3.1's ways to say the same are made one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from registry.compat.openapi.diff.document import OpenApi, mapping, sequence, strings
from registry.compat.openapi.diff.model import Json, Node

COMBINATORS: Final = ("allOf", "anyOf", "oneOf")
ANNOTATIONS: Final = frozenset(
    {"title", "description", "summary", "example", "examples", "externalDocs", "xml", "$comment", "$id", "$anchor"}
)
# What may stand beside a combinator of one branch without making it more than a wrapping of that branch.
_CARRIED: Final = frozenset({"nullable", "readOnly", "writeOnly", "deprecated", "default"})


@dataclass(frozen=True, slots=True)
class Branch:
    """A member of allOf, anyOf or oneOf. ``reference`` is its ``$ref``, or empty for one written in place."""

    pointer: str
    value: Json
    reference: str

    @property
    def label(self) -> str:
        """The referred schema's name, the title, or the position."""
        title, last = self.value.get("title"), self.pointer.rpartition("/")[2]
        if self.reference or isinstance(title, str):
            return self.reference.rpartition("/")[2] or str(title)
        return f"#{int(last) + 1}" if last.isdecimal() else last

    @property
    def annotates_only(self) -> bool:
        """Whether it says nothing that data could break."""
        return not self.reference and all(key in ANNOTATIONS or key[:2] == "x-" for key in self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A schema: its object, its types without null, whether null is right, its branches without the null one."""

    node: Node
    types: tuple[str, ...]
    nullable: bool
    branches: Mapping[str, tuple[Branch, ...]] = field(default_factory=dict)

    @property
    def value(self) -> Json:
        """The schema's own keywords."""
        return self.node.value

    @property
    def read_only(self) -> bool:
        """Whether only the provider writes it."""
        return self.value.get("readOnly") is True

    @property
    def write_only(self) -> bool:
        """Whether only the caller writes it, and never sees it again."""
        return self.value.get("writeOnly") is True

    @property
    def required(self) -> list[str]:
        """Names of the properties that must be there."""
        return strings(self.value.get("required"))

    @property
    def format(self) -> str:
        """The format, or empty."""
        found = self.value.get("format")
        return found if isinstance(found, str) else ""

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The types that are right, if the schema is no more than a list of them: ``type``, or a choice of types."""
        choices = [self.branches[key] for key in ("anyOf", "oneOf") if self.branches[key]]
        if not choices:
            return self.types
        if self.types or len(choices) > 1 or not all(_is_bare_type(branch) for branch in choices[0]):
            return ()
        return tuple(name for branch in choices[0] for name in _types(branch.value)[0])


def shape(node: Node) -> Shape:
    """See the object at a node as a schema."""
    types, nullable = _types(node.value)
    branches: dict[str, tuple[Branch, ...]] = {}
    for key in COMBINATORS:
        members = [
            Branch(f"{node.pointer}/{key}/{index}", mapping(member), _reference(member))
            for index, member in enumerate(sequence(node.value.get(key)))
        ]
        kept = tuple(member for member in members if key == "allOf" or not _is_null(member))
        nullable = nullable or len(kept) < len(members)
        branches[key] = kept
    return Shape(node, types, nullable, branches)


def unwrapped(document: OpenApi, wrapped: Shape, other: Shape) -> Shape:
    """The only branch of a schema that merely wraps it, where the other document has no such wrapping.

    ``anyOf: [X, {type: "null"}]`` is X made nullable, ``allOf: [X]`` with a description is X.
    """
    for key in COMBINATORS:
        rest = wrapped.value.keys() - {key}
        if (
            len(wrapped.branches[key]) == 1
            and key not in other.value
            and all(name in ANNOTATIONS or name in _CARRIED or name[:2] == "x-" for name in rest)
            and (key == "allOf" or wrapped.nullable)
        ):
            branch = wrapped.branches[key][0]
            inner = shape(document.node(branch.pointer, branch.value))
            carried = {name: wrapped.value[name] for name in rest if name in _CARRIED or name[:2] == "x-"}
            node = Node(inner.node.pointer, {**inner.value, **carried})
            return Shape(node, inner.types, inner.nullable or wrapped.nullable, inner.branches)
    return wrapped


def _types(value: Json) -> tuple[tuple[str, ...], bool]:
    declared = value.get("type")
    names = (declared,) if isinstance(declared, str) else tuple(strings(declared))
    nullable = value.get("nullable") is True
    rest = tuple(name for name in names if name != "null")
    if names and not rest:
        return ("null",), nullable
    return rest, nullable or len(rest) < len(names)


def _reference(member: Any) -> str:
    reference = mapping(member).get("$ref")
    return reference if isinstance(reference, str) else ""


def _is_null(branch: Branch) -> bool:
    return branch.value.get("type") in ("null", ["null"])


def _is_bare_type(branch: Branch) -> bool:
    return "type" in branch.value and all(key == "type" or key in ANNOTATIONS for key in branch.value)
