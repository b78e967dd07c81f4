"""Addresses of pages. Pure; every part is escaped, and what is None or "" is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

from ui import format as fmt

Parameters = Mapping[str, str | int | None]


def with_query(path: str, parameters: Parameters | Iterable[tuple[str, str]]) -> str:
    """A path with its query."""
    pairs = parameters.items() if isinstance(parameters, Mapping) else parameters
    query = urlencode([(name, str(value)) for name, value in pairs if value not in (None, "")])
    return f"{path}?{query}" if query else path


def sla(name: str, parameters: Parameters | None = None) -> str:
    """An SLA's page."""
    return with_query(f"/slas/{quote(name, safe='')}", parameters or {})


def instances(workflow: str, parameters: Parameters | None = None) -> str:
    """A workflow's list."""
    return with_query(f"/workflows/{quote(workflow, safe='')}/instances", parameters or {})


def instances_csv(workflow: str, parameters: Parameters | None = None) -> str:
    """A workflow's list as a file."""
    return with_query(f"/workflows/{quote(workflow, safe='')}/instances.csv", parameters or {})


def flow(workflow: str, parameters: Parameters | None = None) -> str:
    """The way of a workflow's objects from step to step."""
    return with_query(f"/workflows/{quote(workflow, safe='')}/flow", parameters or {})


def timeline(workflow: str, ident: str) -> str:
    """One object's timeline."""
    return f"/workflows/{quote(workflow, safe='')}/instances/{quote(ident, safe='')}"


def milestones(workflow: str, ident: str, cursor: str | None = None) -> str:
    """All milestones of an object, page by page."""
    return with_query(f"{timeline(workflow, ident)}/milestones", {"cursor": cursor})


def joining_keys(workflow: str) -> str:
    """What joins too much in a workflow."""
    return f"/workflows/{quote(workflow, safe='')}/joining-keys"


def search(text: str) -> str:
    """What a text finds."""
    return with_query("/search", {"q": text})


def trace(trace_id: str, span_id: str | None = None) -> str:
    """A trace, one of its spans chosen and in sight."""
    page = with_query(f"/traces/{quote(trace_id, safe='')}", {"span": span_id})
    return f"{page}#chosen" if span_id else page


def moment(nanoseconds: int) -> str:
    """A time as a query parameter; a midnight is its day."""
    return fmt.iso(nanoseconds)
