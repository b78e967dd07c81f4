"""What a GraphQL request carries: the server's state, who asks, the moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.fastapi import BaseContext
from strawberry.permission import BasePermission

from controlplane.http.asking import slas_of
from controlplane.state import AppState
from policies.slas.model import Sla
from registry.access.roles import Permission, Principal


@dataclass
class Context(BaseContext):
    """One request: ``now`` is the same for every field of its answer, and what it read once it does not read again."""

    state: AppState
    principal: Principal
    now: int
    _slas: dict[str, list[Sla]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def slas(self, workflow: str) -> list[Sla]:
        """The SLAs of a workflow."""
        if workflow not in self._slas:
            self._slas[workflow] = slas_of(self.state, workflow)
        return self._slas[workflow]


Info = strawberry.Info[Context, None]


def needs(permission: Permission) -> type[BasePermission]:
    """A permission class for a field."""

    class Needs(BasePermission):
        message = f"your role does not allow {permission}"
        error_extensions = {"code": "FORBIDDEN", "permission": permission}  # noqa: RUF012 - the library's own shape

        def has_permission(self, source: Any, info: Info, **_: Any) -> bool:  # noqa: ARG002 - the library's signature
            return info.context.principal.may(permission)

    return Needs
