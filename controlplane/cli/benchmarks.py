"""Finding benchmarks: they stand beside the packages in a checkout and are not installed with them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

from controlplane.cli.errors import UserError
from registry.nearest import did_you_mean

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "benchmarks"


def names() -> list[str]:
    """The benchmarks that there are: modules with a ``run``."""
    found = (path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
    return sorted(path.stem for path in found if "\ndef run(" in path.read_text(encoding="utf-8"))


def load(name: str) -> ModuleType:
    """The benchmark of that name, with ``run(seconds) -> figures``.

    Raises:
        UserError: there is none; the sentence names those there are.
    """
    known = names()
    if not known:
        raise UserError(f"there are no benchmarks in {FOLDER}; run this from a checkout of the repository")
    if name not in known:
        hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
        raise UserError(f"there is no benchmark {name!r}{hint}")
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return importlib.import_module(f"benchmarks.{name}")
