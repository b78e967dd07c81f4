"""Asking every check about a mapping."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from registry.mappings import checks as package
from registry.mappings.rules import LEVELS, Remark
from registry.mappings.way import Way

Check = Callable[[Way], Iterator[Remark]]
#: The checks that look at no schema.
_OF_THE_MANIFEST = frozenset({"back", "tables", "targets"})


@cache
def checks() -> tuple[Check, ...]:
    """The checks, in the order of their modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(importlib.import_module(f"{package.__name__}.{name}").check for name in names)


def findings(way: Way) -> list[Remark]:
    """All that is found in one direction, the worst first, then by place."""
    found = dict.fromkeys(remark for check in checks() for remark in _found(check, way))
    return sorted(found, key=lambda one: (LEVELS.index(one.level), [str(part).rjust(9) for part in one.place]))


def _found(check: Check, way: Way) -> Iterable[Remark]:
    """What one check finds; those of what the manifest says need not look twice."""
    name = check.__module__.rpartition(".")[2]
    return way.once(name, (), lambda: list(check(way))) if name in _OF_THE_MANIFEST else check(way)
