from decimal import Decimal
from typing import Any

from registry.mappings.engine import apply
from tests.registry.mappings.shelf import run


def test_a_field_goes_where_it_is_said_and_what_is_not_there_leaves_nothing() -> None:
    outcome = run(
        [{"from": "a.b", "to": "x.y"}, {"from": "gone", "to": "x.z"}, {"from": "null", "to": "n"}],
        {"a": {"b": 1}, "null": None},
    )
    assert outcome.value == {"x": {"y": 1}}
    assert outcome.problems == ()
    assert [(one.sources, one.target, one.value) for one in outcome.filled] == [(("a.b",), "x.y", 1)]


def test_a_default_is_used_where_there_is_nothing_or_null_and_is_told() -> None:
    fields = [
        {"from": "a", "to": "x", "default": "none"},
        {"from": "b", "to": "y", "transform": {"truncate": 1}, "default": "none"},
    ]
    outcome = run(fields, {"a": None})
    assert outcome.value == {"x": "none", "y": "none"}
    assert [one.default for one in outcome.filled] == [True, True]


def test_each_item_of_a_list_keeps_its_place() -> None:
    fields = [
        {"from": "rows[*].cents", "to": "lines[*].amount", "transform": {"minor_units": {"currency": "rows[*].in"}}},
        {"from": "rows[*].text", "to": "lines[*].text"},
        {"to": "lines[*].kind", "transform": {"constant": "item"}},
        {"from": "who", "to": "lines[*].who"},
    ]
    rows = [{"cents": 100, "in": "EUR", "text": "a"}, {"in": "EUR"}, {"cents": 5, "in": "JPY", "text": "c"}]
    outcome = run(fields, {"rows": rows, "who": "me"})
    assert outcome.value == {
        "lines": [
            {"amount": {"value": "1.00", "currency": "EUR"}, "text": "a", "kind": "item", "who": "me"},
            {"kind": "item", "who": "me"},
            {"amount": {"value": "5", "currency": "JPY"}, "text": "c", "kind": "item", "who": "me"},
        ]
    }
    assert [(one.sources, one.target) for one in outcome.filled if one.field == 0] == [
        (("rows[0].cents",), "lines[0].amount"),
        (("rows[2].cents",), "lines[2].amount"),
    ]


def test_lists_within_lists_are_followed_and_an_empty_list_stays_one() -> None:
    fields = [{"from": "a[*].b[*].c", "to": "x[*].y[*].z"}]
    assert run(fields, {"a": [{"b": [{"c": 1}, {"c": 2}]}, {"b": []}, {"b": [{}]}]}).value == {
        "x": [{"y": [{"z": 1}, {"z": 2}]}, {"y": []}, {"y": [{}]}]
    }
    assert run(fields, {"a": []}).value == {"x": []}
    assert run(fields, {}).value == {}


def test_a_list_of_plain_values_is_copied_item_by_item() -> None:
    assert run(
        [{"from": "tags[*]", "to": "labels[*]", "transform": {"case": "lower-to-upper"}}], {"tags": ["a", "b"]}
    ).value == {"labels": ["A", "B"]}


def test_what_can_not_be_filled_is_a_problem_with_its_paths_and_the_rest_goes_on() -> None:
    fields = [
        {"from": "rows[*].n", "to": "lines[*].n", "transform": {"convert": "integer-to-string"}},
        {"from": "b", "to": "c"},
    ]
    outcome = run(fields, {"rows": [{"n": 1}, {"n": "x"}, {"n": 3}], "b": 2})
    assert outcome.value["c"] == 2
    assert [(one.field, one.source, one.target) for one in outcome.problems] == [(0, "rows[1].n", "lines[1].n")]


def test_two_values_for_one_place_are_a_problem_unless_they_are_the_same() -> None:
    fields = [{"from": "a", "to": "x"}, {"from": "b", "to": "x"}]
    assert run(fields, {"a": 1, "b": 1}).problems == ()
    assert "two values" in run(fields, {"a": 1, "b": 2}).problems[0].message


def test_an_item_is_chosen_by_what_it_says() -> None:
    document = {"ids": [{"type": "a", "value": "1"}, {"type": "b", "value": "2"}]}
    assert run([{"from": "ids[?@.type=='b'].value", "to": "x"}], document).value == {"x": "2"}
    assert run([{"from": "ids[?@.type=='c'].value", "to": "x"}], document).value == {}


def test_numbers_are_exact_from_the_first_to_the_last_digit() -> None:
    fields = [{"from": "a", "to": "x"}, {"from": "b", "to": "y", "transform": {"money": {"code": "EUR"}}}]
    outcome = run(fields, {"a": 0.1, "b": Decimal("12345678901234567890.123")})
    assert outcome.value == {"x": Decimal("0.1"), "y": {"value": "12345678901234567890.123", "currency": "EUR"}}


def test_a_payload_that_is_no_object_gives_an_empty_result() -> None:
    for payload in ([], "text", 5, None, True):
        assert run([{"from": "a", "to": "b"}], payload).value == {}


def test_neither_the_payload_nor_the_fields_are_changed() -> None:
    payload: dict[str, Any] = {"a": {"b": [1]}}
    outcome = apply((), payload)
    assert outcome.value == {}
    made = run([{"from": "a", "to": "x"}, {"from": "c", "to": "x.d", "default": 1}], payload)
    assert payload == {"a": {"b": [1]}}
    assert made.value["x"] == {"b": [1], "d": 1}
