"""A slip in a text ends in a sentence, never in a traceback."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings

from registry.compat.avro import RULES, compare
from registry.compat.model import DocumentError, Options
from tests.registry.compat.mutations import slips

TEXTS = slips(list(RULES.values()))


def refused(old: str, new: str) -> DocumentError | None:
    try:
        compare(old, new, Options(as_of=date(2026, 1, 1)))
    except DocumentError as error:
        return error
    return None


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_is_compared_or_refused(old: str, new: str) -> None:
    error = refused(old, new)
    assert error is None or (error.message and error.path in {"old", "new"})
