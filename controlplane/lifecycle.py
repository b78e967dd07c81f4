"""What a version announces of its end, with addresses at which people find this server's pages."""

from __future__ import annotations

from collections.abc import Mapping

from controlplane.settings import Settings
from policies.lifecycle.headers import announced
from registry.kinds.api import APIManifest


def announcement(settings: Settings, api: APIManifest, version: str) -> Mapping[str, str]:
    """The header fields of a version that the API has; see :func:`policies.lifecycle.headers.announced`."""
    found = api.spec.version_named(version)
    if found is None:
        return {}
    home = (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
    instead = found.replacement
    successor = f"{home}/catalogue/API/{instead.api or api.name}" if instead else None
    return announced(api, found, f"{home}/catalogue/API/{api.name}", successor)
