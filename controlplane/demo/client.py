"""What the demo asks of its own server, over HTTP like everyone else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from controlplane.cli.errors import UserError
from controlplane.cli.manifest_files import gather

_READY_SECONDS = 60.0
_CORRELATED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What an SLA's report says of its period."""

    count: int
    met: int
    breached: int
    overdue: int


class Client:
    """The server at ``base`` as an administrator sees it."""

    def __init__(self, base: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def wait_until_ready(self, alive: Callable[[], bool]) -> None:
        """Wait for the server to take traffic.

        Raises:
            UserError: it ended, or needs too long.
        """
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if not alive():
                raise UserError("the server ended before it was ready")
            try:
                if self._http.get("/readyz").is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise UserError(f"the server was not ready after {_READY_SECONDS:.0f} seconds")

    def apply(self, folders: Sequence[Path]) -> dict[str, int]:
        """Apply all manifests of some folders at once; returns how many there are of each kind."""
        return self.apply_documents([document.value for document in gather(folders)])

    def apply_documents(self, documents: Sequence[Any]) -> dict[str, int]:
        """The same with manifests that are at hand."""
        done = self._post("/api/v1/apply", json=documents)
        kinds = [named["kind"] for named in done["created"] + done["changed"] + done["unchanged"]]
        return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}

    def ask(self, subject: str, document: str, context: Mapping[str, str]) -> dict[str, Any]:
        """What the gate says of a document."""
        question = {"subject": subject, "document": document, "context": context}
        told: dict[str, Any] = self._post("/api/v1/policy/evaluations", json=question)
        return told

    def request_waiver(self, subject: str, fingerprints: Sequence[str], reason: str, expires: date) -> None:
        """Ask to let findings pass."""
        wish = {"subject": subject, "fingerprints": fingerprints, "reason": reason, "expires": expires.isoformat()}
        self._post("/api/v1/waivers", json=wish)

    def tell(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Send CloudEvents."""
        self._post("/events", json=events, headers={"content-type": "application/cloudevents-batch+json"})

    def as_person(self, name: str, role: str) -> Client:
        """The server as somebody else sees it; the connection is theirs to close."""
        token: str = self._post("/api/v1/tokens", json={"name": name, "role": role})["token"]
        return Client(str(self._http.base_url), token)

    def has_reviews(self) -> bool:
        """Whether anything was ever proposed."""
        return bool(self._answer(self._http.get("/api/v1/reviews", params={"limit": 1}))["items"])

    def propose(self, subject: str, document: str, title: str, why: str, due: date) -> int:
        """Open a review; its number."""
        new = {"subject": subject, "document": document, "title": title, "why": why, "due": due.isoformat()}
        number: int = self._post("/api/v1/reviews", json=new)["id"]
        return number

    def say(self, review: int, text: str) -> None:
        """Comment on a review."""
        self._post(f"/api/v1/reviews/{review}/comments", json={"text": text})

    def vote(self, review: int, decision: str, reason: str = "") -> None:
        """Speak for one's teams on a review's first document."""
        vote = {"decision": decision, "reason": reason, "revision": 1}
        self._post(f"/api/v1/reviews/{review}/votes", json=vote)

    def publish(self, review: int) -> None:
        """Publish what everyone agreed to."""
        self._post(f"/api/v1/reviews/{review}/publication", json={"revision": 1})

    def login_link(self) -> str:
        """An address that signs an administrator in, once."""
        url: str = self._post("/api/v1/login-links", json={"name": "Demo visitor", "role": "admin"})["url"]
        return url

    def collector_token(self) -> str:
        """A token with which spans may be sent."""
        token: str = self._post("/api/v1/tokens", json={"name": "Northwind services", "role": "collector"})["token"]
        return token

    def figures(self, sla: str) -> Figures:
        """An SLA's figures over its window."""
        answer = self._answer(self._http.get(f"/api/v1/slas/{sla}/report"))
        return Figures(answer["count"], answer["met"], answer["breached"], answer["overdue"])

    def wait_for(self, sla: str, count: int) -> Figures:
        """Wait until the pages know of that many instances, or for a minute; returns the figures then."""
        deadline = time.monotonic() + _CORRELATED_SECONDS
        while (found := self.figures(sla)).count < count and time.monotonic() < deadline:
            time.sleep(0.25)
        return found

    def _post(self, path: str, **arguments: Any) -> dict[str, Any]:
        return self._answer(self._http.post(path, **arguments))

    def _answer(self, response: httpx.Response) -> dict[str, Any]:
        if response.is_error:
            raise UserError(f"the server refused {response.request.url.path}: {response.status_code} {response.text}")
        answer: dict[str, Any] = response.json()
        return answer
