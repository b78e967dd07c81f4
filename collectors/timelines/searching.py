"""From a text to keys: ids of any type, traces and spans, exactly first, then more and more leniently.

Then ids of other objects that instances name (``link_values``), and last what instances say of themselves: dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from collectors.store.client import Store
from collectors.timelines import finding, served
from collectors.timelines.model import Key
from collectors.timelines.places import OF_TRACE
from collectors.workflows.definition import Definition

#: Shorter texts, read without regard to upper and lower case, fit too much; and shorter ones are in too much.
_SHORTEST_FOLDED, _SHORTEST_WITHIN = 3, 4
#: Sender's text never reaches the SQL itself; values and beginnings are bound.
_SELECT = (
    "SELECT DISTINCT toString(definition), toString(type), value, {rank} AS rank FROM key_values "
    "WHERE definition IN {{definitions:Array(String)}} AND {condition} ORDER BY rank, value, 2, 1 "
    "LIMIT {{limit:UInt32}}"
)
_BEGINS = _SELECT.format(rank="value != {text:String}", condition="startsWith(value, {text:String})")
_EXACT = _SELECT.format(rank="indexOf({texts:Array(String)}, value)", condition="value IN {texts:Array(String)}")
_FOLDED = _SELECT.format(
    rank="multiIf(has({texts:Array(String)}, lowerUTF8(value)), indexOf({texts:Array(String)}, lowerUTF8(value)), "
    "startsWith(lowerUTF8(value), {begin:String}), 1000, 2000)",
    condition="(lowerUTF8(value) IN {texts:Array(String)} OR startsWith(lowerUTF8(value), {begin:String}) "
    "OR ({within:String} != '' AND position(lowerUTF8(value), {within:String}) > 0))",
)
_FOLDED_WHOLE = _SELECT.format(
    rank="indexOf({texts:Array(String)}, lowerUTF8(value))", condition="lowerUTF8(value) IN {texts:Array(String)}"
)
_LINKS = (
    "SELECT DISTINCT toString(definition), toString(type), value, anchor, {rank} AS rank FROM link_values "
    "WHERE definition IN {{definitions:Array(String)}} AND ({text} IN {{texts:Array(String)}} "
    "OR ({{begin:String}} != '' AND startsWith({text}, {{begin:String}}))) ORDER BY rank, value, 2, 1, anchor "
    "LIMIT {{limit:UInt32}}"
)
_LINKED, _LINKED_FOLDED = (
    _LINKS.format(
        text=text, rank=f"if(has({{texts:Array(String)}}, {text}), indexOf({{texts:Array(String)}}, {text}), 1000)"
    )
    for text in ("value", "lowerUTF8(value)")
)
_BESIDE = (
    "SELECT DISTINCT value FROM key_values WHERE definition IN {{definitions:Array(String)}} "
    "AND value {side} {{text:String}} ORDER BY value {order} LIMIT {{limit:UInt32}}"
)
_BEFORE, _BEHIND = _BESIDE.format(side="<", order="DESC"), _BESIDE.format(side=">", order="ASC")


class Linked(NamedTuple):
    """Another object's id, where a milestone of a reading (a definition's id) names it: the milestone's anchor."""

    definition: str
    key: Key
    anchor: bytes


def search(store: Store, definitions: Sequence[Definition], text: str, limit: int) -> list[tuple[str, Key]]:
    """(definition's id, key) for what a text means, the likeliest first; at most ``limit``."""
    wanted = finding.candidates(text)
    if not wanted or not definitions:
        return []
    shared = {"definitions": [definition.id for definition in definitions], "limit": limit}
    whole = finding.is_address(text)
    found = [] if whole else _keys(store, _BEGINS, {**shared, "text": wanted[0]})
    found = found or _keys(store, _EXACT, {**shared, "texts": wanted})
    return found or _of_traces(store, definitions, wanted, limit) or _folded(store, wanted, shared, whole=whole)


def _folded(store: Store, wanted: Sequence[str], shared: dict[str, object], *, whole: bool) -> list[tuple[str, Key]]:
    """Without regard to case; this reads every id, so it comes last."""
    texts = [one.lower() for one in wanted if len(one) >= _SHORTEST_FOLDED]
    if not texts:
        return []
    sql = _FOLDED_WHOLE if whole else _FOLDED
    within = texts[0] if len(texts[0]) >= _SHORTEST_WITHIN else ""
    return _keys(store, sql, {**shared, "texts": texts, "begin": texts[0], "within": within})


def linked(store: Store, definitions: Sequence[Definition], text: str, limit: int) -> list[Linked]:
    """Where other objects' ids that a text means are named, the likeliest first; at most ``limit``."""
    wanted = finding.candidates(text)
    if not wanted or not definitions:
        return []
    whole = finding.is_address(text)
    texts = [one.lower() for one in wanted if len(one) >= _SHORTEST_FOLDED]
    shared = {"definitions": [definition.id for definition in definitions], "limit": limit}
    found = _links(store, _LINKED, {**shared, "texts": wanted, "begin": "" if whole else wanted[0]})
    if not found and texts:
        found = _links(store, _LINKED_FOLDED, {**shared, "texts": texts, "begin": "" if whole else texts[0]})
    return found


def near(store: Store, definitions: Sequence[Definition], text: str, limit: int = 5) -> list[str]:
    """The ids that begin as a text does for longest, at least half of it: what may have been meant."""
    wanted = finding.candidates(text)
    if not wanted or not definitions:
        return []
    meant, shared = wanted[0], {"definitions": [one.id for one in definitions], "limit": limit}
    beside = {str(value) for sql in (_BEFORE, _BEHIND) for (value,) in store.query(sql, {**shared, "text": meant})}
    alike = {
        value: next(
            (at for at, (one, other) in enumerate(zip(value, meant, strict=False)) if one != other),
            min(len(value), len(meant)),
        )
        for value in beside
    }
    most = max(alike.values(), default=0)
    if most < max(_SHORTEST_WITHIN, len(meant) // 2):
        return []
    return sorted(value for value, length in alike.items() if length == most)[:limit]


def _links(store: Store, sql: str, parameters: dict[str, object]) -> list[Linked]:
    return [
        Linked(str(ident), Key(str(kind), str(value)), bytes(anchor))
        for ident, kind, value, anchor, _ in store.query(sql, parameters)
    ]


def _of_traces(
    store: Store, definitions: Sequence[Definition], wanted: Sequence[str], limit: int
) -> list[tuple[str, Key]]:
    place = find_span(store, wanted)
    if place is None:
        return []
    keys = [(one.definition, one.key) for one in served.keys_served(store, definitions, place)]
    return list(dict.fromkeys(keys))[:limit]


def find_span(store: Store, wanted: Sequence[str]) -> finding.SpanPlace | None:
    """The first trace or span that is meant and stored; of a span its trace is found too."""
    for candidate in wanted:
        place = finding.span_place(candidate)
        if place is None:
            continue
        condition = "span_id = toFixedString(unhex({span:String}), 8)" if place.span_id else OF_TRACE
        rows = store.query(
            f"SELECT lower(hex(trace_id)) FROM spans WHERE {condition} LIMIT 1",
            {"span": place.span_id, "trace": place.trace_id},
        )
        if rows:
            return finding.SpanPlace(str(rows[0][0]), place.span_id)
    return None


def _keys(store: Store, sql: str, parameters: dict[str, object]) -> list[tuple[str, Key]]:
    return [(ident, Key(kind, value)) for ident, kind, value, _ in store.query(sql, parameters)]
