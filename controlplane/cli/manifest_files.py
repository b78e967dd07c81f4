"""Manifests on disk: which files to read, what in them goes to the server, and where its errors belong."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from controlplane.cli.errors import UserError
from registry.manifests.problems import ManifestError, Problem
from registry.manifests.reader import SourceText, place, read_documents
from registry.manifests.tree import Document, dotted

_ENDINGS = frozenset({".yaml", ".yml", ".json"})
# Kinds whose `file` stands for the text of the file.
_WITH_FILE = frozenset({"API", "Schema"})


def gather(paths: Iterable[Path]) -> list[Document]:
    """The documents of all files; a folder is read whole, ``-`` is standard input.

    A file that a manifest names (``file: schemas/invoice.json``) is its content and no manifest. Raises ``UserError``
    if there is nothing to read and ``ManifestError`` with all that can't be read.
    """
    files = [file for path in paths for file in _files(path)]
    sources = [SourceText(str(file), _content(file)) for file in files]
    documents, problems = read_documents(sources)
    named = {_named_file(document) for document in documents}
    documents = [document for document in documents if Path(document.file).absolute() not in named]
    problems = [problem for problem in problems if Path(problem.file).absolute() not in named]
    with_content: list[Document] = []
    for index, document in enumerate(documents):
        try:
            with_content.append(_with_content(document))
        except OSError as error:
            sentence = f"the file {document.value['spec']['file']!r} can't be read: {error.strerror}"
            problems.append(place(document, ("spec", "file"), sentence, index))
        except UnicodeDecodeError:
            sentence = f"the file {document.value['spec']['file']!r} is not UTF-8 text"
            problems.append(place(document, ("spec", "file"), sentence, index))
    if problems:
        raise ManifestError(problems)
    if not documents:
        raise UserError("there is no manifest in what -f names")
    return with_content


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.suffix.lower() in _ENDINGS and file.is_file() and not hidden:
            yield file


def _content(path: Path) -> bytes:
    return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()


def _spec_file(document: Document) -> Path | None:
    value = document.value
    spec = value.get("spec") if isinstance(value, dict) and value.get("kind") in _WITH_FILE else None
    name = spec.get("file") if isinstance(spec, dict) else None
    return Path(document.file).parent / name if isinstance(name, str) else None


def _named_file(document: Document) -> Path | None:
    path = _spec_file(document)
    return path.absolute() if path else None


def _with_content(document: Document) -> Document:
    path = _spec_file(document)
    if path is None:
        return document
    spec = {key: value for key, value in document.value["spec"].items() if key != "file"}
    return replace(document, value=document.value | {"spec": spec | {"definition": path.read_text("utf-8")}})


def located(documents: Sequence[Document], errors: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """The server's errors, each with the file and line that its document and path have here."""
    return [_located(documents, error) for error in errors]


def _located(documents: Sequence[Document], error: Mapping[str, Any]) -> Problem:
    index, path = error.get("document"), str(error.get("path", ""))
    if not isinstance(index, int) or not 0 <= index < len(documents):
        return Problem(str(error.get("message")))
    document = documents[index]
    lines = {dotted(known): line for known, line in document.lines.items()}
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return Problem(str(error.get("message")), document.file, lines.get(path), index, path)
