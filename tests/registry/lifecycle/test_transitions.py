from datetime import date
from typing import Any

import pytest

from registry.kinds.api import STAGES, APIManifest, APISpec
from registry.lifecycle.transitions import objections
from tests.registry.kinds.test_kinds import build

TODAY = date(2026, 6, 1)


def spec(*versions: dict[str, Any]) -> APISpec:
    manifest = build("API", {"system": "erp", "protocol": "rest", "versions": list(versions)})
    assert isinstance(manifest, APIManifest)
    return manifest.spec


def said(before: APISpec | None, after: APISpec) -> list[str]:
    return [finding.message for finding in objections(before, after, TODAY)]


def v1(stage: str, **more: Any) -> dict[str, Any]:
    return {"version": "v1", "lifecycle": stage, **more}


@pytest.mark.parametrize("before", STAGES)
@pytest.mark.parametrize("after", STAGES)
def test_a_version_goes_forward_and_back_only_with_a_reason(before: str, after: str) -> None:
    found = said(spec(v1(before)), spec(v1(after)))
    back = STAGES.index(after) < STAGES.index(before)
    assert bool(found) == (back or (before, after) == ("active", "retired"))
    reasoned = said(spec(v1(before)), spec(v1(after, reinstated="the new version was withdrawn")))
    assert bool(reasoned) == ((before, after) == ("active", "retired"))


def test_an_old_reason_is_no_reason_for_another_return() -> None:
    one = {"reinstated": "the new version was withdrawn"}
    assert said(spec(v1("retired", **one)), spec(v1("active", **one)))


def test_who_says_when_it_was_deprecated_may_retire_it_at_once() -> None:
    assert said(spec(v1("active")), spec(v1("retired", dates={"deprecated": "2025-01-01"}))) == []


def test_a_stage_does_not_begin_before_its_date() -> None:
    assert said(None, spec(v1("deprecated", dates={"deprecated": "2026-06-01"}))) == []
    assert said(None, spec(v1("deprecated", dates={"deprecated": "2026-06-02"}))) == [
        "version 'v1' is not deprecated before 2026-06-02; keep its stage until then"
    ]
    assert said(None, spec(v1("active", dates={"deprecated": "2027-01-01"}))) == []


@pytest.mark.parametrize(("stage", "refused"), [("proposed", 0), ("active", 1), ("deprecated", 1), ("retired", 0)])
def test_a_version_that_may_be_called_is_not_taken_out(stage: str, refused: int) -> None:
    v2 = {"version": "v2"}
    assert len(said(spec(v1(stage), v2), spec(v2))) == refused
