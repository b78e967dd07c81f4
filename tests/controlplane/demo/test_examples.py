import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from collectors.correlation.keys import key_hash
from collectors.timelines.model import Key
from controlplane.cli.manifest_files import gather
from controlplane.demo.model import SECOND, PlannedSpan
from controlplane.demo.run import DECLARED, EXAMPLES
from controlplane.demo.stories import history
from controlplane.demo.world import World
from registry.kinds.base import Manifest
from registry.kinds.find import manifest_kinds
from registry.kinds.sla import SLAManifest
from registry.kinds.workflow import Match, WorkflowManifest

FOLDERS = [EXAMPLES / name for name in DECLARED]
NOW = 1_795_516_200 * SECOND


def documents() -> Iterator[dict[str, Any]]:
    yield from (document.value for document in gather(FOLDERS))


@pytest.fixture(scope="module")
def manifests() -> Mapping[tuple[str, str], Manifest]:
    kinds = manifest_kinds()
    read = [kinds[document["kind"]].model_validate(document, by_alias=True, by_name=False) for document in documents()]
    return {(manifest.kind, manifest.name): manifest for manifest in read}


class Lookup:
    def __init__(self, manifests: Mapping[tuple[str, str], Manifest]) -> None:
        self._manifests = manifests

    def get(self, kind: str, name: str) -> Manifest | None:
        return self._manifests.get((kind, name))

    def version(self, schema: str, number: int) -> str | None:
        return None


@pytest.fixture(scope="module")
def spans() -> list[PlannedSpan]:
    return [span for story in history(World.of(1, NOW, 20)) for hop in story.hops for span in hop.spans]


def matches(match: Match, span: PlannedSpan) -> bool:
    asked = {"name": match.span, "service": match.service, **match.attributes}
    has = {"name": span.name, "service": span.sender.service, **span.attributes}
    return match.event is None and all(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), str(has.get(key, "")))
        for key, pattern in asked.items()
        if pattern is not None
    )


def test_every_manifest_is_right_and_names_what_exists(manifests: Mapping[tuple[str, str], Manifest]) -> None:
    lookup = Lookup(manifests)
    for manifest in manifests.values():
        assert manifest.metadata.title
        assert manifest.kind == "Team" or manifest.metadata.owner
        for reference in manifest.references():
            assert lookup.get(reference.kind, reference.name) is not None, f"{manifest.name}: {reference}"
        assert list(manifest.disagreements(lookup)) == []


def test_the_demo_declares_both_workflows_and_their_slas(manifests: Mapping[tuple[str, str], Manifest]) -> None:
    assert {name for kind, name in manifests if kind == "Workflow"} == {"order-to-activation", "invoice-to-cash"}
    posting = manifests["SLA", "invoice-posting"]
    assert isinstance(posting, SLAManifest)
    assert (posting.title, posting.spec.within.total_seconds(), posting.spec.objective) == (
        "Invoice posting",
        900,
        0.99,
    )
    assert posting.spec.window.days == 30


@pytest.mark.parametrize("name", ["order-to-activation", "invoice-to-cash"])
def test_the_company_reaches_every_step(
    name: str, manifests: Mapping[tuple[str, str], Manifest], spans: list[PlannedSpan]
) -> None:
    workflow = manifests["Workflow", name]
    assert isinstance(workflow, WorkflowManifest)
    for step in workflow.spec.steps:
        found = [span for span in spans if matches(step.match, span)]
        assert found, step.name
        for span in found:
            assert any(key.joins and key.attribute in span.attributes for key in workflow.spec.keys)
            assert all(attribute in span.attributes for attribute in workflow.spec.dimensions.values())
            if workflow.spec.amount:
                assert {workflow.spec.amount.value, workflow.spec.amount.currency} <= span.attributes.keys()


def test_no_span_stands_for_two_steps_and_milestones_are_a_modest_share(
    manifests: Mapping[tuple[str, str], Manifest], spans: list[PlannedSpan]
) -> None:
    steps = [
        step.match
        for manifest in manifests.values()
        if isinstance(manifest, WorkflowManifest)
        for step in manifest.spec.steps
    ]
    hits = [sum(matches(match, span) for match in steps) for span in spans[::7]]
    assert max(hits) == 1
    assert 0.1 < sum(hits) / len(hits) < 0.3


def test_a_key_names_one_invoice_or_order_and_all_its_milestones_hang_together(
    manifests: Mapping[tuple[str, str], Manifest],
) -> None:
    stories = history(World.of(2, NOW, 30))
    for name, object_ in (("order-to-activation", "order"), ("invoice-to-cash", "invoice")):
        workflow = manifests["Workflow", name]
        assert isinstance(workflow, WorkflowManifest)
        names = {step.match.span for step in workflow.spec.steps}
        owner: dict[bytes, str] = {}
        for story in stories:
            if story.object != object_:
                continue
            joined = defaultdict[bytes, set[bytes]](set)
            for span in (span for hop in story.hops for span in hop.spans if span.name in names):
                keys = {
                    key_hash(Key(key.type, str(span.attributes[key.attribute])))
                    for key in workflow.spec.keys
                    if key.joins and key.attribute in span.attributes
                }
                for key in keys:
                    joined[key] |= keys
                    assert owner.setdefault(key, story.number) == story.number
            assert reachable(joined) == joined.keys()


def reachable(joined: Mapping[bytes, set[bytes]]) -> set[bytes]:
    found: set[bytes] = set()
    waiting = [next(iter(joined))]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(joined[key])
    return found
