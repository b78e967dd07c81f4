"""Reading drawings back."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markupsafe import Markup


def parse(markup: Markup) -> ET.Element:
    """The drawing as a tree; it fails on anything that isn't well formed."""
    return ET.fromstring(f"<div>{markup}</div>")  # noqa: S314 - our own markup


def with_class(tree: ET.Element, name: str) -> list[ET.Element]:
    """All elements that carry a class."""
    return [one for one in tree.iter() if name in one.get("class", "").split()]


def said(tree: ET.Element) -> str:
    """All text."""
    return " ".join("".join(tree.itertext()).split())
