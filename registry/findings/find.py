"""Asking every check, found by its place in ``checks``."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType

from sqlalchemy.orm import Session

from registry.audit import chain
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


def findings(session: Session, today: date) -> Sequence[Finding]:
    """All that is found, errors first, then by check, kind and name.

    Remembered until something is declared anew: reading ten thousand manifests takes seconds.
    """
    key = (str(session.get_bind().engine.url), chain.mark(session), today)
    found = _remembered.get(key)
    if found is None:
        if len(_remembered) >= _MOST:
            _remembered.clear()
        found = _remembered[key] = _found(session, today)
    return found


def _found(session: Session, today: date) -> Sequence[Finding]:
    catalogue = Catalogue(session)
    return ranked(one for check in checks().values() for one in check(catalogue, today))


def ranked(found: Iterable[Finding]) -> Sequence[Finding]:
    """Each once, errors first, then by check, kind and name."""
    once = dict.fromkeys(found)
    return sorted(once, key=lambda one: (LEVELS.index(one.level), one.check, one.kind, one.name, one.message))


_MOST = 4
_remembered: dict[tuple[str, str, date], Sequence[Finding]] = {}
