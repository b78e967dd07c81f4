"""What all transforms share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Protocol

from pydantic import AfterValidator, StringConstraints

from registry.kinds.base import Part
from registry.mappings.paths import MISSING, Bindings, Path, parse, read
from registry.mappings.shapes import Shape

#: (id's type, its value, wanted type) -> the other system's ids, as far as they are known.
Resolver = Callable[[str, str, str], list[str]]


class RefusedError(ValueError):
    """A value that a transform can't take; one sentence that says why."""


def _path(text: str) -> str:
    parse(text)
    return text.strip()


PathText = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_path)]
"""A path as it is written; see ``registry.mappings.paths``."""

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class At:
    """Where a value comes from: the whole payload, the items that its path is fixed to, and what is at hand."""

    payload: Any = None
    bindings: Bindings = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    resolve: Resolver | None = None

    def beside(self, text: str) -> Any:
        """What stands at another path of the payload, in the same items; ``MISSING`` if nothing does."""
        path = parse(text)
        return read(self.payload, path, self.bindings[: path.stars]) if path.stars <= len(self.bindings) else MISSING


class Asking(Protocol):
    """What a transform may ask and tell while a mapping is checked."""

    tables: Mapping[str, Table]
    #: What an expression may call by name.
    names: frozenset[str]

    def tell(self, rule: str, message: str) -> None:
        """Something is wrong with this transform."""

    def shape(self, text: str) -> Shape | None:
        """The shape at another path of the source; none if it has no such path."""


class Transform(Part):
    """One step from a value to another. A manifest writes ``{NAME: parameters}``, or ``{NAME: value}`` for ``SHORT``."""

    NAME: ClassVar[str]
    #: The parameter that a bare value stands for.
    SHORT: ClassVar[str | None] = None

    @abstractmethod
    def apply(self, value: Any, at: At) -> Any:
        """What becomes of a value that is there and not null. Raises ``RefusedError``."""

    def inverse(self) -> Transform | None:
        """What undoes it, if anything does."""
        return None

    def beside(self) -> Iterator[str]:
        """Paths of the source that it reads besides the value."""
        yield from ()

    def back(self, source: Path, target: Path) -> Iterator[tuple[Path, Path, Transform | None]]:
        """What the way back must write besides the value: (from, to, how)."""
        del source, target
        yield from ()

    @abstractmethod
    def fit(self, shape: Shape, asking: Asking) -> Shape:
        """The shape of what it makes of values of a shape; what can't be is told."""

    @abstractmethod
    def told(self) -> str:
        """What it does, in a few words."""

    def written(self) -> Any:
        """Its parameters as a manifest has them, as briefly as they can be said."""
        dumped = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return dumped[self.SHORT] if self.SHORT is not None and set(dumped) == {self.SHORT} else dumped


def takes(shape: Shape, *types: str, asking: Asking, name: str) -> bool:
    """Tell if values of a shape are surely, or perhaps, none of these types; false if surely."""
    if shape.types is None or shape.types <= {*types}:
        return True
    wanted = " or ".join(types)
    if shape.types & {*types}:
        asking.tell("type-uncertain", f"{name} takes {wanted}, and here may be {shape.said}")
        return True
    asking.tell("type-mismatch", f"{name} takes {wanted}, but here is {shape.said}")
    return False


def takes_unit(shape: Shape, unit: str, *, asking: Asking, name: str) -> None:
    """Tell if the schema names another unit, or none."""
    if shape.unit is None:
        asking.tell("unit-unverified", f"the schema does not say x-unit: {unit}, which {name} relies on")
    elif shape.unit != unit:
        asking.tell("unit-mismatch", f"{name} takes {unit}, but the schema says x-unit: {shape.unit}")
