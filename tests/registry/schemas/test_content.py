import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry.compat.model import Format
from registry.database import Database
from registry.kinds.schema import Referred
from registry.schemas import versions
from registry.schemas.content import content_hash
from tests.registry.schemas.test_versions import ONE, run, schema

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=15,
)


@given(VALUES, st.randoms(use_true_random=False))
def test_order_and_white_space_make_no_other_content(value: object, random: object) -> None:
    def shuffled(part: object) -> object:
        if isinstance(part, dict):
            keys = list(part)
            random.shuffle(keys)  # type: ignore[attr-defined]
            return {key: shuffled(part[key]) for key in keys}
        return [shuffled(item) for item in part] if isinstance(part, list) else part

    plain = content_hash(Format.JSON_SCHEMA, json.dumps(value))
    assert content_hash(Format.JSON_SCHEMA, json.dumps(shuffled(value), indent=3, ensure_ascii=False)) == plain


@pytest.mark.parametrize("form", [Format.JSON_SCHEMA, Format.OPENAPI, Format.ASYNCAPI, Format.AVRO])
def test_yaml_and_json_say_the_same(form: Format) -> None:
    value = {"type": "object", "properties": {"a": {"type": ["string", "null"]}, "b": {"maximum": 1.5}}}
    assert content_hash(form, json.dumps(value)) == content_hash(form, yaml.safe_dump(value) + "# a comment\n")


def test_comments_count_where_they_speak_to_readers() -> None:
    text = "type Query {\n  a: Int\n}\n"
    assert content_hash(Format.GRAPHQL, text) == content_hash(Format.GRAPHQL, "\n" + text.replace("\n", "  \r\n"))
    assert content_hash(Format.GRAPHQL, text) != content_hash(Format.GRAPHQL, f"# a comment\n{text}")


def test_format_and_references_belong_to_it() -> None:
    reference = Referred(name="a", subject="b", version=1)
    hashes = {
        content_hash(Format.JSON_SCHEMA, '"string"'),
        content_hash(Format.AVRO, '"string"'),
        content_hash(Format.AVRO, '"string"', [reference]),
        content_hash(Format.AVRO, '"string"', [reference.model_copy(update={"version": 2})]),
    }
    assert len(hashes) == 4


def test_another_layout_is_applied_and_stays_the_version_that_it_was(database: Database) -> None:
    run(database, schema(ONE))
    again = json.dumps(json.loads(ONE), indent=7, sort_keys=True)
    assert run(database, schema(again)).kinds == {"Schema"}
    with database.reading() as session:
        (only,) = versions.page(session, "erp-invoice")
        assert only.text == ONE


def test_equal_contents_have_one_number_wherever_they_are(database: Database) -> None:
    for name in ("here", "there"):
        run(database, schema(ONE, name=name))
    with database.reading() as session:
        numbers = {
            versions.content_id(session, row.hash) for name in ("here", "there") for row in versions.page(session, name)
        }
    assert numbers == {1}
