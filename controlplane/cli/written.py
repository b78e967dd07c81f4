"""``--write FORM=FILE``: further outputs of one answer, each into a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from controlplane.cli.errors import UserError
from registry.compat.render import output_names


def check_output(name: str) -> None:
    """Raise ``UserError`` unless there is such an output."""
    if name not in output_names():
        raise UserError(f'--output: there is no "{name}"; there are {", ".join(output_names())}')


def wanted(given: Sequence[str] | None) -> list[tuple[str, Path]]:
    """Each output with its file. Raises ``UserError``."""
    found: list[tuple[str, Path]] = []
    for text in given or ():
        form, equals, file = text.partition("=")
        if not equals or not file or form not in output_names():
            raise UserError(f"--write: {text!r} is no FORM=FILE; forms are {', '.join(output_names())}")
        found.append((form, Path(file)))
    return found


def write(files: Sequence[tuple[str, Path]], tell: Callable[[str], str]) -> None:
    """Write each. Raises ``UserError``."""
    for form, file in files:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(tell(form) + "\n", encoding="utf-8")
        except OSError as error:
            raise UserError(f"{file}: can't be written: {error.strerror}") from error
