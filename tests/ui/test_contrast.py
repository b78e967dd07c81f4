"""Every text colour against every ground that it stands on, in light and dark."""

import re
from importlib import resources
from itertools import product

import pytest

INKS = ("ink", "soft", "link", "met", "pending", "overdue", "failed")
GROUNDS = ("paper", "raised", "sunk")
LEAST = 4.5


def schemes() -> dict[str, dict[str, str]]:
    """Colour by token, light and dark."""
    css = resources.files("ui").joinpath("static", "base.css").read_text()
    light, dark = re.findall(r":root \{(.*?)\n\s*\}", css, re.DOTALL)[:2]
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in (light, dark)]
    return dict(zip(("light", "dark"), found, strict=True))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), [*product(INKS, GROUNDS), ("ink", "mark"), ("soft", "mark")])
def test_text_can_be_read(scheme: str, ink: str, ground: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[ink], colours[ground]) >= LEAST


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_can_be_seen(scheme: str) -> None:
    colours = schemes()[scheme]
    assert contrast(colours["rule-strong"], colours["paper"]) >= 3.0
