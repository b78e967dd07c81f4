"""Documents to manifests: the second step, which checks each by its kind."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from registry.kinds.base import API_VERSION, Finding, Manifest
from registry.kinds.find import manifest_kinds
from registry.manifests.problems import ManifestError, Problem
from registry.manifests.reader import SourceText, place, read_documents
from registry.manifests.sentences import explain
from registry.manifests.tree import MAX_PROBLEMS, TOO_MANY, Document
from registry.nearest import did_you_mean

MAX_PROBLEMS_IN_ALL = 500


@dataclass(frozen=True, slots=True)
class Located:
    """A manifest and the document that it was read from, the ``index``-th of its request from 0."""

    manifest: Manifest
    document: Document
    index: int

    def problem(self, finding: Finding) -> Problem:
        """A finding about this manifest, with its file and line."""
        return place(self.document, finding.path, finding.message, self.index)


def parse_manifests(sources: Iterable[SourceText]) -> list[Located]:
    """The manifests of all files, in their order.

    Raises ``ManifestError`` with everything that is wrong in any of them, each with its file and line.
    """
    documents, problems = read_documents(sources)
    return parse_documents(documents, problems)


def parse_documents(documents: Iterable[Document], known: Iterable[Problem] = ()) -> list[Located]:
    """The manifests of documents that were read already, with problems that are known of them.

    Raises ``ManifestError`` with everything that is wrong in any of them, each with its file and line.
    """
    problems = list(known)
    found: list[Located] = []
    for index, document in enumerate(documents):
        if len(problems) >= MAX_PROBLEMS_IN_ALL:
            problems.append(place(document, (), TOO_MANY, index))
            break
        manifest, wrong = _parse(document, index)
        problems += wrong
        if manifest is not None:
            found.append(Located(manifest, document, index))
    problems += _repeated(found)
    if problems:
        raise ManifestError(problems)
    return found


def _parse(document: Document, index: int) -> tuple[Manifest | None, list[Problem]]:
    findings: Sequence[Finding]
    manifest: Manifest | None = None
    if not isinstance(document.value, dict):
        findings = [Finding((), "a manifest must be a mapping with apiVersion, kind, metadata and spec")]
    else:
        findings = list(_head_trouble(document.value))
        if not findings:
            manifest, findings = _validate(document.value)
    return manifest, [place(document, finding.path, finding.message, index) for finding in findings]


def _head_trouble(value: dict[str, Any]) -> Iterator[Finding]:
    version, kind = value.get("apiVersion"), value.get("kind")
    if version is None:
        yield Finding((), f"apiVersion is missing; write apiVersion: {API_VERSION}")
    elif version != API_VERSION:
        yield Finding(("apiVersion",), f"apiVersion {str(version)[:60]!r} is not known here; write {API_VERSION}")
    if kind is None:
        yield Finding((), f"kind is missing{did_you_mean('', manifest_kinds())}")
    elif not isinstance(kind, str) or kind not in manifest_kinds():
        kinds = ", ".join(manifest_kinds())
        guess = did_you_mean(str(kind), manifest_kinds())
        tail = guess if guess.endswith("?") else ""
        yield Finding(("kind",), f"kind {str(kind)[:60]!r} is not known here; the kinds are {kinds}{tail}")


def _validate(value: dict[str, Any]) -> tuple[Manifest | None, Sequence[Finding]]:
    kind = manifest_kinds()[value["kind"]]
    try:
        return kind.model_validate(value, by_alias=True, by_name=False), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        findings = (finding for detail in details for finding in explain(kind, detail))
        shown = list(islice(findings, MAX_PROBLEMS))
        hidden = len(details) - len(shown)
        if hidden > 0:
            shown.append(Finding((), f"and {hidden:,} more problems in this document"))
        return None, shown


def _repeated(manifests: Iterable[Located]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Located] = {}
    for located in manifests:
        manifest = located.manifest
        first = seen.setdefault((manifest.kind, manifest.name), located)
        if first is not located:
            where = Problem("", first.document.file, first.document.line(("metadata", "name")))
            at = str(where).rstrip(": ") or "above"
            sentence = f"{manifest.kind} {manifest.name!r} is declared a second time (first: {at}); keep one"
            yield located.problem(Finding(("metadata", "name"), sentence))
