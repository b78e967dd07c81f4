from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.hygiene.clean import Hygiene
from collectors.hygiene.limits import Limits, may_exceed
from collectors.hygiene.patterns import is_card, is_mail
from collectors.hygiene.rules import RulesError, read
from tests.collectors.spans import SpanData, attributes, request

SECRET = b"a secret of sixteen"


def hashed(text: str) -> str:
    return hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()[:32]


def cleaned(rules: list[dict[str, Any]], given: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What is left of a span's attributes."""
    message = request([SpanData("a", 1, attributes=given, **more)])
    Hygiene(read({"rules": rules}), SECRET).clean(message, message.SerializeToString())
    return {one.key: one.value for one in message.resource_spans[0].scope_spans[0].spans[0].attributes}


def test_the_first_rule_that_fits_decides() -> None:
    rules = [
        {"attribute": "customer.email.domain", "action": "keep"},
        {"attribute": "customer.email*", "action": "hash"},
        {"attribute": "customer.*", "action": "drop"},
    ]
    found = cleaned(
        rules, {"customer.email.domain": "x.com", "customer.email": "a@x.com", "customer.name": "Ada", "n": 1}
    )
    assert list(found) == ["customer.email.domain", "customer.email", "n"]
    assert found["customer.email.domain"].string_value == "x.com"
    assert found["customer.email"].string_value == hashed("a@x.com")


def test_a_value_is_known_wherever_it_stands() -> None:
    rules = [{"value": "email", "action": "drop"}, {"value": "card-number", "action": "hash"}]
    given = {
        "to": "Ada <ada@example.com>", "card": "4111 1111 1111 1111", "number": 4111111111111111, "list": ["x", "b@x.org"],
        "map": {"deep": {"mail": "c@x.org", "fine": "yes"}}, "id": "INV-4111111111111112", "at": "a@b",
    }  # fmt: skip
    found = cleaned(rules, given)
    assert sorted(found) == ["at", "card", "id", "number"]
    assert found["card"].string_value == hashed("4111 1111 1111 1111")
    assert found["number"].string_value == hashed("4111111111111111")


def test_a_name_within_a_map_is_reached_by_its_path() -> None:
    found = cleaned([{"attribute": "customer.mail", "action": "drop"}], {"customer": {"mail": "x", "id": 7}})
    assert [one.key for one in found["customer"].kvlist_value.values] == ["id"]


@pytest.mark.parametrize("where", ["span", "resource", "event", "link"])
def test_a_rule_holds_where_it_says(where: str) -> None:
    message = request([SpanData("a", 1, attributes={"k": "v"}, resource={"k": "v"})])
    span = message.resource_spans[0].scope_spans[0].spans[0]
    span.events.add().attributes.extend(attributes({"k": "v"}))
    span.links.add().attributes.extend(attributes({"k": "v"}))
    hygiene = Hygiene(read({"rules": [{"attribute": "k", "action": "drop", "where": [where]}]}))
    assert hygiene.clean(message, message.SerializeToString())
    left = {
        "span": span.attributes, "event": span.events[0].attributes, "link": span.links[0].attributes,
        "resource": message.resource_spans[0].resource.attributes,
    }  # fmt: skip
    assert {name for name, one in left.items() if not one} == {where}
    assert hygiene.changed["dropped"] == 1


def test_an_id_is_hashed_alike_as_a_number_and_as_a_text() -> None:
    rules = [{"attribute": "id", "action": "hash"}]
    assert cleaned(rules, {"id": 17})["id"] == cleaned(rules, {"id": "17"})["id"]
    assert cleaned(rules, {"id": 17})["id"] != cleaned(rules, {"id": 18})["id"]


def test_nothing_is_changed_where_no_rule_fits() -> None:
    message = request([SpanData("a", 1, attributes={"k": "v"})])
    before = message.SerializeToString()
    assert not Hygiene(read({"rules": [{"value": "email", "action": "drop"}]})).clean(
        message, message.SerializeToString()
    )
    assert message.SerializeToString() == before


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("4111111111111111", True), ("4111-1111-1111-1111", True), ("pay 5500 0000 0000 0004 now", True),
        ("378282246310005", True), ("4111111111111112", False), ("1234567812345670", False), ("41111111", False),
        ("a4111111111111111", False), ("41111111111111111111111", False), ("", False),
    ],
)  # fmt: skip
def test_a_card_number_is_told_by_length_beginning_and_check_digit(text: str, card: bool) -> None:
    assert is_card(text) is card


@pytest.mark.parametrize(
    ("text", "mail"), [("a@b.org", True), ("Ünal <ü.nal+x@mail.example.com>", True), ("a@b", False), ("@x.org", False)]
)
def test_a_mail_address_is_told(text: str, mail: bool) -> None:
    assert is_mail(text) is mail


