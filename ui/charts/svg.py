"""SVG and HTML elements as safe markup. Colours and type come from classes, since the pages allow no inline style."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

Value = str | float | int | None


def element(tag: str, *children: Markup | str, **attributes: Value) -> Markup:
    """``<tag ...>children</tag>``, everything escaped that isn't markup already.

    Attribute names: a trailing underscore is dropped (``class_``), the others become hyphens except in the names that
    SVG writes in camel case. None leaves an attribute out. Numbers are cut to two decimals.
    """
    inner = Markup("").join(escape(child) for child in children)
    return Markup("<{}{}>{}</{}>").format(tag, _attributes(attributes), inner, tag)


def group(children: Iterable[Markup], **attributes: Value) -> Markup:
    """A ``<g>`` around the children."""
    return element("g", *children, **attributes)


def text(content: str, x: Value, y: Value, **attributes: Value) -> Markup:
    """A ``<text>`` at a place."""
    return element("text", content, x=x, y=y, **attributes)


def line(x1: Value, y1: Value, x2: Value, y2: Value, **attributes: Value) -> Markup:
    """A ``<line>`` between two places."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def percent(share: float) -> str:
    """A coordinate that follows the width of the drawing: 0.125 -> "12.5%"."""
    return f"{plain(share * 100)}%"


def plain(value: float) -> str:
    """A number with at most two decimals and no trailing zeros."""
    text_ = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text_ in ("", "-0") else text_


def _attributes(attributes: dict[str, Value]) -> Markup:
    parts = [
        Markup(' {}="{}"').format(_name(name), value if isinstance(value, str) else plain(value))
        for name, value in attributes.items()
        if value is not None
    ]
    return Markup("").join(parts)


def _name(name: str) -> str:
    camel = {"view_box": "viewBox", "preserve_aspect_ratio": "preserveAspectRatio"}
    return camel.get(name) or name.rstrip("_").replace("_", "-")
