from datetime import date
from typing import Any

import pytest

from registry.kinds.api import APIManifest
from registry.kinds.base import Finding
from registry.manifests.parse import parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText
from tests.registry.kinds.test_kinds import Shelf, build, findings

V1: dict[str, Any] = {
    "version": "v1",
    "lifecycle": "deprecated",
    "dates": {"active": "2024-03-01", "deprecated": "2026-01-15"},
    "sunset": "2026-12-31",
    "replacement": {"version": "v2"},
    "schema": "netsuite-record-v1",
    "calls": [{"host": "*.suitetalk.api.netsuite.com", "path": "/services/rest/record/v1/*"}],
}
V2: dict[str, Any] = {"version": "v2"}
API: dict[str, Any] = {
    "system": "netsuite",
    "protocol": "rest",
    "authentication": ["oauth2"],
    "versions": [V1, V2],
    "consumers": [{"system": "integration-hub", "versions": ["v1"]}, {"team": "finance"}],
}


def api(**change: Any) -> APIManifest:
    manifest = build("API", API | change, owner="finance")
    assert isinstance(manifest, APIManifest)
    return manifest


def test_an_api_reads_and_says_itself_again() -> None:
    manifest = api()
    assert manifest.as_document()["spec"] == API
    assert [(one.kind, one.name, one.required) for one in manifest.references()] == [
        ("Team", "finance", False),
        ("System", "netsuite", True),
        ("Schema", "netsuite-record-v1", True),
        ("System", "integration-hub", False),
        ("Team", "finance", False),
    ]
    (version,) = manifest.spec.of_schema("netsuite-record-v1")
    assert (version.version, version.sunset) == ("v1", date(2026, 12, 31))
    assert manifest.spec.version_named("v9") is None


@pytest.mark.parametrize(
    ("stages", "lifecycle"),
    [
        (["retired", "active"], "active"),
        (["deprecated", "proposed"], "deprecated"),
        (["proposed", "retired"], "proposed"),
        (["retired"], "retired"),
    ],
)
def test_an_api_is_as_alive_as_its_most_alive_version(stages: list[str], lifecycle: str) -> None:
    versions = [{"version": f"v{number}", "lifecycle": stage} for number, stage in enumerate(stages)]
    assert api(versions=versions, consumers=[]).spec.lifecycle == lifecycle


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"versions": [], "consumers": []}, "versions", "at least one version"),
        ({"versions": [V2, V2], "consumers": []}, "versions.1.version", "declared twice"),
        (
            {"versions": [V1 | {"dates": {"active": "2026-02-01", "deprecated": "2026-01-01"}}, V2]},
            "versions.0.dates.deprecated",
            "can't be deprecated on 2026-01-01, before it was active on 2026-02-01",
        ),
        ({"versions": [V1 | {"sunset": "2026-01-14"}, V2]}, "versions.0.sunset", "before the deprecation"),
        (
            {"versions": [V1, V2 | {"lifecycle": "proposed", "sunset": "2030-01-01"}]},
            "versions.1.sunset",
            "has no sunset",
        ),
        ({"versions": [V1 | {"replacement": {"version": "v3"}}, V2]}, "versions.0.replacement.version", "v1, v2"),
        ({"versions": [V1 | {"replacement": {"version": "v1"}}, V2]}, "versions.0.replacement.version", "itself"),
        ({"versions": [V1 | {"replacement": {}}, V2]}, "versions.0.replacement", "name the version"),
        ({"versions": [V1 | {"calls": [{}]}, V2]}, "versions.0.calls.0", "matches every call"),
        ({"calls": [{}]}, "calls.0", "matches every call"),
        ({"consumers": [{"purpose": "x"}]}, "consumers.0", "name one of the two"),
        ({"consumers": [{"system": "a", "team": "b"}]}, "consumers.0", "name one of the two"),
        ({"consumers": [{"system": "a", "versions": ["v7"]}]}, "consumers.0.versions.0", "no version 'v7'"),
        ({"consumers": [{"system": "a"}, {"system": "a"}]}, "consumers.1", "twice"),
    ],
)
def test_an_api_that_does_not_fit_together(change: dict[str, Any], path: str, words: str) -> None:
    ((where, message),) = findings("API", API | change)
    assert where == path
    assert words in message


def test_a_replacement_in_another_api_must_exist_there() -> None:
    one = api(versions=[V1 | {"replacement": {"api": "it", "version": "v9"}}, V2])
    assert [*one.disagreements(Shelf(api()))] == [
        Finding(("spec", "versions", 0, "replacement", "version"), "API 'it' has no version 'v9'; it has v1, v2")
    ]
    assert [*one.disagreements(Shelf())] == []


HEAD = "apiVersion: controlplane/v1\nkind: API\nmetadata: {name: it}\nspec:\n  system: erp\n  protocol: rest\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("- {version: 1.10}", "line 8: spec.versions[0].version must be text; put 1.1 in quotes"),
        ("- {version: v1, sunset: 2026}", "must be a date, such as 2026-04-22"),
        ("- {version: v1, sunset: 2026-02-30}", "2026-02-30 is no day of the calendar"),
        ("- {version: v1, lifecycle: sunset}", "can't be 'sunset'; it can be active, deprecated, proposed or retired"),
        ("- {version: v1, lifecyle: active}", "did you mean lifecycle?"),
    ],
)
def test_what_is_wrong_in_a_manifest_is_said_with_its_line(line: str, sentence: str) -> None:
    with pytest.raises(ManifestError, match=r".") as caught:
        parse_manifests([SourceText("", f"{HEAD}  versions:\n    {line}\n".encode())])
    assert sentence in str(caught.value)


def test_a_whole_number_is_a_version() -> None:
    (located,) = parse_manifests([SourceText("", f"{HEAD}  versions: [{{version: 2}}]\n".encode())])
    assert isinstance(located.manifest, APIManifest)
    assert located.manifest.spec.versions[0].version == "2"


def test_a_source_says_where_its_secret_is_and_never_what_it_is() -> None:
    for place in ("env:STRIPE_WEBHOOK_SECRET", "file:/run/secrets/stripe"):
        assert build("Source", {"system": "stripe", "secret": place}).as_document()["spec"]["secret"] == place
    text = "apiVersion: controlplane/v1\nkind: Source\nmetadata: {name: it}\nspec: {system: a, secret: whsec_5ecret}\n"
    with pytest.raises(ManifestError, match="env:NAME or file:/PATH") as caught:
        parse_manifests([SourceText("", text.encode())])
    assert "5ecret" not in str(caught.value)
