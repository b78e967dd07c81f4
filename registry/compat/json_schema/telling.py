from __future__ import annotations

import json
from typing import Any

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import ALL_TYPES
from registry.compat.json_schema.rules import ENTRIES
from registry.compat.json_schema.verdict import Verdict
from registry.compat.model import Change
from registry.compat.source_map import Document
from registry.compat.wording import filled

_SHOWN = 120  # characters of a value in a sentence


def told(finding: Finding, verdict: Verdict, old: Document, new: Document, witness: str | None) -> Change:
    """A finding as a change, with its sentence and its lines."""
    one = ENTRIES[finding.rule]
    path = finding.new_path if finding.on_new else finding.old_path
    words = {"subject": finding.subject, "old": _shown(finding.old), "new": _shown(finding.new)}
    sentence = filled(one.message, words)
    if one.lenient:
        sentence = f"{sentence} (Judged by the {verdict.content_model} content model.)"
    return Change(
        rule=finding.rule,
        level=verdict.level(finding.rule),
        path=path,
        message=f"{path or 'The whole document'}: {sentence}",
        hint=one.rule.migrate,
        old_path=finding.old_path,
        new_path=finding.new_path,
        old_line=old.line(finding.old_path),
        new_line=new.line(finding.new_path),
        old=finding.old,
        new=finding.new,
        arguments=(finding.subject, _text(finding.old), _text(finding.new), *filter(None, [finding.facts])),
        witness=witness,
    )


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _shown(value: Any) -> str:
    """A value as a sentence may hold it: names without quotes, lists in words, long ones cut."""
    if value is None:
        return "none"
    if isinstance(value, str):
        text = value
    elif isinstance(value, list) and set(map(str, value)) == ALL_TYPES:
        text = "any type"
    elif isinstance(value, list):
        text = ", ".join(_shown(one) for one in value) if value else "nothing"
    else:
        text = _text(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
