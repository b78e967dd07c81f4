"""The questions about instances, asked of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from collectors.correlation.keys import key_hash
from collectors.timelines.filtering import Filter
from collectors.timelines.finding import candidates
from collectors.timelines.model import Instance, Key
from collectors.timelines.ordering import CursorError
from collectors.timelines.reading import Hit, Long, MilestonePage, Page, Totals
from collectors.timelines.related import Relation
from collectors.workflows.definition import Definition
from tests.ui.stand_ins.lists import money, passes


class Timelines:
    """The same questions as the store answers, asked of a list."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = sorted(instances, key=lambda one: (one.started_at, one.id), reverse=True)

    def active(self) -> dict[str, Definition]:
        return {}

    def get(self, workflow: str, ident: str) -> Instance | None:
        return next(
            (
                one
                for one in self.instances
                if one.workflow == workflow and ident in {key_hash(key).hex() for key in one.keys}
            ),
            None,
        )

    def whole(self, _workflow: str, summaries: Iterable[Instance]) -> list[Instance]:
        return list(summaries)

    def page(
        self, _workflow: str, chosen: Filter, limit: int = 50, cursor: str | None = None, sort: str = "started"
    ) -> Page:
        if cursor is not None and not cursor.isdecimal():
            raise CursorError(cursor)
        found = [one for one in self.instances if passes(chosen, one)]
        found = found[::-1] if sort == "age" else found
        start = int(cursor or 0)
        rest = str(start + limit) if len(found) > start + limit else None
        return Page(tuple(found[start : start + limit]), rest)

    def walk(self, workflow: str, chosen: Filter, sort: str = "started") -> Iterator[list[Instance]]:
        yield list(self.page(workflow, chosen, 10_000, sort=sort).items)

    def count(self, _workflow: str, chosen: Filter) -> int:
        return sum(passes(chosen, one) for one in self.instances)

    def totals(self, _workflow: str, chosen: Filter) -> Totals:
        found = [one for one in self.instances if passes(chosen, one)]
        return Totals(len(found), money(found))

    def milestones(self, workflow: str, ident: str, limit: int = 50, cursor: str | None = None) -> MilestonePage | None:
        one = self.get(workflow, ident)
        start = int(cursor or 0)
        more = None if one is None or len(one.milestones) <= start + limit else str(start + limit)
        return None if one is None else MilestonePage(one.milestones[start : start + limit], more)

    def longest(self, _workflow: str, limit: int = 20) -> list[Long]:
        return [Long(one.id, 20_003, Key("customer", "c-1"), 9_000) for one in self.instances[: min(1, limit)]]

    def error_types(self, _workflow: str, chosen: Filter, limit: int = 50) -> dict[str, int]:
        found = [
            kind for one in self.instances if passes(replace(chosen, error_type=None), one) for kind in one.error_types
        ]
        return dict(Counter(found).most_common(limit))

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        text = (candidates(text) or [""])[0]
        by_key = [Hit(one, key) for one in self.instances for key in one.keys if key.value.startswith(text)]
        by_trace = [
            Hit(one, one.keys[0]) for one in self.instances if any(fact.trace_id == text for fact in one.milestones)
        ]
        return list({hit.instance.id: hit for hit in by_key or by_trace}.values())[:limit]

    def near(self, text: str) -> list[str]:
        return sorted({key.value for one in self.instances for key in one.keys if key.value[:4] == text[:4]})[:5]


def relations(instances: Sequence[Instance], one: Instance) -> list[Relation]:
    """Every invoice has two others of the same currency, by a subscription that all of them have."""
    others = tuple(
        other for other in instances if other.id != one.id and other.amount and other.amount.currency == "EUR"
    )
    return (
        [Relation("shares", Key("stripe.subscription", "sub_1"), one.workflow, len(others), others[:2])]
        if others
        else []
    )
