"""The context attributes of an event, held to CloudEvents 1.0. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from collectors.events.model import CloudEvent, EventError, Value
from collectors.otlp.check import AHEAD, EARLIEST
from collectors.timelines import times

REQUIRED = ("specversion", "id", "source", "type")
_OWN = (*REQUIRED, "subject", "time", "datacontenttype", "dataschema")
_NAME = re.compile(r"[a-z0-9]+")
#: Names of members that hold an event's data; no extension may be called so.
DATA = ("data", "data_base64")
LONGEST, MOST_EXTENSIONS = 2_000, 100
_INTEGERS = range(-(2**31), 2**31)
# RFC 3986: anything that may stand in a reference, escapes whole; a space or a quote may not.
_REFERENCE = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|[^\x00-\x7f]|%[0-9A-Fa-f]{2})+")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:\s*;.*)?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
# What a String may not hold: control characters, half surrogate pairs, code points that are no characters.
_FORBIDDEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]")


def event_of(context: Mapping[str, Any], now: int, data: Any = None, opaque: int = 0) -> CloudEvent:
    """The event that these context attributes describe; null is as good as not there.

    Args:
        context: name -> text, number or boolean.
        now: nanoseconds, against which its time is held to be absurd.
        data: its JSON, or None.
        opaque: bytes of data that are no JSON.

    Raises:
        EventError: it is no CloudEvent of version 1.0.
    """
    given = {_name(name): value for name, value in context.items() if value is not None}
    for name in REQUIRED:
        if name not in given:
            raise EventError(f"the attribute {name} is missing; a CloudEvent needs {', '.join(REQUIRED)}", name)
    told = {name: _text(name, given[name]) for name in _OWN if name in given}
    if told["specversion"] != "1.0":
        raise EventError(f"specversion must be 1.0, but is {told['specversion'][:20]!r}", "specversion")
    extensions = {name: _value(name, value) for name, value in given.items() if name not in _OWN}
    if len(extensions) > MOST_EXTENSIONS:
        raise EventError(f"there are {len(extensions)} extension attributes; at most {MOST_EXTENSIONS} are taken")
    return CloudEvent(
        id=told["id"],
        source=_reference("source", told["source"]),
        type=told["type"],
        subject=told.get("subject", ""),
        time=_time(told["time"], now) if "time" in told else None,
        content_type=_media_type(told.get("datacontenttype", "")),
        data_schema=_absolute(told.get("dataschema", "")),
        extensions=dict(sorted(extensions.items())),
        data=data,
        opaque=opaque,
    )


def _name(name: str) -> str:
    if name in DATA or _NAME.fullmatch(name) is None:
        said = "is the place of the data" if name in DATA else "must be lower-case letters a-z and digits"
        raise EventError(f"the name of a context attribute {said}, but one is {name[:40]!r}", name[:40])
    return name


def _value(name: str, value: Any) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if value not in _INTEGERS:
            raise EventError(f"{name} must be from -2147483648 to 2147483647; send a larger number as text", name)
        return value
    return _text(name, value, may_be_empty=True)


def _text(name: str, value: Any, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str):
        kinds = "a text" if name in _OWN else "a text, a whole number or a boolean"
        raise EventError(f"{name} must be {kinds}, but is {_kind(value)}", name)
    if not value and not may_be_empty:
        raise EventError(f"{name} must not be empty", name)
    if len(value) > LONGEST:
        raise EventError(f"{name} has {len(value):,} characters; at most {LONGEST:,} are taken", name)
    if found := _FORBIDDEN.search(value):
        raise EventError(f"{name} holds the character U+{ord(found[0]):04X}, which no attribute may have", name)
    return value


def _kind(value: Any) -> str:
    kinds = {bool: "a boolean", int: "a number", dict: "an object", list: "a list"}
    return kinds.get(type(value), "a number with a fraction")


def _reference(name: str, value: str) -> str:
    if _REFERENCE.fullmatch(value) is None:
        raise EventError(f"{name} must be a URI or a path of one, without spaces, but is {value[:60]!r}", name)
    return value


def _absolute(value: str) -> str:
    if value and (_REFERENCE.fullmatch(value) is None or _ABSOLUTE.fullmatch(value) is None):
        raise EventError(f"dataschema must be a URI with its scheme, but is {value[:60]!r}", "dataschema")
    return value


def _media_type(value: str) -> str:
    if value and _MEDIA_TYPE.fullmatch(value) is None:
        said = f"datacontenttype must be a media type such as application/json, but is {value[:60]!r}"
        raise EventError(said, "datacontenttype")
    return value


def _time(value: str, now: int) -> int:
    if _TIME.fullmatch(value) is None:
        said = f"time must be of RFC 3339, such as 2026-05-16T08:30:00Z, but is {value[:40]!r}"
        raise EventError(said, "time")
    try:
        found = times.parse(value.upper())
    except times.TimeError as error:
        raise EventError(f"time: {error}", "time") from None
    if not EARLIEST <= found <= now + AHEAD:
        said = "is before 1990" if found < EARLIEST else "is more than a year ahead"
        raise EventError(f"time {value[:40]} {said}; is the sender's clock right?", "time")
    return found
