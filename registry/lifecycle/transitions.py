"""Which change of a version's stage is in order. Pure; ``today`` decides what has happened already."""

from collections.abc import Iterator
from datetime import date

from registry.kinds.api import STAGES, APISpec, Version
from registry.kinds.base import Finding


def objections(before: APISpec | None, after: APISpec, today: date) -> Iterator[Finding]:
    """Why an API must not be changed so; paths start within the spec.

    A stage's date must have come. A version goes forward: back only if ``reinstated`` says why; from active to retired
    only if it says when it was deprecated. One that people may still call is not taken out of the list.
    """
    for position, version in enumerate(after.versions):
        was = before.version_named(version.version) if before else None
        for finding in (*_too_early(version, today), *_wrong_way(was, version)):
            yield Finding(("versions", position, *finding.path), finding.message)
    for gone in before.versions if before else ():
        if after.version_named(gone.version) is None and gone.lifecycle in {"active", "deprecated"}:
            sentence = f"version {gone.version!r} is {gone.lifecycle}; retire it before it is taken out of the list"
            yield Finding(("versions",), sentence)


def _too_early(version: Version, today: date) -> Iterator[Finding]:
    day = version.dates.of(version.lifecycle)
    if day is not None and day > today:
        sentence = f"version {version.version!r} is not {version.lifecycle} before {day}; keep its stage until then"
        yield Finding(("lifecycle",), sentence)


def _wrong_way(was: Version | None, version: Version) -> Iterator[Finding]:
    if was is None or was.lifecycle == version.lifecycle:
        return
    back = STAGES.index(version.lifecycle) < STAGES.index(was.lifecycle)
    if back and version.reinstated in {None, was.reinstated}:
        sentence = (
            f"version {version.version!r} can't go back from {was.lifecycle} to {version.lifecycle}; "
            "if that is meant, say why in reinstated"
        )
        yield Finding(("lifecycle",), sentence)
    if (was.lifecycle, version.lifecycle) == ("active", "retired") and version.dates.deprecated is None:
        sentence = (
            f"version {version.version!r} can't go from active to retired at once; deprecate it first, "
            "or say in dates.deprecated when that was"
        )
        yield Finding(("lifecycle",), sentence)
