"""Canonical objects, systems of record, and which ids are one object."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from collectors.timelines.identities import known
from collectors.timelines.model import Key
from controlplane import canon
from controlplane.http.asking import observed_of
from controlplane.http.auth import requires
from controlplane.http.paging import Page
from controlplane.http.problems import Problem
from controlplane.http.rest.mappings import LeafOut, MappingAbout
from controlplane.http.wiring import State
from registry.access.roles import Principal
from registry.canon.objects import CanonicalObject
from registry.canon.reading import Model, model
from registry.crossref.check import CorrectionError, read_id
from registry.nearest import nearest

router = APIRouter(prefix="/api/v1/canon", tags=["Canonical model"])
Reader = Annotated[Principal, Depends(requires("catalogue:read"))]


class ObjectAbout(BaseModel):
    """A canonical object in a list; ``systems`` are those with a mapping to it or from it."""

    object: str
    title: str
    schema_name: str
    owner: str | None
    fields: int
    systems: list[str]


class RecordOut(BaseModel):
    """A system of record; ``entities``: only for these of our legal entities, all if there is none."""

    system: str
    entities: list[str]


class CanonicalField(LeafOut):
    """A field of an object, and who is the record for it."""

    records: list[RecordOut]


class StatesOut(BaseModel):
    """The states of one field: where an object begins, where it ends, what may follow what."""

    path: str
    initial: list[str]
    final: list[str]
    transitions: dict[str, list[str]]


class IdSource(BaseModel):
    """A field of a system's schema that holds such ids, by a mapping."""

    system: str
    schema_name: str
    path: str
    mapping: str


class IdKey(BaseModel):
    """A workflow that knows such ids as keys."""

    workflow: str
    attribute: str
    joins: bool


class IdTypeOut(BaseModel):
    """A type of id of an object: where it comes from, and which workflows know it."""

    type: str
    sources: list[IdSource]
    keys: list[IdKey]


class ObjectWhole(BaseModel):
    """A canonical object with everything that is declared about it."""

    object: str
    title: str
    schema_name: str
    owner: str | None
    fields: list[CanonicalField]
    states: list[StatesOut]
    ids: list[IdTypeOut]
    mappings: list[MappingAbout]


class KnownIdOut(BaseModel):
    """An id that was seen with the one that was asked for; ``related``: another object's, beside it."""

    type: str
    value: str
    workflow: str
    instance: str
    related: bool


@router.get("", summary="Every canonical object")
def list_objects(state: State, _who: Reader) -> Page[ObjectAbout]:
    """By name, all on one page."""
    with state.database.reading() as session:
        found = model(session)
    return Page(items=[_about(found, one) for one in found.objects.values()], next_cursor=None)


def _about(found: Model, one: CanonicalObject) -> ObjectAbout:
    systems = {
        mapping.spec.system.system or ""
        for mapping in found.mappings.values()
        if mapping.spec.canon.schema_ == one.schema.name
    }
    return ObjectAbout(
        object=one.name,
        title=one.title,
        schema_name=one.schema.name,
        owner=one.schema.metadata.owner,
        fields=len(one.view.leaves) if one.view else 0,
        systems=sorted(systems),
    )


@router.get("/{name}", summary="One canonical object")
def get_object(state: State, _who: Reader, name: str) -> ObjectWhole:
    """With its fields, states, systems of record, ids and mappings."""
    with state.database.reading() as session:
        found = model(session)
        return ObjectWhole.model_validate(_named_schema(canon.canonical(found, object_named(found, name))))


def _named_schema(document: dict[str, Any]) -> dict[str, Any]:
    """``schema`` is a word that the models can't use."""
    for kind in document["ids"]:
        for source in kind["sources"]:
            source["schema_name"] = source.pop("schema")
    return document | {"schema_name": document["schema"]}


@router.get("/{name}/ids", summary="Which ids are the same object's")
def list_ids(
    state: State,
    _who: Reader,
    _also: Annotated[Principal, Depends(requires("workflows:read"))],
    name: str,
    key: Annotated[str, Query(max_length=700, description="TYPE:VALUE, such as stripe.invoice:in_1.")],
) -> Page[KnownIdOut]:
    """Those that workflows saw together, directly or through others; empty if the id is not known."""
    with state.database.reading() as session:
        one = object_named(model(session), name)
    try:
        asked = read_id(key)
    except CorrectionError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from error
    found = known(observed_of(state).timelines, Key(asked.type, asked.value), lambda each: each.object == one.name)
    items = [
        KnownIdOut(
            type=each.key.type,
            value=each.key.value,
            workflow=each.workflow,
            instance=each.instance,
            related=each.related,
        )
        for each in found
    ]
    return Page(items=items, next_cursor=None)


def object_named(found: Model, name: str) -> CanonicalObject:
    """The object. Raises ``Problem`` 404, with the nearest name that exists."""
    one = found.objects.get(name)
    if one is None:
        guess = nearest(name, found.objects)
        some = f"; there are {', '.join(found.objects)}" if found.objects else ""
        hint = f"; did you mean {guess}?" if guess else some
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no canonical object {name[:100]!r}{hint}")
    return one
