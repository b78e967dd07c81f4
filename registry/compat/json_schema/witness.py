from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from jsonschema.exceptions import ValidationError

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.index import Index
from registry.compat.json_schema.node import Node, Place, build_node
from registry.compat.json_schema.samples import Budget, Sampler
from registry.compat.json_schema.validation import Checker
from registry.compat.json_schema.vocabulary import is_schema
from registry.compat.model import DocumentError

_TRIED = 160  # values checked for one pair of schemas
_MADE = 12_000  # values made for all of them
_CHECKED = 2_000  # values checked for all of them
_LONGEST = 400  # characters of a witness that still helps
_DEPTH = 6

_Shown = tuple[str, list[ValidationError]]  # a value as text, and what is wrong with it


class Witnesses:
    """Looks for data that shows a change: valid by the old schema, invalid by the new one, both seen by jsonschema.

    Args:
        old: the old document's schemas.
        new: the new document's schemas.
        node: a schema's keywords, sorted out.
    """

    def __init__(self, old: Index, new: Index, node: Callable[[Place], Node]) -> None:
        self._before, self._after, self._node = Checker(old), Checker(new), node
        self._budget, self._unchecked = Budget(_MADE), _CHECKED
        self._samplers: dict[tuple[str, str], Sampler] = {}
        self._found: dict[tuple[str, str], _Remembered] = {}

    def find(self, finding: Finding, old: Place, new: Place, *, alone: bool) -> str | None:
        """A value that shows a finding.

        Args:
            finding: what was found.
            old: the old schema that it was found in.
            new: the new schema that it was found in.
            alone: whether nothing else breaks between these two schemas, so that any witness is one of this finding.

        Returns:
            JSON text of a small value for the two schemas; None if none was found.
        """
        if any(finding.subject in self._node(place).schema.get("properties", ()) for place in (old, new)):
            around = self._checked(lambda: self._sampler(old, new).around(old, finding.subject), old, new)
            for text, errors in around:
                if any(_shows(error, finding, new) for error in errors):
                    return text
        first = None
        for text, errors in self._candidates(old, new):
            if any(_shows(error, finding, new) for error in errors):
                return text
            first = first or text
        return first if alone else None

    def _sampler(self, old: Place, new: Place) -> Sampler:
        # Of schemas at the same pointer, each part's partner is at the same pointer too: one memory serves them all.
        pair = ("", "") if old.pointer == new.pointer else (old.pointer, new.pointer)
        if pair not in self._samplers:
            partner = partial(_partner, old=pair[0], new=pair[1], index=new.index)
            self._samplers[pair] = Sampler(partner, self._node, self._fits, self._budget)
        return self._samplers[pair]

    def _fits(self, place: Place, value: Any) -> bool:
        self._unchecked -= 1
        return self._unchecked > 0 and not self._before.errors(place.pointer, value)

    def _candidates(self, old: Place, new: Place) -> _Remembered:
        pair = (old.pointer, new.pointer)
        if pair not in self._found:
            self._found[pair] = _Remembered(self._checked(lambda: self._sampler(old, new).values(old), old, new))
        return self._found[pair]

    def _checked(self, sample: Callable[[], Iterable[Any]], old: Place, new: Place) -> Iterator[_Shown]:
        """The samples that the old schema takes and the new one doesn't, as far as they are asked for."""
        try:
            for value in islice(sample(), _TRIED):
                if self._unchecked <= 0:
                    return
                if not self._fits(old, value):
                    continue
                errors = self._after.errors(new.pointer, with_defaults(copy.deepcopy(value), new))
                text = json.dumps(value, ensure_ascii=False)
                if errors and len(text) <= _LONGEST:
                    yield text, errors
        except (DocumentError, RecursionError):
            return
        except Exception:  # noqa: BLE001 -- references and drafts that jsonschema doesn't know: no witness, same verdict
            return


class _Remembered:
    """What an iterator gives, for all who ask one after the other; no further than they ask."""

    def __init__(self, source: Iterator[_Shown]) -> None:
        self._source = source
        self._seen: list[_Shown] = []

    def __iter__(self) -> Iterator[_Shown]:
        yield from self._seen
        for one in self._source:
            self._seen.append(one)
            yield one


def _partner(place: Place, *, old: str, new: str, index: Index) -> Place | None:
    """The new document's schema at the same steps from the pair at hand, or else at the same pointer."""
    for pointer in dict.fromkeys((new + place.pointer.removeprefix(old), place.pointer)):
        try:
            schema = index.at(pointer)
        except (LookupError, ValueError, TypeError):
            continue
        if is_schema(schema):
            return Place(index, pointer, schema)
    return None


def _shows(error: ValidationError, finding: Finding, new: Place) -> bool:
    """Whether an error is about what the finding is about."""
    steps = [str(step) for step in error.absolute_schema_path]
    wanted = finding.new_path.removeprefix(new.pointer).split("/")[1:]
    wanted = [step.replace("~1", "/").replace("~0", "~") for step in wanted]
    if wanted == ["required"]:
        return steps == wanted and f"'{finding.subject}'" in error.message
    if finding.on_new and wanted and steps[: len(wanted)] == wanted:
        return True
    return bool(finding.subject) and f"'{finding.subject}'" in error.message


def with_defaults(value: Any, place: Place, depth: int = _DEPTH) -> Any:
    """The value as a reader sees it that fills in the defaults of properties that are left out."""
    if not isinstance(value, dict) or depth == 0:
        return value
    waiting, seen = [place], set()
    while waiting:
        node = build_node(waiting.pop())
        if node.place.key in seen:
            continue
        seen.add(node.place.key)
        _fill(value, node, depth)
        waiting.extend(reversed(node.all_of))
    return value


def _fill(value: dict[str, Any], node: Node, depth: int) -> None:
    for name in node.schema.get("properties", ()):
        child = node.place.child("properties", name)
        if name in value:
            value[name] = with_defaults(value[name], child, depth - 1)
            continue
        given = next(
            (one for one in (child.schema, build_node(child).schema) if isinstance(one, dict) and "default" in one),
            None,
        )
        if given is not None:
            value[name] = copy.deepcopy(given["default"])
