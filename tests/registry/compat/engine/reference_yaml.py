"""PyYAML's own composer and constructor, taught YAML 1.2's scalars and text keys: slow, and known to be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

_SCALARS: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "null": ("~|null|Null|NULL|", "~nN", lambda _: None),
    "bool": ("true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true"),
    "int": (
        "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
        "-+0123456789",
        lambda text: int(text, 0 if text[1:2] in ("o", "x") else 10),
    ),
    "float": (r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789", float),
}
_KEPT = {None, "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


class Reference(yaml.CSafeLoader):
    """YAML as JSON sees it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:  # type: ignore[override]
        self.flatten_mapping(node)
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be plain text", key.start_mark)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


def _make(make: Callable[[str], Any]) -> Callable[[Reference, yaml.ScalarNode], Any]:
    return lambda loader, node: make(loader.construct_scalar(node))


Reference.yaml_constructors = {tag: make for tag, make in yaml.CSafeLoader.yaml_constructors.items() if tag in _KEPT}
Reference.yaml_implicit_resolvers = {
    "<": [one for one in yaml.CSafeLoader.yaml_implicit_resolvers["<"] if one[0].endswith(":merge")]
}
for _name, (_pattern, _first, _maker) in _SCALARS.items():
    _tag = f"tag:yaml.org,2002:{_name}"
    Reference.add_implicit_resolver(
        _tag, re.compile(f"(?:{_pattern})$"), [*_first, ""] if _name == "null" else [*_first]
    )
    Reference.add_constructor(_tag, _make(_maker))
