"""Which places of documents somebody means by a place of a schema. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from registry.compat.json_lines import escape
from registry.compat.model import Format
from registry.compat.source_map import read_document, unescape
from registry.mappings.paths import MISSING, Index, Key, Path, parse
from registry.mappings.schema.nodes import properties
from registry.mappings.schema.places import below
from registry.mappings.schema.view import FORMATS, SchemaView, parts, view
from registry.nearest import nearest
from registry.schemas.fields.types import field_names, leads, types_of

_LISTED = 6
_CANDIDATES = 2_000


class NoSuchFieldError(LookupError):
    """A schema has no such field; one sentence, with the nearest that it has."""


@dataclass(frozen=True, slots=True)
class Place:
    """A field: the JSON Pointer to it, or its path in documents if mappings may name that; else its name alone is known."""

    pointer: str = ""
    path: Path | None = None


def find(subject: str, of: Format, text: str, place: str, ats: Iterable[str | None]) -> Place:
    """The field that ``place`` means: a JSON Pointer into the schema if that leads somewhere, else a path of documents.

    Args:
        subject: the schema's name, for errors.
        of: its format.
        text: the document, with all that it refers to.
        place: ``/properties/lines/items``, or ``lines[*].amount`` or ``/lines/0/amount``.
        ats: the parts of the document (JSON Pointers, ``None`` for all of it) from which mappings go; paths from
            elsewhere are of no use to them.

    Raises:
        NoSuchFieldError: neither leads anywhere.
        PathError: ``place`` can't be read.
        DocumentError: ``text`` can't be read.
    """
    place = place.removeprefix("#") if place.startswith("#/") else place
    if of.value not in FORMATS:
        return _named(subject, of, text, place)
    document = read_document(text, "new").value
    wanted = list(dict.fromkeys(ats))
    if place.startswith("/") and below(document, place) is not MISSING:
        return Place(place)
    path = document_path(place)
    if any(_nodes(view(text, at), path) for at in wanted):
        return Place(path=path)
    inside = list(_inside(of, text))
    if any(_nodes(one, path) for one in inside):
        return Place()
    if place.startswith("/") and (hint := _near_pointer(document, place)):
        raise _nothing(subject, place, hint)
    raise _nothing(subject, place, _near_path([*(view(text, at) for at in wanted), *inside], place, path))


def document_path(place: str) -> Path:
    """A path of documents, written with slashes or as JSONPath. Raises ``PathError``."""
    if not place.startswith("/"):
        return parse(place)
    return Path(tuple(Index(int(part)) if part.isdecimal() else Key(unescape(part)) for part in place[1:].split("/")))


def _nodes(schema: SchemaView, path: Path) -> bool:
    """Whether documents may have something at a path; a schema that says nothing at all has no fields."""
    return bool(schema.nodes(path)) and not all(node.opaque for node in schema.nodes(Path(())))


def _inside(of: Format, text: str) -> Iterable[SchemaView]:
    """The schemas of which documents are valid: the text itself, or those that an API's document holds."""
    return [view(text)] if of is Format.JSON_SCHEMA else parts(text)


def _named(subject: str, of: Format, text: str, place: str) -> Place:
    """A field by the names of types and fields, in a format that mappings don't know."""
    if of is Format.AVRO and place.startswith("/") and below(read_document(text, "new").value, place) is not MISSING:
        return Place(place)
    types = types_of(of, text)
    names = [one.name for one in document_path(place).segments if isinstance(one, Key)]
    if leads(types, names):
        return Place()
    every = field_names(types)
    guess = nearest(".".join(names), every) or nearest(names[-1], {one.partition(".")[2] for one in every})
    raise _nothing(subject, place, guess or "")


def _near_pointer(document: object, place: str) -> str:
    """The way as far as it leads, and the nearest name from there; nothing if not even the first step is there."""
    way = ""
    for part in place[1:].split("/"):
        at = below(document, way)
        if below(document, f"{way}/{part}") is MISSING:
            guess = nearest(unescape(part), [str(one) for one in at]) if way and isinstance(at, dict) else None
            return f"{way}/{escape(guess)}" if guess else ""
        way = f"{way}/{part}"
    return ""


def _near_path(schemas: Iterable[SchemaView], place: str, path: Path) -> str:
    """The way as far as it leads, and the nearest name from there; else a field elsewhere that ends in the same name."""
    schemas = list(schemas)
    for end in range(len(path.segments) - 1, -1, -1):
        above, missed = Path(path.segments[:end]), path.segments[end]
        if not isinstance(missed, Key):
            continue
        names = {
            name for one in schemas for node in one.nodes(above) for part in node.parts for name in properties(part)
        }
        if names and (guess := nearest(missed.name, names)):
            return _written(above.then(Key(guess)), place)
        if names:
            break
    last = path.segments[-1]
    leaves = islice((leaf.path for one in schemas for leaf in one.leaves), _CANDIDATES)
    return next((_written(one, place) for one in leaves if one.segments[-1] == last), "")


def _written(path: Path, place: str) -> str:
    """In the way in which somebody asked."""
    if not place.startswith("/"):
        return str(path)
    return "".join(f"/{escape(one.name)}" if isinstance(one, Key) else "/0" for one in path.segments)


def _nothing(subject: str, place: str, hint: str) -> NoSuchFieldError:
    tail = f"did you mean {hint}?" if hint else f"look at its fields at /schemas/{subject}"
    return NoSuchFieldError(f"there is no such field in {subject}: {place[:200]}; {tail}")
