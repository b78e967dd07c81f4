"""What ``controlplane gate`` prints for a terminal, beside what ``check`` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry.compat.model import Judged
from registry.compat.render import render_all

Evaluation = Mapping[str, Any]
_MOST_MARKS = 10
IN_BASELINE = ", let pass here: all that denies is in the baseline"


def text(judged: Sequence[Judged], evaluations: Sequence[Evaluation], verdict: str, *, known: bool = False) -> str:
    """Each document's changes and whom they may touch; the verdict last, where it stands beside the prompt.

    ``known``: all that denies is in the baseline, so that it stops nobody.
    """
    parts = [
        "\n".join([*_heading(judged, one), render_all([one], "text"), *_ending(evaluation)])
        for one, evaluation in zip(judged, evaluations, strict=True)
    ]
    wishes = [line for one, told in zip(judged, evaluations, strict=True) for line in _wish(one, str(told["subject"]))]
    return "\n".join([*parts, *wishes, f"Verdict: {verdict}{IN_BASELINE if known else ''}"])


def _wish(one: Judged, subject: str) -> Iterator[str]:
    """How to ask that what denies be let pass."""
    marks = [change.fingerprint for change in one.report.changes if change.fails and change.fingerprint]
    if 0 < len(marks) <= _MOST_MARKS:
        yield f"To let this pass for a while: controlplane waiver request {subject} {' '.join(marks)} --reason WHY --expires DATE"


def _heading(judged: Sequence[Judged], one: Judged) -> Iterator[str]:
    if len(judged) > 1:
        yield f"== {one.names.new} against {one.names.old} =="


def _ending(evaluation: Evaluation) -> Iterator[str]:
    impact = evaluation["impact"]
    for consumer in impact.get("consumers", []):
        yield f"{'Declared' if consumer['declared'] else 'Seen'} consumer {consumer_words(consumer)}"
    for workflow in impact["workflows"]:
        yield f"May touch workflow {workflow['name']}:"
        yield from (f"  {reason}" for reason in workflow["because"])
    for sla in impact.get("slas", []):
        yield f"May touch deadline {sla['name']} of workflow {sla['workflow']}"
    for mapping in impact.get("mappings", []):
        yield f"{'Breaks' if mapping['breaks'] else 'Touches'} mapping {mapping['name']}:"
        yield from (f"  {field['because']}, and fills {field['to']}" for field in mapping["fields"])
        yield from (f"  {found['rule']}: {found['message']}" for found in mapping["findings"])
    if impact.get("consumers"):
        yield from (f"Note: {note}" for note in impact.get("notes", []) if "calls of" in note)
    yield from (f"Note: {notice}" for notice in evaluation.get("notices", []))
    if evaluation.get("url"):
        yield f"Kept at {evaluation['url']}"


def consumer_words(consumer: Evaluation) -> str:
    """Who it is and what was seen of it."""
    calls, last = consumer.get("calls_30d"), consumer.get("last_call")
    seen = {
        "active": f"{calls:,} calls in 30 days, the last at {last}" if calls is not None else "",
        "quiet": f"no call in 30 days, the last at {last}",
        "unknown": "not seen calling, which does not say that it does not call",
    }
    return f"{consumer['name']} of {consumer['api']}: {seen[consumer['status']]}"
