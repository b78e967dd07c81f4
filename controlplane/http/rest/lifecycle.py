"""The end of versions: who is still there, what is called though it is gone, and what a gateway should announce."""

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from collectors.usage.reading import ApiUsage
from controlplane.http.auth import requires
from controlplane.http.problems import Problem
from controlplane.http.wiring import State
from controlplane.lifecycle import announcement
from controlplane.state import AppState
from policies.gate.answer import moment
from policies.lifecycle import notices
from policies.lifecycle.leaving import Leaving, leaving
from policies.lifecycle.notices import Notice
from policies.lifecycle.reading import ending, sentence
from policies.lifecycle.retired import retired_since
from registry.access.roles import Principal
from registry.catalogue import read
from registry.kinds.api import APIManifest, Version
from registry.nearest import did_you_mean

router = APIRouter(prefix="/api/v1", tags=["lifecycle"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]
Writer = Annotated[Principal, Depends(requires("catalogue:write"))]
#: Of one caller, in the list of all versions that end.
MOST_NOTICES = 20


class NoticeOut(BaseModel):
    """Somebody was told that a version ends; ``occasion`` is ``by hand`` or how many days before the sunset."""

    caller: str
    teams: list[str] = Field(description="Who owns the caller; nobody where it belongs to no system.")
    webhooks: list[str] = Field(description="Those that took it on; where there is none, nobody was reached.")
    occasion: str
    sunset: str | None
    at: str
    by: str


class Addressees(BaseModel):
    """Whom to tell; nobody named: all who are still there."""

    model_config = ConfigDict(extra="forbid")

    callers: list[str] = Field(default_factory=list, max_length=200)


class NoticesOut(BaseModel):
    """Who was told now, and who had been told earlier today and was not told again."""

    given: list[NoticeOut]
    told_earlier_today: list[str]


class CallerOut(BaseModel):
    """A service that called; ``weeks`` maps the Monday of a week to its calls."""

    service: str
    calls: int
    last_call: str
    still_there: bool = Field(description="It called within the last 30 days.")
    version_told: bool = Field(description="false: its spans don't tell the version, so it may call another one.")
    notices: list[NoticeOut] = Field(description="When its owner was told of the end, the latest first.")
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
        retired = {api.name: retired_since(session, api) for api in apis}
        given = notices.given(session)
    found = ending(apis, lambda api: _calls(state, api, now), now, retired)
    return LifecycleOut(sentence=sentence(found), items=[_told(one, given) for one in found])


@router.post("/apis/{api}/versions/{version}/notices", summary="Tell those who still call a version that it ends")
def give_notices(state: State, who: Writer, api: str, version: str, wanted: Addressees | None = None) -> NoticesOut:
    """Each is an event for webhooks, and an entry of the audit log. Nobody is told twice on one day."""
    found, chosen = _version(state, api, version)
    now = state.clock()
    ending_ = leaving(found, chosen, _calls(state, found, now), now)
    if chosen.lifecycle == "retired":
        raise Problem(HTTPStatus.CONFLICT, f"{api} {version} is retired; who still calls it is an incident")
    if not ending_.known:
        raise Problem(HTTPStatus.CONFLICT, f"nothing is known of who calls {api}, so nobody can be told")
    callers = wanted.callers if wanted else []
    here = [one.service for one in notices.addressees(ending_)]
    if strangers := [one for one in callers if one not in here]:
        raise Problem(
            HTTPStatus.CONFLICT,
            f"{strangers[0][:100]!r} does not call {api} {version}{did_you_mean(strangers[0], here)}",
        )
    with state.database.writing() as session:
        given, earlier = notices.tell_by_hand(session, ending_, who.name, now, callers)
    return NoticesOut(given=[_notice(one) for one in given], told_earlier_today=earlier)


@router.get("/apis/{api}/versions/{version}/notices", summary="Who was told that a version ends")
def list_notices(state: State, _who: Reader, api: str, version: str) -> list[NoticeOut]:
    """By hand and by reminders, the latest first."""
    _version(state, api, version)
    with state.database.reading() as session:
        return [_notice(one) for one in notices.given(session, api) if one.version == version]


@router.get("/apis/{api}/versions/{version}/headers", summary="What a gateway should announce for a version")
def version_headers(state: State, _who: Reader, api: str, version: str) -> HeadersOut:
    """Deprecation (RFC 9745), Sunset (RFC 8594) and Link, as the catalogue has them now."""
    found, _ = _version(state, api, version)
    return HeadersOut(api=api, version=version, headers=dict(announcement(state.settings, found, version)))


def _version(state: AppState, api: str, version: str) -> tuple[APIManifest, Version]:
    with state.database.reading() as session:
        found = read.get(session, "API", api) if api.isascii() and api.isprintable() else None
        names = () if found else read.names(session, "API")
    if not isinstance(found, APIManifest):
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no API {api[:100]!r}{did_you_mean(api, names)}")
    chosen = found.spec.version_named(version)
    if chosen is None:
        labels = [one.version for one in found.spec.versions]
        raise Problem(HTTPStatus.NOT_FOUND, f"{api} has no version {version[:60]!r}{did_you_mean(version, labels)}")
    return found, chosen


def _calls(state: AppState, api: APIManifest, now: datetime) -> ApiUsage | None:
    usage = state.usage(api, now)
    return None if usage is None else usage.found


def _told(one: Leaving, given: Sequence[Notice]) -> EndingOut:
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
                notices=[
                    _notice(each)
                    for each in notices.told_of(given, one.api.name, version.version, caller.service)[:MOST_NOTICES]
                ],
                weeks={str(monday): calls for monday, calls in caller.weeks.items()},
            )
            for caller in one.callers
        ],
    )


def _notice(one: Notice) -> NoticeOut:
    return NoticeOut(
        caller=one.caller,
        teams=list(one.teams),
        webhooks=list(one.webhooks),
        occasion=one.occasion,
        sunset=one.sunset,
        at=moment(one.at) or "",
        by=one.by,
    )
