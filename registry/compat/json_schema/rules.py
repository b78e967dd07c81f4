from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace

from registry.compat.json_schema import rulebook
from registry.compat.json_schema.entry import Entry
from registry.compat.rules import Rule


def _gather() -> dict[str, Entry]:
    """Every module's entries, with the module's name as their area."""
    modules = sorted(module.name for module in pkgutil.iter_modules(rulebook.__path__))
    found = [
        replace(one, rule=replace(one.rule, area=name))
        for name in modules
        for one in importlib.import_module(f"{rulebook.__name__}.{name}").ENTRIES
    ]
    return {one.rule.id: one for one in sorted(found, key=lambda one: one.rule.id)}


ENTRIES: Mapping[str, Entry] = _gather()
RULES: Mapping[str, Rule] = {name: one.rule for name, one in ENTRIES.items()}
LENIENT = frozenset(name for name, one in ENTRIES.items() if one.lenient)
UNSOUND = frozenset(name for name, one in ENTRIES.items() if one.unsound)
