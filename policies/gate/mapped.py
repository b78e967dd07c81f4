"""Which mappings a change of a document touches, and which of them it breaks: each is checked against both documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.canon.reading import Model
from registry.compat.model import Change, DocumentError
from registry.compat.source_map import unescape
from registry.kinds.mapping import MappingManifest
from registry.mappings.dependents import dependents
from registry.mappings.fields import Mapped
from registry.mappings.paths import Key, Path
from registry.mappings.rules import Remark
from registry.mappings.schema.adopting import adopt
from registry.mappings.schema.view import SchemaView, view
from registry.mappings.shapes import Shape
from registry.mappings.ways import Ways, examined

_MEMBER = re.compile(r"/properties/([^/]+)(?:/|$)")


@dataclass(frozen=True, slots=True)
class TouchedField:
    """A field of a mapping whose place in the document changes: how, and which fields further on depend on it."""

    source: str
    target: str
    because: str
    then: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TouchedMapping:
    """A mapping that a change touches. ``remarks``: what would not fit, or should be looked at, and did not before."""

    mapping: MappingManifest
    object: str | None
    fields: Sequence[TouchedField]
    remarks: Sequence[Remark]

    @property
    def breaks(self) -> bool:
        """Whether the mapping would no longer fit."""
        return any(one.level == "error" for one in self.remarks)


def mapped(
    model: Model, subject: str, documents: tuple[str, str], changes: Sequence[Change] | None = None
) -> list[TouchedMapping]:
    """The mappings that a new document of a subject touches, by name; ``documents`` are the old text and the new one.

    A mapping that pins a version of the subject is not touched: its version does not change. ``changes``, if they are
    known, spare the work where all of them lie in members that a mapping does not speak of.
    """
    if subject not in model.schemas:
        return []
    old, new = (model.with_text(subject, text) for text in documents)
    members = None if changes is None else _members(changes, documents[1])
    mappings = [one for _, one in sorted(model.mappings.items()) if members is None or _speaks(one, subject, members)]
    found = (_touched(old, new, one, subject) for one in mappings)
    return [one for one in found if one is not None]


def _members(changes: Sequence[Change], text: str) -> frozenset[str] | None:
    """The optional members of the whole document in which all changes lie; None if that is not so."""
    found: set[str] = set()
    for change in changes:
        for path in filter(None, (change.path, change.old_path, change.new_path)):
            member = _MEMBER.match(path)
            if member is None:
                return None
            found.add(unescape(member[1]))
    try:
        return None if found & set(view(text).required(Path(()))) else frozenset(found)
    except DocumentError:
        return None


def _speaks(mapping: MappingManifest, subject: str, members: frozenset[str]) -> bool:
    """Whether a mapping may read or fill one of some members of a subject's documents."""
    spec = mapping.spec
    if any(end.schema_ == subject and end.at is not None for end in (spec.source, spec.target)):
        return True
    paths = [path for one in (*spec.fields, *spec.reverse) for path in (*one.reads, one.target)]
    firsts = [path.segments[0] for path in paths if path.segments]
    return len(firsts) < len(paths) or any(not isinstance(one, Key) or one.name in members for one in firsts)


def _touched(old: Model, new: Model, mapping: MappingManifest, subject: str) -> TouchedMapping | None:
    spec = mapping.spec
    sides = [
        side
        for side, end in (("source", spec.source), ("target", spec.target))
        if end.schema_ == subject and end.version is None
    ]
    if not sides:
        return None
    before, after = old.opened(mapping), new.opened(mapping)
    known = old.remembered(mapping.name, lambda: frozenset(_remarks(before)))
    if isinstance(before, Ways) and isinstance(after, Ways):
        adopt(after.forward.source, before.forward.source)
        adopt(after.forward.target, before.forward.target)
        after = after.after(before)
    remarks = [one for one in _remarks(after) if one not in known and one.level != "note"]
    fields: list[TouchedField] = []
    if isinstance(before, Ways) and isinstance(after, Ways):
        for side in sides:
            views = (
                (before.forward.source, after.forward.source)
                if side == "source"
                else (before.forward.target, after.forward.target)
            )
            fields += _fields(old, mapping, side, *views)
    if not fields and not remarks:
        return None
    names = {one.schema.name: name for name, one in old.objects.items()}
    return TouchedMapping(mapping, names.get(spec.canon.schema_), fields, remarks)


def _remarks(found: Ways | list[Remark]) -> list[Remark]:
    return examined(found) if isinstance(found, Ways) else found


def _fields(
    model: Model, mapping: MappingManifest, side: str, old: SchemaView, new: SchemaView
) -> Iterator[TouchedField]:
    for one in mapping.spec.fields:
        for path in one.reads if side == "source" else [one.target]:
            because = _difference(path, old.shape(path), new.shape(path))
            if because:
                yield TouchedField(str(path), str(one.target), because, _further(model, mapping, one, side))
                break


def _difference(path: Path, old: Shape | None, new: Shape | None) -> str:
    if old is None or old is new or old == new:
        return ""
    if new is None:
        return f"{path} is no longer there"
    if old.said != new.said:
        return f"{path} was {old.said} and is {new.said}"
    return f"{path} {_manner(old, new)}"


def _manner(old: Shape, new: Shape) -> str:
    """How two shapes of the same types differ."""
    if old.values != new.values:
        gone, come = (_listed(one, other) for one, other in ((old, new), (new, old)))
        said = [f"no longer {gone}" if gone else "", f"now {come} too" if come else ""]
        return f"is {', '.join(part for part in said if part) or 'another list of values'}"
    if old.unit != new.unit:
        return f"was in {old.unit or 'a unit that nobody named'} and is in {new.unit or 'one that nobody names'}"
    maybe = new.optional or new.nullable
    if (old.optional or old.nullable) != maybe:
        return "may now be missing" if maybe else "is now always there"
    return "changes what it allows"


def _listed(one: Shape, other: Shape) -> str:
    return ", ".join(repr(value) for value in one.values or () if value not in (other.values or ()))


def _further(model: Model, mapping: MappingManifest, field: Mapped, side: str) -> list[tuple[str, str]]:
    """The mappings and targets that read what the field fills."""
    if side == "target":
        return []
    found = dependents(model.mappings.values(), mapping.spec.target.schema_, field.target)
    return [(one.mapping.name, str(one.target)) for one in found if one.reads]


def document(one: TouchedMapping) -> Mapping[str, object]:
    """As the policy API tells it."""
    spec = one.mapping.spec
    return {
        "name": one.mapping.name,
        "title": one.mapping.title,
        "owner": one.mapping.metadata.owner,
        "object": one.object,
        "system": spec.system.system,
        "breaks": one.breaks,
        "fields": [
            {
                "from": field.source,
                "to": field.target,
                "because": field.because,
                "then": [{"mapping": name, "to": target} for name, target in field.then],
            }
            for field in one.fields
        ],
        "findings": [{"rule": remark.rule, "level": remark.level, "message": remark.message} for remark in one.remarks],
    }
