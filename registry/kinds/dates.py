"""Dates in manifests."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(value: object) -> object:
    """A day of the calendar, written 2026-04-22. Raises ``ValueError``; a number is no date here."""
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, str) and _SHAPE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value} is no day of the calendar") from None
    raise ValueError("must be a date, such as 2026-04-22")


Day = Annotated[date, BeforeValidator(parse_day)]
