from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.compat.model import DocumentError
from registry.compat.source_map import read_document
from registry.compat.yaml_reader import TooLargeError, YamlReader
from tests.registry.compat.engine.reference_yaml import Reference

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**40), 2**40),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=6),
        st.sampled_from(
            ["~", "0x1F", "0o17", "010", "1e3", ".5", "5.", "-", "+1", "yes", "True", "2026-01-31", "<<", "="]
        ),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=12,
)
# Lines that make something of one another: anchors and aliases, merges, tags, several styles, and plain faults.
LINES = st.sampled_from(
    [
        *("a: 1", "- x", "b: &b [1, 2]", "c: *b", "m: &m {x: 1, y: {z: 2}}", "n: *m", "<<: *m", "<<: {q: 1, x: 5}"),
        *("o: {<<: *m, x: 3}", "p: {<<: [*m, {x: 9, w: 8}], k: 1}", '"<<": 3', "<<: 4", "<<: [1]", "<<: *b"),
        *(
            "d: !!str 5",
            'e: !!int "7"',
            "f: !!null ''",
            "g: !!float 3",
            "h: !!seq [1]",
            "i: !!map {a: 1}",
            "j: !!seq x",
        ),
        *("k: !foo bar", "l: ! 5", "? x", "? [a]", ": y", "q: |", "  text", "  - 1", "  k: v", "r: >-", "s: ~", "t:"),
        *(
            "- ",
            "-",
            "---",
            "...",
            "# c",
            "u: 'it''s'",
            'v: "a\\nb"',
            "w: [a: b, c]",
            "x: {a, b: 1}",
            "y: a: b",
            "z: é",
        ),
        *("&k key: v", "*k : w", "aa: *none", "ac: @x", "ad: [", 'ae: "', "1: 2", "~: 3", "true: x"),
        *("\tk: v", "%YAML 1.2", "af: =", "=: 5", "ag: 1_000", "ah: -.inf", "ai: 0x", "aj: 1e", "ak: !!bool yes"),
    ]
)


def read(text: str) -> Any:
    """The value; the text "no" where it can't be read."""
    try:
        found = YamlReader(400, 100_000).read(text)
    except (yaml.YAMLError, TooLargeError, ValueError):
        return "no"
    return found and found.value


def reference(text: str) -> Any:
    try:
        return yaml.load(text, Loader=Reference)  # noqa: S506 -- it makes plain values only
    except (yaml.YAMLError, ValueError, RecursionError):
        return "no"


@given(VALUES, st.sampled_from([None, '"', "'", "|", ">"]), st.sampled_from([None, True, False]))
def test_what_pyyaml_writes_is_read_as_it_reads_it(value: Any, style: str, flow: bool) -> None:
    text = yaml.dump(value, Dumper=yaml.CSafeDumper, default_style=style, default_flow_style=flow, allow_unicode=True)
    assert repr(read(text)) == repr(reference(text))


@settings(max_examples=1500, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["", "", "", "  "]), LINES), min_size=1, max_size=6))
def test_anchors_merges_and_tags_are_read_as_pyyaml_reads_them(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(indent + line for indent, line in lines)
    expected = reference(text)
    if expected == "no" and _repeats_an_anchor(text):
        return  # YAML 1.2 lets the later one count
    assert repr(read(text)) == repr(expected)


def _repeats_an_anchor(text: str) -> bool:
    try:
        yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        return "second occurrence" in str(error)
    return False


def test_a_later_anchor_of_the_same_name_counts() -> None:
    assert read("a: &x 1\nb: &x 2\nc: *x") == {"a": 1, "b": 2, "c": 2}


def test_members_that_were_merged_have_the_line_where_they_stand() -> None:
    document = read_document("base: &base\n  a: 1\n  b: 2\nuser:\n  <<: *base\n  b: 3\nlist:\n  - *base\n", "old")
    assert document.value["user"] == {"a": 1, "b": 3}
    pointers = ("/user/a", "/user/b", "/list/0", "/list/0/b", "/list/1", "/list/x", "/base/a/deeper")
    assert [document.line(pointer) for pointer in pointers] == [2, 6, 8, 3, 7, 7, 2]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [*a]",
        "a: &a {b: {<<: *a}}",
        "\n".join(["a0: &a0 {x: 1}"] + [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60)]),
        "a: &a " + "[" * 300 + "]" * 300 + "\nb: " + "[" * 200 + "*a" + "]" * 200,
    ],
    ids=["itself", "itself merged", "merges", "levels"],
)
def test_what_aliases_would_unfold_without_end_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="nests or repeats itself by aliases without end") as caught:
        read_document(text, "old")
    assert caught.value.line is not None


def test_400_levels_are_read_and_no_more_whatever_the_style() -> None:
    for text in ("- " * 400 + "x", "[" * 400 + "]" * 400, "{a: " * 400 + "x" + "}" * 400):
        assert read_document(text, "old").value
    with pytest.raises(DocumentError, match="nested more than 400 levels deep"):
        read_document("{a: " * 401 + "x" + "}" * 401, "old")
