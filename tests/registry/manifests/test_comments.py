"""Comments go with the place that they were written about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.export import annotated, to_yaml
from registry.manifests.comments import Comments, Note
from registry.manifests.reader import SourceText, read_documents
from registry.manifests.tree import Document

TEXT = """\
# head
# more
apiVersion: controlplane/v1  # v
kind: X
metadata: {name: a, title: "it's # no", owner: b} # meta
spec:
  # above the list
  list:
    # above the item
    - name: one # beside
      text: |
        # not a comment
        but text
    # before the second
    - two#not
    - 'x # y'   # z
  # end of the list
  b: >-
    folded # no
    more
# tail
--- # separator
# second
kind: Y
# only
"""


def read(text: str) -> list[Document]:
    documents, problems = read_documents([SourceText("", text.encode())])
    assert problems == []
    return documents


def test_comments_are_found_at_their_places_and_values_are_no_comments() -> None:
    first, second = read(TEXT)
    assert first.comments == Comments(
        {
            ("apiVersion",): Note(("# head", "# more"), "# v"),
            ("metadata",): Note((), "# meta"),
            ("spec", "list"): Note(("# above the list",)),
            ("spec", "list", 0): Note(("# above the item",), "# beside"),
            ("spec", "list", 1): Note(("# before the second",)),
            ("spec", "list", 2): Note((), "# z"),
            ("spec", "b"): Note(("# end of the list",)),
        },
        ("# tail",),
    )
    assert second.comments == Comments({("kind",): Note(("# separator", "# second"))}, ("# only",))


def test_a_text_without_a_number_sign_and_json_have_none() -> None:
    assert read("kind: X\n")[0].comments == Comments()
    assert read('{"kind": "# X"}')[0].comments is None


def test_they_are_put_back_where_they_belong() -> None:
    first, _ = read(TEXT)
    assert first.comments is not None
    text = annotated(first.value, first.comments)
    assert text is not None
    assert text.startswith("# head\n# more\napiVersion: controlplane/v1  # v\nkind: X\nmetadata:  # meta\n  name: a\n")
    assert "    # above the item\n    - name: one  # beside\n" in text
    assert text.endswith("# tail\n")
    (again,) = read(text)
    assert again.value == first.value
    assert annotated(again.value, again.comments or Comments()) == text


def test_what_stood_at_a_place_that_is_gone_moves_to_the_nearest_around_it() -> None:
    comments = Comments({("spec", "gone", 2): Note(("# above",), "# beside"), ("nowhere",): Note((), "# lost")})
    assert annotated({"kind": "X", "spec": {"b": 1}}, comments) == (
        "# lost\nkind: X\n# above\n# beside\nspec:\n  b: 1\n"
    )
    assert annotated({"kind": "X"}, Comments()) is None


KEYS = st.sampled_from(["a", "b", "c", "name", "- x", "#y", "z: q"])
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.sampled_from(
            ["", "x", "a # b", "#", "- a", "two\nlines", "# text\n  more # it\n", " lead\n\n", "é\u2028x", "'", '"#']
        ),
        st.text(max_size=8),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=10,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)
WORDS = st.sampled_from(["# one", "#two", "# three: [4", "# 'five", "# six # seven"])


@st.composite
def commented(draw: st.DrawFn) -> tuple[dict[str, Any], Comments]:
    document = draw(DOCUMENTS)
    found, problems = read_documents([SourceText("", to_yaml([document]).encode())])
    if problems or len(found) != 1:
        return {"a": 1}, Comments()
    places = [place for place in found[0].lines if place]
    notes = st.builds(Note, st.lists(WORDS, max_size=2).map(tuple), st.one_of(st.just(""), WORDS))
    wanted = draw(st.dictionaries(st.sampled_from(places), notes, max_size=4))
    return found[0].value, Comments(
        {at: note for at, note in wanted.items() if note != Note()}, draw(st.sampled_from([(), ("# end",)]))
    )


@given(commented())
def test_any_document_keeps_its_value_and_every_comment(made: tuple[dict[str, Any], Comments]) -> None:
    document, comments = made
    text = annotated(document, comments)
    if not comments:
        assert text is None
        return
    assert text is not None
    (again,) = read(text)
    assert again.value == document
    assert again.comments is not None
    assert sorted(words(again.comments)) == sorted(words(comments))
    assert annotated(document, again.comments) == text


def words(comments: Comments) -> list[str]:
    found = [word for note in comments.notes.values() for word in (*note.above, note.beside) if word]
    return found + list(comments.below)


@pytest.mark.parametrize("text", ["a: 1 # x\r\nb: 2\r\n", "# x\ra: 1\rb: 2", "a: 1 # x\u2028b: 2\n"])
def test_every_end_of_a_line_is_one(text: str) -> None:
    (found,) = read(text)
    assert found.value == {"a": 1, "b": 2}
    assert words(found.comments or Comments()) == ["# x"]
