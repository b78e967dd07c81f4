"""Backstage's catalogue files to manifests and back."""

from typing import Any

import pytest
import yaml

from registry.backstage.exporting import entities
from registry.backstage.importing import Import, read_entities
from registry.backstage.names import own_name, ref
from registry.catalogue.apply import apply
from registry.catalogue.export import export, to_yaml
from registry.database import Database
from registry.manifests.parse import parse_manifests
from registry.manifests.reader import SourceText
from tests.registry.catalogue.test_apply import NOW

CATALOGUE = """\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments-team, title: Payments}
spec: {type: squad, profile: {displayName: On duty, email: payments@example.com}, parent: finance, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: payments, description: Takes money, labels: {tier: "1"}}
spec: {owner: payments-team, domain: finance}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ledgerWriter, tags: [java, ledger]}
spec:
  type: service
  lifecycle: production
  owner: group:default/payments-team
  system: payments
  providesApis: [ledger-api]
  consumesApis: ["api:default/rates"]
  dependsOn: ["resource:ledger-db", "component:audit"]
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: ledger-api}
spec:
  type: openapi
  lifecycle: deprecated
  owner: payments-team
  system: payments
  definition: |
    openapi: 3.1.0
    info: {title: Ledger, version: 1.0.0}
    paths: {}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: rates}
spec: {type: grpc, lifecycle: experimental, owner: payments-team, system: payments, definition: ""}
"""


def load(text: str) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(text) if one]


def imported(text: str) -> Import:
    return read_entities(load(text))


def back(found: Import) -> list[dict[str, Any]]:
    manifests = [one.manifest for one in parse_manifests([SourceText("", to_yaml(found.manifests).encode())])]
    return entities(manifests)[0]


def plain(one: dict[str, Any]) -> dict[str, Any]:
    """An entity with references as short as they can be and without what says nothing."""
    spec = {key: value for key, value in one["spec"].items() if value not in ("", [])}
    for key in ("owner", "system"):
        if key in spec:
            spec[key] = ref(spec[key], "").name
    for key in ("providesApis", "consumesApis"):
        if key in spec:
            spec[key] = [ref(text, "api").name for text in spec[key]]
    return one | {"spec": spec}


def test_the_catalogue_can_be_applied_and_comes_back(store: Database) -> None:
    found = imported(CATALOGUE)
    assert found.warnings == []
    assert [(one["kind"], one["metadata"]["name"]) for one in found.manifests] == [
        ("Team", "payments-team"),
        ("System", "ledger-writer"),
        ("System", "payments"),
        ("Schema", "ledger-api-definition"),
        ("API", "ledger-api"),
        ("API", "rates"),
    ]
    with store.writing() as session:
        manifests = parse_manifests([SourceText("", to_yaml(found.manifests).encode())])
        assert len(apply(session, manifests, actor="ada", now=NOW).created) == 6
        text = export(session)
    again = [one.manifest for one in parse_manifests([SourceText("", text.encode())])]
    ours, _ = entities(again)
    theirs = {(one["kind"], one["metadata"]["name"]): plain(one) for one in load(CATALOGUE)}
    assert {(one["kind"], one["metadata"]["name"]): plain(one) for one in ours} == theirs


def test_what_it_becomes() -> None:
    found = {one["metadata"]["name"]: one for one in imported(CATALOGUE).manifests}
    assert found["ledger-writer"]["spec"] == {"category": "internal", "services": ["ledgerWriter"]}
    assert found["payments"]["metadata"]["title"] == "Takes money"
    assert found["payments-team"]["spec"] == {"contacts": [{"name": "On duty", "email": "payments@example.com"}]}
    ledger = found["ledger-api"]["spec"]
    assert (ledger["system"], ledger["protocol"]) == ("ledger-writer", "rest")
    assert ledger["versions"] == [{"version": "1", "lifecycle": "deprecated", "schema": "ledger-api-definition"}]
    assert found["rates"]["spec"]["consumers"] == [{"system": "ledger-writer"}]


def test_both_ways_twice_is_the_same() -> None:
    once = back(imported(CATALOGUE))
    assert back(read_entities(once)) == once


HEAD = "apiVersion: backstage.io/v1alpha1\n"


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (f"{HEAD}kind: User\nmetadata: {{name: ada}}", "User ada: the kind User has no counterpart here"),
        (f"{HEAD}kind: System\nspec: {{}}", "without kind or metadata.name"),
        ("apiVersion: v1\nkind: System\nmetadata: {name: a}", "its apiVersion is not Backstage's"),
        (
            f"{HEAD}kind: System\nmetadata: {{name: a, annotations: {{x: y}}}}\nspec: {{owner: b, extra: 1}}",
            "System a: left out, since there is no place for it: metadata.annotations, spec.extra",
        ),
        (f"{HEAD}kind: API\nmetadata: {{name: a}}\nspec: {{type: openapi}}", "API a: no system offers it"),
        (
            f"{HEAD}kind: API\nmetadata: {{name: a}}\nspec: {{type: rpc, system: s, lifecycle: odd, definition: x}}",
            "API a: the lifecycle odd is not known here",
        ),
        (
            f"{HEAD}kind: API\nmetadata: {{name: a}}\nspec: {{system: s, definition: {{$text: ./x}}}}",
            "no text of a known type",
        ),
        (f"{HEAD}kind: API\nmetadata: {{name: a}}\nspec: {{system: s}}", "its system s is in none of the files"),
        (
            f"{HEAD}kind: Component\nmetadata: {{name: a}}\nspec: {{consumesApis: [x]}}",
            "Component a: consumesApis names x, which is in none of the files",
        ),
        (
            f"{HEAD}kind: System\nmetadata: {{name: aB}}\n---\n{HEAD}kind: Component\nmetadata: {{name: a-b}}",
            "there is another System a-b already",
        ),
    ],
)
def test_what_is_left_out_is_told(text: str, warning: str) -> None:
    assert any(warning in one for one in imported(text).warnings), imported(text).warnings


def test_what_backstage_has_no_place_for_is_told() -> None:
    text = """\
apiVersion: controlplane/v1
kind: System
metadata: {name: erp}
spec: {category: erp, services: ["erp-*"]}
---
apiVersion: controlplane/v1
kind: API
metadata: {name: ledger}
spec: {system: erp, protocol: soap, authentication: [basic], versions: [{version: v1, sunset: 2030-01-01, calls: [{path: /x}]}]}
---
apiVersion: controlplane/v1
kind: Source
metadata: {name: hook}
spec: {system: erp}
"""
    found, warnings = entities([one.manifest for one in parse_manifests([SourceText("", text.encode())])])
    assert [(one["kind"], one["spec"].get("type")) for one in found] == [("Component", "service"), ("API", "soap")]
    assert warnings == [
        "System erp: Backstage has no place for the names of its services",
        "API ledger: Backstage has no place for dates, sunset and replacement, authentication, how its calls look in traces",
        "Source hook: there is no such thing in Backstage; it was left out",
    ]


@pytest.mark.parametrize(
    ("name", "ours"),
    [("PaymentsAPI_v2", "payments-api-v2"), ("a.b c", "a-b-c"), ("ok-1", "ok-1"), ("___", "unnamed"), ("é", "unnamed")],
)
def test_names_become_ours(name: str, ours: str) -> None:
    assert own_name(name) == ours
