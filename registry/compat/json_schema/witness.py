from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from jsonschema.exceptions import ValidationError

from registry.compat.json_schema.finding import Finding
from registry.compat.json_schema.node import Place, build_node
from registry.compat.json_schema.samples import Sampler
from registry.compat.json_schema.validation import Checker
from registry.compat.json_schema.vocabulary import is_schema
from registry.compat.model import DocumentError

_TRIED = 160  # values checked for one pair of schemas
_LONGEST = 400  # characters of a witness that still helps
_DEPTH = 6


class Witnesses:
    """Looks for data that shows a change: valid by the old schema, invalid by the new one, both seen by jsonschema.

    Args:
        old: any schema of the old document.
        new: any schema of the new document.
    """

    def __init__(self, old: Place, new: Place) -> None:
        self._before, self._after = Checker(old.index), Checker(new.index)
        self._found: dict[tuple[str, str], list[tuple[str, list[ValidationError]]]] = {}

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
        for text, errors in self._around(finding.subject, old, new):
            if any(_shows(error, finding, new) for error in errors):
                return text
        candidates = self._candidates(old, new)
        for text, errors in candidates:
            if any(_shows(error, finding, new) for error in errors):
                return text
        return candidates[0][0] if candidates and alone else None

    def _candidates(self, old: Place, new: Place) -> list[tuple[str, list[ValidationError]]]:
        pair = (old.pointer, new.pointer)
        if pair not in self._found:
            self._found[pair] = self._checked(lambda sampler: sampler.values(old), old, new)
        return self._found[pair]

    def _around(self, name: str, old: Place, new: Place) -> list[tuple[str, list[ValidationError]]]:
        """Candidates that differ in the member that a finding is about, if it is about one."""
        if not any(name in build_node(place).schema.get("properties", ()) for place in (old, new)):
            return []
        return self._checked(lambda sampler: sampler.around(old, name), old, new)

    def _checked(
        self, sample: Callable[[Sampler], list[Any]], old: Place, new: Place
    ) -> list[tuple[str, list[ValidationError]]]:
        """The values among the samples that the old schema takes and the new one doesn't."""
        found: list[tuple[str, list[ValidationError]]] = []
        try:
            for value in sample(Sampler(lambda place: _partner(place, old, new)))[:_TRIED]:
                if self._before.errors(old.pointer, value):
                    continue
                errors = self._after.errors(new.pointer, with_defaults(copy.deepcopy(value), new))
                text = json.dumps(value, ensure_ascii=False)
                if errors and len(text) <= _LONGEST:
                    found.append((text, errors))
        except (DocumentError, RecursionError):
            return found
        except Exception:  # noqa: BLE001 -- references and drafts that jsonschema doesn't know: no witness, same verdict
            return found
        return found


def _partner(place: Place, old: Place, new: Place) -> Place | None:
    """The new document's schema at the same steps from the pair at hand, or else at the same pointer."""
    relative = place.pointer.removeprefix(old.pointer)
    for pointer in (new.pointer + relative, place.pointer):
        try:
            schema = new.index.at(pointer)
        except (LookupError, ValueError, TypeError):
            continue
        if is_schema(schema):
            return Place(new.index, pointer, schema)
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
    node = build_node(place)
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
    for part in node.all_of:
        with_defaults(value, part, depth - 1)
    return value
