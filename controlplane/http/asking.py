"""What the routes over workflows and SLAs have in common: finding what was named, reading times and dimensions."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from fastapi import Request

from collectors.timelines import times
from collectors.timelines.model import Instance
from collectors.workflows.definition import Definition
from controlplane import readings
from controlplane.http.problems import Problem
from controlplane.observed import Observed
from controlplane.state import AppState
from policies.slas.model import Sla
from registry.catalogue import read
from registry.kinds.sla import SLAManifest
from registry.kinds.workflow import WorkflowManifest
from registry.nearest import nearest


def observed_of(state: AppState) -> Observed:
    """The observing half. Raises ``Problem`` 503 where a server has none."""
    if state.observed is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "this server observes nothing; it serves the registry only")
    return state.observed


def workflow_named(state: AppState, name: str) -> Definition:
    """The workflow as it answers at present, or as it is declared if it is still being read.

    Raises ``Problem`` 404, with the nearest name that exists.
    """
    active = observed_of(state).timelines.active().get(name)
    if active is not None:
        return active
    with state.database.reading() as session:
        manifest = read.get(session, "Workflow", name)
        if isinstance(manifest, WorkflowManifest):
            return readings.definition(manifest)
        names = [one.name for one in read.workflows(session)]
    raise Problem(HTTPStatus.NOT_FOUND, _unknown("workflow", name, names))


def instance_of(state: AppState, workflow: str, ident: str) -> Instance:
    """An instance with its milestones, by its id or one that it had before. Raises ``Problem`` 404."""
    workflow_named(state, workflow)
    found = observed_of(state).timelines.get(workflow, ident)
    if found is None:
        raise no_instance(workflow, ident)
    return found


def no_instance(workflow: str, ident: str) -> Problem:
    """404, to be raised."""
    return Problem(
        HTTPStatus.NOT_FOUND,
        f"workflow {workflow!r} has no instance {ident!r}; search by any id at /api/v1/search?q=",
    )


def sla_named(state: AppState, name: str) -> Sla:
    """The SLA. Raises ``Problem`` 404, with the nearest name that exists."""
    with state.database.reading() as session:
        manifest = read.get(session, "SLA", name)
        if isinstance(manifest, SLAManifest):
            return readings.sla(manifest, read.get(session, "Workflow", manifest.spec.workflow))
        names = [one.name for one in read.slas(session)]
    raise Problem(HTTPStatus.NOT_FOUND, _unknown("SLA", name, names))


def slas_of(state: AppState, workflow: str) -> list[Sla]:
    """The SLAs of a workflow."""
    with state.database.reading() as session:
        return readings.slas(session, workflow)


def now_of(state: AppState) -> int:
    """The present in nanoseconds, by the server's clock."""
    return times.parse(state.clock().isoformat())


def time_of(text: str | None, name: str) -> int | None:
    """A time of the query string. Raises ``Problem`` 400."""
    if text is None or text == "":
        return None
    try:
        return times.parse(text)
    except times.TimeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name}: {error}") from error


def between(since: str | None, until: str | None) -> tuple[int | None, int | None]:
    """``from`` and ``to`` of the query string. Raises ``Problem`` 400, also if the period ends before it begins."""
    return in_order(time_of(since, "from"), time_of(until, "to"))


def in_order(
    start: int | None, end: int | None, names: tuple[str, str] = ("from", "to")
) -> tuple[int | None, int | None]:
    """Both times. Raises ``Problem`` 400 if the first, of these names, comes after the second."""
    if start is not None and end is not None and start > end:
        first, second = names
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            f"{first} ({times.rfc3339(start)}) comes after {second} ({times.rfc3339(end)}); exchange them",
        )
    return start, end


def dimensions_of(request: Request, definition: Definition, own: Collection[str]) -> dict[str, str]:
    """What the query string says beyond a route's own parameters: values of dimensions.

    Raises ``Problem`` 400 for a name that is neither.
    """
    known = [name for name, _ in definition.dimensions]
    chosen: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in own:
            continue
        if name not in known:
            guess = nearest(name, [*own, *known])
            hint = (
                f"did you mean {guess}?"
                if guess
                else f"dimensions of {definition.workflow}: {', '.join(known) or 'none'}"
            )
            raise Problem(HTTPStatus.BAD_REQUEST, f"{name!r} is neither a parameter nor a dimension; {hint}")
        chosen[name] = value
    return chosen


def _unknown(kind: str, name: str, names: list[str]) -> str:
    guess = nearest(name, names)
    if guess:
        return f"there is no {kind} {name!r}; did you mean {guess}?"
    return f"there is no {kind} {name!r}" + (f"; there are {', '.join(sorted(names)[:10])}" if names else "")
