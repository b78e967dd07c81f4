from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controlplane.cli.check_config import options_from, read_config
from controlplane.cli.errors import UserError
from controlplane.cli.files import STDIN, read_text
from registry.compat.engine import check
from registry.compat.model import DocumentError, Format, Mode, Names, OptionError, Report


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked for: file names and words as they were typed."""

    olds: Sequence[str]
    new: str
    format: str
    mode: str
    as_of: str | None
    config: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer, with what is needed to tell it."""

    report: Report
    names: Names
    old_text: str


def judge_files(asked: Asked) -> Judged:
    """Read the files, judge the change.

    Raises:
        UserError: a file or an option can't be used.
    """
    if [*asked.olds, asked.new].count(STDIN) > 1:
        raise UserError("only one of the documents can come from standard input")
    of, mode = read_format(asked.format), read_mode(asked.mode)
    where = asked.config or "check"
    options = options_from(read_config(asked.config), asked.as_of, where)
    texts, text = [read_text(name) for name in asked.olds], read_text(asked.new)
    try:
        report = check(of, texts, text, mode=mode, options=options)
    except DocumentError as error:
        raise UserError(_located(error, asked.olds[-1], asked.new)) from error
    except OptionError as error:
        raise UserError(f"{where}: {error}") from error
    return Judged(report, Names(asked.olds[-1], asked.new), texts[-1])


def read_format(name: str) -> Format:
    """A format by its name.

    Raises:
        UserError: there is none of that name.
    """
    try:
        return Format(name)
    except ValueError:
        raise UserError(f'--format: there is no "{name}"; there are {", ".join(Format)}') from None


def read_mode(name: str) -> Mode:
    """A mode by its name, in capitals or not.

    Raises:
        UserError: there is none of that name.
    """
    try:
        return Mode(name.upper())
    except ValueError:
        raise UserError(f'--mode: there is no "{name}"; there are {", ".join(Mode)}') from None


def _located(error: DocumentError, old: str, new: str) -> str:
    """The error with the name of the file that it is about, where it says which."""
    name = old if error.path.startswith("old") else new if error.path.startswith("new") else ""
    name = "standard input" if name == STDIN else name
    line = f"line {error.line}: " if error.line is not None else ""
    return f"{name}: {line}{error.message}" if name else str(error)
