"""The ways of a list of instances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from collectors.timelines.filtering import Filter
from collectors.timelines.flow import Flow, Hop, Stop, Variant, Variants
from collectors.timelines.model import Instance
from tests.ui.stand_ins.lists import money, passes, way
from ui.format import DAY


class Flows:
    """The ways of a list of instances, counted one by one."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances

    def flow(self, _workflow: str, chosen: Filter) -> Flow:
        found = [one for one in self.instances if passes(chosen, one)]
        hops: dict[tuple[str, str], list[int]] = {}
        stops: dict[tuple[str, str], list[Instance]] = {}
        for one in found:
            for start, end in pairwise(way(one)):
                hops.setdefault((start, end), []).append(one.reached[end] - one.reached[start])
            stops.setdefault(((way(one) or [""])[-1], one.state), []).append(one)
        return Flow(
            total=len(found),
            reached=Counter(step for one in found for step in way(one)),
            began=Counter(way(one)[0] for one in found if way(one)),
            hops=tuple(Hop(*hop, len(took), sorted(took)[len(took) // 2], max(took)) for hop, took in hops.items()),
            stops=tuple(
                Stop(*stop, len(own), money(own), min(one.last_at for one in own)) for stop, own in stops.items()
            ),
        )

    def variants(self, _workflow: str, chosen: Filter, limit: int = 20) -> Variants:
        ways: dict[tuple[str, ...], list[Instance]] = {}
        for one in self.instances:
            if passes(chosen, one):
                ways.setdefault(tuple(way(one)), []).append(one)
        ranked = sorted(ways.items(), key=lambda item: (-len(item[1]), item[0]))
        items = [
            Variant(path, len(own), sum(one.state == "completed" for one in own), DAY, money(own))
            for path, own in ranked
        ]
        return Variants(tuple(items[:limit]), len(items), sum(one.count for one in items))
