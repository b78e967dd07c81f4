"""Reading instances: one timeline, lists of them, and any id of any system."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from collectors.correlation import labels
from collectors.correlation.components import LABEL_BYTES
from collectors.correlation.corrections import NOTHING, Corrections
from collectors.correlation.gathering import gather, gather_members
from collectors.correlation.keys import HASH_BYTES, key_hash
from collectors.store.client import Store
from collectors.timelines import abridged, finding, ordering, rows, searching
from collectors.timelines.filtering import Clause, Filter, Sort, where
from collectors.timelines.fold import distinct, fold
from collectors.timelines.model import Instance, Key, Milestone
from collectors.timelines.weeks import OF_LABEL
from collectors.workflows import ledger
from collectors.workflows.definition import Definition
from collectors.workflows.steady import steady

How = Literal["id", "related", "dimension"]
#: Keys that a search looks at; several may be one instance's.
_MOST_KEYS = 2_000
#: Shorter texts stand in too many dimensions.
_SHORTEST_DESCRIBED = 2
#: Rows are replaced within a reading's partition only.
FINAL = {"do_not_merge_across_partitions_select_final": 1}
#: How many instances one question fetches when all of a list are walked over.
WALK = 5_000


@dataclass(frozen=True, slots=True)
class Page:
    """Some instances, without their milestones, and where the next page begins (None: nowhere)."""

    items: tuple[Instance, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class MilestonePage:
    """Some milestones of an instance in their order, and where the next page begins (None: nowhere)."""

    items: tuple[Milestone, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Long:
    """An instance of very many milestones; ``key`` joins it, by standing ``beside`` so many ids of one type.

    ``key`` is None where no key does: one object just has that many.
    """

    instance: str
    milestones: int
    key: Key | None
    beside: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How many instances a list has in all, and their money by currency."""

    count: int
    amounts: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Hit:
    """An instance that a text was found in, and what fits it there.

    ``how``: an id of its own; another object's id that it names (``related``); or a dimension, of which ``key`` has name
    and value.
    """

    instance: Instance
    key: Key
    how: How = "id"


