from __future__ import annotations

import importlib
import json
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.index import Index
from registry.compat.json_schema.node import ALL_TYPES, Place
from registry.compat.json_schema.pair import compare_pair
from registry.compat.json_schema.reporter import Reporter
from registry.compat.json_schema.rules import ENTRIES
from registry.compat.json_schema.verdict import Verdict
from registry.compat.model import Change, ContentModel, DocumentError, Options
from registry.compat.source_map import Document, read_document
from registry.compat.wording import filled

_STACK = 4_000  # frames: recursive schemas are judged by recursion, and Python's own bound of 1,000 is soon met
_ONE_AT_A_TIME = threading.Lock()
_MOST_WITNESSES = 20
_SHOWN = 120  # characters of a value in a sentence


_Located = tuple[Finding, Place, Place]


def compare(old_text: str, new_text: str, options: Options) -> list[Change]:
    """What changed from one JSON Schema to the next, and what that does to data of the old one.

    Raises:
        DocumentError: one of the texts is no JSON Schema, or the two are too entangled to be compared in bounded time.
    """
    old, new = read_document(old_text, "old"), read_document(new_text, "new")
    return compare_documents(old, new, content_model=options.content_model)


def compare_documents(
    old: Document, new: Document, *, content_model: ContentModel, old_root: str = "", new_root: str = ""
) -> list[Change]:
    """The same for parsed documents, or for schemas that stand within them at a JSON Pointer.

    Raises:
        DocumentError: see ``compare``.
    """
    before, after = Index(old, "old", [old_root]), Index(new, "new", [new_root])
    verdict = Verdict(content_model)
    findings = _findings(
        verdict, Place(before, old_root, before.at(old_root)), Place(after, new_root, after.at(new_root))
    )
    ordered = _in_order(findings, old, new)
    shown = _witnesses(ordered, verdict)
    return [
        replace(_change(finding, verdict, old, new), witness=shown.get(position))
        for position, (finding, _, _) in enumerate(ordered)
    ]


def _witnesses(located: Sequence[_Located], verdict: Verdict) -> dict[int, str | None]:
    """For the first breaking findings, by position: a value that shows what it breaks, if one is found."""
    breaking = [position for position, one in enumerate(located) if verdict.breaks(one[0].rule)][:_MOST_WITNESSES]
    if not breaking:
        return {}
    # Only a refusal needs the validator, which takes a moment to load.
    search = importlib.import_module("registry.compat.json_schema.witness").Witnesses(*located[0][1:])
    pairs = Counter((one[1].pointer, one[2].pointer) for one in (located[position] for position in breaking))
    found: dict[int, str | None] = {}
    for position in breaking:
        finding, old, new = located[position]
        found[position] = search.find(finding, old, new, alone=pairs[old.pointer, new.pointer] == 1)
    return found


def _findings(verdict: Verdict, old: Place, new: Place) -> list[_Located]:
    try:
        return Reporter(compare_pair, verdict).findings(old, new)
    except RecursionError:
        return _deep_findings(verdict, old, new)


def _deep_findings(verdict: Verdict, old: Place, new: Place) -> list[_Located]:
    """Once more with a higher bound on the stack. The bound is the whole process's, hence one at a time."""
    with _ONE_AT_A_TIME:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(max(_STACK, usual))
        try:
            return Reporter(compare_pair, verdict).findings(old, new)
        except RecursionError:
            raise DocumentError("the schemas refer to one another too deeply to be compared; split them up") from None
        finally:
            sys.setrecursionlimit(usual)


def _in_order(findings: Iterable[_Located], old: Document, new: Document) -> list[_Located]:
    def place(located: _Located) -> tuple[int, str, str]:
        finding = located[0]
        line = new.line(finding.new_path) if finding.on_new else old.line(finding.old_path)
        return line or 0, finding.new_path, finding.rule

    return sorted(findings, key=place)


def _change(finding: Finding, verdict: Verdict, old: Document, new: Document) -> Change:
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
