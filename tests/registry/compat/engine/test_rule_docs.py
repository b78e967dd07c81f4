from __future__ import annotations

from pathlib import Path

import pytest

from registry.compat.engine import rules
from registry.compat.model import Format
from registry.compat.rule_docs import page

DOCS = Path(__file__).parents[4] / "docs" / "rules"


@pytest.mark.parametrize("of", list(Format))
def test_the_page_in_docs_is_what_the_code_says(of: Format) -> None:
    written = (DOCS / f"{of.value}.md").read_text(encoding="utf-8")
    assert written == page(of), "run: controlplane rules --write docs/rules"


def test_there_is_no_page_of_anything_else() -> None:
    assert {path.stem for path in DOCS.glob("*.md")} == {of.value for of in Format}


@pytest.mark.parametrize("of", [one for one in Format if one is not Format.ASYNCAPI])
def test_every_rule_is_on_its_page(of: Format) -> None:
    text = page(of)
    assert all(f"\n### `{rule}`\n" in text for rule in rules(of))
