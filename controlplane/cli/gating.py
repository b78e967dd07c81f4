"""``controlplane gate``: the server's answer, told in any of the forms in which ``check`` tells its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from controlplane.cli.client import RefusedError, ServerClient
from controlplane.cli.errors import UserError
from registry.compat.model import Change, Direction, Format, Level, Mode, Names, Report
from registry.compat.render import render

_COMPATIBILITY = "compatibility"
_LEVELS = {"deny": Level.BREAKING, "warn": Level.WARNING, "allow": Level.INFO}


@dataclass(frozen=True, slots=True)
class ToldChange(Change):
    """A change as a server told it: its fingerprint comes with it, the facts that it rests on do not."""

    told: str = ""

    @property
    def fingerprint(self) -> str:
        """As the server worked it out."""
        return self.told


def ask(client: ServerClient, subject: str, file: str, text: str) -> Mapping[str, Any]:
    """The server's evaluation. Raises ``UserError``: no answer, an unknown subject, a document that can't be read."""
    body = json.dumps({"subject": subject, "document": text, "context": {"file": file}}).encode()
    try:
        answer = client.send(
            "POST", "/api/v1/policy/evaluations", content=body, headers={"Content-Type": "application/json"}
        )
    except RefusedError as refusal:
        wrong = next((error for error in refusal.errors if error.get("path") == "document"), None)
        if wrong is None:
            raise
        line = f"line {wrong['line']}: " if wrong.get("line") else ""
        raise UserError(f"{file}: {line}{wrong.get('message')}") from None
    try:
        told: Mapping[str, Any] = answer.json()
        _report(told)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(f"{client.server} answered in a way that is not a control plane's") from None
    return told


def tell(evaluation: Mapping[str, Any], file: str, output: str) -> str:
    """The evaluation as text, or as another output has it; JSON is the server's own."""
    if output == "json":
        return json.dumps(evaluation, indent=2, ensure_ascii=False)
    old = evaluation["subject"] + (f" version {evaluation['version']}" if evaluation.get("version") else "")
    text = render(_report(evaluation), output, Names(old, file))
    return "\n".join([text, *_ending(evaluation)]) if output == "text" else text


def _ending(evaluation: Mapping[str, Any]) -> Iterator[str]:
    for workflow in evaluation["impact"]["workflows"]:
        yield f"May touch workflow {workflow['name']}:"
        yield from (f"  {reason}" for reason in workflow["because"])
    for mapping in evaluation["impact"].get("mappings", []):
        yield f"{'Breaks' if mapping['breaks'] else 'Touches'} mapping {mapping['name']}:"
        yield from (f"  {field['because']}, and fills {field['to']}" for field in mapping["fields"])
        yield from (f"  {found['rule']}: {found['message']}" for found in mapping["findings"])
    yield f"Verdict: {evaluation['verdict']}"


def _report(evaluation: Mapping[str, Any]) -> Report:
    """All that was found; what policies other than compatibility say stands beside the changes."""
    if evaluation["verdict"] not in _LEVELS or not isinstance(evaluation["impact"]["workflows"], list):
        raise ValueError(evaluation["verdict"])
    changes: list[Change] = [_change(told) for told in evaluation["changes"]]
    changes += [_policy(told) for told in evaluation["findings"] if told["policy"] != _COMPATIBILITY]
    return Report(Format(evaluation["format"]), Mode(evaluation["mode"]), tuple(changes))


def _change(told: Mapping[str, Any]) -> ToldChange:
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


def _policy(told: Mapping[str, Any]) -> Change:
    return Change(told["policy"], _LEVELS[told["level"]], "", told["message"], waived=told.get("waiver"))
