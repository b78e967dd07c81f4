"""Which paths and operations belong to each other in two documents."""

from __future__ import annotations

import re
from typing import Final

from registry.compat.openapi.diff.model import Node

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_NAME = re.compile(r"\{([^{}]*)\}")


def match_paths(old: dict[str, Node], new: dict[str, Node]) -> dict[str, str]:
    """New paths by old path: equal ones, then those that differ in the names of path parameters alone."""
    matched = {path: path for path in old if path in new}
    by_template = {_NAME.sub("{}", path): path for path in new if path not in matched}
    for path in old:
        if path not in matched:
            other = by_template.pop(_NAME.sub("{}", path), None)
            if other is not None:
                matched[path] = other
    return matched


def renamed(old: str, new: str) -> dict[str, str]:
    """The new name of each path parameter by its old one."""
    return dict(zip(_NAME.findall(old), _NAME.findall(new), strict=True))


def methods(item: Node) -> dict[str, str]:
    """The methods of a path item: the key as written, by the method in lower case."""
    return {key.lower(): key for key in item.value if key.lower() in METHODS}
