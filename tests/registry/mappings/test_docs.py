"""What the guide says is what there is."""

import re
from pathlib import Path

from registry.canon.findings import RULES as CATALOGUE
from registry.mappings.find import transforms
from registry.mappings.rules import RULES
from tests.registry.mappings.shelf import EXAMPLES

TEXT = (EXAMPLES.parent / "docs" / "mappings.md").read_text()


def test_every_finding_is_explained_with_its_level() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| ((?:error|warning|note) \| .+?) \|$", TEXT, re.MULTILINE))
    assert rows == {name: f"{rule.level} | {rule.means}" for name, rule in (RULES | CATALOGUE).items()}


def test_every_transform_has_a_row_with_an_example() -> None:
    table = TEXT.split("## Transforms")[1].split("## The way back")[0]
    rows = re.findall(r"^\| `?([a-z_]+)`? \| `(.+?)` ?.*\|", table, re.MULTILINE)
    assert {name for name, _ in rows} == {*transforms(), "none"}
    assert all(name in example for name, example in rows if name != "none")


def test_the_guide_is_linked() -> None:
    assert "docs/mappings.md" in (Path(EXAMPLES.parent) / "README.md").read_text()
