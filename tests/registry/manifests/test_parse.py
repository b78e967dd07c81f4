import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kinds.find import manifest_kinds
from registry.manifests.parse import MAX_PROBLEMS_IN_ALL, Located, parse_manifests
from registry.manifests.problems import ManifestError
from registry.manifests.reader import SourceText
from registry.manifests.tree import MAX_PROBLEMS, TOO_MANY
from registry.nearest import did_you_mean, nearest


def parse(text: str, file: str = "m.yaml") -> list[Located]:
    return parse_manifests([SourceText(file, text.encode())])


def problems(text: str, file: str = "m.yaml") -> list[str]:
    with pytest.raises(ManifestError) as caught:
        parse(text, file)
    return [str(problem) for problem in caught.value.problems]


WRONG = """\
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: Invoice, tytle: x}
spec:
  object: invoice
  stepz: []
  keys:
    - {type: a.b}
  steps:
    - {name: x, sistem: s, match: {spann: x, kind: sever}}
    - {name: 12, system: s, match: 3}
    - name: y
      system:
      match: {attributes: {"": z}}
  completes: paid
---
apiVersion: controlplane/v1
kind: SLA
metadata: {name: a}
spec:
  workflow: w
  from: a
  to: b
  within: 15
  objective: 99
  window: P1M
"""


