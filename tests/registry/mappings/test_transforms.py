"""Every transform: what it makes of a value, what it refuses, and what undoes it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.currencies import CODES, MINOR_UNITS, exponent
from registry.mappings.base import At, RefusedError, Transform
from registry.mappings.fields import Mapped
from registry.mappings.find import transforms, written
from registry.mappings.transforms.expression import Named

PAYLOAD = {"currency": "eur", "code": "JPY", "entity": "demf"}
AT = At(PAYLOAD, (), {"countries": {"Germany": "DE"}, "currencies": {"demf": "EUR"}}, lambda *_: ["9001"])
EUR, JPY = {"value": "12.10", "currency": "EUR"}, {"value": "1210", "currency": "JPY"}


def steps(document: Any) -> tuple[Transform, ...]:
    source = {} if "constant" in document else {"from": "a"}
    return Mapped.model_validate({**source, "to": "b", "transform": document}).steps


def apply(document: Any, value: Any, at: At = AT) -> Any:
    for step in steps(document):
        value = step.apply(value, at)
    return value


CASES: list[tuple[dict[str, Any], Any, Any]] = [
    ({"constant": {"a": [1]}}, None, {"a": [1]}),
    ({"convert": "integer-to-string"}, 300100169169047, "300100169169047"),
    ({"convert": "string-to-integer"}, "-12", -12),
    ({"convert": "number-to-string"}, Decimal("1.50"), "1.50"),
    ({"convert": "string-to-number"}, "1.50", Decimal("1.50")),
    ({"convert": "boolean-to-string"}, True, "true"),
    ({"convert": "string-to-boolean"}, "false", False),
    ({"case": "lower-to-upper"}, "eur", "EUR"),
    ({"truncate": 3}, "abcdef", "abc"),
    ({"split": {"by": ":", "part": -1}}, "stripe:in_1", "in_1"),
    ({"join": ", "}, ["a", None, "b"], "a, b"),
    ({"enum": {"values": {"open": "issued"}}}, "open", "issued"),
    ({"enum": {"values": {"true": "held"}, "of": "boolean"}}, True, "held"),
    ({"enum": {"values": {"7": "x"}, "of": "integer"}}, 7, "x"),
    ({"enum": {"values": {"a": "b"}, "on_unknown": "pass"}}, "c", "c"),
    ({"enum": {"values": {"a": "b"}, "on_unknown": "default", "default": "z"}}, "c", "z"),
    ({"enum": {"table": "countries"}}, "Germany", "DE"),
    ({"lookup": {"table": "countries"}}, "Germany", "DE"),
    ({"crossref": {"from": "stripe.invoice", "to": "netsuite.invoice"}}, "in_1", "9001"),
    ({"minor_units": {"currency": "currency", "case": "lower"}}, 1210, EUR),
    ({"minor_units": {"currency": "code"}}, 1210, JPY),
    ({"minor_units": {"code": "KWD"}}, -1210, {"value": "-1.210", "currency": "KWD"}),
    ({"minor_units": {"code": "ISK", "exponents": {"ISK": 2}}}, 121000, {"value": "1210", "currency": "ISK"}),
    ({"to_minor_units": {}}, EUR, 1210),
    ({"to_minor_units": {}}, JPY, 1210),
    ({"money": {"code": "USD"}}, Decimal("1210.0"), {"value": "1210.00", "currency": "USD"}),
    ({"money": {"code": "USD", "as": "string"}}, "0.00125", {"value": "0.00125", "currency": "USD"}),
    ({"money": {"currency": "entity", "table": "currencies"}}, 5, {"value": "5.00", "currency": "EUR"}),
    ({"amount": "number"}, EUR, Decimal("12.10")),
    ({"amount": "string"}, {"value": "3", "currency": "EUR"}, "3.00"),
    ({"epoch": "seconds"}, 1774915200, "2026-03-31T00:00:00Z"),
    ({"epoch": "milliseconds"}, 1774915200123, "2026-03-31T00:00:00.123Z"),
    ({"epoch": "odata"}, "/Date(1774915200000+0000)/", "2026-03-31T00:00:00Z"),
    ({"to_epoch": "seconds"}, "2026-03-31T02:00:00+02:00", 1774915200),
    ({"to_epoch": "odata"}, "2026-03-31T00:00:00Z", "/Date(1774915200000)/"),
    ({"utc": {}}, "2026-03-31T09:00:00.5000000+09:00", "2026-03-31T00:00:00.500Z"),
    ({"local_time": {"zone": "Europe/Berlin"}}, "2026-07-01T12:00:00", "2026-07-01T10:00:00Z"),
    ({"local_time": {"zone": "Europe/Berlin", "twice": "later"}}, "2026-10-25T02:30:00", "2026-10-25T01:30:00Z"),
    ({"to_local_time": "Europe/Berlin"}, "2026-07-01T10:00:00Z", "2026-07-01T12:00:00"),
    ({"date": "Asia/Tokyo"}, "2026-03-31T16:00:00Z", "2026-04-01"),
    ({"start_of_day": "America/New_York"}, "2026-03-31", "2026-03-31T04:00:00Z"),
    ({"parse_date": "%m/%d/%Y"}, "03/31/2026", "2026-03-31"),
    ({"format_date": "%d.%m.%Y"}, "2026-03-31", "31.03.2026"),
    ({"multiply": "0.01"}, 19, Decimal("0.19")),
    ({"divide": 4}, "1", "0.25"),
    ({"unit": "months"}, 12, 12),
    ({"cel": {"expression": "value * 2", "returns": "integer"}}, 21, 42),
    ({"cel": {"expression": "value", "returns": "number"}}, Decimal("1.5"), Decimal("1.5")),
]


@pytest.mark.parametrize(
    ("document", "value", "result"), CASES, ids=[next(iter(case[0])) + f"-{at}" for at, case in enumerate(CASES)]
)
def test_what_a_transform_makes_of_a_value(document: dict[str, Any], value: Any, result: Any) -> None:
    made = apply(document, value)
    assert made == result
    assert type(made) is type(result)


def test_every_transform_has_a_case() -> None:
    assert {next(iter(document)) for document, _, _ in CASES} == set(transforms())


@pytest.mark.parametrize(("document", "value", "result"), CASES)
def test_what_undoes_a_transform_gives_the_value_back(document: dict[str, Any], value: Any, result: Any) -> None:
    (step,) = steps(document)
    undo = step.inverse()
    if undo is None or step.NAME in {"crossref", "utc"} or "+0000" in str(value) or "on_unknown" in str(document):
        return
    back = undo.apply(result, AT)
    assert back == value


REFUSED: list[tuple[dict[str, Any], Any]] = [
    ({"convert": "integer-to-string"}, True),
    ({"convert": "string-to-integer"}, "1e3"),
    ({"convert": "string-to-number"}, "NaN"),
    ({"case": "lower-to-upper"}, "Eur"),
    ({"truncate": 3}, 5),
    ({"split": {"by": ":", "part": 3}}, "a:b"),
    ({"join": " "}, [1]),
    ({"enum": {"values": {"open": "issued"}}}, "paid"),
    ({"enum": {"values": {"open": "issued"}}}, 1.5),
    ({"lookup": {"table": "countries"}}, "Atlantis"),
    ({"minor_units": {"currency": "currency"}}, 1210),
    ({"minor_units": {"currency": "nowhere"}}, 1210),
    ({"minor_units": {"currency": "entity", "case": "lower"}}, 1210),
    ({"minor_units": {"code": "EUR"}}, Decimal("12.5")),
    ({"minor_units": {"code": "EUR"}}, True),
    ({"to_minor_units": {}}, {"value": "12.101", "currency": "EUR"}),
    ({"to_minor_units": {}}, {"value": "1", "currency": "XXX"}),
    ({"to_minor_units": {}}, "12.10"),
    ({"money": {"code": "USD", "as": "string"}}, "1,210.00"),
    ({"money": {"code": "USD", "as": "string"}}, "9" * 80),
    ({"epoch": "seconds"}, 1.5),
    ({"epoch": "milliseconds"}, 10**30),
    ({"epoch": "odata"}, "2026-03-31"),
    ({"to_epoch": "seconds"}, "2026-03-31T00:00:00.5Z"),
    ({"utc": {}}, "2026-03-31T00:00:00"),
    ({"utc": {}}, "2026-13-31T00:00:00Z"),
    ({"utc": {}}, "2026-03-31T00:00:00.0000001Z"),
    ({"local_time": {"zone": "Europe/Berlin"}}, "2026-03-29T02:30:00"),
    ({"local_time": {"zone": "Europe/Berlin"}}, "2026-10-25T02:30:00"),
    ({"local_time": {"zone": "Europe/Berlin"}}, "2026-10-25T02:30:00Z"),
    ({"date": "Asia/Tokyo"}, "2026-03-31"),
    ({"start_of_day": "Asia/Tokyo"}, "0001-01-01"),
    ({"parse_date": "%m/%d/%Y"}, "31/03/2026"),
    ({"format_date": "%m/%d/%Y"}, "20260331"),
    ({"divide": 3}, 1),
    ({"multiply": 3}, "x"),
    ({"cel": {"expression": "value.missing", "returns": "string"}}, "a"),
    ({"cel": {"expression": "value", "returns": "string"}}, 5),
    ({"cel": {"expression": "1 / 0", "returns": "integer"}}, 5),
    ({"cel": {"expression": "value", "returns": "string", "values": ["a"]}}, "b"),
]


@pytest.mark.parametrize(("document", "value"), REFUSED)
def test_what_a_transform_can_not_take_is_refused_in_one_sentence(document: dict[str, Any], value: Any) -> None:
    with pytest.raises(RefusedError) as error:
        apply(document, value)
    assert str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"minor_unit": {}}, "did you mean minor_units?"),
        ({"minor_units": {}}, "say where the currency stands"),
        ({"minor_units": {"code": "EURO"}}, "no currency of ISO 4217"),
        ({"minor_units": {"code": "EUR", "scale": 2}}, "is not known"),
        ({"local_time": {"zone": "Berlin"}}, "no time zone"),
        ({"parse_date": "%m/%Y"}, "does not say a whole day"),
        ({"epoch": "minutes"}, "Input should be"),
        ({"enum": {}}, "say values, or the name of a table"),
        ({"enum": {"values": {"a": "b"}, "on_unknown": "default"}}, "belong together"),
        ({"convert": "object-to-string"}, "must be one of"),
        ({"multiply": 0}, "no factor"),
        ({"a": 1, "b": 2}, "a transform is written as"),
        ("copy", "a transform is written as"),
    ],
)
def test_a_mistake_in_a_transform_is_told_when_it_is_read(document: Any, sentence: str) -> None:
    with pytest.raises(ValidationError) as error:
        steps(document)
    assert sentence in str(error.value)


@pytest.mark.parametrize("document", [case[0] for case in CASES])
def test_a_transform_is_written_as_it_is_read(document: dict[str, Any]) -> None:
    once = written(steps(document))
    assert written(steps(once)) == once


@given(st.integers(-(10**30), 10**30), st.sampled_from(sorted(CODES)))
def test_minor_units_of_every_currency_go_there_and_back(amount: int, code: str) -> None:
    money = apply({"minor_units": {"code": code}}, amount)
    assert apply({"to_minor_units": {}}, money) == amount
    digits = money["value"].partition(".")[2]
    assert len(digits) == exponent(code)


def test_the_table_of_currencies_is_the_standards() -> None:
    assert set(MINOR_UNITS) <= CODES
    assert [exponent(code) for code in ("EUR", "JPY", "KWD", "BHD", "CLF", "XXX")] == [2, 0, 3, 3, 4, None]


@given(
    st.datetimes().map(lambda one: one.isoformat()),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu"]),
)
def test_a_local_time_is_refused_or_comes_back(text: str, zone: str) -> None:
    try:
        moment = apply({"local_time": {"zone": zone}}, text)
    except RefusedError:
        return
    except OverflowError:
        return
    assert apply({"to_local_time": zone}, moment) == text


def test_an_expression_gets_several_values_by_name() -> None:
    one = Mapped.model_validate(
        {"from": {"a": "x", "b": "y"}, "to": "z", "transform": {"cel": {"expression": "a + b", "returns": "integer"}}}
    )
    assert one.steps[0].apply(Named({"a": 1, "b": 2}), AT) == 3


def test_a_cross_reference_that_is_not_one_id_is_refused() -> None:
    for known, said in (([], "not known yet"), (["1", "2"], "has several: 1, 2")):
        with pytest.raises(RefusedError, match=said):
            apply({"crossref": {"from": "a.b", "to": "c.d"}}, "x", At(resolve=lambda *_, held=known: held))  # type: ignore[misc]
    with pytest.raises(RefusedError, match="by a server"):
        apply({"crossref": {"from": "a.b", "to": "c.d"}}, "x", At())
