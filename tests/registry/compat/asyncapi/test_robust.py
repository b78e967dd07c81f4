from __future__ import annotations

import contextlib
import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.compat.model import DocumentError
from tests.registry.compat.asyncapi.documents import THREE, TWO, changes, edited, found

ODD: list[Any] = [
    *(None, True, 0, 1.5, "", "a", [], {}, ["a"], [{}], [[]], [None], {"a": 1}),
    *({"$ref": "#/channels/posted"}, {"$ref": "#/nope"}, {"$ref": "#"}, {"$ref": 1}, {"$ref": "other.yaml#/x"}),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, part in parts for one in places(part, (*path, key)))]


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_document_makes_it_stumble(data: st.DataObject) -> None:
    base = data.draw(st.sampled_from([TWO, THREE]))
    spoilt = copy.deepcopy(base)
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(places(spoilt)[1:]))
        place: Any = spoilt
        for key in parents:
            place = place[key]
        place[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    for old, new in ((base, spoilt), (spoilt, base)):
        with contextlib.suppress(DocumentError):
            assert isinstance(changes(old, new), list)


def test_a_message_in_another_document_is_compared_by_its_name() -> None:
    place = "channels|invoices.posted|subscribe|message"
    one, other = (edited(TWO, (place, {"$ref": f"messages-{number}.yaml#/posted"})) for number in (1, 2))
    assert found(one, one) == set()
    assert found(one, other) == {("reference-changed", "breaking")}
