"""The transforms that exist, and reading what a manifest says of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, ValidationError

from registry.mappings import transforms as package
from registry.mappings.base import Transform
from registry.nearest import did_you_mean


@cache
def transforms() -> Mapping[str, type[Transform]]:
    """Name -> class, in the order of the names."""
    found: dict[str, type[Transform]] = {}
    for module in pkgutil.iter_modules(package.__path__):
        imported = importlib.import_module(f"{package.__name__}.{module.name}")
        for value in vars(imported).values():
            own = isinstance(value, type) and value.__module__ == imported.__name__
            if own and issubclass(value, Transform) and "NAME" in vars(value):
                found[value.NAME] = value
    return MappingProxyType(dict(sorted(found.items())))


def _one(value: object) -> Transform:
    if isinstance(value, Transform):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError(f"a transform is written as {{NAME: parameters}}; there are {', '.join(transforms())}")
    name, given = next(iter(value.items()))
    kind = transforms().get(name)
    if kind is None:
        known = f"; there are {', '.join(transforms())}"
        raise ValueError(f"there is no transform {name!r}{did_you_mean(str(name), transforms()) or known}")
    if kind.SHORT is not None and (not isinstance(given, dict) or kind.NAME == "constant"):
        given = {kind.SHORT: given}
    try:
        return kind.model_validate(given, by_alias=True, by_name=False)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"] if part != kind.SHORT)
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            names = [field.alias or own for own, field in kind.model_fields.items()]
            message = (
                f"is not known{did_you_mean(str(first['loc'][-1]), names) or f'; there are {chr(44).join(names)}'}"
            )
        raise ValueError(f"transform {name}{f': {where}' if where else ''}: {message}") from None


def _several(value: object) -> object:
    if value is None:
        return ()
    steps = value if isinstance(value, list | tuple) else [value]
    return tuple(_one(step) for step in steps)


def written(steps: tuple[Transform, ...]) -> Any:
    """The steps as a manifest has them; one alone stands without a list."""
    documents = [{step.NAME: step.written()} for step in steps]
    return documents[0] if len(documents) == 1 else documents


Steps = Annotated[
    tuple[Any, ...],
    BeforeValidator(_several),
    PlainSerializer(written),
]
"""One transform or several, one after the other."""


def told(steps: tuple[Transform, ...]) -> str:
    """What the steps do, in words; empty if there are none."""
    return ", then ".join(step.told() for step in steps)
