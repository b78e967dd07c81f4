"""A schema compared with itself: nothing changed, and what is wrong with it is told as ever."""

from datetime import date

import pytest

from registry.compat.engine import rules
from registry.compat.json_schema import checker, compare
from registry.compat.json_schema.context import Workspace
from registry.compat.json_schema.index import Index
from registry.compat.model import DocumentError, Format, Options
from registry.compat.source_map import read_document, read_once

OPTIONS = Options(as_of=date(2026, 11, 24), witnesses=False)
TEXTS = sorted({text for rule in rules(Format.JSON_SCHEMA).values() for text in (rule.before, rule.after) if text})


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_spared_would_bring_up_nothing(text: str) -> None:
    document = read_document(text, "new")
    walked = checker.Comparison(Index(document, "old"), Index(document, "new"), Workspace(), OPTIONS.content_model)
    assert walked.changes("", "", witnesses=False) == compare(text, text, OPTIONS) == []


def test_there_are_plain_ones_and_others_among_them() -> None:
    plain = [checker._like_itself(read_document(text, "new")) for text in TEXTS]
    assert {True, False} == set(plain)


@pytest.mark.parametrize(
    "text", ['{"type": "nothing"}', '{"$ref": "#/$defs/gone"}', '{"properties": {"a": {"$ref": "#/properties/a"}}}']
)
def test_what_is_wrong_is_told_of_the_old_one_first(text: str) -> None:
    with pytest.raises(DocumentError, match="the old schema is not valid"):
        compare(text, text, OPTIONS)


def test_within_one_reading_a_text_is_parsed_once() -> None:
    text = '{"type": "object"}'
    apart = read_document(text, "old")
    with read_once([(text, apart)]):
        assert read_document(text, "new") is apart
        other = read_document('{"type": "string"}', "new")
        with read_once():
            assert read_document('{"type": "string"}', "old") is other
            inner = read_document('{"type": "null"}', "old")
        assert read_document('{"type": "null"}', "new") is inner
    assert read_document(text, "new") is not apart


def test_what_can_not_be_read_names_the_document_each_time() -> None:
    with read_once():
        for which in ("old", "new"):
            with pytest.raises(DocumentError, match=f"the {which} document"):
                read_document("{", which)
