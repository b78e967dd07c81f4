"""JSON in and out without a float on the way, so that every digit of an amount stays."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

MAX_CHARACTERS = 2_000_000
_DEEPEST = 100


class PayloadError(ValueError):
    """Text that is no payload; one sentence, with the line where there is one."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(message)


def read_payload(text: str) -> Any:
    """The value of a JSON text, numbers that are not whole as decimals. Raises ``PayloadError``."""
    if len(text) > MAX_CHARACTERS:
        raise PayloadError(f"a payload has at most {MAX_CHARACTERS:,} characters")
    if not text.strip():
        raise PayloadError("there is no payload; give a JSON document")
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise PayloadError(f"the payload is not JSON: {error.msg} (column {error.colno})", error.lineno) from None
    except RecursionError:
        raise PayloadError(f"the payload is nested deeper than {_DEEPEST}") from None
    except ValueError as error:
        raise PayloadError(f"the payload can't be read: {error}") from None
    if _depth(found) > _DEEPEST:
        raise PayloadError(f"the payload is nested deeper than {_DEEPEST}")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _depth(value: Any, at: int = 0) -> int:
    if at > _DEEPEST or not isinstance(value, dict | list):
        return at
    inside = value.values() if isinstance(value, dict) else value
    return max((_depth(one, at + 1) for one in inside), default=at)


def write_exact(value: Any, indent: int | None = None, at: int = 0) -> str:
    """JSON text of plain values, decimals digit by digit as they are."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        inside = [
            f"{json.dumps(str(key), ensure_ascii=False)}: {write_exact(one, indent, at + 1)}"
            for key, one in value.items()
        ]
        return _wrapped("{", inside, "}", indent, at)
    if isinstance(value, list | tuple):
        return _wrapped("[", [write_exact(one, indent, at + 1) for one in value], "]", indent, at)
    return json.dumps(value, ensure_ascii=False)


def _wrapped(start: str, inside: list[str], end: str, indent: int | None, at: int) -> str:
    if not inside:
        return start + end
    if indent is None:
        return start + ", ".join(inside) + end
    margin = "\n" + " " * indent * (at + 1)
    return start + margin + f",{margin}".join(inside) + "\n" + " " * indent * at + end
