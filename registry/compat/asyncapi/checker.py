from __future__ import annotations

from collections.abc import Iterator

from registry.compat.asyncapi.channels import compare_channels
from registry.compat.asyncapi.operations import compare_operations
from registry.compat.asyncapi.read import read
from registry.compat.asyncapi.report import Pair
from registry.compat.asyncapi.servers import compare_servers
from registry.compat.asyncapi.shapes import Api, Part
from registry.compat.asyncapi.source import Source
from registry.compat.model import Change, Options
from registry.compat.source_map import read_document


def compare(old_text: str, new_text: str, options: Options) -> list[Change]:
    """What changed from one AsyncAPI document to the next, and what that does to those at the other end.

    Raises:
        DocumentError: one of the texts is no AsyncAPI document of version 2 or 3.
    """
    old, new = read_document(old_text, "old"), read_document(new_text, "new")
    before, after = read(Source(old, "old")), read(Source(new, "new"))
    found: dict[str, Change] = {}
    for change in _changes(Pair(old, new, options), before, after):
        # What several messages share is told about once, for the first of them.
        found.setdefault(change.fingerprint, change)
    return list(found.values())


def _changes(pair: Pair, old: Api, new: Api) -> Iterator[Change]:
    if old.version != new.version:
        place = Part("/asyncapi", None)
        yield pair.change("asyncapi-version-changed", place, place, "", old.version, new.version)
    yield from compare_servers(pair, old, new)
    yield from compare_channels(pair, old, new)
    yield from compare_operations(pair, old, new)
