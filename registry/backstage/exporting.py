"""Manifests to entities of catalog-info.yaml files. Pure; the other direction stands in ``importing``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.backstage.importing import LABEL, NOBODY
from registry.backstage.stages import LIFECYCLE_OF
from registry.kinds.api import APIManifest
from registry.kinds.base import Manifest
from registry.kinds.schema import SchemaManifest
from registry.kinds.system import SystemManifest
from registry.kinds.team import TeamManifest

_VERSION = "backstage.io/v1alpha1"
_TYPES = {"rest": "openapi", "event": "asyncapi", "graphql": "graphql", "grpc": "grpc"}
_FORMATS = {"openapi": "openapi", "asyncapi": "asyncapi", "graphql": "graphql", "protobuf": "grpc"}


def entities(manifests: Iterable[Manifest]) -> tuple[list[dict[str, Any]], list[str]]:
    """Groups, systems, components and APIs, and sentences about what has no counterpart there.

    A system whose services are named becomes a component too; where it came from one, it is the component alone.
    """
    every = list(manifests)
    whole = _Whole(
        schemas={one.name: one for one in every if isinstance(one, SchemaManifest)},
        apis=[one for one in every if isinstance(one, APIManifest)],
        components=frozenset(one.name for one in every if isinstance(one, SystemManifest) and one.spec.services),
        names={(one.kind, one.name): _own(one).get("name", one.name) for one in every},
    )
    described = {version.schema_ for api in whole.apis for version in api.spec.versions}
    found: list[dict[str, Any]] = []
    warnings: list[str] = []
    for one in every:
        if isinstance(one, TeamManifest):
            found.append(_group(one))
        elif isinstance(one, SystemManifest):
            found.append(_component(one, whole) if one.spec.services else _system(one, whole))
            if one.spec.services and one.spec.services != (whole.name("System", one.name),):
                warnings.append(f"System {one.name}: Backstage has no place for the names of its services")
        elif isinstance(one, APIManifest):
            found.append(_api(one, whole))
            warnings += _lost(one)
        elif not (isinstance(one, SchemaManifest) and one.name in described):
            warnings.append(f"{one.kind} {one.name}: there is no such thing in Backstage; it was left out")
    return found, warnings


@dataclass(frozen=True, slots=True)
class _Whole:
    """What an entity needs to know of the others."""

    schemas: Mapping[str, SchemaManifest]
    apis: Sequence[APIManifest]
    components: frozenset[str]
    names: Mapping[tuple[str, str], str]

    def name(self, kind: str, name: str) -> str:
        """What something is called there."""
        return self.names.get((kind, name), name)

    def owner(self, one: Manifest) -> str:
        """Who owns it."""
        return self.name("Team", one.metadata.owner) if one.metadata.owner else NOBODY


def _own(one: Manifest) -> dict[str, str]:
    """What came from Backstage and has no place of its own here."""
    return {key.removeprefix(LABEL): value for key, value in one.metadata.labels.items() if key.startswith(LABEL)}


def _entity(kind: str, one: Manifest, spec: Mapping[str, Any]) -> dict[str, Any]:
    labels = dict(one.metadata.labels)
    own = {key.removeprefix(LABEL): labels.pop(key) for key in [*labels] if key.startswith(LABEL)}
    metadata: dict[str, Any] = {"name": own.get("name", one.name)}
    if "namespace" in own:
        metadata["namespace"] = own["namespace"]
    if one.metadata.title:
        metadata["description" if own.get("titled-by") == "description" else "title"] = one.metadata.title
    if "description" in own:
        metadata["description"] = own["description"]
    if labels:
        metadata["labels"] = labels
    if tags := [key.removeprefix("tag.") for key in own if key.startswith("tag.")]:
        metadata["tags"] = tags
    return {"apiVersion": _VERSION, "kind": kind, "metadata": metadata, "spec": dict(spec)}


def _group(team: TeamManifest) -> dict[str, Any]:
    contact = next((one for one in team.spec.contacts if one.email), None)
    profile = {"displayName": contact.name, "email": contact.email} if contact else {}
    profile = {key: value for key, value in profile.items() if value}
    own = _own(team)
    spec: dict[str, Any] = {"type": own.get("type", "team")}
    spec |= {"profile": profile} if profile else {}
    return _entity("Group", team, spec | _given(own, "parent") | {"children": []})


def _given(own: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: own[name] for name in names if name in own}


def _system(system: SystemManifest, whole: _Whole) -> dict[str, Any]:
    return _entity("System", system, {"owner": whole.owner(system), **_given(_own(system), "domain")})


def _component(system: SystemManifest, whole: _Whole) -> dict[str, Any]:
    own = _own(system)
    spec: dict[str, Any] = {"type": own.get("type", "service"), "lifecycle": own.get("lifecycle", "production")}
    spec |= {"owner": whole.owner(system), **_given(own, "system", "subcomponentOf")}
    provided = [whole.name("API", api.name) for api in whole.apis if api.spec.system == system.name]
    consumed = [
        whole.name("API", api.name)
        for api in whole.apis
        if any(consumer.system == system.name for consumer in api.spec.consumers)
    ]
    spec |= {"providesApis": provided} if provided else {}
    spec |= {"consumesApis": consumed} if consumed else {}
    spec |= {"dependsOn": own["depends-on"].split()} if own.get("depends-on") else {}
    return _entity("Component", system, spec)


def _api(api: APIManifest, whole: _Whole) -> dict[str, Any]:
    named = [whole.schemas[one.schema_] for one in api.spec.versions if one.schema_ and one.schema_ in whole.schemas]
    described = named[0] if named else None
    form = _FORMATS.get(described.spec.format) if described else None
    own = _own(api)
    kind = form or own.get("type") or _TYPES.get(api.spec.protocol, api.spec.protocol)
    lifecycle = own.get("lifecycle", LIFECYCLE_OF[api.spec.lifecycle])
    spec = {"type": kind, "lifecycle": lifecycle, "owner": whole.owner(api)}
    # What a component provides says so there, and names a system only if it did before.
    provided = api.spec.system in whole.components
    within = own.get("system") if provided else whole.name("System", api.spec.system)
    spec |= {"system": within} if within else {}
    return _entity("API", api, spec | {"definition": described.spec.text if described and form else ""})


def _lost(api: APIManifest) -> Iterable[str]:
    lost = []
    if len(api.spec.versions) > 1:
        lost.append("all versions but the first with a schema")
    if any(one.sunset or one.replacement or one.dates.model_dump(exclude_none=True) for one in api.spec.versions):
        lost.append("dates, sunset and replacement")
    if api.spec.authentication:
        lost.append("authentication")
    if api.spec.calls or any(one.calls for one in api.spec.versions):
        lost.append("how its calls look in traces")
    if any(consumer.team for consumer in api.spec.consumers):
        lost.append("teams that consume it")
    if lost:
        yield f"API {api.name}: Backstage has no place for {', '.join(lost)}"
