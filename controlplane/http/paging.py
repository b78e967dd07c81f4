"""Lists by cursor: an opaque text that says where the next page begins."""

import base64
import binascii
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from controlplane.http.problems import Problem

T = TypeVar("T")
Row = TypeVar("Row")

MAX_LIMIT = 500
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="At most so many items.")]
Cursor = Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[T]):
    """One page of a list; ``next_cursor`` is null on the last."""

    items: list[T]
    next_cursor: str | None


def encode_cursor(position: Sequence[str | int]) -> str:
    """The text for a position in a list."""
    return base64.urlsafe_b64encode(json.dumps(list(position)).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, shape: Sequence[type[str | int]]) -> list[str | int] | None:
    """The position that a cursor stands for, its parts of the types ``shape``; ``Problem`` 400 if it is not ours."""
    if cursor is None:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        position = None
    if isinstance(position, list) and [type(part) for part in position] == list(shape) and _storable(position):
        return position
    raise Problem(HTTPStatus.BAD_REQUEST, "the cursor is not one of this list; leave it out to begin at the start")


def _storable(position: Sequence[str | int]) -> bool:
    return all("\x00" not in part if isinstance(part, str) else abs(part) < 2**31 for part in position)


def cut(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], Row | None]:
    """The rows of this page, and its last if there are more; ask for one more than ``limit``."""
    page = rows[:limit]
    return page, page[-1] if len(rows) > limit else None
