"""Collecting fields up to a bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: Documents with more fields are judged by the first of them.
MOST_FIELDS = 5_000
DEEPEST = 60

Field = dict[str, Any]


@dataclass
class Found:
    """The fields so far, each as the facts of a policy have it."""

    fields: list[Field] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether no more are taken."""
        return len(self.fields) >= MOST_FIELDS

    def add(self, name: str, path: str, siblings: list[str], **more: Any) -> None:
        """One field; what is not said of it is empty."""
        if not self.full:
            usual = {"type": "", "format": "", "required": False, "description": "", "pattern": "", "extensions": {}}
            self.fields.append({"name": name, "path": path, "siblings": siblings, "added": True, **usual, **more})


def escape(name: str) -> str:
    """A key as a segment of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def first_type(of: Any) -> Any:
    """The type beside null where there are several."""
    return next((one for one in of if one != "null"), "") if isinstance(of, list) else of
