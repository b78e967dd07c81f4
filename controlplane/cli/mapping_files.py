"""Mappings in files, without a server: the schemas that stand beside them are those that they are checked against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from controlplane import canon
from controlplane.cli.errors import UserError
from controlplane.cli.manifest_files import gather
from controlplane.cli.mappings import as_json, check_output
from registry.kinds.base import Finding, Manifest
from registry.kinds.mapping import MappingManifest, opened
from registry.manifests.parse import Located, parse_documents
from registry.manifests.problems import ManifestError
from registry.mappings.exact_json import PayloadError, read_payload
from registry.mappings.rules import Remark
from registry.mappings.trying import NoWayBackError
from registry.mappings.trying import attempt as tried
from registry.mappings.ways import Ways, examined
from registry.nearest import did_you_mean


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Manifests by kind and name."""

    held: Mapping[tuple[str, str], Manifest]

    def get(self, kind: str, name: str) -> Manifest | None:
        """The manifest of that kind and name."""
        return self.held.get((kind, name))

    def version(self, schema: str, number: int) -> str | None:
        """Files have no versions."""
        del schema, number
        return None


def _read(files: Iterable[Path]) -> tuple[list[Located], _Shelf]:
    try:
        found = parse_documents(gather(files))
    except ManifestError as error:
        raise UserError("; ".join(str(problem) for problem in error.problems[:5])) from None
    return found, _Shelf({(one.manifest.kind, one.manifest.name): one.manifest for one in found})


def check(files: Iterable[Path], *, notes: bool, output: str) -> int:
    """Print what is found in every mapping of the files; 1 if there is an error, else 0."""
    check_output(output)
    found, shelf = _read(files)
    told: list[dict[str, Any]] = []
    mappings = 0
    for one in found:
        if isinstance(one.manifest, MappingManifest):
            mappings += 1
            told += [entry for entry in _told(one, one.manifest, shelf) if notes or entry["level"] != "note"]
    if not mappings:
        raise UserError("there is no mapping in what -f names")
    failed = any(entry["level"] == "error" for entry in told)
    if output == "json":
        typer.echo(as_json({"mappings": mappings, "ok": not failed, "findings": told}))
    else:
        for entry in told:
            where = f"{entry['file']}: line {entry['line']}"
            typer.echo(f"{where}: {entry['level']}: {entry['mapping']}: {entry['rule']}: {entry['message']}")
        typer.echo(f"checked {mappings} mapping{'' if mappings == 1 else 's'}: {'refused' if failed else 'allowed'}")
    return 1 if failed else 0


def _told(located: Located, mapping: MappingManifest, shelf: _Shelf) -> Iterator[dict[str, Any]]:
    remarks: list[Remark] = []
    for reference in mapping.references():
        if reference.kind == "Schema" and shelf.get("Schema", reference.name) is None:
            sentence = f"there is no Schema {reference.name!r} in these files"
            remarks.append(Remark("schema-unreadable", reference.path, sentence))
    ways = opened(mapping.spec, shelf)
    for remark in [*remarks, *(examined(ways) if isinstance(ways, Ways) else ways)]:
        problem = located.problem(Finding(remark.place, remark.message))
        yield {"mapping": mapping.name, "file": problem.file, "line": problem.line, **canon.remark(remark)}


def attempt(files: Iterable[Path], name: str, text: str, *, back: bool) -> Mapping[str, Any]:
    """What a mapping of the files makes of a payload. Raises ``UserError``."""
    _, shelf = _read(files)
    mapping = shelf.get("Mapping", name)
    if not isinstance(mapping, MappingManifest):
        names = [held for kind, held in shelf.held if kind == "Mapping"]
        known = did_you_mean(name, names) or (f"; there are {', '.join(names)}" if names else "")
        raise UserError(f"the files have no mapping {name!r}{known}")
    ways = opened(mapping.spec, shelf)
    if not isinstance(ways, Ways):
        reasons = "; ".join(one.message for one in ways) or "a schema that it names is not in the files"
        raise UserError(f"mapping {name}: {reasons}")
    try:
        return canon.trial(tried(ways, read_payload(text), back=back))
    except PayloadError as error:
        raise UserError(f"{f'line {error.line}: ' if error.line else ''}{error}") from None
    except NoWayBackError as error:
        raise UserError(f"mapping {name}: {error}") from None
