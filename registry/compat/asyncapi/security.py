from __future__ import annotations

from collections.abc import Iterator

from registry.compat.asyncapi.report import Pair
from registry.compat.asyncapi.shapes import Part
from registry.compat.model import Change


def compare_security(
    pair: Pair, old: Part, new: Part, before: tuple[str, ...], after: tuple[str, ...], subject: str
) -> Iterator[Change]:
    """Ways to authenticate, of which one is enough; none at all means that nothing is asked."""
    if not before and after:
        yield pair.change("security-added", old, new, subject, None, " or ".join(after))
        return
    if before and not after:
        yield pair.change("security-removed", old, new, subject, " or ".join(before), None)
        return
    for way in after:
        if way not in before:
            yield pair.change("security-alternative-added", old, new, subject, None, way)
    for way in before:
        if way not in after:
            yield pair.change("security-alternative-removed", old, new, subject, way, None)
