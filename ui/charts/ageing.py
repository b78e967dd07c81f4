"""Ageing: what is overdue, in bands of how long, by count and by amount per currency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from markupsafe import Markup

from policies.slas.report import Band
from ui import format as fmt
from ui.charts import svg


def draw(bands: Sequence[Band], noun: str, title: str, subtitle: str, link: Callable[[Band], str]) -> Markup:
    """A table whose bars compare within a column only: counts with counts, a currency with itself.

    Args:
        bands: by age, the empty ones too.
        noun: what is counted, as a column's head.
        title: what the table shows.
        subtitle: how to read it.
        link: a band -> the address of its rows.
    """
    currencies = sorted({currency for band in bands for currency in band.amounts})
    heads = [("Past due", ""), (noun, "num"), *((code, "num") for code in currencies)]
    head = svg.element("tr", *(svg.element("th", name, scope="col", class_=class_ or None) for name, class_ in heads))
    most = max((band.count for band in bands), default=0)
    largest = {code: max(abs(band.amounts.get(code, Decimal(0))) for band in bands) for code in currencies}
    rows = [
        svg.element(
            "tr",
            svg.element("th", name_of(band), scope="row"),
            _count(band, most, noun, link),
            *(_amount(band, code, largest[code]) for code in currencies),
        )
        for band in bands
    ]
    return svg.element(
        "table",
        svg.element("caption", svg.element("b", title), " ", svg.element("span", subtitle, class_="muted")),
        svg.element("thead", head),
        svg.element("tbody", *rows),
        class_="ageing",
    )


def name_of(band: Band) -> str:
    """A band in words: "up to 1 h", "1 h to 4 h", "over 30 d"."""
    if band.high is None:
        return f"over {fmt.duration(band.low)}"
    return f"{fmt.duration(band.low)} to {fmt.duration(band.high)}" if band.low else f"up to {fmt.duration(band.high)}"


def _count(band: Band, most: int, noun: str, link: Callable[[Band], str]) -> Markup:
    if not band.count:
        return _cell(Markup("<span>{}</span>").format(fmt.NOTHING), 0, noun)
    return _cell(svg.element("a", fmt.count(band.count), href=link(band)), band.count / most, noun)


def _amount(band: Band, currency: str, largest: Decimal) -> Markup:
    value = band.amounts.get(currency)
    share = float(abs(value) / largest) if value is not None and largest else 0.0
    return _cell(svg.element("span", fmt.NOTHING if value is None else fmt.number(value, currency)), share, currency)


def _cell(content: Markup, share: float, label: str) -> Markup:
    bar = svg.element("rect", x=svg.percent(1 - share), y=0, width=svg.percent(share), height=4, class_="bar overdue")
    drawing = svg.element("svg", bar, width="100%", height=4, aria_hidden="true")
    return svg.element("td", content, drawing, class_="num", data_label=label)
