"""``--baseline`` of ``check`` and ``gate``: only what it does not have yet refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from controlplane.cli.errors import UserError
from controlplane.cli.files import read_text
from registry.compat import baseline
from registry.compat.baseline import Baseline
from registry.compat.model import OptionError, Report

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked for."""

    file: str | None
    update: bool = False
    grow: bool = False

    def checked(self) -> Wanted:
        """Itself. Raises ``UserError`` for options that say nothing without a file."""
        if self.file is None and (self.update or self.grow):
            raise UserError("--update-baseline and --grow-baseline need --baseline FILE")
        if self.grow and not self.update:
            raise UserError("--grow-baseline goes with --update-baseline")
        return self


def marked(wanted: Wanted, reports: Sequence[tuple[str, Report]]) -> list[Report]:
    """The reports (each with whose it is) with what the baseline knows told from what is new.

    An update takes out what is gone. What is new goes in only if that was asked for, so that a baseline never grows
    unseen. Raises ``UserError``.
    """
    if wanted.file is None:
        return [report for _, report in reports]
    known = _read(wanted.file, missing_is_empty=wanted.update)
    if wanted.update:
        known = _updated(wanted, known, reports)
    return [(known or Baseline()).mark(report, owner) for owner, report in reports]


def _read(file: str, *, missing_is_empty: bool) -> Baseline | None:
    if missing_is_empty and not Path(file).exists():
        return None
    if not Path(file).exists():
        raise UserError(f"{file}: there is no such baseline; --update-baseline writes it from what there is now")
    try:
        return baseline.read(read_text(file))
    except OptionError as error:
        raise UserError(f"{file}: {error}") from None


def _updated(wanted: Wanted, before: Baseline | None, reports: Sequence[tuple[str, Report]]) -> Baseline:
    after = baseline.of(reports)
    new = baseline.grown(before, after) if before is not None else []
    if new and not wanted.grow:
        some = ", ".join(f"{after.known[one]['rule']} {after.known[one]['path']}".strip() for one in new[:_SHOWN])
        more = f" and {len(new) - _SHOWN} more" if len(new) > _SHOWN else ""
        raise UserError(f"{wanted.file} would grow by {len(new)} ({some}{more}); --grow-baseline agrees to that")
    try:
        Path(wanted.file or "").write_text(baseline.write(after), encoding="utf-8")
    except OSError as error:
        raise UserError(f"{wanted.file}: can't be written: {error.strerror}") from error
    return after
