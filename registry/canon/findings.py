"""What is odd about canonical objects, mappings and systems of record, over the whole catalogue. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry.canon.objects import CanonicalObject, objects
from registry.canon.records import against, records, unclaimed
from registry.canon.states import faults
from registry.kinds.mapping import MappingManifest, opened
from registry.kinds.schema import SchemaManifest
from registry.kinds.system import SystemManifest
from registry.manifests.tree import dotted
from registry.mappings.paths import parse
from registry.mappings.rules import Level, Rule
from registry.mappings.schema.view import Leaf
from registry.mappings.ways import Ways, examined

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "mapping-broken": Rule("error", "a mapping no longer fits one of its schemas"),
        "record-against": Rule("warning", "a mapping writes against the direction of the system of record"),
        "record-conflict": Rule(
            "error", "two systems claim to be the record for the same field, and no rule says which"
        ),
        "record-missing": Rule("warning", "no system is the record for an object, or for some of its fields"),
        "record-unknown": Rule("error", "a system claims an object or a field that there is not"),
        "states-faulty": Rule("error", "an object's states can't be reached, lead nowhere or don't exist"),
    }
)


@dataclass(frozen=True, slots=True)
class CatalogueFinding:
    """One finding: its rule, whom it is about (kind and name), where in its manifest, one sentence, who should know."""

    rule: str
    kind: str
    name: str
    message: str
    path: str = ""
    owner: str | None = None

    @property
    def level(self) -> Level:
        """How bad it is."""
        return RULES[self.rule].level


def catalogue_findings(
    schemas: Iterable[SchemaManifest],
    systems: Iterable[SystemManifest],
    mappings: Iterable[MappingManifest],
    version: Callable[[str, int], str | None],
) -> list[CatalogueFinding]:
    """Everything that is odd, errors first; ``version`` gives the document of a schema's version."""
    by_name = {one.name: one for one in schemas}
    every_system, every_mapping = list(systems), list(mappings)
    canon = objects(by_name.values())
    found = [
        *_broken(every_mapping, by_name, version),
        *_unknown(every_system, canon),
        *(finding for one in canon.values() for finding in _object(one, every_system, every_mapping)),
    ]
    return sorted(found, key=lambda one: (one.level != "error", one.kind, one.name, one.rule))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The schemas that a mapping is checked against."""

    schemas: Mapping[str, SchemaManifest]
    texts: Callable[[str, int], str | None]

    def get(self, kind: str, name: str) -> SchemaManifest | None:
        """The schema of that name."""
        return self.schemas.get(name) if kind == "Schema" else None

    def version(self, schema: str, number: int) -> str | None:
        """The document of one of its versions."""
        return self.texts(schema, number)


def _broken(
    mappings: Iterable[MappingManifest],
    schemas: Mapping[str, SchemaManifest],
    version: Callable[[str, int], str | None],
) -> Iterator[CatalogueFinding]:
    for mapping in mappings:
        ways = opened(mapping.spec, Shelf(schemas, version))
        for remark in examined(ways) if isinstance(ways, Ways) else ways:
            if remark.level == "error":
                owner = mapping.metadata.owner
                yield CatalogueFinding(
                    "mapping-broken",
                    "Mapping",
                    mapping.name,
                    f"{remark.rule}: {remark.message}",
                    dotted(remark.place),
                    owner,
                )


def _unknown(systems: Iterable[SystemManifest], canon: Mapping[str, CanonicalObject]) -> Iterator[CatalogueFinding]:
    for system in systems:
        for position, record in enumerate(system.spec.records):
            place = f"spec.records[{position}]"
            one = canon.get(record.object)
            if one is None:
                sentence = f"{system.name} claims {record.object}, and no schema has the label canon: {record.object}"
                yield CatalogueFinding("record-unknown", "System", system.name, sentence, place, system.metadata.owner)
                continue
            leaves = [leaf.path.wide for leaf in one.view.leaves] if one.view else []
            for field in record.fields:
                if (
                    one.view
                    and one.view.shape(parse(field).wide) is None
                    and not any(leaf.within(parse(field).wide) for leaf in leaves)
                ):
                    sentence = f"{system.name} claims {field} of {record.object}, which has no such field"
                    yield CatalogueFinding(
                        "record-unknown", "System", system.name, sentence, place, system.metadata.owner
                    )


def _object(
    one: CanonicalObject, systems: Iterable[SystemManifest], mappings: Iterable[MappingManifest]
) -> Iterator[CatalogueFinding]:
    name, owner = one.schema.name, one.schema.metadata.owner
    if one.view is None:
        return
    for sentence in faults(one.view):
        yield CatalogueFinding("states-faulty", "Schema", name, sentence, "spec.definition", owner)
    fields = records(one, systems)
    clashes: dict[tuple[str, str], list[Leaf]] = {}
    for held in fields:
        for first, second in held.clashes:
            clashes.setdefault((first.system, second.system), []).append(held.leaf)
    for (first_name, second_name), leaves in clashes.items():
        sentence = f"{first_name} and {second_name} both claim {listed(leaves)} of {one.name}; say over or entities"
        yield CatalogueFinding("record-conflict", "Schema", name, sentence, "", owner)
    missing = unclaimed(fields)
    if missing:
        what = one.name if len(missing) == len(fields) else f"{listed(missing)} of {one.name}"
        yield CatalogueFinding("record-missing", "Schema", name, f"no system is the record for {what}", "", owner)
    for wrong in against(one, mappings, fields):
        who = ", ".join(wrong.record)
        sentence = (
            f"it writes {listed(wrong.fields)} into {wrong.system}, which is the record for it"
            if wrong.into_record
            else f"it writes {listed(wrong.fields)} from {wrong.system}, and the record is {who}"
        )
        mapping = wrong.mapping
        yield CatalogueFinding(
            "record-against", "Mapping", mapping.name, sentence, "spec.fields", mapping.metadata.owner
        )


def listed(leaves: Iterable[Leaf]) -> str:
    """A few paths, and how many more."""
    paths = [str(leaf.path) for leaf in leaves]
    return f"{', '.join(paths[:5])} and {len(paths) - 5} more" if len(paths) > 5 else ", ".join(paths)  # noqa: PLR2004
