from decimal import Decimal

from policies.slas.report import Band
from tests.ui.charts.markup import parse, said, with_class
from ui.charts import ageing
from ui.format import DAY, HOUR, NOTHING

BANDS = [
    Band(0, HOUR, 4, {"EUR": Decimal(100), "JPY": Decimal(9_000)}),
    Band(HOUR, DAY, 1, {"EUR": Decimal(-50)}),
    Band(DAY, None, 0, {}),
]


def test_bars_compare_within_their_column_only() -> None:
    tree = parse(ageing.draw(BANDS, "Number", "Overdue by age", "bars", lambda band: f"/rows?from={band.low}"))
    widths = [bar.get("width") for bar in with_class(tree, "bar")]
    assert widths == ["100%", "100%", "100%", "25%", "50%", "0%", "0%", "0%", "0%"]


def test_bands_are_named_and_lead_to_their_rows() -> None:
    tree = parse(ageing.draw(BANDS, "Number", "Overdue by age", "bars", lambda band: f"/rows?from={band.low}"))
    assert [head.text for head in tree.iter("th") if head.get("scope") == "row"] == [
        "up to 1 h",
        "1 h to 1 d",
        "over 1 d",
    ]
    assert [link.get("href") for link in tree.iter("a")] == ["/rows?from=0", f"/rows?from={HOUR}"]
    assert NOTHING in said(tree)
    assert "9,000" in said(tree)
