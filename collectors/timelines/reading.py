"""Reading instances: one timeline, lists of them, and any id of any system."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from collectors.correlation import labels
from collectors.correlation.keys import HASH_BYTES, key_hash
from collectors.store.client import Store
from collectors.timelines import rows
from collectors.timelines.filtering import Filter, where
from collectors.timelines.fold import fold
from collectors.timelines.model import Instance, Key, Milestone
from collectors.workflows.definition import Definition

#: Rows are replaced within a reading's partition only.
FINAL = {"do_not_merge_across_partitions_select_final": 1}
TRACE_ID_DIGITS = 32


class CursorError(ValueError):
    """A cursor that this API did not give."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some instances, without their milestones, newest first, and where the next page begins (None: nowhere)."""

    items: tuple[Instance, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Hit:
    """An instance that has an id that was searched for, and the id itself."""

    instance: Instance
    key: Key


@dataclass(slots=True)
class Timelines:
    """Questions to the store; ``active`` gives the definition by which each workflow is read at present."""

    store: Store
    active: Callable[[], Mapping[str, Definition]]

    def get(self, workflow: str, ident: str) -> Instance | None:
        """The instance with all its milestones.

        ``ident`` is its id or any id that it had before a late event joined it to another.
        """
        definition = self.active().get(workflow)
        try:
            key = bytes.fromhex(ident)
        except ValueError:
            return None
        if definition is None or len(key) != HASH_BYTES:
            return None
        label = labels.labels_of(self.store, definition.id, [key]).get(key)
        if label is None:
            return None
        members = labels.keys_of(self.store, definition.id, [label])
        facts = [milestone for _, milestone in rows.milestones_of(self.store, definition.id, members)]
        return fold(definition, facts) if facts else None

    def whole(self, workflow: str, summaries: Iterable[Instance]) -> list[Instance]:
        """The same instances in the same order, with their milestones; all in two questions to the store."""
        definition = self.active().get(workflow)
        if definition is None:
            return []
        idents = [bytes.fromhex(summary.id) for summary in summaries]
        members = labels.keys_of(self.store, definition.id, idents)
        by_label: defaultdict[bytes, list[Milestone]] = defaultdict(list)
        for anchor, milestone in rows.milestones_of(self.store, definition.id, members):
            by_label[members[anchor]].append(milestone)
        return [fold(definition, by_label[ident]) for ident in idents if by_label[ident]]

    def find(self, workflow: str, key: Key) -> Instance | None:
        """The instance that a key belongs to."""
        return self.get(workflow, key_hash(key).hex())

    def page(self, workflow: str, chosen: Filter, limit: int = 50, cursor: str | None = None) -> Page:
        """A page of instances, those that started last first.

        Raises:
            CursorError: the cursor is not one of ours.
        """
        place = None if cursor is None else _read_cursor(cursor)
        definition = self.active().get(workflow)
        if definition is None:
            return Page((), None)
        clause = where(chosen)
        if chosen.key is not None:
            label = labels.labels_of(self.store, definition.id, [chosen.key]).get(chosen.key)
            if label is None:
                return Page((), None)
            clause.add(f"id = toFixedString(unhex({clause.bind(label.hex(), 'String')}), {HASH_BYTES})")
        if place is not None:
            started_at, ident = place
            last = f"({clause.time(started_at)}, toFixedString(unhex({clause.bind(ident, 'String')}), {HASH_BYTES}))"
            clause.add(f"(started_at, id) < {last}")
        found = self._instances(definition, clause.sql, clause.parameters, limit + 1)
        items = tuple(found[:limit])
        return Page(items, _write_cursor(items[-1]) if len(found) > limit else None)

    def count(self, workflow: str, chosen: Filter) -> int:
        """How many instances the filter lets through."""
        definition = self.active().get(workflow)
        if definition is None:
            return 0
        clause = where(chosen)
        found = self.store.query(
            f"SELECT count() FROM instances FINAL WHERE definition = {{definition:String}} AND gone = 0 AND {clause.sql}",
            {"definition": definition.id, **clause.parameters},
            settings=FINAL,
        )
        return int(found[0][0])

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """The instances that have this id, whatever its type, or a trace id; ids that begin with it come after."""
        definitions = {definition.id: definition for definition in self.active().values()}
        text = text.strip()
        if not text or not definitions:
            return []
        keys = self._keys_like(text, list(definitions), limit) or self._keys_of_trace(text, list(definitions), limit)
        hits: dict[tuple[str, str], Hit] = {}
        for ident, key in keys:
            label = labels.labels_of(self.store, ident, [key_hash(key)]).get(key_hash(key))
            if label is None:
                continue
            definition = definitions[ident]
            for instance in self._by_label(definition, label):
                hits.setdefault((definition.workflow, instance.id), Hit(instance, key))
        return list(hits.values())[:limit]

    def _keys_like(self, text: str, definitions: list[str], limit: int) -> list[tuple[str, Key]]:
        found = self.store.query(
            "SELECT DISTINCT toString(definition), toString(type), value, value != {text:String} AS other FROM key_values "
            "WHERE startsWith(value, {text:String}) AND definition IN {definitions:Array(String)} "
            "ORDER BY other, value, 2, 1 LIMIT {limit:UInt32}",
            {"text": text, "definitions": definitions, "limit": limit},
        )
        return [(ident, Key(kind, value)) for ident, kind, value, _ in found]

    def _keys_of_trace(self, text: str, definitions: list[str], limit: int) -> list[tuple[str, Key]]:
        if len(text) != TRACE_ID_DIGITS or not all(char in "0123456789abcdef" for char in text.lower()):
            return []
        found = self.store.query(
            "SELECT DISTINCT toString(definition), keys[1] FROM milestones "
            "WHERE trace_id = toFixedString(unhex({trace:String}), 16) AND definition IN {definitions:Array(String)} "
            "LIMIT {limit:UInt32}",
            {"trace": text, "definitions": definitions, "limit": limit},
        )
        return [(ident, Key(*key)) for ident, key in found]

    def _by_label(self, definition: Definition, label: bytes) -> list[Instance]:
        condition = f"id = toFixedString(unhex({{label:String}}), {HASH_BYTES})"
        return self._instances(definition, condition, {"label": label.hex()}, 1)

    def _instances(
        self, definition: Definition, sql: str, parameters: Mapping[str, object], limit: int
    ) -> list[Instance]:
        found = self.store.query(
            f"SELECT {rows.INSTANCE} FROM instances FINAL "
            f"WHERE definition = {{definition:String}} AND gone = 0 AND {sql} "
            "ORDER BY started_at DESC, id DESC LIMIT {limit:UInt32}",
            {"definition": definition.id, "limit": limit, **parameters},
            settings=FINAL,
        )
        return [rows.instance(definition.workflow, row) for row in found]


def _write_cursor(last: Instance) -> str:
    return base64.urlsafe_b64encode(f"{last.started_at}.{last.id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, str]:
    try:
        started_at, _, ident = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(".")
        bytes.fromhex(ident)
        if len(ident) != 2 * HASH_BYTES or not -(2**63) <= int(started_at) < 2**63:
            raise CursorError(cursor)
        return int(started_at), ident
    except (ValueError, binascii.Error) as error:
        raise CursorError("this cursor is not one that the API gave; start again without it") from error
