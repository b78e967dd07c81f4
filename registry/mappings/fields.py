"""One line of a mapping: from where, to where, how."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from registry.kinds.base import Part, Text
from registry.mappings.base import PathText, Transform
from registry.mappings.find import Steps, told
from registry.mappings.paths import Key, Path, parse
from registry.mappings.transforms.constant import Constant
from registry.mappings.transforms.expression import Expression
from registry.mappings.transforms.text import Join

Variable = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-zA-Z0-9_]*$", max_length=50)]


def _from(value: object) -> object:
    if value is None or isinstance(value, str | list | tuple | dict):
        return value
    raise ValueError("must be a path, a list of paths or names with their paths")


def _sources(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        return _checked(value)
    named = value.items() if isinstance(value, dict) else enumerate(value)
    if not value or len(value) > 20:  # noqa: PLR2004  what a person can read
        raise ValueError("must name 1 to 20 paths")
    if isinstance(value, dict) and not all(isinstance(name, str) and name.isidentifier() for name in value):
        raise ValueError("the names of paths must be words that an expression can use, such as net_amount")
    checked = {name: _checked(path) for name, path in named}
    return checked if isinstance(value, dict) else tuple(checked.values())


def _checked(path: object) -> str:
    if not isinstance(path, str):
        raise ValueError("a path must be text, such as customer.name")  # noqa: TRY004  pydantic takes no TypeError
    parse(path)
    return path.strip()


class Mapped(Part):
    """A field: what stands at ``from`` goes to ``to``, through ``transform`` if there is any.

    ``default`` is used where there is nothing, or null. ``one_way`` leaves the field out of the derived way back.
    """

    from_: Annotated[Any, BeforeValidator(_from), AfterValidator(_sources)] = Field(default=None, alias="from")
    to: PathText
    transform: Steps = ()
    default: Any = None
    one_way: Annotated[bool, Field(strict=True)] = False
    note: Text | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        constant = [isinstance(step, Constant) for step in self.steps]
        if self.from_ is None and not (constant and constant[0]):
            raise ValueError("a field needs from, or a constant")
        if any(constant) if self.from_ is not None else any(constant[1:]):
            raise ValueError("a constant comes first and needs no from")
        if isinstance(self.from_, tuple | dict) and not (self.steps and isinstance(self.steps[0], Join | Expression)):
            raise ValueError("several paths need join or cel as the first transform")
        if "default" in self.model_fields_set and self.default is None:
            raise ValueError("a default must be a value")
        if self.target.segments and not isinstance(self.target.segments[0], Key):
            raise ValueError("to must begin with a name")
        return self

    @property
    def steps(self) -> tuple[Transform, ...]:
        """The transforms, in their order."""
        steps: tuple[Transform, ...] = self.transform
        return steps

    @cached_property
    def sources(self) -> Mapping[str, Path]:
        """The paths that it is made of, by the names that an expression may use."""
        if self.from_ is None:
            return {}
        if isinstance(self.from_, str):
            return {"value": parse(self.from_)}
        named = self.from_ if isinstance(self.from_, dict) else {str(at): one for at, one in enumerate(self.from_)}
        return {name: parse(path) for name, path in named.items()}

    @property
    def several(self) -> bool:
        """Whether a transform gets all its values by name."""
        return isinstance(self.from_, tuple | dict)

    @cached_property
    def reads(self) -> list[Path]:
        """Every path that its value depends on."""
        beside = (parse(text) for step in self.steps for text in step.beside())
        return list(dict.fromkeys([*self.sources.values(), *beside]))

    @cached_property
    def target(self) -> Path:
        """Where it goes."""
        return parse(self.to)

    def told(self) -> str:
        """What happens on the way, in words."""
        how = told(self.steps) or "as it is"
        return f"{how}, {self.default!r} where there is nothing" if self.default is not None else how
