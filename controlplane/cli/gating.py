"""``controlplane gate``: the server's answer, told in any of the forms in which ``check`` tells its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from controlplane.cli import baselines, gate_comment, gate_text
from controlplane.cli.client import RefusedError, ServerClient
from controlplane.cli.errors import UserError
from registry.compat.model import Change, Direction, Format, Judged, Level, Mode, Names, Report
from registry.compat.render import render_all

_COMPATIBILITY = "compatibility"
_LEVELS = {"deny": Level.BREAKING, "warn": Level.WARNING, "allow": Level.INFO}

Evaluation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is asked about: whose it is, the file's name for people, its text."""

    subject: str
    file: str
    text: str


@dataclass(frozen=True, slots=True)
class ToldChange(Change):
    """A change as a server told it: its fingerprint comes with it, the facts that it rests on do not."""

    told: str = ""

    @property
    def fingerprint(self) -> str:
        """As the server worked it out."""
        return self.told


@dataclass(frozen=True, slots=True)
class Answered:
    """The server's whole answer, and each document's own with what the baseline makes of it."""

    whole: Evaluation
    each: Sequence[tuple[Document, Evaluation, Report]]

    @property
    def refused(self) -> bool:
        """Whether something is denied that no baseline knows."""
        return any(not report.compatible for _, _, report in self.each)


def ask(client: ServerClient, documents: Sequence[Document], context: Mapping[str, str]) -> Answered:
    """The server's evaluation. Raises ``UserError``: no answer, an unknown subject, a document that can't be read."""
    pairs = [{"subject": one.subject, "document": one.text} for one in documents]
    question: dict[str, Any] = pairs[0] if len(pairs) == 1 else {"documents": pairs}
    told_context = {**context, "file": ", ".join(one.file for one in documents)}
    body = json.dumps({**question, "context": told_context}).encode()
    try:
        answer = client.send(
            "POST", "/api/v1/policy/evaluations", content=body, headers={"Content-Type": "application/json"}
        )
    except RefusedError as refusal:
        raise _refusal(refusal, documents) from None
    try:
        told: Evaluation = answer.json()
        each = told.get("evaluations", [told])
        return Answered(told, [(one, found, _report(found)) for one, found in zip(documents, each, strict=True)])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(f"{client.server} answered in a way that is not a control plane's") from None


def _refusal(refusal: RefusedError, documents: Sequence[Document]) -> UserError:
    wrong = next((error for error in refusal.errors if str(error.get("path")).startswith("document")), None)
    if wrong is None:
        return refusal
    place = str(wrong["path"]).removeprefix("documents.")
    file = documents[int(place)].file if place.isdecimal() else documents[0].file
    line = f"line {wrong['line']}: " if wrong.get("line") else ""
    return UserError(f"{file}: {line}{wrong.get('message')}")


def with_baseline(answered: Answered, wanted: baselines.Wanted) -> Answered:
    """The answer with what a baseline knows told from what is new. Raises ``UserError``."""
    reports = baselines.marked(wanted, [(one.subject, report) for one, _, report in answered.each])
    each = [(one, told, report) for (one, told, _), report in zip(answered.each, reports, strict=True)]
    return replace(answered, each=each)


def tell(answered: Answered, output: str) -> str:
    """The answer as text, or as another output has it; JSON is the server's own."""
    if output == "json":
        return json.dumps(answered.whole, indent=2, ensure_ascii=False)
    judged = [Judged(report, Names(_old(told), one.file)) for one, told, report in answered.each]
    evaluations = [told for _, told, _ in answered.each]
    verdict = str(answered.whole["verdict"])
    known = verdict == "deny" and not answered.refused
    if output == "text":
        return gate_text.text(judged, evaluations, verdict, known=known)
    if output == "markdown":
        return gate_comment.comment(judged, evaluations, verdict, known=known)
    return render_all(judged, output)


def _old(evaluation: Evaluation) -> str:
    version = f" version {evaluation['version']}" if evaluation.get("version") else ""
    return f"{evaluation['subject']}{version}"


def _report(evaluation: Evaluation) -> Report:
    """All that was found; what policies other than compatibility say stands beside the changes."""
    if evaluation["verdict"] not in _LEVELS or not isinstance(evaluation["impact"]["workflows"], list):
        raise ValueError(evaluation["verdict"])
    changes: list[Change] = [_change(told) for told in evaluation["changes"]]
    changes += [_policy(told) for told in evaluation["findings"] if told["policy"] != _COMPATIBILITY]
    return Report(Format(evaluation["format"]), Mode(evaluation["mode"]), tuple(changes))


def _change(told: Evaluation) -> ToldChange:
    direction: Direction = "forward" if told.get("direction") == "forward" else "backward"
    change = ToldChange(
        told["rule"],
        Level(told["level"]),
        told["path"],
        told["message"],
        hint=told.get("hint") or "",
        old_path=told.get("old_path"),
        new_path=told.get("new_path"),
        old_line=told.get("old_line"),
        new_line=told.get("new_line"),
        direction=direction,
        waived=told.get("waived"),
        told=told["fingerprint"],
    )
    if "witness" in told:
        return replace(change, witness=json.dumps(told["witness"], ensure_ascii=False))
    return change


def _policy(told: Evaluation) -> Change:
    waiver = told.get("waiver")
    was = _LEVELS.get(str(told.get("would_be")), Level.WARNING)
    audit = "Recorded only, by its roll-out. " if told.get("stage") == "audit" else ""
    return ToldChange(
        told["policy"],
        _LEVELS[told["level"]],
        told.get("path") or "",
        f"{audit}{told['message']}",
        hint=told.get("remedy") or "",
        new_line=told.get("line"),
        waived=f"{was} {waiver}" if waiver else None,
        told=told.get("fingerprint") or "",
    )
