from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence

from registry.compat import outputs
from registry.compat.model import Change, Judged, Level, Names, OptionError, Report


def output_names() -> list[str]:
    """The outputs that there are, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(outputs.__path__))


def render(report: Report, output: str, names: Names) -> str:
    """A report as text, JSON, SARIF or another form.

    Raises:
        OptionError: there is no such output.
    """
    return render_all([Judged(report, names)], output)


def render_all(judged: Sequence[Judged], output: str) -> str:
    """Several reports as one text.

    Raises:
        OptionError: there is no such output.
    """
    if output not in output_names():
        raise OptionError(f'unknown output "{output}"; there are {", ".join(output_names())}')
    text: str = importlib.import_module(f"{outputs.__name__}.{output}").render(judged)
    return text


def worst_first(report: Report) -> list[Change]:
    """The changes by how much they hurt; those that a baseline knows come after what is new."""
    order = list(Level)
    return sorted(report.changes, key=lambda one: (one.baseline == "unchanged", order.index(one.level)))


def summary(report: Report) -> str:
    """The answer in one line: "Refused: 2 breaking changes, 1 warning, 3 for information (json-schema, BACKWARD)"."""
    counts = {level: sum(change.level is level for change in report.changes) for level in Level}
    parts = [
        _counted(counts[Level.BREAKING], "breaking change", "breaking changes"),
        _counted(counts[Level.WARNING], "warning", "warnings"),
        _counted(counts[Level.INFO], "for information", "for information"),
    ]
    found = ", ".join(part for part in parts if part) or "no difference that matters"
    verdict = "Allowed" if report.compatible else "Refused"
    known = sum(change.baseline == "unchanged" for change in report.changes)
    baseline = f"; {known} of them in the baseline" if known else ""
    return f"{verdict}: {found} ({report.format}, {report.mode}){baseline}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""
