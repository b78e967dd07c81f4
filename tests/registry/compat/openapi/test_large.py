import time

import orjson
import pytest

from benchmarks import check
from benchmarks.openapi_generator import generate, next_version
from registry.compat.model import Format, Options
from registry.compat.openapi import compare
from registry.compat.openapi.report import SHOWN_CHANGES
from tests.registry.compat.openapi.pairs import AS_OF, document, properties, response


def _compare(old: object, new: object) -> list[str]:
    texts = [orjson.dumps(side).decode() for side in (old, new)]
    return [change.rule for change in compare(texts[0], texts[1], Options(as_of=AS_OF))]


def test_a_made_up_next_version_differs_in_what_was_changed() -> None:
    old = generate(12)
    rules = _compare(old, next_version(old, share=0.9))
    assert {"request-property-became-required", "response-property-enum-value-added"} <= set(rules)
    assert _compare(old, generate(12)) == []


def test_schemas_that_all_refer_to_each_other_take_time_by_their_references() -> None:
    """Every schema may be any other: the ways through are without number, the references 3,600."""
    names = [f"S{index}" for index in range(60)]
    choices = [{"$ref": f"#/components/schemas/{name}"} for name in names]

    def tangle(kind: str) -> dict[str, object]:
        schemas = {name: {"oneOf": choices, **properties(leaf={"type": kind})} for name in names}
        return response(choices[0], "application/json", **schemas)

    start = time.process_time()
    rules = _compare(tangle("string"), tangle("integer"))
    assert time.process_time() - start < 3
    assert rules == ["response-property-type-changed"] * len(names)


def test_when_all_is_changed_every_part_is_told_of_but_not_for_every_operation() -> None:
    def every(kind: str) -> dict[str, object]:
        fields = {f"f{index}": {"type": kind} for index in range(300)}
        answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/All"}}}}
        paths = {f"/{index}": {"get": {"responses": {"200": answer}}} for index in range(60)}
        return document(paths, components={"schemas": {"All": properties(**fields)}})

    texts = [orjson.dumps(every(kind)).decode() for kind in ("string", "integer")]
    changes = compare(texts[0], texts[1], Options(as_of=AS_OF))
    assert len({change.path for change in changes}) == 300
    assert len([change for change in changes if change.arguments[0] == "*"]) == 300
    assert len(changes) <= SHOWN_CHANGES + 2 * 300


def test_wide_choices_are_matched_in_time() -> None:
    def wide(first: int) -> dict[str, object]:
        return response({"oneOf": [properties(**{f"p{index}": {}}) for index in range(first, first + 300)]})

    start = time.process_time()
    rules = _compare(wide(0), wide(150))
    assert time.process_time() - start < 3
    assert set(rules) == {"response-body-one-of-added", "response-body-one-of-removed"}


def test_the_benchmark_gives_flat_figures_and_a_row_for_each_document(monkeypatch: pytest.MonkeyPatch) -> None:
    every = list(check.cases())
    sizes = {case.name: len(case.texts[0]) for case in every}
    assert all(6_900_000 < sizes.pop(name) < 7_100_000 for name in ("openapi_large", "openapi_large_indented"))
    assert all(95_000 < size < 110_000 for size in sizes.values())
    assert {case.format for case in every} == set(Format)
    monkeypatch.setattr(check, "cases", lambda: [case for case in every if case.name in sizes])
    figures = check.run(0.1)
    assert all(isinstance(value, float) for value in figures.values())
    assert {f"{name}_{key}" for name in sizes for key in ("kb", "changes", "ms", "bound_ms")} <= figures.keys()
    table = [*check.rows(figures)]
    assert len(table) == 1 + len(sizes)
    assert table[1].split()[:3] == ["openapi_json", f"{figures['openapi_json_kb']:.0f}", "25"]
