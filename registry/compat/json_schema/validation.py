from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from jsonschema import Draft4Validator, Draft7Validator, Draft201909Validator, Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend, validator_for
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT201909, DRAFT202012, Schema

from registry.compat.json_schema.index import Index

_ROOT = "urn:controlplane:document"
_NEW, _2019, _7, _4 = (
    dict(draft.VALIDATORS) for draft in (Draft202012Validator, Draft201909Validator, Draft7Validator, Draft4Validator)
)


def _items(validator: Validator, items: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    by_list = _2019 if isinstance(items, list) else _NEW
    yield from by_list["items"](validator, items, instance, schema) or ()


def _limit(keyword: str, exclusive: str) -> Any:
    def check(validator: Validator, limit: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        by_flag = _4 if isinstance(schema.get(exclusive), bool) else _NEW
        yield from by_flag[keyword](validator, limit, instance, schema) or ()

    return check


def _exclusive(keyword: str) -> Any:
    def check(validator: Validator, limit: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not isinstance(limit, bool):
            yield from _NEW[keyword](validator, limit, instance, schema) or ()

    return check


# For documents that name no draft: the newest, and whatever older drafts wrote otherwise.
_AnyDraft: Any = extend(  # type: ignore[no-untyped-call]  # the stubs leave it without types
    Draft202012Validator,
    {
        "additionalItems": _2019["additionalItems"],
        "dependencies": _7["dependencies"],
        "exclusiveMaximum": _exclusive("exclusiveMaximum"),
        "exclusiveMinimum": _exclusive("exclusiveMinimum"),
        "items": _items,
        "maximum": _limit("maximum", "exclusiveMaximum"),
        "minimum": _limit("minimum", "exclusiveMinimum"),
    },
)


_LEFT: ContextVar[Left] = ContextVar("references that may still be followed")


class TooMuchError(Exception):
    """More references were followed than a search for an example is worth."""


@dataclass(slots=True)
class Left:
    """How many more references may be followed: schemas that refer to one another have ways through without number."""

    references: int


@cache
def _counting(draft: Any) -> Any:
    """The validator of a draft that counts the references that it follows, and ends when there are too many."""

    def counted(follow: Any) -> Any:
        def check(validator: Validator, target: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
            left = _LEFT.get()
            left.references -= 1
            if left.references < 0:
                raise TooMuchError
            yield from follow(validator, target, instance, schema) or ()

        return check

    words = ("$ref", "$dynamicRef", "$recursiveRef")
    return extend(draft, {word: counted(draft.VALIDATORS[word]) for word in words if word in draft.VALIDATORS})  # type: ignore[no-untyped-call]  # the stubs leave it without types


class Checker:
    """Validates values against the schemas of one document by jsonschema, each where it stands.

    Args:
        index: the document's schemas.
        most: references that are followed in all, however many values are asked about.
    """

    def __init__(self, index: Index, most: int = 10_000) -> None:
        self._index, self._document = index, index.document.value
        self._known: dict[str, Validator] = {}
        self._left = Left(most)

    def errors(self, pointer: str, value: Any) -> list[ValidationError]:
        """What is wrong with a value by the schema at a pointer.

        Raises:
            TooMuchError: it took too many references.
            Exception: as jsonschema and referencing do, for a draft or a reference that they don't know.
        """
        if pointer not in self._known:
            self._known[pointer] = self._class({"$ref": f"{self._root}#{pointer}"}, registry=self._registry)
        before = _LEFT.set(self._left)
        try:
            return list(self._known[pointer].iter_errors(value))
        finally:
            _LEFT.reset(before)

    @cached_property
    def _root(self) -> str:
        """What the document calls itself, since that is what references within it are relative to."""
        named = self._document.get("$id", self._document.get("id")) if isinstance(self._document, dict) else None
        return named.rstrip("#") if isinstance(named, str) and ":" in named else _ROOT

    @cached_property
    def _class(self) -> Any:
        named = isinstance(self._document, dict) and "$schema" in self._document
        return _counting(validator_for(self._document, default=_AnyDraft) if named else _AnyDraft)

    @cached_property
    def _registry(self) -> Registry[Schema]:
        draft = DRAFT201909 if self._index.lists_items else DRAFT202012
        resource: Resource[Schema] = Resource.from_contents(self._document, draft)
        empty: Registry[Schema] = Registry()
        registry: Registry[Schema] = empty.with_resource(self._root, resource)
        return registry
