"""Instances as lines of CSV (RFC 4180): what a list shows, for a spreadsheet or a program. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from collectors.timelines import money
from collectors.timelines.model import Instance
from collectors.timelines.times import rfc3339
from collectors.workflows.definition import Definition
from policies.slas.judge import judge
from policies.slas.model import Sla

_FIXED = (
    "id",
    "state",
    "started_at",
    "ended_at",
    "last_at",
    "latest_step",
    "errors",
    "error_types",
    "amount",
    "currency",
)
#: A spreadsheet takes a cell that begins with one of these (after blanks, and in full width) for a formula.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def header(definition: Definition, slas: Sequence[Sla]) -> list[str]:
    """The names of the columns, each once: kinds of columns that a workflow declares say which kind they are."""
    return [
        *_FIXED,
        *(f"dimension.{name}" for name, _ in definition.dimensions),
        *(f"key.{kind}" for kind, _ in definition.keys),
        *(f"reached.{step.name}" for step in definition.steps),
        *(f"sla.{sla.name}.{part}" for sla in slas for part in ("state", "seconds", "due_at")),
    ]


def cells(definition: Definition, slas: Sequence[Sla], one: Instance, now: int) -> list[str]:
    """The values of an instance: times RFC 3339 in UTC, amounts plain decimals, "" where there is none."""
    steps = [step.name for step in definition.steps]
    latest = max(one.reached, key=lambda step: (one.reached[step], _place(steps, step), step), default="")
    return [
        one.id,
        one.state,
        rfc3339(one.started_at),
        "" if one.ended_at is None else rfc3339(one.ended_at),
        rfc3339(one.last_at),
        latest,
        str(one.errors),
        harmless(" ".join(one.error_types)),
        "" if one.amount is None else money.text(one.amount),
        "" if one.amount is None else one.amount.currency,
        *(harmless(one.dimensions.get(name, "")) for name, _ in definition.dimensions),
        *(_ids(one, kind) for kind, _ in definition.keys),
        *(rfc3339(one.reached[step]) if step in one.reached else "" for step in steps),
        *(cell for sla in slas for cell in _stands(sla, one, now)),
    ]


def lines(
    definition: Definition, slas: Sequence[Sla], portions: Iterable[Sequence[Instance]], now: int
) -> Iterator[str]:
    """The text of the file, a portion at a time, the header with the first."""
    text = io.StringIO()
    writer = csv.writer(text)  # its own dialect is RFC 4180's: commas, quotes doubled, lines ended by CR LF
    writer.writerow(header(definition, slas))
    for portion in portions:
        writer.writerows(cells(definition, slas, one, now) for one in portion)
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def harmless(text: str) -> str:
    """A sender's text such that no spreadsheet runs it: an apostrophe stands before what looks like a formula."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _ids(one: Instance, kind: str) -> str:
    return harmless(" ".join(key.value for key in one.keys if key.type == kind))


def _place(steps: Sequence[str], step: str) -> int:
    return steps.index(step) if step in steps else -1


def _stands(sla: Sla, one: Instance, now: int) -> tuple[str, str, str]:
    verdict = judge(sla, one.reached, one.state, now)
    if verdict is None:
        return "", "", ""
    seconds = "" if verdict.seconds is None else f"{verdict.seconds:.3f}".rstrip("0").rstrip(".")
    return verdict.state, seconds, rfc3339(verdict.due_at)
