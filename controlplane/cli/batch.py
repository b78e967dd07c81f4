from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import typer

from controlplane.cli.check_config import options_from
from controlplane.cli.errors import UserError
from controlplane.cli.files import STDIN
from registry.compat.engine import check
from registry.compat.model import DocumentError, Format, Mode, OptionError
from registry.compat.outputs.json import as_object

_WRONG, _REFUSED = 2, 1
_KNOWN = {"id", "format", "mode", "old", "new", "as_of", "config"}


def run_batch(name: str, settings: dict[str, Any], format_: str | None, mode: str, as_of: str | None) -> int:
    """Answer each line of a file with one line, in order; a bad line gets an error and harms no other.

    Args:
        name: the file of JSON Lines, "-" for standard input.
        settings: the configuration that a line's own one adds to.
        format_: the format of lines that name none.
        mode: the mode of lines that name none.
        as_of: the day of lines that name none; if none is given here either, the configuration's day, or today.

    Returns:
        The exit code: 2 if a line was unreadable, else 1 if one was refused, else 0.

    Raises:
        UserError: the file can't be read.
    """
    worst = 0
    defaults = {"format": format_, "mode": mode, "as_of": as_of}
    for line in _lines(name):
        answer = _answer(line, settings, defaults)
        code = _WRONG if "error" in answer else 0 if answer["compatible"] else _REFUSED
        worst = max(worst, code)
        typer.echo(json.dumps(answer, separators=(",", ":")))
    return worst


def _lines(name: str) -> Iterator[bytes]:
    if name == STDIN:
        yield from filter(bytes.strip, sys.stdin.buffer)
        return
    try:
        with Path(name).open("rb") as source:
            yield from filter(bytes.strip, source)
    except OSError as error:
        raise UserError(f"{name}: can't be read: {error.strerror}") from error


def _answer(line: bytes, settings: dict[str, Any], defaults: dict[str, str | None]) -> dict[str, Any]:
    try:
        pair = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return {"id": None, "error": f"not a JSON object: {error}"}
    if not isinstance(pair, dict):
        return {"id": None, "error": "not a JSON object"}
    try:
        return {"id": pair.get("id"), **_judge(pair, settings, defaults)}
    except (DocumentError, OptionError, UserError) as error:
        return {"id": pair.get("id"), "error": " ".join(str(error).split())}
    except Exception as error:  # noqa: BLE001 -- one pair that trips us must not take the other answers down
        return {"id": pair.get("id"), "error": f"could not be compared: {type(error).__name__}: {error}"}


def _judge(pair: dict[str, Any], settings: dict[str, Any], defaults: dict[str, str | None]) -> dict[str, Any]:
    unknown = sorted(set(pair) - _KNOWN)
    if unknown:
        raise UserError(f'unknown "{unknown[0]}"; a line may have {", ".join(sorted(_KNOWN))}')
    for side in ("old", "new"):
        if not isinstance(pair.get(side), str):
            raise UserError(f'"{side}" must be the text of a document')
    config = pair.get("config") or {}
    if not isinstance(config, dict):
        raise UserError('"config" must be an object')
    chosen = {key: pair.get(key) or value for key, value in defaults.items()}
    options = options_from({**settings, **config}, chosen["as_of"], "config")
    try:
        of, mode = Format(str(chosen["format"])), Mode(str(chosen["mode"]).upper())
    except ValueError as error:
        raise UserError(f"{error}; there are {', '.join(Format)} and {', '.join(Mode)}") from None
    return as_object(check(of, pair["old"], pair["new"], mode=mode, options=options))
