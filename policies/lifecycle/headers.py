"""The header fields by which a version's answers announce its end: Deprecation (RFC 9745), Sunset (RFC 8594), Link. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.utils import format_datetime

from registry.kinds.api import APIManifest, Version


def announced(api: APIManifest, version: Version, page: str, successor: str | None) -> Mapping[str, str]:
    """Name -> value, for a gateway to add to every answer of that version; empty while it has no end.

    Args:
        api: the API, whose documentation is linked to where it names one.
        version: the version that answers.
        page: the address at which people read about the deprecation.
        successor: the address of what to use instead, if there is any.
    """
    deprecated, sunset = version.dates.deprecated, version.sunset or version.dates.retired
    if deprecated is None and sunset is None:
        return {}
    fields: dict[str, str] = {}
    if deprecated is not None:
        # A structured date: seconds since the epoch behind an @. It may lie ahead, and says so by its value.
        fields["Deprecation"] = f"@{int(_midnight(deprecated).timestamp())}"
    if sunset is not None:
        fields["Sunset"] = format_datetime(_midnight(sunset), usegmt=True)
    links = [f'<{page}>; rel="deprecation"; type="text/html"']
    if sunset is not None and api.spec.documentation:
        links.append(f'<{api.spec.documentation}>; rel="sunset"')
    if successor is not None:
        links.append(f'<{successor}>; rel="successor-version"')
    fields["Link"] = ", ".join(links)
    return fields


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
