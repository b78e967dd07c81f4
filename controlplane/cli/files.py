from __future__ import annotations

import sys
from pathlib import Path

from controlplane.cli.errors import UserError

STDIN = "-"


def read_text(name: str) -> str:
    """The text of a file, or of standard input for "-".

    Raises:
        UserError: it is not there, can't be read, or isn't UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except IsADirectoryError:
        raise UserError(f"{name}: is a folder; name a file") from None
    except FileNotFoundError:
        raise UserError(f"{name}: there is no such file") from None
    except OSError as error:
        raise UserError(f"{name}: can't be read: {error.strerror}") from error
    except ValueError as error:  # a name with a null character
        raise UserError(f"{name!r}: can't be read: {error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{name}: line {line}: is not UTF-8 text") from error
