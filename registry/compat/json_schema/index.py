from __future__ import annotations

from collections.abc import Set as AbstractSet
from graphlib import CycleError, TopologicalSorter
from typing import Any
from urllib.parse import unquote, urljoin

from registry.compat.json_schema.vocabulary import SAME_VALUE, SHAPES, children, is_schema
from registry.compat.model import DocumentError
from registry.compat.source_map import MAX_DEPTH, Document, unescape

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_APPLYING = {*_REFERENCES, *SAME_VALUE}
# What may make a comparison look at one schema in several ways.
_BRANCHING = frozenset({*SAME_VALUE, "unevaluatedItems", "unevaluatedProperties", "$dynamicRef", "$recursiveRef"})
_OLD_DRAFTS = ("draft-03", "draft-04", "draft-05", "draft-06", "draft-07")


class Index:
    """A document's schemas, as far as they are asked for: checked for shape, local references resolved to JSON Pointers.

    Args:
        document: the parsed text.
        which: "old" or "new", for error messages.
    """

    def __init__(self, document: Document, which: str) -> None:
        self.document, self.which = document, which
        self.lists_items = False  # as drafts before 2020-12 do for tuples
        self.branches = False  # whether one schema may have to be compared with several others
        self.targets: dict[tuple[str, str], str | None] = {}
        self._roots: set[str] = set()
        self._names: dict[str, str] = {}
        self._bases: dict[str, str] = {}
        self._applying: list[str] = []  # schemas that apply others to the same value
        self._pending: list[tuple[str, str, str, str]] = []
        draft = document.value.get("$schema", "") if isinstance(document.value, dict) else ""
        self.ref_stands_alone = isinstance(draft, str) and any(name in draft for name in _OLD_DRAFTS)

    def add(self, root: str = "") -> None:
        """Look at the schema at a JSON Pointer, and all that it leads to.

        Raises:
            DocumentError: a keyword has a value that no draft allows, or a local reference leads nowhere or in a circle.
        """
        self._roots.add(root)
        self._walk(root, "")
        self._settle()
        if self.targets:
            self._refuse_loops(root)

    @property
    def mixed(self) -> bool:
        """Whether schemas have names of their own, which may mean something else within another of the roots."""
        return len(self._roots) > 1 and not self._names.keys() <= {""}

    def afresh(self) -> Index:
        """The same document's schemas, none of them looked at."""
        return Index(self.document, self.which)

    @property
    def pointers(self) -> AbstractSet[str]:
        """Where schemas stand."""
        return self._bases.keys()

    def at(self, pointer: str) -> Any:
        """The value at a JSON Pointer.

        Raises:
            LookupError: there is none.
        """
        value = self.document.value
        for segment in pointer.split("/")[1:]:
            value = value[int(segment)] if isinstance(value, list) else value[unescape(segment)]
        return value

    def error(self, message: str, pointer: str) -> DocumentError:
        """An error at a place of this document."""
        place = f"at {pointer}" if pointer else "at its root"
        return DocumentError(
            f"the {self.which} schema is not valid {place}: {message}",
            line=self.document.line(pointer),
            path=self.which + pointer,
        )

    def _walk(self, root: str, base: str) -> None:
        stack = [(root, self._schema(root), base, 0)]
        while stack:
            pointer, schema, base, depth = stack.pop()
            if pointer in self._bases:
                continue
            if depth > MAX_DEPTH:
                raise self.error(f"schemas are nested more than {MAX_DEPTH} deep", pointer)
            own_base = self._name(schema, pointer, base)
            self._bases[pointer] = own_base
            if isinstance(schema, bool):
                continue
            self._check_shape(schema, pointer)
            if not _APPLYING.isdisjoint(schema):
                self._applying.append(pointer)
            self.branches = self.branches or not _BRANCHING.isdisjoint(schema)
            for keyword in _REFERENCES:
                if isinstance(schema.get(keyword), str):
                    self._pending.append((pointer, keyword, schema[keyword], own_base))
            if not (self.ref_stands_alone and "$ref" in schema):
                stack.extend((pointer + step, one, own_base, depth + 1) for step, one in children(schema))
            else:
                definitions = {key: schema[key] for key in ("definitions", "$defs") if key in schema}
                stack.extend((pointer + step, one, own_base, depth + 1) for step, one in children(definitions))

    def _schema(self, pointer: str) -> Any:
        try:
            schema = self.at(pointer)
        except (LookupError, ValueError, TypeError):
            raise self.error("nothing stands there", pointer) from None
        if not is_schema(schema):
            raise self.error("a schema must be an object, true or false", pointer)
        return schema

    def _name(self, schema: Any, pointer: str, base: str) -> str:
        """Note the schema's own names; returns the base for references within it."""
        if isinstance(schema, bool):
            return base
        if not pointer:
            self._names.setdefault("", pointer)
        own = schema.get("$id", schema.get("id"))
        if isinstance(own, str) and not (self.ref_stands_alone and "$ref" in schema):
            name = _join(base, own)
            self._names.setdefault(name.removesuffix("#"), pointer)
            if "#" not in name.removesuffix("#"):
                base = name.removesuffix("#")
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(schema.get(keyword), str):
                self._names.setdefault(f"{base}#{schema[keyword]}", pointer)
        return base

    def _check_shape(self, schema: dict[str, Any], pointer: str) -> None:
        self.lists_items = self.lists_items or isinstance(schema.get("items"), list)
        for keyword, value in schema.items():
            shape = SHAPES.get(keyword)
            if shape is not None and not shape[0](value):
                raise self.error(f'"{keyword}" must be {shape[1]}', f"{pointer}/{keyword}")

    def _settle(self) -> None:
        """Resolve what was met; what a reference newly reaches is walked in turn."""
        while self._pending:
            pointer, keyword, reference, base = self._pending.pop()
            target = self._find(reference, base)
            if target is None and reference.startswith("#"):
                raise self.error(f'the reference "{reference}" leads nowhere', f"{pointer}/{keyword}")
            self.targets[pointer, keyword] = target
            if target is not None and target not in self._bases:
                self._walk(target, base)

    def _refuse_loops(self, root: str) -> None:
        """A schema that applies itself to the same value, by references or combinators, says nothing anyone could test."""
        if not self._goes_round():
            self._applying.clear()  # what is met later can't be led back to from here
            return
        state: dict[str, bool] = {}  # pointer -> whether it is still open
        waiting = [root]
        while waiting:
            stack = [(waiting.pop(), False)]
            while stack:
                pointer, done = stack.pop()
                if done:
                    state[pointer] = False
                    continue
                if state.get(pointer):
                    raise self.error(
                        "this schema leads back to itself without looking at any part of the data", pointer
                    )
                if pointer in state:
                    continue
                state[pointer] = True
                stack.append((pointer, True))
                here, deeper = self._steps(pointer)
                waiting.extend(deeper)
                stack.extend((step, False) for step in here)

    def _goes_round(self) -> bool:
        """Whether any schema leads back to itself so, be it one that nothing refers to."""
        try:
            TopologicalSorter({pointer: self._steps(pointer)[0] for pointer in self._applying}).prepare()
        except CycleError:
            return True
        return False

    def _steps(self, pointer: str) -> tuple[list[str], list[str]]:
        """The schemas that one applies: to the same value, and to parts of it."""
        schema = self.at(pointer)
        if isinstance(schema, bool):
            return [], []
        here = [target for word in _REFERENCES if (target := self.targets.get((pointer, word))) is not None]
        if self.ref_stands_alone and "$ref" in schema:
            return here, []
        deeper: list[str] = []
        for step, _ in children(schema):
            keyword = step.split("/")[1]
            if keyword in SAME_VALUE:
                here.append(pointer + step)
            elif keyword not in {"$defs", "definitions"}:
                deeper.append(pointer + step)
        return here, deeper

    def _find(self, reference: str, base: str) -> str | None:
        name = _join(base, reference).removesuffix("#")
        if name in self._names:
            return self._names[name]
        document, _, fragment = name.partition("#")
        root = self._names.get(document)
        if root is None and not document:
            root = ""
        if root is None or (fragment and not fragment.startswith("/")):
            return None
        pointer = root + unquote(fragment)
        try:
            found = self.at(pointer)
        except (LookupError, ValueError, TypeError):
            return None
        return pointer if is_schema(found) else None


def _join(base: str, reference: str) -> str:
    if reference.startswith("#"):
        return base + reference
    return urljoin(base, reference) if base else reference
