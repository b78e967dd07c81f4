"""Instances with very many milestones, kept bounded: the first and the last of each step, and how many there are in all.

A key that joins too much (a customer's on every invoice) makes one instance of thousands of objects, and a sender that
tries for ever makes thousands of attempts. Whoever folds, shows or lists such an instance must not pay for all of it. What
is kept is a function of the set of milestones, whichever way it was read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.correlation.keys import HASH_BYTES
from collectors.store.chunks import hash_chunks, hashes_in
from collectors.store.client import Store
from collectors.timelines.model import Key, Milestone, Status

#: Instances with more milestones are abridged; so many of each step and status are kept at either end.
BOUND, EDGE = 2_000, 100
#: A component of more keys is not read in whole to find out how many milestones it has.
MANY_KEYS = 500
#: Parameters of hashes that one question has; all of them together have to fit into an address.
_PARAMETERS = 4

Group = tuple[str, Status]
#: Time, step, span and trace of a milestone, by which they are in order.
Place = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Abridged:
    """Some milestones of an instance, each once and in order; ``counts`` has all by step and status, ``ident`` its id."""

    kept: tuple[Milestone, ...]
    counts: Mapping[Group, int]
    ident: str

    def __iter__(self) -> Iterator[Milestone]:
        """Those that are kept."""
        return iter(self.kept)


def kept_of(facts: Sequence[Milestone]) -> tuple[tuple[Milestone, ...], dict[Group, int]]:
    """Of milestones in order, each once: those that are kept, and how many there are by step and status."""
    groups: defaultdict[Group, list[Milestone]] = defaultdict(list)
    for fact in facts:
        groups[fact.step, fact.status].append(fact)
    kept = [fact for group in groups.values() for fact in _ends(group)]
    return tuple(sorted(kept)), {group: len(found) for group, found in sorted(groups.items())}


def whole_until(kept: Sequence[Milestone], counts: Mapping[Group, int]) -> int:
    """How many of the kept milestones come before the first that is left out."""
    seen = Counter[Group]()
    for place, fact in enumerate(kept):
        group = fact.step, fact.status
        seen[group] += 1
        if counts.get(group, 0) > 2 * EDGE and seen[group] == EDGE:
            return place + 1
    return len(kept)


def joins_too_much(facts: Sequence[Milestone]) -> Key | None:
    """The key that stands beside the most other ids of one type; None if none stands beside more than a few."""
    beside: defaultdict[Key, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for fact in facts:
        for key in fact.keys:
            for other in fact.keys:
                if other != key:
                    beside[key][other.type].add(other.value)
    most = {key: max(map(len, kinds.values())) for key, kinds in beside.items()}
    worst = max(sorted(most), key=lambda key: most[key], default=None)
    return worst if worst is not None and most[worst] > _FEW else None


def joining(store: Store, definition: str, label: bytes) -> tuple[Key, int] | None:
    """The key of a component that stands beside the most other ids of one type, and how many; None if it are but a few."""
    rows = store.query(_BESIDE, {"definition": definition, "label": label.hex()})
    return (Key(str(rows[0][0]), str(rows[0][1])), int(rows[0][2])) if rows and rows[0][2] > _FEW else None


_FEW = 20
_BESIDE = (
    "SELECT one.1 AS type, one.2 AS value, uniqExactIf(other.2, other != one) AS number "
    "FROM (SELECT one, arrayJoin(keys) AS other FROM milestones ARRAY JOIN keys AS one "
    "WHERE definition = {definition:String} AND anchor IN (SELECT key FROM label_keys "
    "WHERE definition = {definition:String} AND label = toFixedString(unhex({label:String}), 24))) "
    "GROUP BY one, other.1 ORDER BY number DESC, type, value LIMIT 1"
)
_IDENTITY = "step, if(source = 'event', toFixedString('', 16), trace_id) AS trace, span_id"
_KEYS = " OR ".join(f"anchor IN {hashes_in(f'keys{number}', HASH_BYTES)}" for number in range(_PARAMETERS))
_MINE = f"definition = {{definition:String}} AND ({_KEYS})"
#: The smaller of two versions of a milestone is the one that counts, as when all are folded.
_ONCE = (
    f"SELECT {_IDENTITY}, min((occurred_at, toString(system), toString(status))) AS version, min(anchor) AS least "
    f"FROM milestones WHERE {_MINE} GROUP BY step, trace, span_id"
)
_COUNTS = (
    f"SELECT toString(step), version.3 AS status, count(), lower(hex(min(least))) FROM ({_ONCE}) GROUP BY step, status"
)
_RANKED = (
    "SELECT step, trace, span_id, row_number() OVER (PARTITION BY step, version.3 ORDER BY version.1, span_id, trace) AS place, "
    f"count() OVER (PARTITION BY step, version.3) AS number FROM ({_ONCE})"
)
_FACTS = (
    "SELECT toUnixTimestamp64Nano(occurred_at), toString(step), lower(hex(span_id)), lower(hex(trace_id)), toString(system), "
    "toString(status), toString(source), arraySort(keys), arraySort(links), amount, toString(currency), arraySort(dimensions), "
    "toString(name), toString(service), message, duration, toString(error_type), toUnixTimestamp64Nano(observed_at) "
    f"FROM milestones WHERE {_MINE} AND (step, if(source = 'event', toFixedString('', 16), trace_id), span_id) IN ({{}})"
)
_KEPT = _FACTS.replace(
    "({})",
    f"(SELECT step, trace, span_id FROM ({_RANKED}) WHERE place <= {{edge:UInt32}} OR place > number - {{edge:UInt32}})",
)
_PLACE = "version.1, toString(step), span_id, trace"
_NEXT = _FACTS.replace(
    "({})",
    f"(SELECT step, trace, span_id FROM ({_ONCE}) WHERE ({_PLACE}) > (fromUnixTimestamp64Nano({{at:Int64}}, 'UTC'), "
    "{after:String}, toFixedString(unhex({span:String}), 8), toFixedString(unhex({trace:String}), 16)) "
    f"ORDER BY {_PLACE} LIMIT {{limit:UInt32}})",
)
#: Before all milestones.
START: Place = (-(2**62), "", "00" * 8, "00" * 16)


def read(store: Store, definition: str, keys: Sequence[bytes]) -> Abridged | None:
    """The instance whose milestones lie under these hashes of keys; None if it is none that is abridged."""
    counts = Counter[Group]()
    ident = ""
    asked = list(_questions(definition, keys))
    for parameters in asked:
        for step, status, count, least in store.query(_COUNTS, parameters):
            counts[str(step), status] += int(count)
            ident = min(ident or str(least), str(least))
    if counts.total() <= BOUND:
        return None
    kept, _ = kept_of(_once(store, _KEPT, [one | {"edge": EDGE} for one in asked]))
    return Abridged(kept, dict(sorted(counts.items())), ident)


def after(store: Store, definition: str, keys: Collection[bytes], place: Place, limit: int) -> list[Milestone]:
    """The milestones under these hashes of keys that come after a place, each once and in order; at most ``limit``."""
    at, step, span, trace = place
    bound = {"at": at, "after": step, "span": span, "trace": trace, "limit": limit}
    return _once(store, _NEXT, [one | bound for one in _questions(definition, keys)])[:limit]


def place_of(fact: Milestone) -> Place:
    """Where a milestone stands."""
    return fact.occurred_at, fact.step, fact.span_id, "00" * 16 if fact.source == "event" else fact.trace_id


def _once(store: Store, sql: str, questions: Iterable[dict[str, object]]) -> list[Milestone]:
    """The smaller of two versions of each milestone, in order."""
    found: dict[tuple[str, str, str], Milestone] = {}
    for parameters in questions:
        for row in store.query(sql, parameters):
            fact = _milestone(row)
            known = found.get(fact.identity)
            if known is None or (fact, fact.observed_at) < (known, known.observed_at):
                found[fact.identity] = fact
    return sorted(found.values())


def _questions(definition: str, keys: Collection[bytes]) -> Iterator[dict[str, object]]:
    chunks: list[object] = list(hash_chunks(keys))
    for start in range(0, len(chunks), _PARAMETERS):
        some = chunks[start : start + _PARAMETERS]
        some += [""] * (_PARAMETERS - len(some))
        yield {"definition": definition, **{f"keys{number}": chunk for number, chunk in enumerate(some)}}


def _ends(group: Sequence[Milestone]) -> Sequence[Milestone]:
    return group if len(group) <= 2 * EDGE else (*group[:EDGE], *group[-EDGE:])


def _milestone(row: Sequence[Any]) -> Milestone:
    at, step, span, trace, system, status, source, keys, links, amount, currency, dimensions, *more = row
    own, related = tuple(map(Key._make, keys)), tuple(map(Key._make, links))
    seen = tuple(map(tuple, dimensions))
    return Milestone(at, step, span, trace, system, status, source, own, related, amount, currency, seen, *more)
