"""``controlplane import backstage`` and ``controlplane export --format backstage``."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

from controlplane.cli.errors import UserError
from controlplane.cli.exporting import write
from registry.backstage.exporting import entities
from registry.backstage.importing import read_entities
from registry.catalogue.export import to_yaml
from registry.manifests.parse import parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText, read_documents
from registry.manifests.tree import Document


def read(paths: Iterable[Path], output: Path | None) -> None:
    """Print manifests, or write a file for each; warnings go to standard error."""
    sources = [SourceText(str(file), file.read_bytes()) for path in paths for file in _files(path)]
    if not sources:
        raise UserError("there is no catalog-info.yaml in what was named")
    documents, problems = read_documents(sources)
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        raise typer.Exit(2)
    found = read_entities(document.value for document in documents if isinstance(document.value, dict))
    for warning in found.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if not found.manifests:
        raise UserError("nothing in these files has a counterpart here")
    made = [Document(manifest, "") for manifest in found.manifests]
    if output is None:
        typer.echo("---\n".join(to_yaml([one.value]) for one in made), nl=False)
    else:
        write(made, output)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from sorted(file for file in path.rglob("catalog-info.y*ml") if file.is_file())


def written(content: bytes) -> str:
    """An export of manifests as Backstage's entities; what it has no place for is told on standard error."""
    try:
        manifests = [located.manifest for located in parse_manifests([SourceText("", content)])]
    except ManifestError as error:
        raise UserError(f"the export can't be read: {error.problems[0]}") from None
    found, warnings = entities(manifests)
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    return to_yaml(found)
