"""How far rules reach: into lists, status messages and quoted examples, and no further than they say."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.hygiene.clean import Hygiene
from collectors.hygiene.patterns import is_card, is_mail
from collectors.hygiene.rules import read
from tests.collectors.hygiene.test_rules import SECRET, cleaned, hashed
from tests.collectors.spans import SpanData, request


def message_after(rules: list[dict[str, Any]], said: str) -> tuple[str, bool]:
    """A span's status message after the rules, and whether the request was changed."""
    sent = request([SpanData("a", 1, error=True, message=said)])
    changed = Hygiene(read({"rules": rules}), SECRET).clean(sent, sent.SerializeToString())
    return sent.resource_spans[0].scope_spans[0].spans[0].status.message, changed


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("4111 1111 1111 1111 123", True), ("4111 1111 1111 1111 12/27", True), ("order 3 4111 1111 1111 1111", True),
        ("2026-05-16 4111-1111-1111-1111", True), ("card 4111111111111111. Thanks, 1 item", True),
        ("4111\u00a01111\u00a01111\u00a01111", True), ("3782 822463 10005 exp 0129", True),
        ("4111111111111111.50", False), ("4111111111111111-ab12", False), ("2026-05-16 08:30:00 4111 1111", False),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13 14", False),
    ],
)  # fmt: skip
def test_a_card_number_is_found_beside_other_numbers(text: str, card: bool) -> None:
    assert is_card(text) is card


@pytest.mark.parametrize(
    ("text", "mail"),
    [("https://x.org/?to=ada%40example.com&n=1", True), ("100%40", False), ("x" * 300 + "@example.com", True)],
)
def test_a_mail_address_within_an_address_is_told(text: str, mail: bool) -> None:
    assert is_mail(text) is mail


@pytest.mark.parametrize(
    "text", ["a" * 300_000 + "@", "a@" + "b" * 300_000, "1 " * 300_000 + "1a1", "1" * 300_000 + "a1", "1-" * 300_000]
)
def test_a_value_that_is_made_to_take_long_does_not(text: str) -> None:
    """Each of these took minutes, and longer by the square, with an expression that tries every beginning."""
    assert not is_mail(text)
    assert not is_card(text)


def test_a_name_in_the_maps_of_a_list_is_reached_by_its_place() -> None:
    lines = [{"email": "a@x.org", "sku": "1"}, [{"email": "b@x.org"}], "plain"]
    found = cleaned([{"attribute": "lines.*.email", "action": "drop"}], {"lines": lines})["lines"].array_value.values
    assert [one.key for one in found[0].kvlist_value.values] == ["sku"]
    assert not found[1].array_value.values[0].kvlist_value.values
    assert found[2].string_value == "plain"


@pytest.mark.parametrize(
    ("attribute", "name", "goes"),
    [("items[0].*", "items[0].mail", True), ("items[0].*", "items0.mail", False), ("what?", "whats", False), ("a*c", "a\nc", True)],
)  # fmt: skip
def test_only_the_star_stands_for_anything(attribute: str, name: str, goes: bool) -> None:
    assert (not cleaned([{"attribute": attribute, "action": "drop"}], {name: "v"})) is goes


def test_a_status_message_is_held_to_rules_about_values() -> None:
    mail = {"value": "email", "action": "drop"}
    assert message_after([mail], "no customer ada@example.com") == ("", True)
    assert message_after([{"value": "email", "action": "hash"}], "ada@example.com") == (hashed("ada@example.com"), True)
    assert message_after([mail], "period closed") == ("period closed", False)
    assert message_after([mail | {"where": ["span", "event"]}], "ada@example.com") == ("ada@example.com", False)
    assert message_after([{"attribute": "customer.*", "action": "drop"}], "customer.1") == ("customer.1", False)
    assert message_after([{"pattern": "sk_live_", "where": "status", "action": "drop"}], "by sk_live_1") == ("", True)


def test_what_was_wrong_with_a_request_is_told_without_what_rules_are_about() -> None:
    hygiene = Hygiene(
        read({"rules": [{"attribute": "a", "action": "drop"}, {"value": "email", "action": "hash"}]}), SECRET
    )
    assert hygiene.shown("source must be a URI, but is 'ada@example.com'") == (
        "(left out: a rule says hash all attributes that hold a mail address)"
    )
    assert hygiene.shown("source must be a URI, but is 'a b'") == "source must be a URI, but is 'a b'"
