"""Time zones and days: what clocks show, and which day it is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from registry.mappings.base import Asking, At, RefusedError, Transform, takes
from registry.mappings.shapes import Shape
from registry.mappings.transforms.moments import moment_text, read_day, read_moment, takes_moment

_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?")


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
        takes_moment(shape, asking, self.NAME)
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
        takes_moment(shape, asking, self.NAME)
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


def _in_zone(moment: datetime, zone: str) -> datetime:
    try:
        return moment.astimezone(ZoneInfo(zone))
    except OverflowError:
        raise RefusedError(f"{moment.isoformat()} can't be told in {zone}") from None


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
