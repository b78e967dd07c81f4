import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from registry.kinds.find import manifest_kinds
from registry.kinds.workflow import WorkflowManifest
from tests.controlplane.demo.sinks import Sink, listening
from tests.controlplane.demo.test_emit import attributes

GUIDES = Path(__file__).parents[3] / "docs" / "guides"


def blocks(guide: str, language: str) -> list[str]:
    text = (GUIDES / guide).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(code: str, endpoint: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_SERVICE_NAME": "billing-sync"}
    subprocess.run([sys.executable, "-c", code], env=kept | settings, check=True, timeout=60)


@pytest.fixture(scope="module")
def workflow() -> WorkflowManifest:
    (text,) = blocks("first-workflow.md", "yaml")
    kinds = manifest_kinds()
    read = [
        kinds[document["kind"]].model_validate(document, by_alias=True, by_name=False)
        for document in yaml.safe_load_all(text)
    ]
    (found,) = (manifest for manifest in read if isinstance(manifest, WorkflowManifest))
    return found


def test_the_first_workflow_s_program_sends_what_its_steps_look_for(workflow: WorkflowManifest) -> None:
    (code,) = blocks("first-workflow.md", "python")
    sink = Sink()
    with listening(sink) as endpoints:
        run(code, endpoints.http)
    spans = [
        span
        for request in sink.by_http
        for group in request.resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ]
    assert [span.name for span in spans] == [
        "helpdesk.refund.approve",
        "stripe.refund.create",
        "netsuite.credit_memo.post",
        "netsuite.credit_memo.post",
    ]
    assert {step.match.span for step in workflow.spec.steps} == {span.name for span in spans}
    assert len({span.trace_id for span in spans}) == 4
    keys = {key.attribute for key in workflow.spec.keys}
    assert [len(keys & attributes(span.attributes).keys()) for span in spans] == [1, 2, 1, 1]
    assert [span.status.message for span in spans] == ["", "", "USER_ERROR: posting period is closed", ""]
    assert workflow.spec.amount is not None
    for span in spans:
        assert attributes(span.attributes)[workflow.spec.amount.value] == "49.90"
        assert set(workflow.spec.dimensions.values()) <= attributes(span.attributes).keys()


def test_the_python_of_the_sending_guide_sends() -> None:
    (code,) = blocks("send-traces.md", "python")
    sink = Sink()
    with listening(sink) as endpoints:
        run(code, endpoints.http)
    (group,) = sink.by_http[0].resource_spans
    assert attributes(group.resource.attributes)["service.name"] == "billing-sync"
    (span,) = group.scope_spans[0].spans
    assert attributes(span.attributes)["invoice.amount"] == "1250.00"


def test_the_collector_s_configuration_is_yaml_with_our_ports() -> None:
    http, grpc = (yaml.safe_load(text)["exporters"] for text in blocks("send-traces.md", "yaml"))
    assert http["otlphttp/controlplane"]["endpoint"].endswith(":4318")
    assert grpc["otlp/controlplane"]["endpoint"].endswith(":4317")
    for exporter in (*http.values(), *grpc.values()):
        assert exporter["headers"]["authorization"] == "Bearer ${env:CONTROLPLANE_TOKEN}"


def test_the_demo_s_options_are_the_command_s() -> None:
    asked = subprocess.run(
        [sys.executable, "-c", "from controlplane.cli.main import run; run()", "demo", "--help"],
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"},
        capture_output=True,
        text=True,
        check=True,
    )
    options = set(re.findall(r"^\| `(--[a-z-]+)` \|", (GUIDES / "demo.md").read_text(), re.MULTILINE))
    named = set(re.findall(r"--[a-z-]+", asked.stdout)) - {"--help", "--live"}
    assert named == options
