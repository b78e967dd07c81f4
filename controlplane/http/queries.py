"""What every route of the API asks of its query string, whatever its parameters are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from types import NoneType
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from controlplane.http.problems import Problem

_MANY = (list, tuple, set, frozenset, Sequence)


async def said_once(request: Request) -> None:
    """Refuse a parameter that is given several times and has one value: nobody can tell which of them was meant.

    Raises ``Problem`` 400 that names it.
    """
    if not request.url.path.startswith("/api/"):
        return
    given = Counter(name for name, _ in request.query_params.multi_items())
    repeated = [name for name, times in given.items() if times > 1]
    if not repeated:
        return
    route = request.scope.get("route")
    lists = set(_names(route.dependant)) if isinstance(route, APIRoute) else set()
    for name in repeated:
        if name not in lists:
            raise Problem(
                HTTPStatus.BAD_REQUEST, f"{name[:80]!r} is given {given[name]} times but has one value; give it once"
            )


def _names(dependant: Dependant) -> Iterator[str]:
    """The parameters of a route that may be given several times."""
    for field in dependant.query_params:
        if _is_many(field.field_info.annotation):
            yield field.alias
    for below in dependant.dependencies:
        yield from _names(below)


def _is_many(annotation: Any) -> bool:
    return any((get_origin(one) or one) in _MANY for one in (annotation, *get_args(annotation)) if one is not NoneType)
