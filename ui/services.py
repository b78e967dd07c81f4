"""What the pages need from outside, handed in by whoever mounts them. The pages know no settings and no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request

from collectors.timelines.reading import Timelines
from collectors.timelines.traces import Span
from collectors.workflows.definition import Definition
from policies.slas.model import Sla
from policies.slas.report import SlaReports
from registry.access.roles import Principal


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared and pages speak of: workflows by name, SLAs, and titles of systems and teams by name."""

    workflows: Mapping[str, Definition]
    slas: Sequence[Sla]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that was opened: the cookie's secret and when it ends."""

    principal: Principal
    secret: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Services:
    """Readers, the clock and access.

    Attributes:
        clock: nanoseconds now.
        requires: permission -> a FastAPI dependency that gives the principal, or raises 401 or 403.
        visitor: who asks, None if nobody is signed in; for pages that anyone may see.
        declared: what is declared at present.
        timelines: instances and search.
        reports: SLAs over many instances.
        trace: trace id -> its spans by start.
        enter: (secret, "code" or "token") -> a session, or None if the secret opens none.
        leave: ends the session of a cookie's secret.
        cookie: name of the session's cookie.
        secure: whether the cookie may only travel over TLS.
    """

    clock: Callable[[], int]
    requires: Callable[[Any], Callable[..., Any]]
    visitor: Callable[[Request], Principal | None]
    declared: Callable[[], Declared]
    timelines: Timelines
    reports: SlaReports
    trace: Callable[[str], tuple[Span, ...]]
    enter: Callable[[str, str], SignedIn | None]
    leave: Callable[[str], None]
    cookie: str
    secure: Callable[[Request], bool]
