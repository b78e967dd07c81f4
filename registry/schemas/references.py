"""What a document names beyond itself, and whether that is registered; nothing is ever fetched.

A JSON Schema, OpenAPI or AsyncAPI document may write ``$ref: NAME#/pointer`` for a NAME under ``spec.references``, or
``$ref: controlplane:SUBJECT/VERSION#/pointer`` without declaring it. Avro names types, Protobuf imports files, a GraphQL
text goes on where those that it refers to end; all of these stand under ``spec.references``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from registry.compat.json_lines import escape
from registry.compat.model import DocumentError, Format
from registry.compat.protobuf.parse import parse
from registry.compat.source_map import read_document
from registry.kinds.schema import OURS, Referred

IN_JSON = (Format.JSON_SCHEMA, Format.OPENAPI, Format.ASYNCAPI)
_METASCHEMA = re.compile(r"https?://json-schema\.org/draft[-/]")
# What stands below these is data that looks like a document.
_DATA = frozenset({"const", "default", "enum", "example", "examples"})
# References to the document itself as they are usually written; and what may hide a key: escapes, YAML's aliases.
_WITHIN = re.compile(r"""(?<![^\s"'{,])["']?\$ref["']?\s*:\s*["']#""")
_HIDDEN = re.compile(r"\\[uUx\r\n]|\*[\w-]")
# Every protobuf library brings these along.
_WELL_KNOWN = ("google/protobuf/", "google/type/", "google/api/", "google/rpc/")


@dataclass(frozen=True, slots=True)
class Known:
    """A registered version: its format, its text and what it refers to in turn."""

    format: Format
    text: str
    references: Sequence[Referred] = ()


Find = Callable[[str, int], Known | None]
"""Subject and version -> what is registered there, or comes in the same apply."""


def referred(of: Format, text: str, declared: Iterable[Referred]) -> tuple[Referred, ...]:
    """All that a document refers to: what is declared, and what it names in our own notation.

    Raises ``DocumentError`` for a reference that leads anywhere else.
    """
    known = {one.name: one for one in declared}
    if of in IN_JSON:
        return tuple((known | _implied(text, known)).values())
    if of is Format.PROTOBUF:
        for name in parse(text, "new").imports:
            if name not in known and not name.startswith(_WELL_KNOWN):
                sentence = f"the import {name!r} is not registered; nothing is fetched: name it under references"
                raise DocumentError(sentence, line=_line_of_import(text, name))
    return tuple(known.values())


def split(reference: str) -> tuple[str, str]:
    """What stands before the ``#`` of a ``$ref``, and the fragment with its ``#`` or nothing."""
    name, sign, fragment = reference.partition("#")
    return name, sign + fragment


def places(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a document that has a textual ``$ref``, with its pointer; each object once, data left out."""
    seen: set[int] = set()
    stack: list[tuple[str, Any, bool]] = [("", value, False)]
    while stack:
        pointer, node, named = stack.pop()
        if not isinstance(node, dict | list) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, list):
            stack.extend((f"{pointer}/{position}", item, False) for position, item in enumerate(node))
            continue
        if isinstance(node.get("$ref"), str) and not named:
            yield pointer, node
        # Below "properties" and the like stand names of people's own choice.
        stack.extend(
            (f"{pointer}/{escape(key)}", item, not named and key in _NAMES)
            for key, item in node.items()
            if named or key not in _DATA
        )


_NAMES = frozenset({"properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "schemas"})


def _implied(of_text: str, known: Mapping[str, Referred]) -> dict[str, Referred]:
    """What a document names in our own notation; what it names otherwise must be known."""
    found: dict[str, Referred] = {}
    for name, pointer in _leading_out(of_text):
        if name in known:
            continue
        ours = OURS.fullmatch(name)
        if ours is None:
            sentence = (
                f"the reference {name[:200]!r} at {pointer} leads out of the document, and nothing is fetched: "
                "register what it means as a schema and name that under references, or write controlplane:SCHEMA/VERSION"
            )
            raise DocumentError(sentence, line=read_document(of_text, "new").line(f"{pointer}/$ref"), path="document")
        found[name] = Referred(name=name, subject=ours[1], version=int(ours[2]))
    return found


@lru_cache(maxsize=4)  # one apply asks for the same long text several times
def _leading_out(text: str) -> tuple[tuple[str, str], ...]:
    """What references name beyond the document, with the place of the first that does."""
    value = read_document(text, "new").value
    if _refers_to_itself(text):
        return ()
    waiting: dict[str, str] = {}
    for pointer, node in places(value):
        name = split(node["$ref"])[0]
        if name and not _METASCHEMA.match(name):
            waiting.setdefault(name, pointer)
    if not waiting:
        return ()
    own = _identifiers(value)
    root = str(value.get("$id", value.get("id", ""))) if isinstance(value, dict) else ""
    return tuple((name, place) for name, place in waiting.items() if name not in own and urljoin(root, name) not in own)


def _refers_to_itself(text: str) -> bool:
    """Whether one sees without going through the document that every reference stays within it."""
    return _HIDDEN.search(text) is None and text.count("$ref") == len(_WITHIN.findall(text))


def _identifiers(value: Any) -> set[str]:
    """The names that schemas of a document give themselves, those within the root's named by it too."""
    found: set[str] = set()
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            found |= {split(node[key])[0] for key in ("$id", "id") if isinstance(node.get(key), str)}
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    root = value.get("$id", value.get("id")) if isinstance(value, dict) else None
    return (found | {urljoin(root, name) for name in found} if isinstance(root, str) else found) - {""}


def _line_of_import(text: str, name: str) -> int | None:
    return next((number for number, line in enumerate(text.splitlines(), 1) if "import" in line and name in line), None)
