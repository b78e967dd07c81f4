"""Who may do what. docs/access.md says the same for people, and a test holds the two together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["admin", "architect", "finance", "operator", "ci", "viewer", "collector"]
Permission = Literal[
    "audit:read",
    "breaches:write",
    "catalogue:read",
    "catalogue:write",
    "deployments:write",
    "exceptions:read",
    "exceptions:write",
    "incidents:write",
    "policies:evaluate",
    "reconciliations:read",
    "reconciliations:write",
    "reviews:stand-in",
    "reviews:write",
    "slas:read",
    "telemetry:write",
    "timelines:write",
    "tokens:read",
    "tokens:write",
    "traces:read",
    "waivers:write",
    "workflows:read",
]

ROLES: tuple[Role, ...] = get_args(Role)
ALL_PERMISSIONS: frozenset[Permission] = frozenset(get_args(Permission))

# What anyone who looks at pages sees.
_LOOK: frozenset[Permission] = frozenset(
    {"catalogue:read", "exceptions:read", "reconciliations:read", "slas:read", "traces:read", "workflows:read"},
)
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    "admin": ALL_PERMISSIONS,
    "architect": _LOOK
    | {
        "audit:read",
        "catalogue:write",
        "deployments:write",
        "incidents:write",
        "policies:evaluate",
        "reviews:stand-in",
        "reviews:write",
        "timelines:write",
        "waivers:write",
    },
    "finance": _LOOK
    | {
        "audit:read",
        "breaches:write",
        "exceptions:write",
        "reconciliations:write",
        "reviews:write",
        "timelines:write",
    },
    "operator": _LOOK
    | {
        "breaches:write",
        "deployments:write",
        "exceptions:write",
        "incidents:write",
        "policies:evaluate",
        "reviews:write",
        "timelines:write",
    },
    "ci": frozenset({"catalogue:read", "deployments:write", "policies:evaluate", "reviews:write"}),
    "viewer": _LOOK,
    "collector": frozenset({"telemetry:write"}),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever asks: the name that the audit log gets, a role, and what it allows."""

    name: str
    role: Role
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Whether it is allowed."""
        return permission in self.permissions


class RoleError(ValueError):
    """A role that does not exist."""


def role_named(text: str) -> Role:
    """The role of that name, or ``RoleError`` with the names that exist."""
    for role in ROLES:
        if role == text:
            return role
    raise RoleError(f"there is no role {text!r}; the roles are {', '.join(ROLES)}")


def principal(name: str, role: str) -> Principal:
    """Someone of that name with all that the role allows."""
    known = role_named(role)
    return Principal(name, known, PERMISSIONS[known])
