"""``controlplane export``: the catalogue as files that ``apply`` takes."""

from collections.abc import Sequence
from pathlib import Path

import typer

from controlplane.cli.client import ServerClient
from registry.catalogue.export import annotated, to_yaml
from registry.manifests.comments import Comments
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText, read_documents
from registry.manifests.tree import Document


def export(client: ServerClient, *, kind: str | None, output: Path | None) -> None:
    """Print the catalogue as YAML, or write a file per manifest: ``DIR/workflow/invoice-to-cash.yaml``."""
    answer = client.send("GET", "/api/v1/export", params=[("kind", kind)] if kind else [])
    if output is None:
        typer.echo(answer.text, nl=False)
        return
    documents, problems = read_documents([SourceText("", answer.content)])
    if problems:
        raise ManifestError(problems)
    write(documents, output)


def write(documents: Sequence[Document], output: Path) -> None:
    """A file for each, with its comments: ``DIR/workflow/invoice-to-cash.yaml``."""
    for document in documents:
        folder = output / str(document.value["kind"]).lower()
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{document.value['metadata']['name']}.yaml"
        text = annotated(document.value, document.comments or Comments()) or to_yaml([document.value])
        file.write_text(text, encoding="utf-8")
    typer.echo(f"wrote {len(documents)} manifests below {output}", err=True)
