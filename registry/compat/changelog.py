from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass

from registry.compat import changelogs
from registry.compat.model import Change, DocumentError, Format, Level, Names, OptionError, Report
from registry.compat.semver import Suggestion, suggest
from registry.compat.source_map import read_document

_HEADINGS = {Level.BREAKING: "Breaking", Level.WARNING: "Look out", Level.INFO: "Other changes"}
_VERSIONED = {Format.OPENAPI, Format.ASYNCAPI}


@dataclass(frozen=True, slots=True)
class Changelog:
    """What a changelog says, before it takes a form: (heading, changes) in the order of how much they hurt."""

    names: Names
    version: str | None
    suggestion: Suggestion
    sections: tuple[tuple[str, tuple[Change, ...]], ...]

    @property
    def headline(self) -> str:
        """The suggestion as a sentence."""
        bump, why = self.suggestion.bump, self.suggestion.why
        if bump == "none":
            return "No new version is needed: nothing differs."
        if self.suggestion.version is not None:
            return f"Suggested next version: {self.suggestion.version} ({bump}, after {self.version}), since {why}."
        return f"Suggested step: {bump}, since {why}."


def changelog(report: Report, names: Names, *, version: str | None) -> Changelog:
    """Sort a report for readers.

    Args:
        report: what was found.
        names: what the documents are called.
        version: the version that there is, if known.
    """
    sections = (
        (heading, tuple(change for change in report.changes if change.level is level))
        for level, heading in _HEADINGS.items()
    )
    return Changelog(names, version, suggest(report, version), tuple(one for one in sections if one[1]))


def changelog_outputs() -> list[str]:
    """The forms that there are, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(changelogs.__path__))


def render_changelog(log: Changelog, output: str) -> str:
    """A changelog as Markdown or HTML.

    Raises:
        OptionError: there is no such form.
    """
    if output not in changelog_outputs():
        raise OptionError(f'unknown output "{output}"; there are {", ".join(changelog_outputs())}')
    text: str = importlib.import_module(f"{changelogs.__name__}.{output}").render(log)
    return text


def version_of(of: Format, text: str) -> str | None:
    """The version that a document gives itself, where its format has a place for it."""
    if of not in _VERSIONED:
        return None
    try:
        value = read_document(text, "old").value
    except DocumentError:
        return None
    info = value.get("info") if isinstance(value, dict) else None
    version = info.get("version") if isinstance(info, dict) else None
    return version if isinstance(version, str) else None
