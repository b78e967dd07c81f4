"""Times: counts of seconds, local times and offsets to UTC, and days in a zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

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
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?")
_FRACTION = re.compile(r"\.(\d+)")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name[:40]!r} is no time zone, such as Europe/Berlin") from None
    return name


Zone = Annotated[str, Field(max_length=60), AfterValidator(_zone)]


def _format(text: str) -> str:
    day = date(2031, 12, 28)
    try:
        again = datetime.strptime(day.strftime(text), text).date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        again = None
    if again != day:
        raise ValueError(f"{text[:40]!r} does not say a whole day; write it like %m/%d/%Y")
    return text


DayFormat = Annotated[str, Field(max_length=40), AfterValidator(_format)]


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
        _takes_moment(shape, asking, self.NAME)
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
        _takes_moment(shape, asking, self.NAME)
        return shape.made("string", format="date-time")

    def told(self) -> str:
        return "to UTC"


class LocalTime(Transform):
    """A time without an offset, in a zone, to UTC.

    One that the zone skips is refused; one that it has twice is refused too, unless ``twice`` says which is meant.
    """

    NAME: ClassVar[str] = "local_time"

    zone: Zone
    twice: Literal["earlier", "later"] | None = None

    def apply(self, value: Any, at: At) -> Any:
        del at
        if not isinstance(value, str) or not _LOCAL.fullmatch(value):
            raise RefusedError(f"{value!r} is no local time such as 2026-03-31T12:00:00")
        try:
            bare = datetime.fromisoformat(value)
        except ValueError as error:
            raise RefusedError(f"{value!r} is no time: {error}") from None
        zone = ZoneInfo(self.zone)
        earlier, later = bare.replace(tzinfo=zone), bare.replace(tzinfo=zone, fold=1)
        if earlier.utcoffset() != later.utcoffset():
            if earlier.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != bare:
                raise RefusedError(f"{value} does not exist in {self.zone}: the clocks went forward over it")
            if self.twice is None:
                raise RefusedError(f"{value} is there twice in {self.zone}; say twice: earlier or later")
        return moment_text((later if self.twice == "later" else earlier).astimezone(UTC))

    def inverse(self) -> Transform:
        return ToLocalTime(zone=self.zone)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "string", asking=asking, name=self.NAME)
        _takes_zone(shape, self.zone, asking, self.NAME)
        return shape.made("string", format="date-time")

    def told(self) -> str:
        return f"from the time in {self.zone} to UTC"


class ToLocalTime(Transform):
    """A moment to the time on a zone's clocks, without an offset."""

    NAME: ClassVar[str] = "to_local_time"
    SHORT: ClassVar[str | None] = "zone"

    zone: Zone

    def apply(self, value: Any, at: At) -> Any:
        del at
        return _in_zone(read_moment(value), self.zone).replace(tzinfo=None).isoformat()

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        _takes_moment(shape, asking, self.NAME)
        return shape.made("string", zone=self.zone)

    def told(self) -> str:
        return f"to the time in {self.zone}"


class DayIn(Transform):
    """The day that a moment falls on in a zone; what the clock showed is lost."""

    NAME: ClassVar[str] = "date"
    SHORT: ClassVar[str | None] = "zone"

    zone: Zone

    def apply(self, value: Any, at: At) -> Any:
        del at
        return _in_zone(read_moment(value), self.zone).date().isoformat()

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        _takes_moment(shape, asking, self.NAME)
        return shape.made("string", format="date")

    def told(self) -> str:
        return f"the day in {self.zone}"


class StartOfDay(Transform):
    """The moment at which a day begins in a zone."""

    NAME: ClassVar[str] = "start_of_day"
    SHORT: ClassVar[str | None] = "zone"

    zone: Zone

    def apply(self, value: Any, at: At) -> Any:
        del at
        day = read_day(value)
        start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone))
        try:
            return moment_text(start.astimezone(UTC))
        except OverflowError:
            raise RefusedError(f"{value} can't be told in UTC") from None

    def inverse(self) -> Transform:
        return DayIn(zone=self.zone)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        _takes_day(shape, asking, self.NAME)
        return shape.made("string", format="date-time")

    def told(self) -> str:
        return f"the start of the day in {self.zone}"


class ParseDate(Transform):
    """A day as a system writes it to RFC 3339: ``parse_date: "%m/%d/%Y"``."""

    NAME: ClassVar[str] = "parse_date"
    SHORT: ClassVar[str | None] = "format"

    format: DayFormat

    def apply(self, value: Any, at: At) -> Any:
        del at
        try:
            found = datetime.strptime(value, self.format)  # noqa: DTZ007  a day has no zone
        except (TypeError, ValueError):
            raise RefusedError(f"{value!r} is no day like {self.format}") from None
        return found.date().isoformat()

    def inverse(self) -> Transform:
        return FormatDate(format=self.format)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        takes(shape, "string", asking=asking, name=self.NAME)
        return shape.made("string", format="date")

    def told(self) -> str:
        return f"day from {self.format}"


class FormatDate(Transform):
    """A day as a system writes it."""

    NAME: ClassVar[str] = "format_date"
    SHORT: ClassVar[str | None] = "format"

    format: DayFormat

    def apply(self, value: Any, at: At) -> Any:
        del at
        return read_day(value).strftime(self.format)

    def fit(self, shape: Shape, asking: Asking) -> Shape:
        _takes_day(shape, asking, self.NAME)
        return shape.made("string")

    def told(self) -> str:
        return f"day as {self.format}"


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


def _in_zone(moment: datetime, zone: str) -> datetime:
    try:
        return moment.astimezone(ZoneInfo(zone))
    except OverflowError:
        raise RefusedError(f"{moment.isoformat()} can't be told in {zone}") from None


def _takes_moment(shape: Shape, asking: Asking, name: str) -> None:
    if takes(shape, "string", asking=asking, name=name) and shape.types is not None and shape.format != "date-time":
        asking.tell("format-mismatch", f"{name} takes a date-time, but here is {shape.said}")


def _takes_day(shape: Shape, asking: Asking, name: str) -> None:
    if takes(shape, "string", asking=asking, name=name) and shape.types is not None and shape.format != "date":
        asking.tell("format-mismatch", f"{name} takes a date, but here is {shape.said}")


def _takes_zone(shape: Shape, zone: str, asking: Asking, name: str) -> None:
    if shape.format == "date-time":
        asking.tell("format-mismatch", f"{name} takes a time without an offset, but a date-time has one; use utc")
    if shape.zone is None:
        asking.tell("unit-unverified", f"the schema does not say x-zone: {zone}, which {name} relies on")
    elif shape.zone != zone:
        asking.tell("unit-mismatch", f"{name} reads times in {zone}, but the schema says x-zone: {shape.zone}")
