"""docs/otlp.md names a test for each demand, and every test of this folder stands in it."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
DOCS = HERE.parents[2] / "docs" / "otlp.md"


def test_the_table_and_the_tests_name_each_other() -> None:
    named = re.findall(r"`(test_\w+)`", DOCS.read_text(encoding="utf-8"))
    files = [file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py") if file.name != Path(__file__).name]
    written = {name for text in files for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}
    assert set(named) == written


def test_every_demand_has_a_test() -> None:
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    demands = [row for row in rows if not row.startswith(("| ---", "| demand", "| misdeed"))]
    assert len(demands) > 25
    assert [row for row in demands if "`test_" not in row] == []
