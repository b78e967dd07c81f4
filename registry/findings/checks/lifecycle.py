"""Versions of APIs whose stage and dates say different things, or whose callers are left without a way on."""

from collections.abc import Iterator
from datetime import date

from registry.findings.model import Catalogue, Finding
from registry.kinds.api import STAGES, APIManifest, Version


def find(catalogue: Catalogue, today: date) -> Iterator[Finding]:
    """Stages that are overdue, deprecations without a sunset or a replacement, replacements that are gone themselves."""
    apis = {api.name: api for api in catalogue.every(APIManifest)}
    for api in apis.values():
        for version in api.spec.versions:
            for sentence in (*_overdue(version, today), *_without_way_on(api, version, apis)):
                message = f"version {version.version}: {sentence}"
                yield Finding("lifecycle", "warning", "API", api.name, message, api.metadata.owner)


def _overdue(version: Version, today: date) -> Iterator[str]:
    for stage in STAGES[STAGES.index(version.lifecycle) + 1 :]:
        day = version.dates.of(stage)
        if day is not None and day < today:
            yield f"it was to be {stage} on {day} and is still {version.lifecycle}"
    if version.lifecycle == "deprecated" and version.sunset is not None and version.sunset < today:
        yield f"its sunset was on {version.sunset} and it is not retired"


def _without_way_on(api: APIManifest, version: Version, apis: dict[str, APIManifest]) -> Iterator[str]:
    if version.lifecycle != "deprecated":
        return
    if version.sunset is None:
        yield "it is deprecated without a sunset, so nobody knows until when to move"
    instead = version.replacement
    if instead is None:
        yield "it is deprecated without a replacement, so nobody knows where to move"
        return
    other = apis.get(instead.api or api.name)
    if other is None:
        yield f"its replacement {instead.api} is not declared"
        return
    target = other.spec.version_named(instead.version) if instead.version else None
    stage = target.lifecycle if target else other.spec.lifecycle
    if stage in {"deprecated", "retired"}:
        yield f"its replacement is {stage} itself"
