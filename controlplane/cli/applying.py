"""``controlplane apply`` and ``controlplane export``."""

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import typer

from controlplane.cli.client import RefusedError, ServerClient
from controlplane.cli.manifest_files import gather, located
from registry.catalogue.export import to_yaml
from registry.manifests.problems import ManifestError, Problem
from registry.manifests.reader import SourceText, read_documents

_UNPROCESSABLE = 422
_USAGE = 2


def apply(paths: list[Path], client: ServerClient, *, dry_run: bool, reason: str | None) -> None:
    """Send what the paths hold and say what the server did with it; every error gets its line on standard error."""
    try:
        documents = gather(paths)
    except ManifestError as error:
        _complain(error.problems)
    body = json.dumps([document.value for document in documents], ensure_ascii=False).encode()
    params = {"dry_run": "true"} if dry_run else {}
    params |= {"reason": reason} if reason else {}
    try:
        headers = {"Content-Type": "application/json"}
        answer = client.send("POST", "/api/v1/apply", params=params, content=body, headers=headers)
    except RefusedError as refusal:
        if refusal.status != _UNPROCESSABLE or not refusal.errors:
            raise
        _complain(located(documents, refusal.errors))
    for warning in located(documents, answer.json().get("warnings", [])):
        typer.echo(f"warning: {warning}", err=True)
    for line in _report(answer.json(), dry_run=dry_run):
        typer.echo(line)


def _complain(problems: tuple[Problem, ...] | list[Problem]) -> NoReturn:
    for problem in problems:
        typer.echo(str(problem), err=True)
    raise typer.Exit(_USAGE)


def _report(answer: Mapping[str, Any], *, dry_run: bool) -> Iterator[str]:
    differences = {(item["kind"], item["name"]): item for item in answer.get("differences", [])}
    words = {"created": "would create", "changed": "would change"} if dry_run else {}
    for outcome in ("created", "changed"):
        for item in answer[outcome]:
            yield f"{words.get(outcome, outcome)} {item['kind']} {item['name']}"
            if (item["kind"], item["name"]) in differences:
                yield from _diff(differences[item["kind"], item["name"]])
    yield f"unchanged: {len(answer['unchanged'])}"
    if dry_run:
        yield "this was a dry run; nothing was stored"


def _diff(difference: Mapping[str, Any]) -> Iterator[str]:
    before, after = (to_yaml([difference[side]] if difference.get(side) else []) for side in ("before", "after"))
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "stored", "new", lineterm="", n=3)
    for line in lines:
        yield f"  {line}"


def export(client: ServerClient, *, kind: str | None, output: Path | None) -> None:
    """Print the catalogue as YAML, or write a file per manifest: ``DIR/workflow/invoice-to-cash.yaml``."""
    answer = client.send("GET", "/api/v1/export", params={"kind": kind} if kind else {})
    if output is None:
        typer.echo(answer.text, nl=False)
        return
    documents, problems = read_documents([SourceText("", answer.content)])
    if problems:
        raise ManifestError(problems)
    for document in documents:
        folder = output / str(document.value["kind"]).lower()
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{document.value['metadata']['name']}.yaml"
        file.write_text(to_yaml([document.value]), encoding="utf-8")
    typer.echo(f"wrote {len(documents)} manifests below {output}", err=True)
