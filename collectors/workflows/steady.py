"""Questions that are answered by one reading of each workflow, the old or the new one.

When a changed workflow has read history it takes over, and the rows of the reading before are dropped. A question that
began before and asked after would find nothing; so it is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from collectors.workflows.definition import Definition


class Asking(Protocol):
    """Whatever asks by the readings that answer at present."""

    @property
    def active(self) -> Callable[[], Mapping[str, Definition]]:
        """Workflow -> the definition by which it is read."""


P = ParamSpec("P")
A = TypeVar("A")
S = TypeVar("S", bound=Asking)


def steady(question: Callable[Concatenate[S, P], A]) -> Callable[Concatenate[S, P], A]:
    """Ask again if a reading took another's place meanwhile."""

    @wraps(question)
    def asked(self: S, /, *args: P.args, **kwargs: P.kwargs) -> A:
        while True:
            before = _readings(self)
            answer = question(self, *args, **kwargs)
            if _readings(self) == before:
                return answer

    return asked


def _readings(asking: Asking) -> dict[str, str]:
    return {workflow: definition.id for workflow, definition in asking.active().items()}
