"""Files of text to documents; the first step, which knows nothing of kinds."""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.manifests.json_reader import read_json
from registry.manifests.problems import Problem
from registry.manifests.tree import MAX_BYTES, Document, Reading, SyntaxProblemError, UnreadableError, dotted
from registry.manifests.yaml_reader import read_yaml


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's name (empty for a request's body) and its bytes, UTF-8."""

    file: str
    content: bytes


def read_documents(sources: Iterable[SourceText]) -> tuple[list[Document], list[Problem]]:
    """Every document of every file, one after the other, and what is wrong with the text.

    A file is JSON if it parses as JSON or is named so, else YAML. A list at the top counts as several documents.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    for source in sources:
        reading = Reading(source.file)
        try:
            _read(_text(source), reading)
        except UnreadableError as error:
            reading.problems.append(Problem(error.message, source.file, error.line))
        documents += [part for document in reading.documents for part in _split(document)]
        problems += reading.problems
    return documents, problems


def _text(source: SourceText) -> str:
    if len(source.content) > MAX_BYTES:
        raise UnreadableError(f"longer than {MAX_BYTES // 1024**2} MiB; split it")
    try:
        return source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.content.count(b"\n", 0, error.start) + 1
        raise UnreadableError("not UTF-8 text", line) from None


def _read(text: str, reading: Reading) -> None:
    named = reading.file.lower().endswith(".json")
    if not named and not text.lstrip().startswith(("{", "[")):
        return read_yaml(text, reading)
    trial = Reading(reading.file)
    try:
        read_json(text, trial)
    except SyntaxProblemError:
        if named:
            raise
        return read_yaml(text, reading)  # a YAML flow collection starts like JSON
    reading.documents += trial.documents
    reading.problems += trial.problems
    return None


def _split(document: Document) -> list[Document]:
    if not isinstance(document.value, list):
        return [document]
    parts = [Document(value, document.file) for value in document.value]
    for path, line in document.lines.items():
        if path and isinstance(path[0], int):
            parts[path[0]].lines[path[1:]] = line
    return parts


def place(document: Document, path: Iterable[str | int], message: str, index: int) -> Problem:
    """A problem at a place of a document, the ``index``-th of its request."""
    parts = tuple(path)
    return Problem(message, document.file, document.line(parts), index, dotted(parts))
