"""What is wrong with manifests, said with file and line."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    ``line`` counts from 1; it is none where a whole file is meant. ``document`` counts the documents that were given
    in one request from 0, ``path`` is the place within it (``spec.steps[0].name``, or empty).
    """

    message: str
    file: str = ""
    line: int | None = None
    document: int | None = None
    path: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, f"line {self.line}" if self.line else "") if part)
        return f"{where}: {self.message}" if where else self.message


class ManifestError(ValueError):
    """Manifests that can't be taken; ``problems`` holds at least one, in the order of the text."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line or 0)))
        super().__init__("\n".join(map(str, self.problems)))
