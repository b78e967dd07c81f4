from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from registry.compat.model import Change, Judged, Report


def render(judged: Sequence[Judged]) -> str:
    """One JSON object, indented; a list of them for several reports."""
    found = [as_object(one.report) for one in judged]
    return json.dumps(found[0] if len(found) == 1 else found, indent=2, ensure_ascii=False)


def as_object(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    return {
        "format": report.format.value,
        "mode": report.mode.value,
        "compatible": report.compatible,
        "changes": [_change(change) for change in report.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    found = {
        "rule": change.rule,
        "level": change.level.value,
        "path": change.path,
        "message": change.message,
        "hint": change.hint,
        "direction": change.direction,
        "old_path": change.old_path,
        "new_path": change.new_path,
        "old_line": change.old_line,
        "new_line": change.new_line,
        "old": _plain(change.old),
        "new": _plain(change.new),
        "fingerprint": change.fingerprint,
    }
    if change.witness is not None:
        found["witness"] = json.loads(change.witness)
    if change.waived is not None:
        found["waived"] = change.waived
    if change.baseline:
        found["baseline"] = change.baseline
    return found


def _plain(value: Any) -> Any:
    """A value that JSON can hold: what it can't (infinity, bytes) as text."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
