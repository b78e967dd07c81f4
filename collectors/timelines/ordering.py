"""The orders of a list and the places in it: what is compared, and the cursor that names a place. Pure."""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal, InvalidOperation

import orjson

from collectors.correlation.keys import HASH_BYTES
from collectors.timelines.abridged import Place, place_of
from collectors.timelines.filtering import Clause, Sort
from collectors.timelines.model import Instance, Milestone

_IDENT = f"toFixedString(unhex({{}}), {HASH_BYTES})"
#: What each order compares, ascending or descending as a whole; the id decides between equals.
_COLUMNS: dict[Sort, tuple[tuple[str, ...], str]] = {
    "started": (("started_at", "id"), "DESC"),
    "age": (("started_at", "id"), "ASC"),
    "silence": (("last_at", "id"), "ASC"),
    # Currencies are never compared with one another, so each has its own stretch; what has no amount comes last.
    "amount": (("isNull(amount)", "currency", "-ifNull(amount, toDecimal128(0, 12))", "id"), "ASC"),
    "id": (("id",), "ASC"),
}
#: Of a span's id and a trace's, in bytes.
_LENGTHS = (8, 16)
_EARLIEST, _LATEST = -(2**63), 2**63


class CursorError(ValueError):
    """A cursor that this API did not give."""


def order_by(sort: Sort) -> str:
    """The ORDER BY of an order."""
    columns, direction = _COLUMNS[sort]
    return ", ".join(f"{column} {direction}" for column in columns)


def after(clause: Clause, sort: Sort, cursor: str, reading: str) -> None:
    """Ask for what comes after a place in a reading (the id of a definition).

    Raises:
        CursorError: the cursor is not one of ours, or of another order or reading.
    """
    columns, direction = _COLUMNS[sort]
    place = ", ".join(_bound(clause, sort, _read(sort, cursor, reading)))
    clause.add(f"({', '.join(columns)}) {'<' if direction == 'DESC' else '>'} ({place})")


def cursor_of(sort: Sort, last: Instance, reading: str) -> str:
    """The place of an instance in an order of a reading, as an opaque text."""
    text = orjson.dumps([sort, reading, *_place(sort, last), last.id])
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def cursor_behind(fact: Milestone) -> str:
    """The place behind a milestone of an instance, as an opaque text."""
    return base64.urlsafe_b64encode(orjson.dumps(place_of(fact))).decode().rstrip("=")


def place_after(cursor: str) -> Place:
    """The place among milestones that a cursor names.

    Raises:
        CursorError: the cursor is not one of ours.
    """
    try:
        at, step, span, trace = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        lengths = len(bytes.fromhex(span)), len(bytes.fromhex(trace))
        if isinstance(at, int) and isinstance(step, str) and _EARLIEST <= at < _LATEST and lengths == _LENGTHS:
            return at, step, span, trace
    except (ValueError, TypeError, binascii.Error):
        pass
    raise CursorError("this cursor is not one that the API gave for these milestones; start again without it")


def _place(sort: Sort, one: Instance) -> list[str | int]:
    if sort == "amount":
        return ["", ""] if one.amount is None else [one.amount.currency, f"{one.amount.value:f}"]
    if sort == "id":
        return []
    return [one.last_at if sort == "silence" else one.started_at]


def _read(sort: Sort, cursor: str, reading: str) -> list[str]:
    """What was compared and the id, as texts that are known to be well formed."""
    try:
        kind, of, *place, ident = map(str, orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
        if kind != sort or len(bytes.fromhex(ident)) != HASH_BYTES:
            raise CursorError(cursor)
        if sort == "amount":
            currency, value = place
            fits = bool(currency) == bool(value) and Decimal(value or 0).is_finite()
        elif sort == "id":
            fits = not place
        else:
            (at,) = place
            fits = _EARLIEST <= int(at) < _LATEST
    except (ValueError, TypeError, InvalidOperation, binascii.Error):
        fits, of, place, ident = False, reading, [], ""
    if not fits:
        raise CursorError("this cursor is not one that the API gave for this list; start again without it")
    if of != reading:
        # Its first pages were read by another definition, and a walk is never a mixture of two.
        raise CursorError(
            "the workflow has changed since this cursor was given, and its history was read again; start again without it"
        )
    return [*place, ident]


def _bound(clause: Clause, sort: Sort, place: list[str]) -> list[str]:
    ident = _IDENT.format(clause.bind(place[-1], "String"))
    if sort == "id":
        return [ident]
    if sort != "amount":
        return [clause.time(int(place[0])), ident]
    currency, value = place[:2]
    negated = clause.bind(-Decimal(value or 0), "Decimal(38, 12)")
    return [clause.bind(0 if value else 1, "UInt8"), clause.bind(currency, "String"), negated, ident]
