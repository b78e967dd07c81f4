"""The facts that a policy may ask for; docs/policies.md has the same as a table, and a test holds the two together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from registry.cel.types import Member, Objects, Type, read_type

Occasion = Literal["schema-change", "lifecycle-change", "mapping-change"]
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)


@dataclass(frozen=True, slots=True)
class Root:
    """A fact by its first name. ``each``: a policy that asks for it is judged once for every one there is."""

    type: Type
    about: str
    on: tuple[Occasion, ...]
    each: bool = False


def _object(**members: tuple[str, str]) -> Mapping[str, Member]:
    return {name.rstrip("_"): Member(read_type(of), about) for name, (of, about) in members.items()}


OBJECTS: Objects = {
    "change": _object(
        rule=("string", "the rule's id, such as `response-property-removed`"),
        level=("string", "`breaking`, `warning` or `info`, as the subject's mode has it"),
        path=("string", "where it is in the document"),
        format=("string", "the document's format"),
        message=("string", "what happened, in words"),
        direction=("string", "`backward` or `forward`: whose data is meant"),
        fingerprint=("string", "what a waiver is keyed on: it rests on rule, place and facts"),
    ),
    "field": _object(
        name=("string", "the property's or field's own name"),
        path=("string", "where it is in the document"),
        type=("string", "`string`, `number`, `integer`, `boolean`, `object`, `array`, or the format's own type"),
        format=("string", "its format or logical type, such as `date-time` or `decimal`"),
        required=("bool", "whether it must be there"),
        description=("string", "its description"),
        pattern=("string", "its pattern, where it is text"),
        extensions=("map(any)", "keys that begin with `x-` (Avro: any key that is not the format's own)"),
        siblings=("list(string)", "the names of all fields of the same object"),
        added=("bool", "whether the version in force does not have it"),
    ),
    "operation": _object(
        name=("string", "its method and path, or its id"),
        path=("string", "where it is in the document"),
        deprecated=("bool", "whether the document says so"),
        sunset=("timestamp?", "`x-sunset`, null if not given or no date"),
        sunset_text=("string", "`x-sunset` as it stands"),
        security=("list(string)", "the types of the security schemes that it takes, `none` if it may do without"),
        previous_security=("list(string)", "the same in the version in force; empty if it is new"),
        response_headers=("list(string)", "names of all response headers that are described, in lower case"),
        added=("bool", "whether the version in force does not have it"),
    ),
    "schema": _object(
        name=("string", "the subject"),
        format=("string", "`json-schema`, `openapi`, `asyncapi`, `avro`, `protobuf`, `graphql`"),
        mode=("string", "its compatibility mode"),
        new=("bool", "whether nothing is registered under this name yet"),
        version=("string", "the version that the new document names itself, empty if it names none"),
        previous_version=("string", "the same of the document in force"),
        number=("int", "the number of the version in force, 0 if there is none"),
        labels=("map(string)", "its labels"),
        breaking=("int", "how many changes break someone"),
        warnings=("int", "how many changes may surprise someone"),
    ),
    "api": _object(
        name=("string", "its name; empty where no API is declared for the document"),
        lifecycle=("string", "`proposed`, `active`, `deprecated`, `retired`: of the version in question, or of the API"),
        version=("string", "the version in question"),
        versions=("list(version)", "all its versions"),
        owner=("string", "the owning team"),
        system=("string", "the system that offers it"),
        protocol=("string", "`rest`, `graphql`, `event`, ..."),
        authentication=("list(string)", "how callers prove who they are"),
        previous_authentication=("list(string)", "the same before this change; empty if the API is new"),
        new=("bool", "whether it was not declared before"),
        deprecated_at=("timestamp?", "since when the version in question is deprecated"),
        sunset=("timestamp?", "the day from which the version in question may be gone"),
        labels=("map(string)", "its labels"),
    ),
    "version": _object(
        name=("string", "its label"),
        lifecycle=("string", "its stage"),
        stability=("string", "`draft`, `alpha`, `beta`, `stable`"),
        deprecated_at=("timestamp?", "since when it is deprecated"),
        sunset=("timestamp?", "the day from which it may be gone"),
        replaced=("bool", "whether it names what to use instead"),
    ),
    "lifecycle": _object(
        version=("string", "the label of the version that changes"),
        from_=("string", "its stage before; empty if it is new"),
        to=("string", "its stage after"),
        stability=("string", "`draft`, `alpha`, `beta`, `stable`"),
        previous_stability=("string", "the same before; empty if it is new"),
        deprecated_at=("timestamp?", "since when it is deprecated"),
        sunset=("timestamp?", "the day from which it may be gone"),
        previous_sunset=("timestamp?", "the same before"),
        replaced=("bool", "whether it names what to use instead"),
    ),
    "owner": _object(
        name=("string", "the owning team, empty if nobody is named"),
        exists=("bool", "whether that team is declared"),
        contacts=("list(string)", "the ways to reach it"),
    ),
    "mapping": _object(
        name=("string", "its name"),
        system=("string", "the system on one of its ends"),
        object=("string", "the canonical object on the other"),
        source=("string", "the schema that it reads"),
        target=("string", "the schema that it fills"),
        purpose=("string", "`exchange` or `comparison`"),
        new=("bool", "whether it was not declared before"),
        fields=("int", "how many fields it maps"),
        unmapped=("list(string)", "fields of the target that nothing fills"),
        required_unmapped=("list(string)", "those of them that must be there"),
        problems=("list(string)", "what its own checks remark on, by rule"),
        labels=("map(string)", "its labels"),
    ),
    "usage": _object(
        known=("bool", "whether any call was seen within the look-back"),
        calls_30d=("int?", "calls seen in the last 30 days; null where none was seen in the whole look-back, which is not zero"),
        consumers=("list(string)", "who was seen calling in the last 30 days"),
        undeclared=("list(string)", "those of them that nobody declared as consumers, the provider itself left out"),
        last_call=("timestamp?", "the last call that was seen"),
        look_back_days=("int", "how far back calls are looked for"),
        sampled=("bool", "whether only a share of the calls is recorded, so that a caller may be missed"),
    ),
    "impact": _object(
        consumers=("list(string)", "declared and seen consumers"),
        mappings=("list(string)", "mappings that read or write what changes"),
        broken_mappings=("list(string)", "those of them that would no longer fit"),
        workflows=("list(string)", "workflows that may read what changes"),
        slas=("list(string)", "deadlines of those workflows"),
    ),
}  # fmt: skip

_ALL = OCCASIONS
_SCHEMA: tuple[Occasion, ...] = ("schema-change",)
_API: tuple[Occasion, ...] = ("schema-change", "lifecycle-change")

ROOTS: Mapping[str, Root] = MappingProxyType(
    {
        name: Root(read_type(of), about, on, each)
        for name, of, about, on, each in (
            ("change", "change", "one change of the document", _SCHEMA, True),
            ("changes", "list(change)", "all changes of the document", _SCHEMA, False),
            ("field", "field", "one field of the new document", _SCHEMA, True),
            ("fields", "list(field)", "all fields of the new document", _SCHEMA, False),
            ("operation", "operation", "one operation of the new document (OpenAPI)", _SCHEMA, True),
            ("operations", "list(operation)", "all operations of the new document (OpenAPI)", _SCHEMA, False),
            ("lifecycle", "lifecycle", "one version of the API that is new or changes", ("lifecycle-change",), True),
            ("schema", "schema", "the subject", _SCHEMA, False),
            ("api", "api", "the API that the document describes, or that changes", _API, False),
            ("mapping", "mapping", "the mapping", ("mapping-change",), False),
            ("owner", "owner", "who owns what changes", _ALL, False),
            ("usage", "usage", "calls seen in traces, of the version in question", _API, False),
            ("impact", "impact", "what may be touched, by name", _SCHEMA, False),
            ("context", "map(any)", "what the caller said: `environment`, `branch`, `author`, `commit`, ...", _ALL, False),
            ("now", "timestamp", "the moment of judging", _ALL, False),
        )
    }
)  # fmt: skip
#: Keys of ``context`` that are there, empty, even if the caller does not say them.
CONTEXT = ("environment", "branch", "target_branch", "author", "commit", "repository", "pull_request", "url")


def roots_on(occasion: Occasion) -> dict[str, Root]:
    """The facts of one occasion."""
    return {name: root for name, root in ROOTS.items() if occasion in root.on}
