"""All cases of all modules beside this one."""

import importlib
import pkgutil
from pathlib import Path

from tests.registry.compat.openapi.pairs import Case

_BESIDE = sorted({module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])} - {"every"})

EVERY_CASE: tuple[Case, ...] = tuple(
    found for name in _BESIDE for found in importlib.import_module(f"tests.registry.compat.openapi.cases.{name}").CASES
)
