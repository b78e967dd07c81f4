"""The rules and profiles that come along, found by their place; as manifests that ``apply`` takes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from registry.kinds.policy import PolicyManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from registry.nearest import did_you_mean

USUAL = "house"


class PackError(ValueError):
    """A rule or profile that does not exist; one sentence with the nearest that does."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A choice of rules, each with the parameters that it has there instead of its own."""

    name: str
    title: str
    about: str
    rules: Mapping[str, Mapping[str, Any]]


@cache
def rules() -> Mapping[str, PolicyManifest]:
    """Every rule, by name; reading one tries its cases."""
    found = (located.manifest for located in parse_manifests(_sources("rules")))
    return {one.name: one for one in found if isinstance(one, PolicyManifest)}


@cache
def profiles() -> Mapping[str, Profile]:
    """Every profile, by name."""
    found = {source.file.removesuffix(".yaml"): yaml.safe_load(source.content) for source in _sources("profiles")}
    return {name: Profile(name=name, **document) for name, document in found.items()}


def profile(name: str) -> Profile:
    """The profile of that name. Raises ``PackError``."""
    found = profiles().get(name)
    if found is None:
        raise PackError(f"there is no profile {name!r}{did_you_mean(name, profiles())}")
    return found


def manifests(
    name: str = USUAL,
    *,
    only: Sequence[str] = (),
    today: date,
    warn_from: date | None = None,
    deny_from: date | None = None,
) -> list[dict[str, Any]]:
    """A profile's rules as manifests, with the days from which they warn and deny where a roll-out is wanted.

    Until then they are recorded only. Raises ``PackError``.
    """
    chosen = profile(name)
    unknown = [one for one in only if one not in chosen.rules]
    if unknown:
        raise PackError(f"profile {name} has no rule {unknown[0]!r}{did_you_mean(unknown[0], chosen.rules)}")
    found = []
    for rule, parameters in chosen.rules.items():
        if only and rule not in only:
            continue
        document = copy.deepcopy(rules()[rule].as_document())
        document["metadata"]["labels"] = {"pack": "controlplane", "profile": name}
        spec = document["spec"]
        if parameters:
            spec["parameters"] = {**spec.get("parameters", {}), **parameters}
            # The cases of a rule are for its own parameters.
            spec.pop("tests", None)
        if warn_from or deny_from:
            days = {"audit": today, "warn": warn_from, "deny": deny_from}
            spec["rollout"] = {stage: day.isoformat() for stage, day in days.items() if day is not None}
        found.append(document)
    return found


@cache
def _sources(folder: str) -> tuple[SourceText, ...]:
    place = resources.files("policies.pack").joinpath(folder)
    files = sorted((one for one in place.iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return tuple(SourceText(one.name, one.read_bytes()) for one in files)
