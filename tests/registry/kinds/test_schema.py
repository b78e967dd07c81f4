from typing import Any

import pytest

from registry.compat.model import Format, Mode
from registry.kinds.schema import SchemaManifest
from registry.manifests.parse import parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText
from tests.registry.kinds.test_kinds import build, findings
from tests.registry.schemas.test_versions import schema

VALUE = {"type": "object", "title": "Größe"}


def test_a_schema_reads_and_says_itself_again() -> None:
    manifest = build("Schema", {"format": "json-schema", "definition": VALUE}, owner="finance")
    assert isinstance(manifest, SchemaManifest)
    assert (manifest.spec.mode, Format(manifest.spec.format)) == (Mode.BACKWARD, Format.JSON_SCHEMA)
    assert manifest.spec.text == '{\n  "type": "object",\n  "title": "Größe"\n}'
    assert manifest.as_document()["spec"] == {"format": "json-schema", "definition": VALUE}
    assert [(reference.kind, reference.name) for reference in manifest.references()] == [("Team", "finance")]


def test_every_format_and_mode_can_be_declared() -> None:
    for form in Format:
        for mode in Mode:
            manifest = build("Schema", {"format": form.value, "compatibility": mode.value, "definition": "x"})
            assert isinstance(manifest, SchemaManifest)
            assert manifest.spec.mode is mode


@pytest.mark.parametrize(
    ("spec", "path", "words"),
    [
        ({"format": "avro"}, "", "a schema needs its document"),
        ({"format": "avro", "file": "a.avsc"}, "file", "a server reads no files"),
        ({"format": "protobuf", "definition": {"a": 1}}, "definition", "a document in protobuf must be given as text"),
        ({"format": "graphql", "definition": {"a": 1}}, "definition", "a document in graphql must be given as text"),
    ],
)
def test_what_does_not_fit_together(spec: dict[str, Any], path: str, words: str) -> None:
    ((where, sentence),) = findings("Schema", spec)
    assert where == path
    assert words in sentence


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"definition": [1]}, "spec.definition must be the document as text or as a mapping"),
        ({"compatability": "FULL"}, "spec.compatability is not a key of Schema; did you mean compatibility?"),
        ({"compatibility": "BACKWARDS"}, "spec.compatibility can't be 'BACKWARDS'; did you mean BACKWARD?"),
    ],
)
def test_what_is_no_schema_is_said_in_one_sentence(spec: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ManifestError) as caught:
        parse_manifests([SourceText("", schema(**{"definition": "true"} | spec).encode())])
    assert [problem.message for problem in caught.value.problems] == [sentence]
