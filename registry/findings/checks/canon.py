"""Mappings, systems of record and states of the canonical objects that don't fit together."""

from collections.abc import Iterator
from datetime import date

from registry.canon.reading import model
from registry.findings.model import Catalogue, Finding


def find(catalogue: Catalogue, _today: date) -> Iterator[Finding]:
    """What the canonical model finds, each under its own rule."""
    for one in model(catalogue.session).findings():
        yield Finding(
            one.rule, "error" if one.level == "error" else "warning", one.kind, one.name, one.message, one.owner
        )
