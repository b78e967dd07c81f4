"""The end of versions: who is still there, what is called though it is gone, and what a gateway should announce."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from collectors.usage.reading import ApiUsage
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.lifecycle import announcement
from controlplane.state import AppState
from policies.lifecycle.leaving import Leaving
from policies.lifecycle.reading import ending, sentence
from registry.access.roles import Principal
from registry.catalogue import read
from registry.kinds.api import APIManifest
from registry.nearest import did_you_mean

router = APIRouter(prefix="/api/v1", tags=["lifecycle"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]


class CallerOut(BaseModel):
    """A service that called; ``weeks`` maps the Monday of a week to its calls."""

    service: str
    calls: int
    last_call: str
    still_there: bool = Field(description="It called within the last 30 days.")
    version_told: bool = Field(description="false: its spans don't tell the version, so it may call another one.")
    weeks: dict[str, int]


class EndingOut(BaseModel):
    """A version that is deprecated, retired, or to be."""

    api: str
    version: str
    lifecycle: str
    owner: str | None
    deprecated: str | None
    sunset: str | None
    retired: str | None
    replacement: str | None
    calls_known: bool = Field(description="false: nothing can be said of its callers; that is not the same as none.")
    incident: bool = Field(description="It is retired and was called since.")
    late: bool = Field(description="Its sunset has come and somebody is still there.")
    ready_to_retire: bool
    callers: list[CallerOut]


class LifecycleOut(BaseModel):
    """Every version that ends, worst first."""

    sentence: str
    items: list[EndingOut]


class HeadersOut(BaseModel):
    """The header fields that a gateway should add to every answer of a version; none while it has no end."""

    api: str
    version: str
    headers: dict[str, str]


@router.get("/lifecycle", summary="Versions of APIs that end, and who still calls them")
def list_endings(state: State, _who: Reader) -> LifecycleOut:
    """Calls to retired versions come first."""
    now = state.clock()
    with state.database.reading() as session:
        apis = read.every(session, APIManifest)
    found = ending(apis, lambda api: _calls(state, api, now), now)
    return LifecycleOut(sentence=sentence(found), items=[_told(one) for one in found])


@router.get("/apis/{api}/versions/{version}/headers", summary="What a gateway should announce for a version")
def version_headers(state: State, _who: Reader, api: str, version: str) -> HeadersOut:
    """Deprecation (RFC 9745), Sunset (RFC 8594) and Link, as the catalogue has them now."""
    with state.database.reading() as session:
        found = read.get(session, "API", api) if api.isascii() else None
        names = () if found else read.names(session, "API")
    if not isinstance(found, APIManifest):
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no API {api[:100]!r}{did_you_mean(api, names)}")
    labels = [one.version for one in found.spec.versions]
    if version not in labels:
        raise Problem(HTTPStatus.NOT_FOUND, f"{api} has no version {version[:60]!r}{did_you_mean(version, labels)}")
    return HeadersOut(api=api, version=version, headers=dict(announcement(state.settings, found, version)))


def _calls(state: AppState, api: APIManifest, now: datetime) -> ApiUsage | None:
    usage = state.usage(api, now)
    return None if usage is None else usage.found


def _told(one: Leaving) -> EndingOut:
    version, replacement = one.version, one.version.replacement
    instead = None
    if replacement is not None:
        instead = " ".join(filter(None, (replacement.api or one.api.name, replacement.version)))
    dates = version.dates
    return EndingOut(
        api=one.api.name,
        version=version.version,
        lifecycle=version.lifecycle,
        owner=one.api.metadata.owner,
        deprecated=dates.deprecated.isoformat() if dates.deprecated else None,
        sunset=version.sunset.isoformat() if version.sunset else None,
        retired=dates.retired.isoformat() if dates.retired else None,
        replacement=instead,
        calls_known=one.known,
        incident=one.incident,
        late=one.late,
        ready_to_retire=one.ready,
        callers=[
            CallerOut(
                service=caller.service,
                calls=caller.calls,
                last_call=caller.last_call.astimezone(UTC).isoformat().replace("+00:00", "Z"),
                still_there=caller.there,
                version_told=not caller.guessed,
                weeks={str(monday): calls for monday, calls in caller.weeks.items()},
            )
            for caller in one.callers
        ],
    )
