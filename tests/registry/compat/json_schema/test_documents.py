from __future__ import annotations

from typing import Any

import pytest

from registry.compat.json_schema import compare
from registry.compat.model import DocumentError, Options
from tests.registry.compat.json_schema.helpers import DAY, changes

OPTIONS = Options(as_of=DAY)

OLD = """{
  "type": "object",
  "properties": {
    "name": {
      "type": "string",
      "maxLength": 20
    }
  },
  "additionalProperties": false
}"""
NEW = """type: object
properties:
  name:
    type: string
    maxLength: 10
  "a/b~c":
    type: number
additionalProperties: false
"""


def test_a_change_says_where_it_stands_in_both_documents() -> None:
    shorter, added = compare(OLD, NEW, OPTIONS)
    assert (shorter.old_path, shorter.old_line) == ("/properties/name/maxLength", 6)
    assert (shorter.new_path, shorter.new_line) == ("/properties/name/maxLength", 5)
    assert (shorter.old, shorter.new, shorter.path) == (20, 10, "/properties/name/maxLength")
    assert (added.path, added.new_line, added.old_path, added.old_line) == ("/properties/a~1b~0c", 6, "", 1)


def test_a_removed_thing_shows_in_the_old_document() -> None:
    (removed,) = compare(NEW.replace("10", "20"), OLD, OPTIONS)
    assert (removed.path, removed.old_line, removed.new_path) == ("/properties/a~1b~0c", 6, "")


def test_the_message_names_place_values_and_victim() -> None:
    shorter = compare(OLD, NEW, OPTIONS)[0]
    assert shorter.message.startswith("/properties/name/maxLength: The new schema asks for at most 10 characters")
    assert "the old schema for 20" in shorter.message
    assert "will be refused" in shorter.message
    assert shorter.hint


@pytest.mark.parametrize("model", ["strict", "lenient"])
def test_a_verdict_that_hangs_on_the_content_model_says_which(model: Any) -> None:
    (change,) = changes({"type": "object"}, {"type": "object", "properties": {"a": {"type": "string"}}}, model)
    assert change.message.endswith(f"(Judged by the {model} content model.)")
    assert "open content model" in change.message


def test_one_definition_used_twice_is_reported_once() -> None:
    def schema(kind: str) -> dict[str, Any]:
        reference = {"$ref": "#/$defs/money"}
        return {"properties": {"net": reference, "gross": reference}, "$defs": {"money": {"type": kind}}}

    (change,) = changes(schema("string"), schema("number"))
    assert change.path == "/$defs/money/type"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "the new document is empty"),
        ('{"type": "object",}', 1, "the new document is not valid JSON"),
        ("a: [1\nb: 2", 2, "the new document is not valid YAML"),
        ("[1]", 1, "the new schema is not valid at its root: a schema must be an object, true or false"),
        ('{"type": "strin"}', 1, '"type" must be one of null, boolean'),
        ('{\n"properties": []\n}', 2, '"properties" must be an object whose values are schemas'),
        ('{\n"required": true\n}', 2, '"required" must be a list of property names'),
        ('{"multipleOf": 0}', 1, '"multipleOf" must be a number above zero'),
        ('{"maxLength": -1}', 1, '"maxLength" must be a whole number, zero or more'),
        ('{"items": 3}', 1, '"items" must be a schema or a list of schemas'),
        ('{"$ref": "#/$defs/none"}', 1, 'the reference "#/$defs/none" leads nowhere'),
        ('{"$ref": "#"}', 1, "this schema leads back to itself"),
        ('{"anyOf": [{"type": "string"}, {"$ref": "#"}]}', 1, "this schema leads back to itself"),
        ("x: &a [*a]", 1, "by aliases without end"),
        ("a: " + "[" * 100_000, None, "nested more than 400 levels deep"),
        ("[" * 100_000, 1, "the new document is not valid JSON"),
        ('"\ud800"', None, "the new document is not valid"),
    ],
)
def test_an_unreadable_document_is_named_with_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        compare("{}", text, OPTIONS)
    assert words in caught.value.message
    if line is not None:
        assert caught.value.line == line
    assert caught.value.path.startswith("new")


def test_a_reference_may_lead_out_of_the_schemas_proper() -> None:
    found = changes(
        {"$ref": "#/x/y", "x": {"y": {"type": "string"}}}, {"$ref": "#/x/y", "x": {"y": {"type": "number"}}}
    )
    assert [change.path for change in found] == ["/x/y/type"]


def test_fingerprints_tell_apart_what_was_taken_from_a_choice() -> None:
    old = {"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]}
    without = [{"oneOf": [one for one in old["oneOf"] if one["type"] != name]} for name in ("string", "number")]
    first, second = (changes(old, new)[0] for new in without)
    assert (first.rule, first.path) == (second.rule, second.path)
    assert first.fingerprint != second.fingerprint


def test_a_fingerprint_stays_when_something_else_becomes_required_too() -> None:
    def schema(*required: str) -> dict[str, Any]:
        return {"properties": {"a": {}, "b": {}}, "required": list(required)}

    (alone,) = changes(schema(), schema("a"))
    assert alone.fingerprint in {change.fingerprint for change in changes(schema(), schema("a", "b"))}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({}, {"type": "string"}, "The new schema takes string where the old schema takes any type"),
        ({"type": "string"}, False, "The new schema takes nothing where the old schema takes string"),
        (False, {"type": "string"}, "The new schema takes string, the old schema nothing"),
    ],
)
def test_types_are_told_in_words(old: Any, new: Any, words: str) -> None:
    assert words in changes(old, new)[0].message


def test_names_with_braces_are_told_as_they_are() -> None:
    closed = {"type": "object", "additionalProperties": False}
    (change,) = changes({**closed, "properties": {"{old}": {"type": "string"}}}, closed)
    assert 'refuses "{old}", which the old schema lists' in change.message
