"""Types that the new file uses and that nothing can bring: neither the file itself nor an import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.compat.model import Change
from registry.compat.protobuf.fields import SCALARS
from registry.compat.protobuf.index import Index
from registry.compat.protobuf.report import Reporter
from registry.compat.protobuf.schema import Field

_WELL_KNOWN: Final = "google/protobuf/"


def unresolved_changes(report: Reporter, old: Index, new: Index) -> Iterator[Change]:
    """One change per type that is missing now and was not before."""
    before = _missing(old)
    for name, item in _missing(new).items():
        if name not in before:
            message = f"the type {name} of field {item.name} is neither declared nor can it come from an import"
            yield report.change("type-unresolved", name, message, new=item, values=(None, name))


def _missing(index: Index) -> dict[str, Field]:
    missing: dict[str, Field] = {}
    if any(not name.startswith(_WELL_KNOWN) for name in index.file.imports):
        return missing
    for message in index.messages.values():
        for item in message.fields:
            well_known = bool(index.file.imports) and item.type.startswith("google.protobuf.")
            if item.type not in SCALARS and not index.declares(item.type) and not well_known:
                missing.setdefault(item.type, item)
    return missing
