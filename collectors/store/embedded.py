"""chDB's directory belongs to one process; which of them this one has open."""

from __future__ import annotations

import fcntl
from collections import Counter
from pathlib import Path

from collectors.store.errors import StoreInUse

_open: Counter[Path] = Counter()


def claim(directory: Path) -> None:
    """Count one more connection to a directory.

    Raises:
        StoreInUse: another process has it open. chDB itself would write that to standard error and name no cause.
    """
    if not _open[directory] and _locked(directory / "status"):
        raise StoreInUse(f"{directory} is in use by another process, and chDB's directory belongs to one at a time")
    _open[directory] += 1


def release(directory: Path, connections: int) -> None:
    """Count some connections less."""
    _open[directory] -= connections


def _locked(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # nothing is there yet, or chDB says what is wrong with it
    return False
