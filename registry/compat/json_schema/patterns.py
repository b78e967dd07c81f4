from __future__ import annotations

from collections.abc import Iterator

from registry.compat.json_lines import escape
from registry.compat.json_schema.context import Context
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Place, matches
from registry.compat.json_schema.object_view import ObjectView, is_closed, is_open

_META = set("[](){}*+?|.\\^$")


def compare_patterns(ctx: Context, before: ObjectView, after: ObjectView) -> Iterator[Finding]:
    """patternProperties: schemas for all names that match."""
    for pattern in before.patterns | after.patterns:
        if pattern not in after.patterns:
            yield from _removed(ctx, before, after, pattern)
        elif pattern not in before.patterns:
            yield from _added(ctx, before, after, pattern)
        else:
            yield from ctx.inside(before.patterns[pattern], after.patterns[pattern])


def _added(ctx: Context, before: ObjectView, after: ObjectView, pattern: str) -> Iterator[Finding]:
    """Who judged the names that match now: listed properties, other patterns that may overlap, or the rest."""
    schema = after.patterns[pattern]
    if is_open(ctx, schema):
        return
    judged = [place for name, place in before.properties.items() if matches(pattern, name) and name in after.properties]
    judged += [place for other, place in before.patterns.items() if not _apart(pattern, other)]
    if is_open(ctx, before.extra) or before.elsewhere is not None:
        yield _finding("pattern-property-added-to-open-content-model", before, after, pattern)
    elif all(ctx.fits(place, schema) for place in (*judged, before.extra)):
        for place in (*judged, before.extra):
            yield from ctx.on_trust(place, schema)
        yield _finding("pattern-property-added-is-covered", before, after, pattern)
    else:
        yield _finding("pattern-property-added-not-covered", before, after, pattern)


def _removed(ctx: Context, before: ObjectView, after: ObjectView, pattern: str) -> Iterator[Finding]:
    """Who judges the names that matched: they fall to the rest, unless another pattern takes them (see ``_added``)."""
    schema = before.patterns[pattern]
    if is_open(ctx, after.extra):
        yield _finding("pattern-property-removed-from-open-content-model", before, after, pattern)
    elif is_closed(ctx, after.extra) and not is_closed(ctx, schema):
        yield _finding("pattern-property-removed-from-closed-content-model", before, after, pattern)
    elif ctx.fits(schema, after.extra):
        yield from ctx.on_trust(schema, after.extra)
        yield _finding("pattern-property-removed-is-covered", before, after, pattern)
    else:
        yield _finding("pattern-property-removed-not-covered", before, after, pattern)


def _apart(one: str, other: str) -> bool:
    """Whether two patterns surely share no name: both fix how a name begins, and differently."""
    first, second = _prefix(one), _prefix(other)
    if not first or not second:
        return False
    return not (first.startswith(second) or second.startswith(first))


def _prefix(pattern: str) -> str:
    """The literal text that every matching name begins with, as far as it is plain to see."""
    if not pattern.startswith("^") or "|" in pattern:
        return ""
    literal = ""
    for letter in pattern[1:]:
        if letter in _META:
            # A quantifier may take back the letter before it.
            return literal[:-1] if letter in "*?{" else literal
        literal += letter
    return literal


def _finding(rule: str, before: ObjectView, after: ObjectView, pattern: str) -> Finding:
    old, new = before.patterns.get(pattern), after.patterns.get(pattern)
    return Finding(
        rule,
        _at(before, pattern, old),
        _at(after, pattern, new),
        pattern,
        old.schema if old else None,
        new.schema if new else None,
        on_new=new is not None,
    )


def _at(view: ObjectView, pattern: str, place: Place | None) -> str:
    return view.node.place.pointer + (f"/patternProperties/{escape(pattern)}" if place else "")