@dataclass(slots=True)
class Timelines:
    """Questions to the store.

    ``active`` gives the definition by which each workflow is read at present, ``corrections`` what people put right in it,
    ``hashed`` what stands in the place of an id where a rule hashes it (None if none does): who has the id finds by it.
    """

    store: Store
    active: Callable[[], Mapping[str, Definition]]
    corrections: Callable[[str], Corrections] = lambda _: NOTHING
    hashed: Callable[[str], str | None] = lambda _: None

    @steady
    def get(self, workflow: str, ident: str) -> Instance | None:
        """The instance with all its milestones.

        ``ident`` is its id or any id that it had before a late event joined it to another.
        """
        definition = self.active().get(workflow)
        label = None if definition is None else self._label(definition, ident)
        if definition is None or label is None:
            return None
        facts = gather(self.store, definition.id, self.corrections(workflow), [label]).get(label)
        return fold(definition, facts, self.corrections(workflow)) if facts else None

    @steady
    def whole(self, workflow: str, summaries: Collection[Instance]) -> list[Instance]:
        """The same instances in the same order, with their milestones; all in two questions to the store."""
        definition = self.active().get(workflow)
        if definition is None:
            return []
        idents = [bytes.fromhex(summary.id) for summary in summaries]
        known = labels.labels_of(self.store, definition.id, idents)
        corrections = self.corrections(workflow)
        facts = gather(self.store, definition.id, corrections, set(known.values()))
        # Two that an event joined since the summaries were read are one by now.
        wanted = dict.fromkeys(known[ident] for ident in idents if ident in known)
        return [fold(definition, facts[label], corrections) for label in wanted if label in facts]

    @steady
    def milestones(self, workflow: str, ident: str, limit: int = 50, cursor: str | None = None) -> MilestonePage | None:
        """A page of an instance's milestones in their order, however many there are; None if there is no such instance.

        Raises:
            CursorError: the cursor is not one of ours.
        """
        place = abridged.START if cursor is None else ordering.place_after(cursor)
        definition = self.active().get(workflow)
        label = None if definition is None else self._label(definition, ident)
        if definition is None or label is None:
            return None
        corrections, keys = self.corrections(workflow), labels.keys_of(self.store, definition.id, [label])
        if not corrections.concerned.isdisjoint(keys):
            # Which milestones are its own is decided one by one then.
            facts = gather_members(self.store, definition.id, corrections, keys)
            found = [one for one in distinct(facts.get(label, ())) if abridged.place_of(one) > place][: limit + 1]
        else:
            found = abridged.after(self.store, definition.id, keys, place, limit + 1)
        more = ordering.cursor_behind(found[limit - 1]) if len(found) > limit else None
        return MilestonePage(tuple(found[:limit]), more)

    @steady
    def longest(self, workflow: str, limit: int = 20) -> list[Long]:
        """The instances of so many milestones that they are abridged, the longest first, with what joins each."""
        definition = self.active().get(workflow)
        if definition is None:
            return []
        clause = Clause()
        clause.add(f"milestones > {abridged.BOUND:d}")
        found = self._select(
            definition,
            Filter(),
            clause,
            "lower(hex(id)), label, milestones",
            f"ORDER BY milestones DESC, id LIMIT {limit:d}",
        )
        long = []
        for ident, label, milestones in found:
            joining = abridged.joining(self.store, definition.id, bytes(label))
            long.append(Long(str(ident), int(milestones), *(joining or (None, 0))))
        return long

    def _label(self, definition: Definition, ident: str) -> bytes | None:
        try:
            key = bytes.fromhex(ident)
        except ValueError:
            return None
        return labels.labels_of(self.store, definition.id, [key]).get(key) if len(key) == HASH_BYTES else None

    def find(self, workflow: str, key: Key) -> Instance | None:
        """The instance that a key belongs to."""
        return self.get(workflow, self.hash_of(workflow, key).hex())

    def hash_of(self, workflow: str, key: Key) -> bytes:
        """The hash by which a key is known: its own, or that of what a rule put in the place of its value."""
        own, definition, instead = key_hash(key), self.active().get(workflow), self.hashed(key.value)
        if definition is None or instead is None:
            return own
        other = key_hash(Key(key.type, instead))
        known = labels.labels_of(self.store, definition.id, [own, other])
        return other if other in known and own not in known else own

    @steady
    def page(
        self, workflow: str, chosen: Filter, limit: int = 50, cursor: str | None = None, sort: Sort = "started"
    ) -> Page:
        """A page of instances in an order, by default those that started last first.

        Raises:
            CursorError: the cursor is not one of ours, or of another order, or of a definition that does not answer any more.
        """
        definition = self.active().get(workflow)
        clause = where(chosen)
        if cursor is not None:
            # Where none answers yet, or any more, an empty page would say that the list ends here.
            ordering.after(clause, sort, cursor, "" if definition is None else definition.id)
        if definition is None:
            return Page((), None)
        found = self._select(
            definition, chosen, clause, rows.INSTANCE, f"ORDER BY {ordering.order_by(sort)} LIMIT {limit + 1:d}"
        )
        items = tuple(rows.instance(workflow, row) for row in found[:limit])
        return Page(items, ordering.cursor_of(sort, items[-1], definition.id) if len(found) > limit else None)

    def walk(self, workflow: str, chosen: Filter, sort: Sort = "started", step: int = WALK) -> Iterator[list[Instance]]:
        """All instances that a filter lets through, without their milestones, in portions of at most ``step``.

        Raises:
            StoreUnavailable: the workflow changed long ago, so that these may not be all.
        """
        definition = self.active().get(workflow)
        cursor: str | None = None
        while True:
            page = self.page(workflow, chosen, step, cursor, sort)
            if page.items:
                yield list(page.items)
            if definition is not None:
                ledger.check(self.store, definition)
            cursor = page.next_cursor
            if cursor is None:
                return

    def count(self, workflow: str, chosen: Filter) -> int:
        """How many instances the filter lets through."""
        return self.totals(workflow, chosen).count

    @steady
    def totals(self, workflow: str, chosen: Filter) -> Totals:
        """How many instances the filter lets through, and what they are worth."""
        definition = self.active().get(workflow)
        if definition is None:
            return Totals(0, {})
        columns = "count(), sumMapIf([currency], [assumeNotNull(amount)], amount IS NOT NULL)"
        ((count, (currencies, sums)),) = self._select(definition, chosen, where(chosen), columns) or [(0, ([], []))]
        return Totals(int(count), dict(sorted(zip(currencies, sums, strict=True))))

    @steady
    def error_types(self, workflow: str, chosen: Filter, limit: int = 50) -> dict[str, int]:
        """The kinds of error that the instances met and how many of them did, the commonest first.

        ``error_type`` of the filter does not count, so that the others are told too.
        """
        definition = self.active().get(workflow)
        if definition is None:
            return {}
        found = self._select(
            definition,
            chosen,
            where(replace(chosen, error_type=None)),
            "arrayJoin(error_types) AS kind, count() AS number",
            f"GROUP BY kind ORDER BY number DESC, kind LIMIT {limit:d}",
        )
        return {str(kind): int(number) for kind, number in found}

    @steady
    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """The instances that have this id, whatever its type; ids that begin with it come after.

        The text may be quoted, an address that holds an id, or a trace's or span's id: see
        :mod:`collectors.timelines.finding`.
        """
        definitions = list(self.active().values())
        looked = limit
        while True:
            keys = searching.search(self.store, definitions, text, looked)
            found = self.of_keys(keys)
            if len(found) >= limit or len(keys) < looked or looked >= _MOST_KEYS:
                break
            looked = min(4 * looked, _MOST_KEYS)
        found = found or self._said(definitions, text)
        found = found or self._hashed(definitions, text, limit)
        found = found or self._related(searching.linked(self.store, definitions, text, _MOST_KEYS))
        return (found or self._described(definitions, text, limit))[:limit]

    def _said(self, definitions: Sequence[Definition], text: str) -> list[Hit]:
        """The instances that have an id by what people said alone: no event names it."""
        wanted = {one.casefold() for one in finding.candidates(text)}
        return self.of_keys(
            [
                (definition.id, key)
                for definition in definitions
                for key in sorted(self.corrections(definition.workflow).groups)
                if key.value.casefold() in wanted
            ]
        )

    @steady
    def near(self, text: str) -> list[str]:
        """Ids that may have been meant by a text that nothing was found for."""
        return searching.near(self.store, list(self.active().values()), text)

    def _hashed(self, definitions: Sequence[Definition], text: str, limit: int) -> list[Hit]:
        """The instances that have what a rule put in the place of an id."""
        instead = [hashed for one in finding.candidates(text) if (hashed := self.hashed(one)) is not None]
        keys = [key for one in instead for key in searching.search(self.store, definitions, one, limit)]
        return self.of_keys(keys) if keys else []

    def _related(self, found: Sequence[searching.Linked]) -> list[Hit]:
        """The instances whose milestones name other objects' ids, in their order."""
        hits: dict[tuple[str, str], Hit] = {}
        for definition in self.active().values():
            own = [one for one in found if one.definition == definition.id]
            label_of = labels.labels_of(self.store, definition.id, {one.anchor for one in own})
            instances = self.of_labels(definition, set(label_of.values()))
            for one in own:
                instance = instances.get(label_of[one.anchor].hex()) if one.anchor in label_of else None
                if instance is not None and one.key in instance.links:
                    hits.setdefault((instance.workflow, instance.id), Hit(instance, one.key, "related"))
        return list(hits.values())

    def _described(self, definitions: Collection[Definition], text: str, limit: int) -> list[Hit]:
        """The instances one of whose dimensions has the text in its value, those that started last first."""
        plain = next(iter(finding.candidates(text)), "").lower()
        if len(plain) < _SHORTEST_DESCRIBED or finding.is_address(text):
            return []
        hits: list[Hit] = []
        for definition in definitions:
            clause = Clause()
            said = clause.bind(plain, "String")
            clause.add(f"arrayExists(v -> position(lowerUTF8(v), {said}) > 0, mapValues(dimensions))")
            order = f"ORDER BY {ordering.order_by('started')} LIMIT {limit:d}"
            for row in self._select(definition, Filter(), clause, rows.INSTANCE, order):
                instance = rows.instance(definition.workflow, row)
                said_so = [Key(*one) for one in instance.dimensions.items() if plain in one[1].lower()]
                hits += [Hit(instance, key, "dimension") for key in said_so[:1]]
        return sorted(hits, key=lambda hit: (-hit.instance.started_at, hit.instance.id))

    @steady
    def of_keys(self, keys: Collection[tuple[str, Key]]) -> list[Hit]:
        """The instances that keys of readings (definition's id, key) belong to, each once, in the keys' order."""
        wanted = list(dict.fromkeys(keys))
        hits: dict[tuple[str, str], Hit] = {}
        by_key: dict[tuple[str, Key], Instance] = {}
        for definition in self.active().values():
            own = [key for ident, key in wanted if ident == definition.id]
            label_of = labels.labels_of(self.store, definition.id, [key_hash(key) for key in own])
            instances = self.of_labels(definition, set(label_of.values()))
            for key in own:
                label = label_of.get(key_hash(key))
                if label is not None and label.hex() in instances:
                    by_key[definition.id, key] = instances[label.hex()]
        for ident, key in wanted:
            instance = by_key.get((ident, key))
            if instance is not None:
                hits.setdefault((instance.workflow, instance.id), Hit(instance, key))
        return list(hits.values())

    def of_labels(self, definition: Definition, found: Iterable[bytes]) -> dict[str, Instance]:
        """Label (hex) -> its instance, without milestones; at most some 2,000 labels at once."""
        wanted = sorted(label.hex() for label in found)
        if not wanted:
            return {}
        clause = Clause()
        hexes = clause.bind(wanted, "Array(String)")
        clause.add(OF_LABEL.format(is_one=f"IN (SELECT toFixedString(unhex(arrayJoin({hexes})), {LABEL_BYTES}))"))
        selected = self._select(definition, Filter(), clause, f"lower(hex(label)), {rows.INSTANCE}")
        return {label: rows.instance(definition.workflow, row) for label, *row in selected}

    def _select(
        self, definition: Definition, chosen: Filter, clause: Clause, columns: str, rest: str = ""
    ) -> Sequence[Sequence[Any]]:
        """Columns of the instances that a clause and the filter's key let through."""
        if chosen.key is not None and not of_key(self.store, definition, chosen.key, clause):
            return []
        return self.store.query(
            f"SELECT {columns} FROM instances_by_week FINAL WHERE definition = {{definition:String}} AND gone = 0 "
            f"AND {clause.sql} {rest}",
            {"definition": definition.id, **clause.parameters},
            settings=FINAL,
        )


def of_key(store: Store, definition: Definition, key: bytes, clause: Clause) -> bool:
    """Ask for the instance that a key (its hash) belongs to; false if there is none."""
    label = labels.labels_of(store, definition.id, [key]).get(key)
    if label is not None:
        bound = f"toFixedString(unhex({clause.bind(label.hex(), 'String')}), {LABEL_BYTES})"
        clause.add(OF_LABEL.format(is_one=f"= {bound}"))
    return label is not None
