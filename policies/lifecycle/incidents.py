"""What calls of something retired come to: an incident opens, goes on, comes back, ends by itself. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from collectors.usage.gone import LateCalls
from policies.gate.usage import system_of
from policies.lifecycle.leaving import QUIET_DAYS
from registry.kinds.api import APIManifest
from registry.kinds.system import SystemManifest

State = Literal["open", "acknowledged", "resolved", "closed"]
STATES: tuple[State, ...] = ("open", "acknowledged", "resolved", "closed")
#: Those that somebody has still to do something about.
STANDING: frozenset[str] = frozenset({"open", "acknowledged"})
UNTRACED = "callers that send no traces"
#: What fits a column of names.
_LONGEST = 200
MOST_LETTERS = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """Calls of a retired version by one caller since it was retired. ``teams``: who should know.

    ``operation``: it is this one that ended, and not the whole version.
    """

    api: str
    version: str
    caller: str
    retired_at: datetime
    calls: int
    first_call: datetime
    last_call: datetime
    operations: tuple[str, ...]
    traces: tuple[str, ...]
    teams: tuple[str, ...]
    operation: str = ""

    @property
    def id(self) -> str:
        """The same for the same version and caller."""
        return ident(self.api, self.version, self.caller, self.operation)


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of an incident: when it was changed last by a person or by itself, and its last call."""

    state: State
    changed_at: datetime
    last_call: datetime


def ident(api: str, version: str, caller: str, operation: str = "") -> str:
    """Sixteen hex digits."""
    return hashlib.sha256(f"{api}\x00{version}\x00{caller}\x00{operation}".encode("utf-8", "replace")).hexdigest()[:16]


def step(
    before: Before | None, seen: Seen | None, now: datetime
) -> Literal["open", "reopen", "go-on", "close", "stay"]:
    """What becomes of an incident; ``seen`` is None where no call is seen any more."""
    if before is None:
        return "open" if seen is not None and _recent(seen.last_call, now) else "stay"
    if before.state in STANDING:
        last = before.last_call if seen is None else max(before.last_call, seen.last_call)
        if not _recent(last, now):
            return "close"
        return "stay" if seen is None else "go-on"
    # Calls that came in late, from before it was said to be over, bring nothing back.
    if seen is not None and seen.last_call > max(before.changed_at, before.last_call) and _recent(seen.last_call, now):
        return "reopen"
    return "stay"


def seen_of(
    api: APIManifest,
    retired: Mapping[str, datetime],
    calls: Iterable[LateCalls],
    systems: Sequence[SystemManifest],
    operation: str = "",
) -> list[Seen]:
    """Calls as they count here. ``retired``: version -> since when; ``operation``: only it has ended."""
    provider = next((one.metadata.owner for one in systems if one.name == api.spec.system), None)
    found = []
    for one in calls:
        system = system_of(one.service, systems)
        owner = next((each.metadata.owner for each in systems if each.name == system), None)
        teams = {team for team in (api.metadata.owner, provider, owner) if team}
        found.append(
            Seen(
                api=api.name,
                version=one.version,
                caller=(one.service or UNTRACED)[:_LONGEST],
                retired_at=retired[one.version],
                calls=one.calls,
                first_call=_moment(one.first_at),
                last_call=_moment(one.last_at),
                operations=one.operations,
                traces=one.traces,
                teams=tuple(sorted(teams)),
                operation=operation,
            )
        )
    return found


def with_untold(api: APIManifest, retired: dict[str, datetime]) -> dict[str, datetime]:
    """With the calls that tell no version, where all versions that people could call are retired."""
    callable_ = [one.version for one in api.spec.versions if one.lifecycle != "proposed"]
    if callable_ and all(version in retired for version in callable_):
        return retired | {"": max(retired.values())}
    return retired


def _recent(last: datetime, now: datetime) -> bool:
    return last >= now - timedelta(days=QUIET_DAYS)


def _moment(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds // 1_000 / 1e6, UTC)
