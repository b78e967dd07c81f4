"""What kinds do beyond their rows, found by looking through the package ``effects``."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Protocol, cast

from sqlalchemy.orm import Session

from registry.catalogue import effects as package
from registry.kinds.base import Finding, Lookup, Manifest


class Effect(Protocol):
    """A module of ``effects``."""

    KIND: str

    def objections(
        self, session: Session, before: Manifest | None, manifest: Manifest, today: date, others: Lookup
    ) -> Iterator[Finding]:
        """Why a manifest that is new or different must not be applied."""

    def applied(self, session: Session, manifest: Manifest, actor: str, now: datetime) -> None:
        """What follows from its row, in the same transaction."""

    def removed(self, session: Session, name: str) -> None:
        """What goes with its row, in the same transaction."""


@cache
def effects() -> Mapping[str, Effect]:
    """Kind -> its module."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    modules = [cast("Effect", importlib.import_module(f"{package.__name__}.{name}")) for name in names]
    return MappingProxyType({module.KIND: module for module in modules})
