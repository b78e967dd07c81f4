"""The kinds that exist, found by looking through this package."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import get_args

from registry import kinds as package
from registry.kinds.base import Manifest


@cache
def manifest_kinds() -> Mapping[str, type[Manifest]]:
    """Kind name -> manifest class, in the order of the names.

    A module of this package adds a kind by defining a subclass of ``Manifest`` whose ``kind`` is a literal.
    """
    found: dict[str, type[Manifest]] = {}
    for module in pkgutil.iter_modules(package.__path__):
        imported = importlib.import_module(f"{package.__name__}.{module.name}")
        for value in vars(imported).values():
            if isinstance(value, type) and issubclass(value, Manifest) and value.__module__ == imported.__name__:
                for kind in get_args(value.model_fields["kind"].annotation):
                    found[kind] = value
    return MappingProxyType(dict(sorted(found.items())))
