from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry.compat.json_lines import escape, json_lines
from registry.compat.model import DocumentError
from registry.compat.source_map import read_document, unescape

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=12,
)


def pointers(value: Any, pointer: str = "") -> list[str]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [pointer, *(one for key, part in parts for one in pointers(part, f"{pointer}/{escape(str(key))}"))]


@given(VALUES)
def test_every_json_pointer_has_the_line_of_its_key_or_element(value: Any) -> None:
    text = json.dumps(value, indent=1)
    document = read_document(text, "old")
    lines = text.split("\n")
    assert document.value == value
    for pointer in pointers(value)[1:]:
        key = unescape(pointer.rpartition("/")[2])
        line = document.line(pointer)
        assert line is not None
        parent_is_list = f"{pointer.rpartition('/')[0]}" in list_pointers(value)
        assert parent_is_list or lines[line - 1].strip().startswith(json.dumps(key))


def list_pointers(value: Any, pointer: str = "") -> set[str]:
    if isinstance(value, list):
        inner = [list_pointers(part, f"{pointer}/{position}") for position, part in enumerate(value)]
        return {pointer}.union(*inner)
    if isinstance(value, dict):
        return set().union(*(list_pointers(part, f"{pointer}/{escape(key)}") for key, part in value.items()))
    return set()


@given(VALUES)
def test_elements_of_a_list_that_is_spread_out_stand_on_lines_of_their_own(value: Any) -> None:
    text = json.dumps([value, value, 1], indent=1)
    document = read_document(text, "old")
    first, second, third = (document.line(f"/{position}") for position in range(3))
    assert first == 2
    height = json.dumps(value, indent=1).count("\n") + 1
    assert (second, third) == (2 + height, 2 + 2 * height)


@given(VALUES.filter(lambda value: value not in ("", None)))
def test_yaml_and_json_give_the_same_value_and_lines_for_all_pointers(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=False)
    document = read_document(text, "old")
    assert document.value == json.loads(json.dumps(value))
    assert all(document.line(pointer) for pointer in pointers(value))


def test_yaml_is_read_as_json_would_be() -> None:
    text = "200: yes\non: 2026-01-31\ntime: 12:30\ntrue: True\n~: 0x10\n"
    value = read_document(text, "old").value
    assert value == {"200": "yes", "on": "2026-01-31", "time": "12:30", "true": True, "~": 16}


def test_numbers_past_64_bits_are_floats_in_yaml_as_in_json() -> None:
    for text in ("a: 123456789012345678901234567890", '{"a": 123456789012345678901234567890}'):
        assert read_document(text, "old").value == {"a": 1.2345678901234568e29}


def test_yaml_lines() -> None:
    document = read_document("a:\n  - 1\n  - b/c: 2\nd: {e: 3}\n", "new")
    found = {pointer: document.line(pointer) for pointer in ("", "/a", "/a/1", "/a/1/b~1c", "/d/e", "/d/none", "/x")}
    assert found == {"": 1, "/a": 1, "/a/1": 3, "/a/1/b~1c": 3, "/d/e": 4, "/d/none": 4, "/x": 1}


def test_merge_keys_are_followed() -> None:
    assert read_document("a: &a {x: 1}\nb: {<<: *a, y: 2}", "old").value["b"] == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "is empty"),
        ("# only a comment", None, "is empty"),
        ('{"a": 1,}', 1, "is not valid JSON"),
        ('{\n "a": tru\n}', 2, "is not valid JSON"),
        ("a: b\n c: d", 2, "is not valid YAML"),
        ("a: 1\n---\nb: 2", 2, "is not valid YAML"),
        ("? [a]\n: b", 1, "a key must be plain text"),
        ("a: !!python/object:os.system x", 1, "is not valid YAML"),
        ("a: *nothing", 1, "is not valid YAML"),
        ("a: !!binary aGk=", 1, "is not valid YAML"),
        ("a: !!timestamp 2026-01-31", 1, "is not valid YAML"),
        ("a: 1e400", None, "the number 1e400 is too large"),
        ('{"a": 1e400}', 1, "is not valid JSON"),
        ("[1, 2", 1, "is not valid JSON"),
        ("{a: [1, 2}", 1, "is not valid YAML"),
        ("a\x00b: 1", None, "is not valid YAML"),
    ],
)
def test_what_can_not_be_read_is_named_with_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(text, "old")
    assert caught.value.message.startswith("the old document")
    assert words in caught.value.message
    assert (caught.value.line, caught.value.path) == (line, "old")


def test_bombs_are_refused_before_they_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    with pytest.raises(DocumentError, match="without end"):
        read_document("\n".join(lines), "old")
    with pytest.raises(DocumentError, match="nested more than 400 levels deep"):
        read_document("- " * 5000 + "x", "old")
    with pytest.raises(DocumentError, match="not valid JSON: depth limit exceeded"):
        read_document('{"a":' * 5000, "old")
    monkeypatch.setattr("registry.compat.source_map.MAX_CHARACTERS", 10)
    with pytest.raises(DocumentError, match="has 12 characters; at most 10 are compared"):
        read_document('{"a": "bcd"}', "old")


@pytest.mark.parametrize(
    "text",
    ['{\n // a comment\n "a": 1}', "{'a': 1,,\n}", "{,\n}", "{“a”: 1,\n", '  {"a": 1} x', '{"a": 01}', "[1,\n2"],
)
def test_what_was_meant_as_json_is_told_what_is_wrong_with_it_as_json(text: str) -> None:
    with pytest.raises(
        DocumentError, match=r"line \d: the new document is not valid JSON: .* \(column \d+\)"
    ) as caught:
        read_document(text, "new")
    assert caught.value.line
    assert caught.value.column


def test_a_mark_of_the_encoding_is_no_part_of_the_text() -> None:
    assert read_document('\ufeff{"a": 1.50}', "old").value == {"a": 1.5}
    assert read_document("\ufeffa: 1", "old").value == {"a": 1}


BLANKS = st.text(" \t\n\r", max_size=3)


@given(VALUES, st.data())
def test_however_json_is_spread_out_each_pointer_has_its_line(value: Any, data: st.DataObject) -> None:
    """Against a writer that notes the lines as it goes."""
    lines: dict[str, int] = {"": 1}
    text = ""

    def blank() -> None:
        nonlocal text
        text += data.draw(BLANKS)

    def write(part: Any, pointer: str) -> None:
        nonlocal text
        if not isinstance(part, dict | list):
            text += json.dumps(part, ensure_ascii=False)
            return
        text += "{" if isinstance(part, dict) else "["
        for number, (key, inner) in enumerate(part.items() if isinstance(part, dict) else enumerate(part)):
            text += "," if number else ""
            blank()
            here = f"{pointer}/{escape(str(key))}"
            lines[here] = text.count("\n") + 1
            if isinstance(part, dict):
                text += json.dumps(key)
                blank()
                text += ":"
                blank()
            write(inner, here)
            blank()
        text += "}" if isinstance(part, dict) else "]"

    blank()
    write(value, "")
    blank()
    document = read_document(text, "old")
    assert document.value == value
    assert {pointer: document.line(pointer) for pointer in lines} == lines
    assert json_lines(text) == lines
    assert all(document.line(f"{pointer}/none/at/all") == line for pointer, line in lines.items())


def test_lines_are_found_beside_parts_nested_too_deep_to_skip() -> None:
    text = '{"a": 1,\n"b": ' + "[" * 900 + "]" * 900 + ',\n"c": 2}'
    document = read_document(text, "old")
    assert [document.line(pointer) for pointer in ("/a", "/b")] == [1, 2]
