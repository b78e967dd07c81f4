"""Whether ``info.version`` says what happened, where it is a semantic version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from registry.compat.openapi.diff.document import mapping
from registry.compat.openapi.diff.model import DocumentDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.rules import INFO, NEITHER, Scope, rules

SCOPE = Scope.VERDICT
RULES = (
    *rules(
        INFO,
        NEITHER,
        "info",
        "api-version-not-bumped",
        "api-major-version-not-bumped",
        why="callers who watch the version are not warned",
        migrate="Raise the major version with a breaking change (below 1.0.0 the minor one).",
    ),
    *rules(
        INFO,
        NEITHER,
        "info",
        "api-version-decreased",
        why="callers who watch the version take the older document for the newer",
        migrate="Raise the version.",
    ),
)
_SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
Version = tuple[int, int, int, bool, str]
EXAMPLES = {
    "api-version-not-bumped": (
        "{info: {version: 1.0.0}, paths: {/bills: {get: {}}}}",
        "{info: {version: 1.0.0}, paths: {}}",
    ),
    "api-major-version-not-bumped": (
        "{info: {version: 1.0.0}, paths: {/bills: {get: {}}}}",
        "{info: {version: 1.1.0}, paths: {}}",
    ),
    "api-version-decreased": ("{info: {version: 1.1.0}}", "{info: {version: 1.0.0}}"),
}


def check(document: DocumentDiff, breaking: bool) -> Iterator[Found]:  # noqa: FBT001 -- every verdict check is called so
    """Compare the versions, knowing whether any other finding is breaking."""
    texts = [mapping(side.value.get("info")).get("version") for side in (document.old, document.new)]
    old, new = (_parse(text) for text in texts)
    if old is None or new is None:
        return
    if new < old:
        event, said = "api-version-decreased", f"the version went back from {texts[0]} to {texts[1]}"
    elif not breaking or new[0] > old[0] or (old[0] == 0 and new[1] > old[1]):
        return
    elif new == old:
        event, said = "api-version-not-bumped", f"the version is still {texts[1]} although something breaks"
    else:
        said = f"the version went only from {texts[0]} to {texts[1]} although something breaks"
        event = "api-major-version-not-bumped"
    yield Found(event, said, ("info", "version"), texts[0], texts[1])


def _parse(text: Any) -> Version | None:
    """A semantic version as what it is ordered by; None for anything else, which is not guessed at."""
    match = _SEMANTIC.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    major, minor, patch, before = match.groups()
    return int(major), int(minor), int(patch), before is None, before or ""
