"""Hypothesis strategies: a schema, a changed one, and a value written with the first."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]
SYMBOLS = "ABCD"


class _Names:
    """Fresh names, so that no union holds two types of one name: there implementations differ by design."""

    def __init__(self) -> None:
        self.count = 0
        self.open: list[str] = []

    def next(self) -> str:
        self.count += 1
        return f"T{self.count}"


@st.composite
def schemas(draw: st.DrawFn) -> Any:
    return _schema(draw, _Names(), 3)


def _schema(draw: st.DrawFn, names: _Names, depth: int, *, inside_union: bool = False) -> Any:
    kinds = ["primitive"] * 3
    if depth:
        kinds += ["array", "map", "record", "record", "enum", "fixed"]
        kinds += [] if inside_union else ["union", "union"]
    kind = draw(st.sampled_from(kinds))
    if kind == "primitive":
        return draw(st.sampled_from(PRIMITIVES))
    if kind == "array":
        return {"type": "array", "items": _schema(draw, names, depth - 1)}
    if kind == "map":
        return {"type": "map", "values": _schema(draw, names, depth - 1)}
    if kind == "union":
        return _union(draw, names, depth)
    return _record(draw, names, depth) if kind == "record" else _leaf(draw, names, kind)


def _leaf(draw: st.DrawFn, names: _Names, kind: str) -> Any:
    if kind == "fixed":
        return {"type": "fixed", "name": names.next(), "size": draw(st.integers(1, 3))}
    symbols = draw(st.lists(st.sampled_from(SYMBOLS), min_size=1, unique=True))
    schema = {"type": "enum", "name": names.next(), "symbols": symbols}
    return {**schema, "default": symbols[0]} if draw(st.booleans()) else schema


def _record(draw: st.DrawFn, names: _Names, depth: int) -> dict[str, Any]:
    name = names.next()
    names.open.append(name)
    fields = [
        {"name": label, "type": _schema(draw, names, depth - 1)}
        for label in draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=3))
    ]
    if draw(st.booleans()):
        fields.append({"name": "again", "type": ["null", draw(st.sampled_from(names.open))]})
    names.open.pop()
    return {"type": "record", "name": name, "fields": fields}


def _union(draw: st.DrawFn, names: _Names, depth: int) -> list[Any]:
    branches: dict[str, Any] = {}
    for _ in range(draw(st.integers(1, 3))):
        branch = _schema(draw, names, depth - 1, inside_union=True)
        kind = branch if isinstance(branch, str) else branch.get("name", branch["type"])
        branches.setdefault(kind, branch)
    return list(branches.values())


@st.composite
def changed(draw: st.DrawFn, old: Any) -> Any:
    """The schema after a few edits as people make them."""
    return _edit(draw, copy.deepcopy(old))


def _edit(draw: st.DrawFn, node: Any) -> Any:
    if isinstance(node, str):
        return draw(st.sampled_from(PRIMITIVES)) if node in PRIMITIVES and _rarely(draw) else node
    if isinstance(node, list):
        kept = [_edit(draw, branch) for branch in node if not _rarely(draw)] or ["null"]
        return _distinct([*kept, *(["string"] if _rarely(draw) else [])])
    edit = {"array": _edit_part, "map": _edit_part, "record": _edit_record, "enum": _edit_enum, "fixed": _edit_fixed}
    return edit[node["type"]](draw, node)


def _rarely(draw: st.DrawFn) -> bool:
    return draw(st.integers(0, 5)) == 5


def _distinct(branches: list[Any]) -> list[Any]:
    flat: dict[str, Any] = {}
    for branch in branches:
        for item in branch if isinstance(branch, list) else [branch]:
            flat.setdefault(item if isinstance(item, str) else item.get("name", item["type"]), item)
    return list(flat.values())


def _edit_part(draw: st.DrawFn, node: dict[str, Any]) -> Any:
    key = "items" if node["type"] == "array" else "values"
    return {**node, key: _edit(draw, node[key])}


def _edit_fixed(draw: st.DrawFn, node: dict[str, Any]) -> Any:
    return {**node, "size": node["size"] + 1} if _rarely(draw) else node


def _edit_enum(draw: st.DrawFn, node: dict[str, Any]) -> Any:
    if _rarely(draw):
        node["symbols"] = draw(st.lists(st.sampled_from(SYMBOLS), min_size=1, unique=True))
        if node.get("default") not in node["symbols"]:
            node.pop("default", None)
    return node


def _edit_record(draw: st.DrawFn, node: dict[str, Any]) -> Any:
    fields = []
    for item in node["fields"]:
        if item["name"] != "again" and _rarely(draw):
            continue
        new = {**item, "type": _edit(draw, item["type"])}
        if _rarely(draw):
            new |= {"name": item["name"] * 2, "aliases": [item["name"]]}
        if isinstance(new["type"], str) and new["type"] in PRIMITIVES and _rarely(draw):
            new["type"] = _distinct(["null", new["type"]])
        fields.append(new)
    if _rarely(draw):
        extra = {"name": "extra", "type": "int"}
        fields.append({**extra, "default": 0} if draw(st.booleans()) else extra)
    return {**node, "fields": fields}
