from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

import orjson
import yaml

from registry.compat.json_lines import escape, json_lines
from registry.compat.model import DocumentError

MAX_CHARACTERS = 32_000_000
MAX_DEPTH = 400
MAX_VALUES = 5_000_000


def unescape(segment: str) -> str:
    """A JSON Pointer's segment as a key (RFC 6901)."""
    return segment.replace("~1", "/").replace("~0", "~")


# A quoted key or another bracket after the first one: JSON. ``{type: object}`` is YAML in flow style.
_JSON_START = re.compile(r'\s*(?:\{\s*(?:["{\[}]|\Z)|\[)')
_DEEP_BLOCK = re.compile(r"^[ \t?:-]{400}", re.MULTILINE)


class Document:
    """A JSON or YAML document: its ``value``, and the line (from 1) at which each JSON Pointer starts.

    Lines are worked out when the first one is asked for, so that documents without a difference pay nothing.
    """

    def __init__(self, value: Any, lines: Callable[[], dict[str, int]]) -> None:
        self.value = value
        self._read_lines = lines

    @cached_property
    def _lines(self) -> dict[str, int]:
        return self._read_lines()

    def line(self, pointer: str) -> int | None:
        """The line of a pointer, or of the nearest ancestor that the text has; None without any text."""
        while pointer not in self._lines and pointer:
            pointer = pointer.rpartition("/")[0]
        return self._lines.get(pointer)


class _Loader(yaml.CSafeLoader):
    """YAML as JSON sees it: keys are text as written, dates stay text, only true and false are booleans (YAML 1.2)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:  # type: ignore[override]  # noqa: FBT001, FBT002 -- PyYAML's own signature, with keys narrowed to text
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(None, None, "expected a mapping", node.start_mark)
        self.flatten_mapping(node)
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be plain text", key.start_mark)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


def _scalar(make: Callable[[str], Any]) -> Callable[[_Loader, yaml.ScalarNode], Any]:
    return lambda loader, node: make(loader.construct_scalar(node))


def _whole(text: str) -> int | float:
    """An integer as far as JSON readers agree on them (64 bits), beyond that a float, as for JSON text."""
    value = int(text, 0 if text[:2] in ("0o", "0x") else 10)
    return value if -(2**63) <= value < 2**64 else _fraction(str(value))


def _fraction(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"the number {text[:20]} is too large")
    return value


# YAML 1.2's core schema: dates and times of day are text, yes and no are words, 010 is ten.
_SCALARS: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "null": (r"~|null|Null|NULL|", "~nN\0", lambda _: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true"),
    "int": (
        r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
        "-+0123456789",
        _whole,
    ),
    "float": (r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789", _fraction),
}
_OTHERS = {None, "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}
_Loader.yaml_constructors = {tag: make for tag, make in yaml.CSafeLoader.yaml_constructors.items() if tag in _OTHERS}
_Loader.yaml_implicit_resolvers = {
    "<": [one for one in yaml.CSafeLoader.yaml_implicit_resolvers["<"] if one[0].endswith(":merge")]
}
for _name, (_pattern, _first, _make) in _SCALARS.items():
    _tag = f"tag:yaml.org,2002:{_name}"
    _Loader.add_implicit_resolver(
        _tag, re.compile(f"(?:{_pattern})$"), list(_first) + ([""] if _name == "null" else [])
    )
    _Loader.add_constructor(_tag, _scalar(_make))


def read_document(text: str, which: str) -> Document:
    """Parse JSON or YAML text.

    Args:
        text: the whole document.
        which: "old" or "new"; an error's path, and its words, name the document by it.

    Raises:
        DocumentError: neither JSON nor YAML, or past the bounds on size and depth; says which, and where.
    """
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(
            f"the {which} document has {len(text):,} characters; at most {MAX_CHARACTERS:,} are compared", path=which
        )
    try:
        return Document(orjson.loads(text), lambda: json_lines(text))
    except orjson.JSONDecodeError as error:
        if not text.strip():
            raise DocumentError(f"the {which} document is empty", path=which) from error
        if _JSON_START.match(text):
            raise DocumentError(
                f"the {which} document is not valid JSON: {error.msg} (column {error.colno})",
                line=error.lineno,
                column=error.colno,
                path=which,
            ) from error
    return _read_yaml(text, which)


def _read_yaml(text: str, which: str) -> Document:
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        if text.count("[") + text.count("{") > MAX_DEPTH or _DEEP_BLOCK.search(text):
            _check_depth(text, which)
        node = loader.get_single_node()
        if node is None:
            raise DocumentError(f"the {which} document is empty", path=which)
        _check_size(node, which)
        value = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise DocumentError(
            f"the {which} document is not valid YAML: {error.problem or error.context}",
            line=min(mark.line, text.count("\n")) + 1 if mark else None,
            column=mark.column + 1 if mark else None,
            path=which,
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(f"the {which} document is not valid YAML: {error}", path=which) from error
    finally:
        if loader is not None:
            loader.dispose()
    return Document(value, lambda: _yaml_lines(node))


def _check_depth(text: str, which: str) -> None:
    """Count open containers in the stream of events: libyaml's own tree builder overruns the stack instead."""
    parser, depth = _Loader(text), 0
    try:
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise DocumentError(f"the {which} document is nested more than {MAX_DEPTH} levels deep", path=which)
    finally:
        parser.dispose()


def _check_size(root: yaml.Node, which: str) -> None:
    """Refuse before anything is built from it what an alias would unfold without end."""
    count, stack = 0, [(root, 0)]
    while stack:
        node, depth = stack.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_VALUES:
            raise DocumentError(
                f"the {which} document nests or repeats itself by aliases without end (at most {MAX_DEPTH} levels, "
                f"{MAX_VALUES:,} values)",
                line=node.start_mark.line + 1,
                path=which,
            )
        if isinstance(node, yaml.MappingNode):
            stack.extend((value, depth + 1) for _, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((value, depth + 1) for value in node.value)


def _yaml_lines(root: yaml.Node) -> dict[str, int]:
    lines: dict[str, int] = {}
    stack: list[tuple[yaml.Node, str, int]] = [(root, "", root.start_mark.line + 1)]
    while stack:
        node, pointer, line = stack.pop()
        lines[pointer] = line
        if isinstance(node, yaml.MappingNode):
            stack.extend(
                (value, f"{pointer}/{escape(key.value)}", key.start_mark.line + 1)
                for key, value in node.value
                if isinstance(key, yaml.ScalarNode)
            )
        elif isinstance(node, yaml.SequenceNode):
            stack.extend(
                (value, f"{pointer}/{index}", value.start_mark.line + 1) for index, value in enumerate(node.value)
            )
    return lines