def test_every_error_at_its_line_with_the_nearest_right_name() -> None:
    assert problems(WRONG) == [
        "m.yaml: line 3: metadata.name must be lower-case letters, digits and hyphens, such as invoice-to-cash",
        "m.yaml: line 3: metadata.tytle is not a key of Workflow; did you mean title?",
        "m.yaml: line 6: spec.stepz is not a key of Workflow; did you mean steps?",
        "m.yaml: line 8: spec.keys[0].attribute is missing",
        "m.yaml: line 10: spec.steps[0].system is missing",
        "m.yaml: line 10: spec.steps[0].match.kind can't be 'sever'; did you mean server?",
        "m.yaml: line 10: spec.steps[0].match.spann is not a key of Workflow; did you mean span?",
        "m.yaml: line 10: spec.steps[0].sistem is not a key of Workflow; did you mean system?",
        "m.yaml: line 11: spec.steps[1].name must be text; put 12 in quotes",
        "m.yaml: line 11: spec.steps[1].match must be a mapping of keys to values",
        "m.yaml: line 13: spec.steps[2].system must be text, but it is empty",
        (
            "m.yaml: line 14: the key spec.steps[2].match.attributes.'' "
            "must be the name of an attribute, such as invoice.number, without spaces"
        ),
        "m.yaml: line 15: spec.completes must be a list",
        "m.yaml: line 24: spec.within must be an ISO 8601 duration such as PT15M, PT4H, P1DT12H, P30D or P2W",
        "m.yaml: line 25: spec.objective must be 1 or less, not 99",
        (
            "m.yaml: line 26: spec.window 'P1M' counts years or months, which differ in length; "
            "write weeks or days instead"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("a", ["m.yaml: line 1: a manifest must be a mapping with apiVersion, kind, metadata and spec"]),
        (
            "\nmetadata: {}",
            [
                "m.yaml: line 2: apiVersion is missing; write apiVersion: controlplane/v1",
                "m.yaml: line 2: kind is missing; it can be SLA, System, Team or Workflow",
            ],
        ),
        (
            "apiVersion: v1\nkind: team",
            [
                "m.yaml: line 1: apiVersion 'v1' is not known here; write controlplane/v1",
                "m.yaml: line 2: kind 'team' is not known here; the kinds are SLA, System, Team, Workflow; did you mean Team?",
            ],
        ),
        (
            "apiVersion: controlplane/v1\nkind: [Team]",
            [
                "m.yaml: line 2: kind \"['Team']\" is not known here; the kinds are SLA, System, Team, Workflow; did you mean Team?"
            ],
        ),
        (
            "apiVersion: controlplane/v1\nkind: Team\nmetadata: {name: a, labels: {x: 1}}\nspecs: {}",
            [
                "m.yaml: line 3: metadata.labels.x must be text; put 1 in quotes",
                "m.yaml: line 4: specs is not a key of Team; did you mean spec?",
            ],
        ),
        ("apiVersion: controlplane/v1\nkind: Team", ["m.yaml: line 1: metadata is missing"]),
        (
            "apiVersion: controlplane/v1\nkind: System\nmetadata: {name: a}\nspec: {category: erb, zzz: 1}",
            [
                "m.yaml: line 4: spec.category can't be 'erb'; did you mean erp?",
                "m.yaml: line 4: spec.zzz is not a key of System; it can be category, records, services or vendor",
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_document(text: str, sentences: list[str]) -> None:
    known = "SLA, System, Team, Workflow"
    kinds = [sentence.replace(known, ", ".join(manifest_kinds())) for sentence in sentences]
    spoken = "SLA, System, Team or Workflow"
    *others, last = manifest_kinds()
    assert problems(text) == [sentence.replace(spoken, f"{', '.join(others)} or {last}") for sentence in kinds]


def test_what_does_not_fit_together_has_its_own_line() -> None:
    text = """\
apiVersion: controlplane/v1
kind: Workflow
metadata: {name: a}
spec:
  object: invoice
  keys: [{type: a, attribute: a}]
  steps:
    - {name: x, system: s, match: {}}
  completes:
    - x
    - y
"""
    assert problems(text) == [
        (
            "m.yaml: line 8: step 'x' matches everything; "
            "name at least one of span, event, service, kind, status, attributes"
        ),
        "m.yaml: line 11: 'y' is not a step of this workflow; it has x",
    ]


TEAM = "apiVersion: controlplane/v1\nkind: Team\nmetadata:\n  name: a\n"


def test_a_name_is_declared_once() -> None:
    assert problems(f"{TEAM}---\n{TEAM}") == [
        "m.yaml: line 9: Team 'a' is declared a second time (first: m.yaml: line 4); keep one",
    ]
    system = "apiVersion: controlplane/v1\nkind: System\nmetadata: {name: a}\nspec: {category: crm}"
    assert [located.manifest.kind for located in parse(f"{TEAM}---\n{system}")] == ["Team", "System"]


def test_problems_of_many_files_come_in_order() -> None:
    sources = [SourceText("b.yaml", b"x"), SourceText("a.yaml", b"y\n---\nz")]
    with pytest.raises(ManifestError) as caught:
        parse_manifests(sources)
    places = [(problem.file, problem.line, problem.document) for problem in caught.value.problems]
    assert places == [("a.yaml", 1, 1), ("a.yaml", 3, 2), ("b.yaml", 1, 0)]


def test_a_thousand_wrong_keys_are_not_all_told() -> None:
    wrong = "".join(f"  key{number}: 1\n" for number in range(1000))
    told = problems(f"apiVersion: controlplane/v1\nkind: Team\nmetadata: {{name: a}}\nspec:\n{wrong}")
    assert len(told) == MAX_PROBLEMS + 1
    assert "m.yaml: line 1: and 950 more problems in this document" in told


def test_a_million_wrong_documents_are_not_all_told() -> None:
    told = problems("- a\n" * 100_000)
    assert len(told) == MAX_PROBLEMS_IN_ALL + 1
    assert told[-1] == f"m.yaml: line {MAX_PROBLEMS_IN_ALL + 1}: {TOO_MANY}"


def test_json_says_the_same() -> None:
    text = '{"apiVersion": "controlplane/v1",\n "kind": "Team",\n "metadata": {"name": "a",\n "ownr": "b"}}'
    assert problems(text) == ["m.yaml: line 4: metadata.ownr is not a key of Team; did you mean owner?"]


@pytest.mark.parametrize(
    ("wrong", "right", "guess"),
    [
        ("stepz", ["steps", "keys"], "steps"),
        ("TEAM", ["Team"], "Team"),
        ("x", ["steps"], None),
        ("", ["a"], None),
        ("a", [], None),
    ],
)
def test_the_nearest_name(wrong: str, right: list[str], guess: str | None) -> None:
    assert nearest(wrong, right) == guess


def test_without_a_near_name_all_are_told() -> None:
    assert did_you_mean("zzz", ["c", "a", "b"]) == "; it can be a, b or c"
    assert did_you_mean("zzz", ["a"]) == "; it can be a"
    assert did_you_mean("zzz", []) == ""


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["name", "title", "owner", "labels", "keys", "steps", "match", "from", "within", "contacts", "x"]
)
SPEC = st.dictionaries(KEYS, JSONISH | st.lists(st.dictionaries(KEYS, JSONISH, max_size=4), max_size=3), max_size=6)


@given(kind=st.sampled_from(["Team", "System", "Workflow", "SLA"]), metadata=SPEC, spec=SPEC)
@settings(max_examples=300)
def test_any_document_is_taken_or_refused_in_words(kind: str, metadata: Any, spec: Any) -> None:
    text = json.dumps({"apiVersion": "controlplane/v1", "kind": kind, "metadata": metadata, "spec": spec})
    try:
        found = parse(text)
    except ManifestError as error:
        for problem in error.problems:
            assert problem.message
            assert problem.message.isprintable()
            assert problem.line == 1
    else:
        assert len(found) == 1


@given(st.text(max_size=100))
@settings(max_examples=200)
def test_any_text_is_refused_in_words(text: str) -> None:
    try:
        found = parse(text)
    except ManifestError as error:
        found = list(error.problems)[:0]
    assert found == []
