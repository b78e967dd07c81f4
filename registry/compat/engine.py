from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from registry.compat.model import Change, DocumentError, Format, Level, Mode, Options, Report
from registry.compat.rules import Rule
from registry.compat.turn import turned, turned_error
from registry.compat.waivers import waive

Compare = Callable[[str, str, Options], list[Change]]

_FORWARD_HINT = (
    "Keep what the new version writes within what the old one takes, or first move those who read with the old version."
)


def package(of: Format) -> str:
    """The package that compares a format: its name with underscores, beside this module."""
    return f"registry.compat.{of.value.replace('-', '_')}"


def rules(of: Format) -> Mapping[str, Rule]:
    """Every rule that the format's checks can report, by id."""
    found: Mapping[str, Rule] | Iterable[Rule] = importlib.import_module(package(of)).RULES
    return found if isinstance(found, Mapping) else {rule.id: rule for rule in found}


def check(of: Format, old: str | Sequence[str], new: str, *, mode: Mode = Mode.BACKWARD, options: Options) -> Report:
    """Judge one change of a document.

    Args:
        of: the documents' format.
        old: the text of the version that there is, or of all versions, oldest first; only the transitive modes look
            past the latest.
        new: the text of the version that is proposed.
        mode: whose data or calls must survive.
        options: severities, waivers, and what single formats want to know.

    Raises:
        DocumentError: a text can't be read or compared.
        OptionError: an option can't be used.
    """
    versions = [old] if isinstance(old, str) else list(old)
    looked_at = versions if mode.transitive else versions[-1:]
    compare: Compare = importlib.import_module(package(of)).compare
    changes: dict[str, Change] = {}
    for version in reversed(looked_at):
        for change in _directions(compare, version, new, mode, options):
            changes.setdefault(change.fingerprint, change)
    settled = waive(_weighed(changes.values(), mode, options), options)
    return Report(of, mode, tuple(settled))


def _directions(compare: Compare, old: str, new: str, mode: Mode, options: Options) -> Iterator[Change]:
    if mode.backward or mode is Mode.NONE:
        yield from _guarded(compare, old, new, options)
    if mode.forward:
        try:
            changes = _guarded(compare, new, old, options)
        except DocumentError as error:
            raise turned_error(error) from error
        yield from map(_forward, changes)


def _guarded(compare: Compare, old: str, new: str, options: Options) -> list[Change]:
    try:
        return compare(old, new, options)
    except RecursionError:
        raise DocumentError("the documents are nested too deeply to be compared") from None


def _forward(change: Change) -> Change:
    """A change found on the way from new to old, told from where the reader stands."""
    change = turned(change)
    return replace(
        change,
        direction="forward",
        message=f"Data of the new version, read with the old one: {change.message}",
        hint=_FORWARD_HINT if change.level is not Level.INFO else "",
    )


def _weighed(changes: Iterable[Change], mode: Mode, options: Options) -> Iterator[Change]:
    """Give each change the level that the options and the mode ask for; "none" leaves it out."""
    for change in changes:
        wanted = options.severity.get(change.rule, change.level)
        if wanted == "none":
            continue
        level = Level(wanted)
        if mode is Mode.NONE and level is Level.BREAKING:
            level = Level.WARNING
        yield replace(change, level=level)
