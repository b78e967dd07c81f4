"""Names of things that nobody has declared; an apply warns of them once, here they stay until they are mended."""

from collections.abc import Iterator
from datetime import date

from registry.findings.model import Catalogue, Finding
from registry.kinds.base import Manifest
from registry.kinds.find import manifest_kinds
from registry.manifests.tree import dotted


def find(catalogue: Catalogue, _today: date) -> Iterator[Finding]:
    """A finding for each place that names something that is not there; owners are another check's."""
    for kind in manifest_kinds().values():
        if kind.references is Manifest.references:
            continue
        for manifest in catalogue.every(kind):
            for reference in manifest.references():
                if reference.path == ("metadata", "owner"):
                    continue
                if reference.name not in catalogue.names.get(reference.kind, frozenset()):
                    sentence = (
                        f"{dotted(reference.path)} names {reference.kind} {reference.name}, which is not declared"
                    )
                    yield Finding(
                        "references", "warning", manifest.kind, manifest.name, sentence, manifest.metadata.owner
                    )
