from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import ALL_TYPES, Node, Place, build_node, common_types, type_of
from registry.compat.model import DocumentError

MAX_STEPS = 60_000
BROKEN = Finding("broken", "", "")


class Context(Protocol):
    """What one keyword's comparison may ask of the whole."""

    def node(self, place: Place) -> Node:
        """The place's keywords, sorted out."""
        ...

    def types(self, place: Place) -> frozenset[str]:
        """The types that valid data can have, its combinators considered (too many rather than too few)."""
        ...

    def inside(self, old: Place, new: Place) -> Iterator[Finding]:
        """The differences of two schemas within the two at hand, if they matter here."""
        ...

    def on_trust(self, old: Place, new: Place) -> Iterator[Finding]:
        """Of two schemas that fit and stand in different places of the documents: only what leaves a doubt."""
        ...

    def fits(self, old: Place, new: Place) -> bool:
        """Whether all that the old schema takes, the new one takes too."""
        ...

    def exactly(self, old: Place, new: Place) -> bool:
        """The same with no allowance at all (content models, defaults): for use below ``not`` and ``if``."""
        ...

    def breaks(self, finding: Finding) -> bool:
        """Whether a finding alone makes the schemas incompatible."""
        ...


Compare = Callable[[Context, Place, Place], Iterator[Finding]]


class Workspace:
    """What all contexts of one comparison share: sorted nodes and a count of steps."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[str, str, str, str], Node] = {}
        self._steps = 0
        self._types: dict[tuple[str, str, str, str], frozenset[str]] = {}

    def node(self, place: Place) -> Node:
        """The place's keywords, sorted out once."""
        node = self._nodes.get(place.key)
        if node is None:
            node = self._nodes[place.key] = build_node(place)
        return node

    def types(self, place: Place) -> frozenset[str]:
        """The types that valid data can have; a schema that leads back to itself is taken to allow all there."""
        node = self.node(place)
        key = node.place.key
        if key not in self._types:
            self._types[key] = ALL_TYPES
            types = node.types
            if node.values is not None:
                types = frozenset(map(type_of, node.values))
            for part in node.all_of:
                types = common_types(types, self.types(part))
            for _, branches in node.sums:
                types = common_types(types, frozenset().union(*map(self.types, branches)))
            self._types[key] = types - {"integer"} if "number" in types else types
        return self._types[key]

    def start(self) -> None:
        """Count from zero."""
        self._steps = 0

    def forget(self) -> None:
        """Drop what is known, as it may be half done."""
        self._nodes.clear()
        self._types.clear()

    def step(self) -> None:
        """Count one pair of schemas.

        Raises:
            DocumentError: the bound on pairs is passed.
        """
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise DocumentError(
                f"gave up after comparing {MAX_STEPS:,} pairs of schemas: anyOf, oneOf and allOf are nested in one another "
                "with too many branches. Name the shared parts in $defs, or compare the parts one by one"
            )


class Shares:
    """The part of a context that looks at one schema at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def node(self, place: Place) -> Node:
        """See ``Context``."""
        return self._workspace.node(place)

    def types(self, place: Place) -> frozenset[str]:
        """See ``Context``."""
        return self._workspace.types(place)
