"""``controlplane apply``: what would change is shown, then that and nothing else is done."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import typer

from controlplane.cli import differences, reading_progress
from controlplane.cli.client import RefusedError, ServerClient
from controlplane.cli.errors import UserError
from controlplane.cli.manifest_files import gather, located
from registry.catalogue.export import annotated, to_yaml
from registry.manifests.problems import ManifestError, Problem
from registry.manifests.tree import Document

_UNPROCESSABLE = 422
_USAGE = 2
_OUTCOMES = ("created", "changed", "removed")


@dataclass(frozen=True, slots=True)
class Prune:
    """What may be removed: of these kinds, owners and labels (NAME=VALUE); ``agreed`` if nobody is to be asked."""

    kinds: Sequence[str] = ()
    owners: Sequence[str] = ()
    labels: Sequence[str] = ()
    agreed: bool = False

    @property
    def query(self) -> list[tuple[str, str]]:
        """As the server takes it."""
        named = (("prune_kind", self.kinds), ("prune_owner", self.owners), ("prune_label", self.labels))
        return [(name, value) for name, values in named for value in values]


def apply(
    paths: list[Path], client: ServerClient, prune: Prune, *, dry_run: bool, reason: str | None, wait: bool
) -> None:
    """Send what the paths hold and say what the server did with it; every error gets its line on standard error."""
    try:
        documents = gather(paths)
    except ManifestError as error:
        _complain(error.problems)
    planned = _sent(client, documents, [*prune.query, ("dry_run", "true")])
    for warning in located(documents, planned.get("warnings", [])):
        typer.echo(f"warning: {warning}", err=True)
    if dry_run:
        differences.show(planned, {one: f"would {one.removesuffix('d')}" for one in _OUTCOMES}, err=False)
        typer.echo(f"unchanged: {len(planned['unchanged'])}\nthis was a dry run; nothing was stored")
        return
    # What is new has nothing to be compared with, and is told below.
    differences.show(planned, {"changed": "to be changed", "removed": "to be removed"}, err=True)
    if planned.get("removed") and not prune.agreed:
        _ask(len(planned["removed"]))
    params = [*prune.query, ("plan", planned["plan"])] + ([("reason", reason)] if reason else [])
    done = _sent(client, documents, params)
    for line in _report(done):
        typer.echo(line)
    if any(item["kind"] == "Workflow" for outcome in ("created", "changed") for item in done[outcome]):
        if wait:
            reading_progress.wait(client)
        else:
            typer.echo("history is read for it; `controlplane workflows --wait` shows how far", err=True)


def _sent(client: ServerClient, documents: Sequence[Document], params: Sequence[tuple[str, str]]) -> dict[str, Any]:
    body, kind = _body(documents)
    try:
        answer = client.send(
            "POST", "/api/v1/apply", params=params, content=body.encode(), headers={"Content-Type": kind}
        )
    except RefusedError as refusal:
        if refusal.status != _UNPROCESSABLE or not refusal.errors:
            raise
        _complain(located(documents, refusal.errors))
    found: dict[str, Any] = answer.json()
    return found


def _body(documents: Sequence[Document]) -> tuple[str, str]:
    """JSON, or YAML where there are comments that go along."""
    if not any(document.comments for document in documents):
        return json.dumps([document.value for document in documents], ensure_ascii=False), "application/json"
    return "---\n".join(_text(document) for document in documents), "application/yaml"


def _text(document: Document) -> str:
    return (annotated(document.value, document.comments) if document.comments else None) or to_yaml([document.value])


def _ask(number: int) -> None:
    things = "it" if number == 1 else f"these {number}"
    if not sys.stdin.isatty():
        raise UserError(f"{number} to be removed; say --yes to remove {things} without being asked")
    if not typer.confirm(f"Remove {things}?", err=True):
        raise UserError("nothing was stored")


def _complain(problems: Iterable[Problem]) -> NoReturn:
    for problem in problems:
        typer.echo(str(problem), err=True)
    raise typer.Exit(_USAGE)


def _report(answer: Mapping[str, Any]) -> Iterable[str]:
    for outcome in _OUTCOMES:
        for item in answer.get(outcome, ()):
            yield f"{outcome} {item['kind']} {item['name']}"
    yield f"unchanged: {len(answer['unchanged'])}"
