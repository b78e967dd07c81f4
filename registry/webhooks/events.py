"""What happened, as others are told it: CloudEvents 1.0, structured. Pure."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from registry.kinds.webhook import Events

MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
TEST_TYPE = "controlplane.webhook.test"
#: Who signed in and who got a token is told to those only who ask for it by name.
ACCESS_KINDS = frozenset({"LoginLink", "Session", "Token"})
#: Receivers take so much as a rule; of what is longer, the documents before and after are left out.
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the audit log, and the teams that it concerns."""

    seq: int
    hash: str
    at: datetime
    actor: str
    action: str
    kind: str
    name: str
    before: Any = None
    after: Any = None
    reason: str | None = None
    teams: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The same for ever, and at no other installation."""
        return f"{self.seq}-{self.hash[:16]}"

    @property
    def type(self) -> str:
        """Such as ``controlplane.waiver.approve``."""
        return f"controlplane.{_kebab(self.kind)}.{self.action}"

    @property
    def subject(self) -> str:
        """Such as ``Waiver/old-field``."""
        return f"{self.kind}/{self.name}"


def concerns(events: Events, one: Happened) -> bool:
    """Whether it is what a webhook asked for."""
    if one.kind in ACCESS_KINDS and one.kind not in events.kinds:
        return False
    return (
        (not events.kinds or one.kind in events.kinds)
        and (not events.actions or one.action in events.actions)
        and (not events.names or any(fnmatch.fnmatchcase(one.name, pattern) for pattern in events.names))
        and (not events.teams or not one.teams.isdisjoint(events.teams))
    )


def cloud_event(one: Happened, home: str) -> bytes:
    """The body; ``home`` is the address of this server's pages."""
    told: dict[str, Any] = {
        "kind": one.kind,
        "name": one.name,
        "action": one.action,
        "actor": one.actor,
        "reason": one.reason,
        "teams": sorted(one.teams),
        "url": f"{home}/audit/{one.seq}",
    }
    body = _body(one.id, one.type, one.subject, one.at, home, told | {"before": one.before, "after": one.after})
    if len(body) <= MOST_BYTES:
        return body
    return _body(one.id, one.type, one.subject, one.at, home, told | {"shortened": True})


def test_event(ident: str, webhook: str, actor: str, now: datetime, home: str) -> bytes:
    """A body that shows only that the way is open."""
    told = {"kind": "Webhook", "name": webhook, "action": "test", "actor": actor, "url": f"{home}/webhooks/{webhook}"}
    return _body(ident, TEST_TYPE, f"Webhook/{webhook}", now, home, told)


def _body(ident: str, of: str, subject: str, at: datetime, home: str, data: Mapping[str, Any]) -> bytes:
    event = {
        "specversion": "1.0",
        "id": ident,
        "source": home,
        "type": of,
        "subject": subject,
        "time": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _kebab(kind: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", kind).lower()
