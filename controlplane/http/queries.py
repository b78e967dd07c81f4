"""What every route of the API asks of its query string, whatever its parameters are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from types import NoneType
from typing import Any, get_args, get_origin

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from controlplane.http.problems import Problem
from registry.nearest import nearest

_MANY = (list, tuple, set, frozenset, Sequence)


async def _by_dimension() -> None:
    """Mark a route whose query may name dimensions of its workflow too: it looks at the rest of the query itself."""


#: For ``dependencies`` of such a route.
BY_DIMENSION = Depends(_by_dimension)


async def understood(request: Request) -> None:
    """Refuse a parameter that a route does not have, and one that is given several times and has one value.

    What is left out silently looks as if it had been heeded: a list that is not narrowed, an ``apply`` that was meant to be
    tried only. Raises ``Problem`` 400 that names it.
    """
    route = request.scope.get("route")
    if not (request.url.path.startswith("/api/") and request.query_params and isinstance(route, APIRoute)):
        return
    known = dict(_parameters(route.dependant))
    free = any(below.call is _by_dimension for below in route.dependant.dependencies)
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if not free and name not in known:
            raise Problem(HTTPStatus.BAD_REQUEST, _unknown(name, list(known)))
        if times > 1 and not known.get(name, False):
            raise Problem(
                HTTPStatus.BAD_REQUEST, f"{name[:80]!r} is given {times} times but has one value; give it once"
            )


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """The parameters of a route's query, and whether each may be given several times."""
    for field in dependant.query_params:
        yield field.alias, _is_many(field.field_info.annotation)
    for below in dependant.dependencies:
        yield from _parameters(below)


def _is_many(annotation: Any) -> bool:
    return any((get_origin(one) or one) in _MANY for one in (annotation, *get_args(annotation)) if one is not NoneType)


def _unknown(name: str, known: Sequence[str]) -> str:
    guess = nearest(name, known)
    hint = f"did you mean {guess}?" if guess else f"there are {', '.join(known)}" if known else "there are none"
    return f"{name[:80]!r} is no parameter here; {hint}"
