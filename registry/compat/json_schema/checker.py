from __future__ import annotations

import importlib
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from registry.compat.json_schema.context import Workspace
from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.index import Index
from registry.compat.json_schema.node import Place
from registry.compat.json_schema.pair import compare_pair
from registry.compat.json_schema.reporter import Reporter
from registry.compat.json_schema.telling import told
from registry.compat.json_schema.verdict import Verdict
from registry.compat.model import Change, ContentModel, DocumentError, Options
from registry.compat.source_map import Document, read_document

_STACK = 4_000  # frames: recursive schemas are judged by recursion, and Python's own bound of 1,000 is soon met
_ONE_AT_A_TIME = threading.Lock()
_MOST_WITNESSES = 20
_PLAINLY_FEW = 10_000  # schemas, whose comparison is far from its bound on steps

_Located = tuple[Finding, Place, Place]


def compare(old_text: str, new_text: str, options: Options) -> list[Change]:
    """What changed from one JSON Schema to the next, and what that does to data of the old one.

    Raises:
        DocumentError: one of the texts is no JSON Schema, or the two are too entangled to be compared in bounded time.
    """
    old, new = read_document(old_text, "old"), read_document(new_text, "new")
    if old_text == new_text and _like_itself(new):
        return []
    comparison = Comparison(_index(old, "old"), _index(new, "new"), Workspace(), options.content_model)
    return comparison.changes("", "", witnesses=options.witnesses)


def _like_itself(document: Document) -> bool:
    """Whether a document is sound, and so plain that comparing it with itself can bring up nothing."""
    try:
        index = _index(document, "new")
    except DocumentError:
        return False  # what is wrong with it is told of the old one first
    return not index.branches and len(index.pointers) <= _PLAINLY_FEW


def _index(document: Document, which: str) -> Index:
    """The schemas of a document that is one schema; looked at once for as long as the document is held."""
    name = f"json-schema {which}"
    index = document.memo.get(name)
    if not isinstance(index, Index):
        index = Index(document, which)
        index.add("")
        document.memo[name] = index
    return index


class Comparison:
    """Compares schemas that stand in two documents, pair after pair; what pairs share is compared and told of once.

    Args:
        old: the schemas whose data must be right, as far as they have been looked at.
        new: the schemas that they must be right by.
        workspace: what is known of single schemas; comparisons of the same two indexes may share it.
        content_model: how names that aren't listed are judged.
    """

    def __init__(self, old: Index, new: Index, workspace: Workspace, content_model: ContentModel) -> None:
        self._old, self._new, self._workspace = old, new, workspace
        self._verdict = Verdict(content_model)
        self._reporter = Reporter(compare_pair, self._verdict, workspace)
        self._search: Any = None  # Witnesses, once there is something to show

    def changes(self, old_root: str, new_root: str, *, witnesses: bool = True) -> list[Change]:
        """What changed between the schemas at two JSON Pointers, and wasn't told of an earlier pair.

        Raises:
            DocumentError: see ``compare``.
        """
        old, new = _place(self._old, old_root), _place(self._new, new_root)
        if self._old.mixed or self._new.mixed:
            alone = Comparison(self._old.afresh(), self._new.afresh(), Workspace(), self._verdict.content_model)
            return alone.changes(old_root, new_root, witnesses=witnesses)
        located = self._in_order(self._findings(old, new))
        shown = self._witnesses(located) if witnesses else {}
        documents = self._old.document, self._new.document
        return [
            told(finding, self._verdict, *documents, shown.get(position))
            for position, (finding, _, _) in enumerate(located)
        ]

    def _findings(self, old: Place, new: Place) -> list[_Located]:
        try:
            return self._reporter.findings(old, new)
        except RecursionError:
            self._workspace.forget()
            self._reporter = Reporter(compare_pair, self._verdict, self._workspace)
            return _deeply(self._reporter, old, new)

    def _in_order(self, findings: Iterable[_Located]) -> list[_Located]:
        def place(located: _Located) -> tuple[int, str, str]:
            finding = located[0]
            index, path = (self._new, finding.new_path) if finding.on_new else (self._old, finding.old_path)
            return index.document.line(path) or 0, finding.new_path, finding.rule

        return sorted(findings, key=place)

    def _witnesses(self, located: Sequence[_Located]) -> dict[int, str | None]:
        """For the first breaking findings, by position: a value that shows what it breaks, if one is found."""
        breaking = [position for position, one in enumerate(located) if self._verdict.breaks(one[0].rule)]
        breaking = breaking[:_MOST_WITNESSES]
        if not breaking:
            return {}
        if self._search is None:
            # Only a refusal needs the validator, which takes a moment to load.
            module = importlib.import_module("registry.compat.json_schema.witness")
            self._search = module.Witnesses(self._old, self._new, self._workspace.node)
        pairs = Counter((one[1].pointer, one[2].pointer) for one in (located[position] for position in breaking))
        found: dict[int, str | None] = {}
        for position in breaking:
            finding, old, new = located[position]
            found[position] = self._search.find(finding, old, new, alone=pairs[old.pointer, new.pointer] == 1)
        return found


def _place(index: Index, root: str) -> Place:
    index.add(root)
    return Place(index, root, index.at(root))


def _deeply(reporter: Reporter, old: Place, new: Place) -> list[_Located]:
    """With a higher bound on the stack. The bound is the whole process's, hence one at a time."""
    with _ONE_AT_A_TIME:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(max(_STACK, usual))
        try:
            return reporter.findings(old, new)
        except RecursionError:
            raise DocumentError("the schemas refer to one another too deeply to be compared; split them up") from None
        finally:
            sys.setrecursionlimit(usual)
