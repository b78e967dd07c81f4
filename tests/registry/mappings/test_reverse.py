"""The way back: derived where it can be, and then it gives the same values."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.currencies import CODES
from registry.mappings.engine import apply
from registry.mappings.fields import Mapped
from registry.mappings.reverse import way_back
from tests.registry.mappings.shelf import spec_of

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=10)
INTEGERS = st.integers(-(10**12), 10**12)
SECONDS = st.integers(-(10**9), 4 * 10**9)
LOWER = st.sampled_from(sorted(CODES)).map(str.lower)
DAYS = st.dates().map(lambda day: day.isoformat())
TABLE = {"a": "x", "b": "y", "c": 7, "d": True}
#: How a value is led there, and what may stand at the source.
INVERTIBLE: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (None, TEXT | INTEGERS | st.booleans() | st.lists(TEXT) | st.dictionaries(TEXT, TEXT)),
    ({"convert": "integer-to-string"}, INTEGERS),
    ({"convert": "boolean-to-string"}, st.booleans()),
    ({"case": "lower-to-upper"}, LOWER),
    ({"enum": {"values": {"a": "x", "b": "y"}}}, st.sampled_from(["a", "b"])),
    ({"enum": {"values": {"1": True, "2": False}, "of": "integer"}}, st.sampled_from([1, 2])),
    ({"epoch": "seconds"}, SECONDS),
    ({"epoch": "milliseconds"}, st.integers(-(10**12), 4 * 10**12)),
    ([{"epoch": "seconds"}, {"to_local_time": "UTC"}], st.nothing()),
    (
        {"start_of_day": "Asia/Tokyo"},
        st.dates(datetime(1950, 1, 3, tzinfo=UTC).date()).map(lambda day: day.isoformat()),
    ),
    ({"parse_date": "%d.%m.%Y"}, st.dates(datetime(1000, 1, 1, tzinfo=UTC).date()).map(lambda day: f"{day:%d.%m.%Y}")),
    ({"multiply": "0.01"}, INTEGERS),
    ({"minor_units": {"currency": "currency", "case": "lower", "exponents": {"ISK": 2}}}, INTEGERS),
    ({"unit": "months"}, INTEGERS),
]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Fields that can all be undone, and a payload for them."""
    fields: list[dict[str, Any]] = [{"from": "currency", "to": "currency", "transform": {"case": "lower-to-upper"}}]
    payload: dict[str, Any] = {"currency": draw(LOWER)}
    rows: list[dict[str, Any]] = draw(st.lists(st.just({}).map(dict), max_size=3))
    usable = [one for one in INVERTIBLE if not one[1].is_empty]
    for number, (how, values) in enumerate(draw(st.lists(st.sampled_from(usable), min_size=1, max_size=6))):
        step = {"transform": how} if how else {}
        if draw(st.booleans()):
            fields.append({"from": f"rows[*].a.f{number}", "to": f"lines[*].g{number}", **step})
            for row in rows:
                if draw(st.booleans()):
                    row.setdefault("a", {})[f"f{number}"] = draw(values)
        else:
            fields.append({"from": f"own.f{number}", "to": f"ids[?@.type=='t{number}'].value", **step})
            if draw(st.booleans()):
                payload.setdefault("own", {})[f"f{number}"] = draw(values)
    if any(field["from"].startswith("rows") for field in fields):
        payload["rows"] = rows
    return fields, payload


def clean(value: Any) -> Any:
    """Without what says nothing: objects and lists that are empty all through, and nulls."""
    if isinstance(value, dict):
        return {key: clean(one) for key, one in value.items() if clean(one) not in ({}, None)}
    return [clean(one) for one in value] if isinstance(value, list) else value


@settings(max_examples=300, deadline=timedelta(seconds=5))
@given(cases())
def test_there_and_back_gives_the_same_values(case: tuple[list[dict[str, Any]], dict[str, Any]]) -> None:
    fields, payload = case
    forward = [Mapped.model_validate(one) for one in fields]
    back = way_back(forward, (), {})
    assert back.missing == ()
    there = apply(forward, payload)
    assert there.problems == ()
    here = apply(back.fields, there.value)
    assert here.problems == ()
    assert clean(here.value) == clean(payload)


def test_a_derived_way_back_is_again_a_mapping() -> None:
    fields = [{"from": "total", "to": "total", "transform": {"minor_units": {"currency": "currency", "case": "lower"}}}]
    back = way_back([Mapped.model_validate(one) for one in fields], (), {})
    said = [one.model_dump(mode="json", by_alias=True, exclude_defaults=True) for one in back.fields]
    assert said == [
        {"from": "total", "to": "total", "transform": {"to_minor_units": {}}},
        {"from": "total.currency", "to": "currency", "transform": {"case": "upper-to-lower"}},
    ]


def test_what_can_not_be_undone_is_named_unless_it_is_stated_or_goes_one_way() -> None:
    lossy = {"enum": {"values": {"open": "issued", "paid": "issued"}}}
    spec = spec_of(
        [
            {"from": "name", "to": "name", "transform": {"truncate": 3}},
            {"from": "status", "to": "status", "transform": lossy},
            {"from": "hint", "to": "hint", "transform": {"truncate": 3}, "one_way": True},
            {"to": "kind", "transform": {"constant": "x"}},
            {"from": ["a", "b"], "to": "ab", "transform": {"join": " "}},
        ],
        direction="both",
        reverse=[{"from": "name", "to": "name"}],
    )
    assert way_back(spec.fields, spec.reverse, spec.tables).missing == (1, 4)


def test_back_says_which_of_several_values_an_ambiguous_one_goes_back_to() -> None:
    how = {"enum": {"values": {"open": "issued", "paid": "issued", "void": "void"}, "back": {"issued": "open"}}}
    back = way_back([Mapped.model_validate({"from": "s", "to": "t", "transform": how})], (), {})
    assert [apply(back.fields, {"t": value}).value for value in ("issued", "void")] == [{"s": "open"}, {"s": "void"}]


def test_a_named_table_is_turned_round_with_its_mapping() -> None:
    fields = [Mapped.model_validate({"from": "s", "to": "t", "transform": {"enum": {"table": "states"}}})]
    back = way_back(fields, (), {"states": {"a": "x"}})
    assert apply(back.fields, {"t": "x"}).value == {"s": "a"}
