from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from registry.compat.engine import rules
from registry.compat.model import Change, Judged, Level, Names
from registry.compat.rules import Rule

_LEVELS = {Level.BREAKING: "error", Level.WARNING: "warning", Level.INFO: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST_RESULTS = 25_000  # GitHub takes no more in one run


def render(judged: Sequence[Judged]) -> str:
    """SARIF 2.1.0, one run. Fingerprints let a viewer follow a result over time; what is waived stays in it as suppressed."""
    known = {name: rule for one in judged for name, rule in rules(one.report.format).items()}
    used = sorted({change.rule for one in judged for change in one.report.changes})
    found = [(change, one.names) for one in judged for change in one.report.changes]
    found.sort(key=lambda pair: (pair[0].baseline == "unchanged", list(Level).index(pair[0].level)))
    kinds = "+".join(dict.fromkeys(f"{one.report.format}/{one.report.mode}" for one in judged))
    run = {
        "tool": {
            "driver": {
                "name": "controlplane",
                "semanticVersion": "0.1.0",
                "rules": [_rule(name, known.get(name)) for name in used],
            }
        },
        "automationDetails": {"id": f"controlplane/{kinds}/"},
        "results": [_result(change, used.index(change.rule), names) for change, names in found[:_MOST_RESULTS]],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(name: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": name.replace("-", " ")},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.migrate},
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
    }


def _result(change: Change, position: int, names: Names) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": change.rule,
        "ruleIndex": position,
        "level": _LEVELS[change.was],
        "message": {"text": f"{change.message} {change.hint}".rstrip()},
        "locations": [_location(names.new, change.new_line, change.new_path or change.path)],
        "relatedLocations": [_location(names.old, change.old_line, change.old_path or change.path)],
        "partialFingerprints": {"controlplaneChange/v1": change.fingerprint},
    }
    if change.waived is not None:
        # A suppression without a status is an accepted one; drafts of 2.1.0 have no such word.
        result["suppressions"] = [{"kind": "external", "justification": change.waived}]
    if change.baseline:
        result["baselineState"] = change.baseline
    return result


def _location(name: str, line: int | None, pointer: str) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(PurePath(name).as_posix())},
            "region": {"startLine": line or 1},
        },
        "logicalLocations": [{"fullyQualifiedName": pointer or "/"}],
    }
