"""Asking every check about a mapping."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

from registry.mappings import checks as package
from registry.mappings.rules import LEVELS, Remark
from registry.mappings.way import Way

Check = Callable[[Way], Iterator[Remark]]


@cache
def checks() -> tuple[Check, ...]:
    """The checks, in the order of their modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(importlib.import_module(f"{package.__name__}.{name}").check for name in names)


def findings(way: Way) -> list[Remark]:
    """All that is found in one direction, the worst first, then by place."""
    found = dict.fromkeys(remark for check in checks() for remark in check(way))
    return sorted(found, key=lambda one: (LEVELS.index(one.level), [str(part).rjust(9) for part in one.place]))
