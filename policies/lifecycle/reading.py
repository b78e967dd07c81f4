"""Versions that end, of all APIs or one, with who was seen calling them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from collectors.usage.reading import ApiUsage
from policies.lifecycle.leaving import Leaving, leaving, of_interest, worst_first
from registry.kinds.api import APIManifest

UsageOf = Callable[[APIManifest], ApiUsage | None]
"""The calls of an API, None where they can't be known."""


def ending(
    apis: Sequence[APIManifest],
    usage_of: UsageOf,
    now: datetime,
    retired: Mapping[str, Mapping[str, datetime]] | None = None,
) -> Sequence[Leaving]:
    """Worst first. Each API's calls are asked for once, and only where one of its versions ends.

    ``retired``: API -> version -> since when it is retired, see :func:`policies.lifecycle.retired.retired_since`.
    """
    found: list[Leaving] = []
    for api in apis:
        versions = of_interest(api, now.date())
        if versions:
            usage = usage_of(api)
            since = (retired or {}).get(api.name, {})
            found += [leaving(api, version, usage, now, since.get(version.version)) for version in versions]
    return worst_first(found)


def sentence(found: Sequence[Leaving]) -> str:
    """How it stands, for people."""
    if not found:
        return "No version of an API is on its way out."
    incidents, late = sum(one.incident for one in found), sum(one.late for one in found)
    watched = [one for one in found if one.version.lifecycle != "retired"]
    there, ready = sum(one.there > 0 for one in watched), sum(one.ready for one in watched)
    parts = [f"{len(watched)} {_many(len(watched), 'version is', 'versions are')} on the way out"]
    if watched:
        parts[0] += f": {there} still called, {ready} quiet and ready to be retired"
    if late:
        parts.append(f"{late} {_many(late, 'is', 'are')} past the sunset and still called")
    if incidents:
        parts.append(f"{incidents} retired {_many(incidents, 'version is', 'versions are')} still called")
    return "; ".join(parts) + "."


def _many(count: int, one: str, more: str) -> str:
    return one if count == 1 else more
