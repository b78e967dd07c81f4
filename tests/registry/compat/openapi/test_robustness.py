"""Whatever stands in a document, the answer is findings or a DocumentError."""

import contextlib
import copy
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.openapi_generator import generate
from registry.compat.model import DocumentError, Options
from registry.compat.openapi import compare
from tests.registry.compat.mutations import SIGNS
from tests.registry.compat.openapi.cases.every import EVERY_CASE
from tests.registry.compat.openapi.pairs import AS_OF, LEVELS

_JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 2**70)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "x", "null"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "$ref", "allOf", "properties", "enum", "x-sunset", "content", "200", "required"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
_DOCUMENTS = st.sampled_from([case.new for case in EVERY_CASE] + [generate(2)])


def _spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(spot for key, inner in items for spot in _spots(inner, (*path, key)))]


def _damaged(document: Any, spot: tuple[Any, ...], junk: Any) -> Any:
    whole = copy.deepcopy(document)
    if not spot:
        return junk
    inner = whole
    for key in spot[:-1]:
        inner = inner[key]
    inner[spot[-1]] = junk
    return whole


def _text(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return repr(value).replace("None", "null").replace("True", "true").replace("False", "false").replace("'", '"')


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_junk_in_any_place_is_no_crash(data: st.DataObject) -> None:
    document = data.draw(_DOCUMENTS)
    damaged = _damaged(document, data.draw(st.sampled_from(_spots(document))), data.draw(_JUNK))
    for old, new in ((document, damaged), (damaged, document), (damaged, damaged)):
        with contextlib.suppress(DocumentError):
            changes = compare(_text(old), _text(new), Options(as_of=AS_OF))
            assert all(LEVELS[change.rule] == change.level for change in changes)
            assert all(change.message and change.fingerprint for change in changes)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(EVERY_CASE))
def test_nothing_found_means_nothing_found_on_the_way_back_for_the_same_document(case: Any) -> None:
    text = _text(case.old)
    assert compare(text, text, Options(as_of=AS_OF, **case.config)) == []


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_slips_in_the_text_are_no_crash(data: st.DataObject) -> None:
    text = _text(data.draw(st.sampled_from(EVERY_CASE)).new)
    start = data.draw(st.integers(0, len(text)))
    middle = data.draw(st.text(SIGNS, max_size=4))
    slipped = text[:start] + middle + text[start + data.draw(st.integers(0, 8)) :]
    for old, new in ((text, slipped), (slipped, text)):
        with contextlib.suppress(DocumentError):
            assert all(change.fingerprint for change in compare(old, new, Options(as_of=AS_OF)))
