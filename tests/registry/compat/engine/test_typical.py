"""The documents that speed is measured by are what they are said to be."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.document_model import model, next_version
from benchmarks.document_writers import WRITERS
from registry.compat.engine import check
from registry.compat.model import Format, Options

OPTIONS = Options(as_of=date(2026, 6, 1))


@pytest.mark.parametrize("name", WRITERS)
def test_a_typical_document_is_of_its_size_and_changes_in_some_twenty_places(name: str) -> None:
    write, objects = WRITERS[name]
    first = model(objects)
    old, new = write(first), write(next_version(first))
    of = Format(name.replace("_", "-"))
    changes = check(of, old, new, options=OPTIONS).changes
    assert 95_000 <= len(old) <= 105_000
    assert 15 <= len(changes) <= 45
    assert check(of, old, old, options=OPTIONS).changes == ()
