"""The site: templates, the rail, and answers in HTML. One page is one file in ``ui/pages``, found by its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from registry.access.roles import Principal
from ui import format as fmt
from ui import urls, words
from ui.services import Services

#: Nothing but our own files runs or loads; htmx is told so too (no eval, no style of its own).
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Cookie, HX-Request",
}
#: A template puts this where the part before it may already be sent.
FLUSH = "\x00flush\x00"

SERVER_ERROR = 500
#: Heading by status, and the sentence for when nothing better was said.
_ERRORS = {
    403: ("Not allowed", "Your role does not allow this; an administrator can give you another"),
    404: ("Not found", "There is no page at this address; search by any id, or begin at the start"),
    405: ("Not here", "This address does not take what was sent; go back and try another way"),
    500: ("Something went wrong here", "The server's log says what; trying again in a minute may help"),
    503: ("Not ready yet", "Try again in a minute"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the rail; it is shown to those who have the permission."""

    title: str
    href: str
    order: int
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A page beside others below one place of the rail, by the place's address; ``also`` are addresses that belong to it."""

    title: str
    href: str
    order: int
    place: str
    permission: str = ""
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> int:
        """How much of a path this tab stands for; 0 if it is none of its pages."""
        prefixes = (prefix.rstrip("/") for prefix in (self.href, *self.also))
        return max((len(prefix) for prefix in prefixes if f"{path}/".startswith(f"{prefix}/")), default=0)


@dataclass(slots=True)
class Site:
    """Renders pages with what all of them share."""

    services: Services
    places: list[Place] = field(default_factory=list)
    tabs: list[Tab] = field(default_factory=list)
    templates: Environment = field(init=False)

    def __post_init__(self) -> None:
        self.templates = environment()

    def context(self, request: Request, person: Principal | None) -> dict[str, Any]:
        """What all pages may show: the rail, the person, the time, where spans go, and the search that was typed."""
        allowed = person.permissions if person else frozenset[str]()
        path = request.url.path
        places = [place for place in self.places if person and (not place.permission or place.permission in allowed)]
        tab = max(self.tabs, key=lambda one: one.holds(path), default=None)
        tab = tab if tab and tab.holds(path) else None
        beside = [one for one in self.tabs if tab and one.place == tab.place]
        return {
            "request_path": path,
            "here": tab.place if tab else next((place.href for place in places if path.startswith(place.href)), ""),
            "places": places,
            "tab": tab,
            "tabs": [one for one in beside if person and (not one.permission or one.permission in allowed)],
            "person": person,
            "now": self.services.clock(),
            "receiving": self.services.receiving(),
            "host": request.url.hostname,
            "typed": request.query_params.get("q", "") if path == "/search" else "",
        }

    def page(
        self, request: Request, person: Principal | None, template: str, *, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A whole page, or one block of it if htmx asks for a fragment by its id."""
        chosen = self.templates.get_template(template)
        context = self.context(request, person) | values
        target = request.headers.get("HX-Target") if request.headers.get("HX-Request") else None
        if target and target in chosen.blocks:
            view = chosen.new_context(context)
            return HTMLResponse("".join(chosen.blocks[target](view)), status, headers=HEADERS)
        return HTMLResponse(chosen.render(context).replace(FLUSH, ""), status, headers=HEADERS)

    def stream(
        self, request: Request, person: Principal, template: str, *, status: int = 200, **values: Any
    ) -> StreamingResponse:
        """A page that is sent as far as it is known, the rest when the slow part of it has been found out."""
        pieces = self.templates.get_template(template).generate(self.context(request, person) | values)
        # A proxy that waits for the whole page would undo this.
        headers = HEADERS | {"X-Accel-Buffering": "no"}
        return StreamingResponse(_parts(pieces), status, media_type="text/html; charset=utf-8", headers=headers)

    def error(self, request: Request, status: int, detail: str) -> HTMLResponse:
        """What went wrong and what to do next, as a page."""
        heading, usual = _ERRORS.get(status, ("That did not work", ""))
        if not detail or detail == HTTPStatus(status).phrase:
            detail = usual or HTTPStatus(status).phrase
        person = self.services.visitor(request) if status < SERVER_ERROR else None
        return self.page(request, person, "error.html", status=status, heading=heading, sentence=words.sentence(detail))


def environment() -> Environment:
    """The templates with the helpers that they use."""
    found = Environment(
        loader=PackageLoader("ui", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "duration": fmt.duration,
        "seconds": fmt.seconds,
        "absolute": fmt.absolute,
        "exact": fmt.exact,
        "iso": fmt.iso,
        "relative": fmt.relative,
        "number": fmt.count,
        "percent": fmt.percent,
        "money": fmt.money,
        "shorten": fmt.shorten,
        "breakable": breakable,
        "sums": fmt.sums,
    }
    found.globals |= {"flush": FLUSH, "urls": urls, "words": words, "asset": asset}
    # As a global, the pieces are at hand in a block that is rendered on its own.
    found.globals["p"] = found.get_template("parts.html").module
    return found


def breakable(name: str) -> Markup:
    """A dotted name that breaks after its dots rather than within a word."""
    return escape(name).replace(".", Markup(".<wbr>"))


@cache
def asset(name: str) -> str:
    """The address of one of our own static files, with its content's hash so that it may be kept for ever."""
    content = resources.files("ui").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def _parts(pieces: Iterator[str]) -> Iterator[str]:
    waiting: list[str] = []
    for piece in pieces:
        if piece == FLUSH:
            yield "".join(waiting)
            waiting.clear()
        else:
            waiting.append(piece)
    yield "".join(waiting)
