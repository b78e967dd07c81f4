"""Puts one hop together: spans of one trace, with the attributes that instrumented services give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from controlplane.demo.dice import Dice
from controlplane.demo.model import Attributes, Context, Happening, Hop, Kind, PlannedSpan, Sender, Value
from controlplane.demo.world import World


class Request(NamedTuple):
    """An HTTP request: the template is its path with names in place of ids."""

    method: str
    host: str
    template: str
    item: str = ""

    @property
    def path(self) -> str:
        """The path with the id in it."""
        return self.template.replace("{id}", self.item)

    @property
    def title(self) -> str:
        """The name of a span about it: never with an id, so that spans of one kind share a name."""
        return f"{self.method} {self.template}"

    @property
    def success(self) -> str:
        """The status of an answer that says yes."""
        return {"POST": "201", "PATCH": "204"}.get(self.method, "200")


@dataclass(slots=True)
class Trace:
    """A hop in the making. Its methods take true times; each sender's own clock error is added as a span is made."""

    world: World
    dice: Dice
    sender: Sender
    spans: list[PlannedSpan] = field(default_factory=list)
    root: Context = field(init=False)
    ready_at: int = 0

    def __post_init__(self) -> None:
        self.root = self.dice.context()

    def child(self) -> Context:
        """Ids for another span of this trace."""
        return self.dice.context(self.root.trace_id)

    def add(
        self,
        name: str,
        kind: Kind,
        start: int,
        end: int,
        attributes: Attributes,
        *,
        context: Context | None = None,
        parent: Context | None = None,
        sender: Sender | None = None,
        error: str | None = None,
        events: Sequence[Happening] = (),
        links: Sequence[Context] = (),
    ) -> Context:
        """Add a span under ``parent``, by default the root; returns its ids."""
        context = context or self.child()
        by = sender or self.sender
        off = self.world.clock_error(by, start)
        self.ready_at = max(self.ready_at, end)
        self.spans.append(
            PlannedSpan(
                sender=by,
                name=name,
                kind=kind,
                start=start + off,
                end=end + off,
                context=context,
                parent=None if context == self.root else (parent or self.root),
                attributes=attributes,
                error=error,
                events=tuple(event._replace(at=event.at + off) for event in events),
                links=tuple(links),
            )
        )
        return context

    def done(self) -> Hop:
        """The hop as planned."""
        return Hop(self.ready_at, tuple(self.spans))

    def consumed(self, queue: str, start: int, end: int, origin: Context, attributes: Attributes) -> None:
        """The root: a message from ``queue``, linked to the span that sent it."""
        about = _message(self.dice, queue, "process", attributes)
        self.add(f"process {queue}", "consumer", start, end, about, context=self.root, links=(origin,))

    def produced(self, queue: str, at: int, attributes: Attributes, parent: Context | None = None) -> Context:
        """A message sent; returns the ids to link from."""
        about = _message(self.dice, queue, "send", attributes)
        return self.add(f"send {queue}", "producer", at, at + self.dice.brief(2, 9), about, parent=parent)

    def received(self, route: str, start: int, end: int, attributes: Attributes) -> None:
        """The root: an HTTP request that came in."""
        about: Attributes = {
            "http.request.method": "POST",
            "http.route": route,
            "url.path": route,
            "url.scheme": "https",
            "http.response.status_code": 200,
            **attributes,
        }
        self.add(f"POST {route}", "server", start, end, about, context=self.root)

    def called(
        self,
        request: Request,
        start: int,
        end: int,
        about: Attributes,
        *,
        name: str = "",
        parent: Context | None = None,
    ) -> Context:
        """An HTTP call that went well; the span has the request's own name unless it is given one."""
        attributes = {**http_call(request, request.success), **about}
        return self.add(name or request.title, "client", start, end, attributes, parent=parent)

    def queried(self, statement: str, table: str, at: int, parent: Context | None = None) -> int:
        """A query to the service's own PostgreSQL; returns when it ended."""
        about: Attributes = {
            "db.system.name": "postgresql",
            "db.namespace": self.sender.service.replace("-", "_"),
            "db.operation.name": statement,
            "db.collection.name": table,
            "server.address": "postgres.northwind.internal",
        }
        end = at + self.dice.brief(1, 7)
        self.add(f"{statement} {table}", "client", at, end, about, parent=parent)
        return end


def http_call(request: Request, status: str, resend: int = 0) -> dict[str, Value]:
    """The attributes of an HTTP client's span; ``status`` is a code, or "timeout" when no answer came."""
    about: dict[str, Value] = {
        "http.request.method": request.method,
        "server.address": request.host,
        "url.full": f"https://{request.host}{request.path}",
        "url.template": request.template,
    }
    if status.isdigit():
        about["http.response.status_code"] = int(status)
    if not status.startswith("2"):
        about["error.type"] = status
    if resend:
        about["http.request.resend_count"] = resend
    return about


def _message(dice: Dice, queue: str, operation: str, attributes: Attributes) -> Attributes:
    return {
        "messaging.system": "rabbitmq",
        "messaging.destination.name": queue,
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.message.id": f"{dice.getrandbits(64):016x}",
        **attributes,
    }
