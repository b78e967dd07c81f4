"""Asking every check, found by its place in ``checks``."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from sqlalchemy.orm import Session

from registry.findings import checks as package
from registry.findings.model import LEVELS, Catalogue, Finding

Check = Callable[[Catalogue, date], Iterator[Finding]]


@cache
def checks() -> Mapping[str, Check]:
    """Name -> check; a module of ``checks`` offers ``find(catalogue, today)``."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return MappingProxyType(
        {name.replace("_", "-"): importlib.import_module(f"{package.__name__}.{name}").find for name in names}
    )


def findings(session: Session, today: date) -> list[Finding]:
    """All that is found, errors first, then by check, kind and name."""
    catalogue = Catalogue(session)
    found = dict.fromkeys(one for check in checks().values() for one in check(catalogue, today))
    return sorted(found, key=lambda one: (LEVELS.index(one.level), one.check, one.kind, one.name, one.message))
