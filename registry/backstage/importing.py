"""Entities of catalog-info.yaml files to manifests. Pure.

Group becomes Team; System and Component become System (a component is a system of its own whose services bear its name);
API becomes API, with its definition as a Schema. Kinds that have no counterpart are left out with a warning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.backstage.names import DEFAULT_NAMESPACE, own_name, ref
from registry.backstage.stages import STAGE_OF
from registry.kinds.base import API_VERSION

Entity = dict[str, Any]
_FORMATS = {"openapi": "openapi", "asyncapi": "asyncapi", "graphql": "graphql", "grpc": "protobuf"}
_PROTOCOLS = {"openapi": "rest", "asyncapi": "event", "graphql": "graphql", "grpc": "grpc"}
_KNOWN_METADATA = frozenset({"name", "namespace", "title", "description", "labels", "annotations", "tags", "links"})
_KNOWN_SPEC = {
    "group": frozenset({"type", "profile", "children", "parent", "members"}),
    "system": frozenset({"owner", "domain", "type"}),
    "component": frozenset(
        {"type", "lifecycle", "owner", "system", "providesApis", "consumesApis", "dependsOn", "subcomponentOf"}
    ),
    "api": frozenset({"type", "lifecycle", "owner", "system", "definition"}),
}
LABEL = "backstage/"
#: Who owns what nobody owns, since Backstage asks for someone.
NOBODY = "unknown"


@dataclass(slots=True)
class Import:
    """The manifests as plain documents, by kind and name, and what could not be taken over, in sentences."""

    manifests: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_entities(entities: Iterable[Entity]) -> Import:
    """Everything that has a counterpart; relations are joined over all entities."""
    found = Import()
    usable = [one for one in entities if _usable(one, found)]
    consumers = _consumers(usable)
    providers = _providers(usable)
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for one in usable:
        found.warnings += _left_out(one)
        for manifest in _manifests(one, consumers, providers, found):
            key = (manifest["kind"], manifest["metadata"]["name"])
            if key in made:
                found.warnings.append(f"{_called(one)}: there is another {key[0]} {key[1]} already; the first is kept")
            else:
                made[key] = manifest
    found.manifests = [made[key] for key in sorted(made, key=lambda key: (_ORDER.index(key[0]), key[1]))]
    found.warnings += _dangling(found.manifests)
    found.warnings += _unknown(usable, {name for kind, name in made if kind == "API"})
    return found


_ORDER = ("Team", "System", "Schema", "API")


def _usable(one: Entity, found: Import) -> bool:
    kind, metadata = one.get("kind"), one.get("metadata")
    if not (isinstance(kind, str) and isinstance(metadata, dict) and isinstance(metadata.get("name"), str)):
        found.warnings.append("an entity without kind or metadata.name was left out")
        return False
    if not str(one.get("apiVersion", "")).startswith("backstage.io/"):
        found.warnings.append(f"{_called(one)}: its apiVersion is not Backstage's; it was left out")
        return False
    if kind.lower() not in _KNOWN_SPEC:
        found.warnings.append(f"{_called(one)}: the kind {kind} has no counterpart here; it was left out")
        return False
    return True


def _called(one: Entity) -> str:
    return f"{one['kind']} {one['metadata']['name']}"


def _spec(one: Entity) -> dict[str, Any]:
    spec = one.get("spec")
    return spec if isinstance(spec, dict) else {}


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _left_out(one: Entity) -> Iterator[str]:
    """Names of what no manifest has a place for."""
    kind = one["kind"].lower()
    extra = [f"spec.{key}" for key in _spec(one) if key not in _KNOWN_SPEC[kind]]
    extra += [f"metadata.{key}" for key in one["metadata"] if key not in _KNOWN_METADATA]
    extra += [f"metadata.{key}" for key in ("annotations", "links") if one["metadata"].get(key)]
    extra += [f"spec.{key}" for key in ("children", "members") if _spec(one).get(key)]
    if extra:
        yield f"{_called(one)}: left out, since there is no place for it: {', '.join(sorted(extra))}"


def _consumers(entities: Iterable[Entity]) -> dict[str, list[str]]:
    """API -> the systems whose components consume it."""
    found: dict[str, list[str]] = {}
    for one in entities:
        if one["kind"].lower() == "component":
            for text in _texts(_spec(one).get("consumesApis")):
                found.setdefault(own_name(ref(text, "api").name), []).append(own_name(one["metadata"]["name"]))
    return found


def _providers(entities: Iterable[Entity]) -> dict[str, str]:
    """API -> the component that provides it, where one says so."""
    return {
        own_name(ref(text, "api").name): own_name(one["metadata"]["name"])
        for one in entities
        if one["kind"].lower() == "component"
        for text in _texts(_spec(one).get("providesApis"))
    }


def _manifests(
    one: Entity, consumers: dict[str, list[str]], providers: dict[str, str], found: Import
) -> Iterator[dict[str, Any]]:
    kind = one["kind"].lower()
    if kind == "group":
        yield _manifest("Team", one, _team(one), _kept(one, ("parent",), {"type": "team"}))
    elif kind in {"system", "component"}:
        usual = {"type": "service", "lifecycle": "production"} if kind == "component" else {}
        kept = _kept(one, ("domain", "system", "subcomponentOf"), usual)
        yield _manifest("System", one, _system(one, kind), kept)
    else:
        yield from _api(one, consumers, providers, found)


def _manifest(kind: str, one: Entity, spec: dict[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    metadata = one["metadata"]
    name = own_name(metadata["name"])
    made: dict[str, Any] = {"name": name}
    title = metadata.get("title") or metadata.get("description")
    if isinstance(title, str) and title.strip():
        made["title"] = " ".join(title.split())[:500]
    owner = _spec(one).get("owner")
    if isinstance(owner, str) and kind != "Team" and owner != NOBODY:
        made["owner"] = own_name(ref(owner, "group").name)
    kept = {key: str(value) for key, value in (metadata.get("labels") or {}).items()}
    kept |= {f"{LABEL}tag.{tag}": "" for tag in _texts(metadata.get("tags"))}
    if name != metadata["name"]:
        kept[f"{LABEL}name"] = metadata["name"]
    if metadata.get("namespace", DEFAULT_NAMESPACE) != DEFAULT_NAMESPACE:
        kept[f"{LABEL}namespace"] = metadata["namespace"]
    if metadata.get("title") and metadata.get("description"):
        kept[f"{LABEL}description"] = metadata["description"]
    elif metadata.get("description"):
        kept[f"{LABEL}titled-by"] = "description"
    kept |= labels
    if kept:
        made["labels"] = kept
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": made, "spec": spec}


def _kept(one: Entity, names: Iterable[str], usual: Mapping[str, str]) -> dict[str, str]:
    """Labels for what has no place of its own: these fields, those that are not as usual, and what it depends on."""
    spec = _spec(one)
    found = {name: spec[name] for name in names if isinstance(spec.get(name), str)}
    found |= {
        name: spec[name]
        for name, value in usual.items()
        if isinstance(spec.get(name, value), str) and spec.get(name, value) != value
    }
    if depends := _texts(spec.get("dependsOn")):
        found["depends-on"] = " ".join(depends)
    return {f"{LABEL}{name}": value for name, value in found.items()}


def _team(one: Entity) -> dict[str, Any]:
    profile = _spec(one).get("profile")
    profile = profile if isinstance(profile, dict) else {}
    contact = {"name": profile.get("displayName"), "email": profile.get("email")}
    contact = {key: value for key, value in contact.items() if isinstance(value, str) and value}
    return {"contacts": [contact]} if contact.get("email") else {}


def _system(one: Entity, kind: str) -> dict[str, Any]:
    spec: dict[str, Any] = {"category": "internal"}
    if kind == "component":
        spec["services"] = [one["metadata"]["name"]]
    return spec


def _api(
    one: Entity, consumers: dict[str, list[str]], providers: dict[str, str], found: Import
) -> Iterator[dict[str, Any]]:
    spec, name = _spec(one), own_name(one["metadata"]["name"])
    system = spec.get("system")
    within = own_name(ref(system, "system").name) if isinstance(system, str) else None
    provider = providers.get(name) or within
    if provider is None:
        found.warnings.append(f"{_called(one)}: no system offers it; name spec.system, or providesApis of a component")
        return
    form = str(spec.get("type", "")).lower()
    version: dict[str, Any] = {"version": "1"}
    stage = STAGE_OF.get(str(spec.get("lifecycle", "production")))
    if stage is None:
        found.warnings.append(
            f"{_called(one)}: the lifecycle {spec.get('lifecycle')} is not known here; taken as active"
        )
    elif stage != "active":
        version["lifecycle"] = stage
    definition = spec.get("definition")
    if form in _FORMATS and isinstance(definition, str) and definition.strip():
        schema = f"{name}-definition"
        version["schema"] = schema
        document = {"format": _FORMATS[form], "compatibility": "NONE", "definition": definition}
        who = spec.get("owner")
        owner = {"owner": own_name(ref(who, "group").name)} if isinstance(who, str) and who != NOBODY else {}
        yield {"apiVersion": API_VERSION, "kind": "Schema", "metadata": {"name": schema} | owner, "spec": document}
    elif definition:
        found.warnings.append(f"{_called(one)}: its definition was left out, since it is no text of a known type")
    made: dict[str, Any] = {"system": provider, "protocol": _PROTOCOLS.get(form, "other"), "versions": [version]}
    if callers := list(dict.fromkeys(consumers.get(name, ()))):
        made["consumers"] = [{"system": caller} for caller in callers]
    labels = _kept(one, ("system",) if provider != within else (), {})
    labels |= {f"{LABEL}lifecycle": str(spec.get("lifecycle"))} if stage is None else {}
    labels |= {f"{LABEL}type": form} if form not in _PROTOCOLS else {}
    yield _manifest("API", one, made, labels)


def _unknown(entities: Iterable[Entity], apis: Collection[str]) -> Iterator[str]:
    """Relations to APIs that are in none of the files; a manifest of the API would have them."""
    for one in entities:
        for relation in ("providesApis", "consumesApis") if one["kind"].lower() == "component" else ():
            for text in _texts(_spec(one).get(relation)):
                if own_name(ref(text, "api").name) not in apis:
                    yield f"{_called(one)}: {relation} names {text}, which is in none of the files; that was left out"


def _dangling(manifests: Iterable[dict[str, Any]]) -> Iterator[str]:
    """APIs of systems that no file has, which an apply would refuse."""
    every = list(manifests)
    systems = {one["metadata"]["name"] for one in every if one["kind"] == "System"}
    for one in every:
        if one["kind"] == "API" and one["spec"]["system"] not in systems:
            yield f"API {one['metadata']['name']}: its system {one['spec']['system']} is in none of the files; declare it too"
