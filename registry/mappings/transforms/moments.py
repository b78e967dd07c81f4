"""Moments: counts of seconds and times with an offset, to UTC and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Literal

from registry.mappings.base import Asking, At, RefusedError, Transform, takes, takes_unit
from registry.mappings.shapes import Shape

Unit = Literal["seconds", "milliseconds", "odata"]
_SAID: Mapping[Unit, str] = {
    "seconds": "seconds since 1970",
    "milliseconds": "milliseconds since 1970",
    "odata": "OData's /Date(...)/",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ODATA = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_FRACTION = re.compile(r"\.(\d+)")


class Epoch(Transform):
    """A count since 1970 to RFC 3339 in UTC; ``odata`` reads ``/Date(1774915200000)/``."""

    NAME: ClassVar[str] = "epoch"
    SHORT: ClassVar[str | None] = "unit"

    unit: Unit

    def apply(self, value: Any, at: At) -> Any:
        del at
        if self.unit == "odata":
            found = _ODATA.fullmatch(value) if isinstance(value, str) else None
            if found is None:
                raise RefusedError(f"{value!r} is no /Date(milliseconds)/")
            value = int(found[1])
        if isinstance(value, bool) or not isinstance(value, int):
            raise RefusedError(f"{value!r} is no whole number of {_SAID[self.unit]}")
        try:
            step = timedelta(seconds=value) if self.unit == "seconds" else timedelta(milliseconds=value)
            moment = _EPOCH + step
        except OverflowError:
            raise RefusedError(f"{value} {_SAID[self.unit]} is beyond the year 9999") from None
        return moment_text(moment, whole=self.unit == "seconds")

    def inverse(self) -> Transform:
        return ToEpoch(unit=self.unit)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "string" if self.unit == "odata" else "integer", asking=asking, name=self.NAME)
        if self.unit != "odata":
            takes_unit(shape, f"epoch-{self.unit}", asking=asking, name=self.NAME)
        return shape.made("string", format="date-time")

    def told(self) -> str:
        return f"{_SAID[self.unit]} to UTC"


class ToEpoch(Transform):
    """A moment to a count since 1970; refused where the count would not be whole."""

    NAME: ClassVar[str] = "to_epoch"
    SHORT: ClassVar[str | None] = "unit"

    unit: Unit

    def apply(self, value: Any, at: At) -> Any:
        del at
        passed = read_moment(value) - _EPOCH
        step = timedelta(seconds=1) if self.unit == "seconds" else timedelta(milliseconds=1)
        count, rest = divmod(passed, step)
        if rest:
            raise RefusedError(f"{value} is no whole number of {_SAID[self.unit]}")
        return f"/Date({count})/" if self.unit == "odata" else count

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes_moment(shape, asking, self.NAME)
        odata = self.unit == "odata"
        return shape.made("string" if odata else "integer", unit=None if odata else f"epoch-{self.unit}")

    def told(self) -> str:
        return f"to {_SAID[self.unit]}"


class Utc(Transform):
    """A moment with any offset to the same one in UTC; the way back leaves it in UTC."""

    NAME: ClassVar[str] = "utc"

    def apply(self, value: Any, at: At) -> Any:
        del at
        return moment_text(read_moment(value))

    def inverse(self) -> Transform:
        return Utc()

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes_moment(shape, asking, self.NAME)
        return shape.made("string", format="date-time")

    def told(self) -> str:
        return "to UTC"


def read_moment(value: Any) -> datetime:
    """The moment of RFC 3339 text; digits beyond microseconds must be zeros. Raises ``RefusedError``."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise RefusedError(f"{value!r} is no moment such as 2026-03-31T12:00:00Z")
    fraction = _FRACTION.search(value)
    if fraction and fraction[1][6:].strip("0"):
        raise RefusedError(f"{value} is finer than a microsecond")
    text = _FRACTION.sub(lambda found: f".{found[1][:6]}", value)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RefusedError(f"{value} is no moment: {error}") from None


def read_day(value: Any) -> date:
    """The day of RFC 3339 text. Raises ``RefusedError``."""
    try:
        if len(value) == len("2026-03-31"):
            return date.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    raise RefusedError(f"{value!r} is no day such as 2026-03-31")


def moment_text(moment: datetime, *, whole: bool = False) -> str:
    """RFC 3339 in UTC, as many digits behind the second as it has: none, three or six."""
    spec = (
        "seconds"
        if whole or not moment.microsecond
        else "microseconds"
        if moment.microsecond % 1000
        else "milliseconds"
    )
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=spec) + "Z"


def takes_moment(shape: Shape, asking: Asking, name: str) -> None:
    """Tell if values of a shape are surely, or perhaps, no moments."""
    if takes(shape, "string", asking=asking, name=name) and shape.types is not None and shape.format != "date-time":
        asking.tell("format-mismatch", f"{name} takes a date-time, but here is {shape.said}")