@given(st.text(max_size=60))
def test_any_text_is_looked_at_without_trouble(text: str) -> None:
    is_mail(text)
    is_card(text)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "there must be a list `rules`"),
        ({"rules": ["x"]}, "rules[0] must be an object"),
        ({"rules": [{"atribute": "x", "action": "drop"}]}, "rules[0] has no field 'atribute'; did you mean attribute?"),
        ({"rules": [{"attribute": "x", "action": "mask"}]}, "rules[0].action must be drop, hash, keep, but is 'mask'"),
        (
            {"rules": [{"value": "phone", "action": "drop"}]},
            "rules[0].value must be email, card-number, but is 'phone'",
        ),
        ({"rules": [{"pattern": "(", "action": "drop"}]}, "rules[0].pattern is no regular expression"),
        ({"rules": [{"pattern": "x", "value": "email", "action": "drop"}]}, "rules[0] has both value and pattern"),
        ({"rules": [{"action": "drop"}]}, "rules[0] fits every attribute there is"),
        ({"rules": [{"attribute": "x", "action": "drop", "where": ["body"]}]}, "rules[0].where must be a list of span"),
    ],
)
def test_a_rule_that_can_not_be_used_is_said_in_one_line(document: object, said: str) -> None:
    with pytest.raises(RulesError) as caught:
        read(document)
    assert said in str(caught.value)


def test_rules_read_as_sentences() -> None:
    rules = read(
        {
            "rules": [
                {"value": "email", "action": "hash", "where": ["span", "event"]},
                {"attribute": "a*", "action": "drop"},
            ]
        }
    )
    assert [one.words for one in rules.rules] == [
        "hash all attributes that hold a mail address of spans and events",
        "drop a*",
    ]


def test_what_is_beyond_the_limits_is_cut_marked_and_counted() -> None:
    message = request([SpanData("a", 1, attributes={"long": "ü" * 100, "fine": "x" * 99, "list": ["x" * 200]})])
    span = message.resource_spans[0].scope_spans[0].spans[0]
    for _ in range(5):
        span.events.add(name="e")
        span.links.add(trace_id=bytes(16))
    hygiene = Hygiene(limits=Limits(value_bytes=101, attributes=3, events=2, links=4, span_bytes=1))
    assert hygiene.clean(message, message.SerializeToString())
    values = {one.key: one.value for one in span.attributes}
    assert values["long"].string_value == "ü" * 50 + " … (cut: 200 bytes in all)"
    assert values["fine"].string_value == "x" * 99
    assert (len(span.events), len(span.links)) == (2, 4)
    assert hygiene.changed["events left out"] == 3
    assert hygiene.changed["links left out"] == 1
    # Its own marks take places too, the last of what was sent gives way.
    assert values["otel.dropped_attributes_count"].int_value == 2
    assert hygiene.changed["left out"] == 2


def test_an_attribute_whose_name_is_too_long_is_left_out_and_counted() -> None:
    names = {"x" * 5_000: 1, "ü" * 2_049: 2, "ü" * 2_048: 3, "x" * 4_096: 4, "short": 5}
    about = {"service.name": "erp", "y" * 4_097: "z"}
    message = request([SpanData("a", 1, attributes=names, resource=about, events=(("e", {"z" * 9_000: 1}),))])
    hygiene = Hygiene()
    assert hygiene.clean(message, message.SerializeToString())
    resource = message.resource_spans[0].resource
    span = message.resource_spans[0].scope_spans[0].spans[0]
    for listed, kept in (
        (span.attributes, ["ü" * 2_048, "x" * 4_096, "short"]),
        (resource.attributes, ["service.name"]),
        (span.events[0].attributes, []),
    ):
        assert [one.key for one in listed] == [*kept, "otel.dropped_attributes_count"]
    assert span.attributes[3].value.int_value == 2
    assert dict(hygiene.changed) == {"left out": 4}


def test_a_resource_of_many_small_attributes_keeps_the_first_thousand() -> None:
    message = request([SpanData("a", 1, resource={f"k{place}": place for place in range(1_001)})])
    assert Hygiene().clean(message, message.SerializeToString())
    kept = message.resource_spans[0].resource.attributes
    assert [one.key for one in kept][-2:] == ["k999", "otel.dropped_attributes_count"]


def test_a_span_that_is_not_looked_at_meets_no_limit() -> None:
    limits = Limits()
    assert min(limits.value_bytes, limits.name_bytes) >= limits.span_bytes


def test_a_request_within_the_limits_is_not_touched() -> None:
    message = request([SpanData("a", 1, attributes={"k": "x" * 60_000})])
    before = message.SerializeToString()
    assert not Hygiene().clean(message, before)
    assert message.SerializeToString() == before


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.integers(50, 900))
def test_large_spans_are_found_by_their_lengths_alone(sizes: list[int], most: int) -> None:
    message = request([SpanData("x" * size, place + 1) for place, size in enumerate(sizes)])
    body, limits = message.SerializeToString(), Limits(span_bytes=most)
    largest = max(
        max(one.resource.ByteSize(), one.scope_spans[0].spans[0].ByteSize()) for one in message.resource_spans
    )
    assert may_exceed(body, limits) == (largest > most)


def test_a_field_that_is_not_known_means_to_look_closely() -> None:
    assert may_exceed(b"\x08\x01", Limits())
    assert not may_exceed(b"", Limits())
