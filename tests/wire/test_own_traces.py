from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import httpx
import pytest

from controlplane import tracing
from tests.serving import TOKEN, LiveServer

TRACE, PARENT = f"{0x1234567890ABCDEF:032x}", f"{0xABCDEF:016x}"


def test_a_request_becomes_a_span_in_the_trace_of_its_caller(
    own_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server watches itself here, which it may: what stores spans is not traced.
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", own_server.otlp_http)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization=Bearer%20{TOKEN}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    server = own_server.start()
    asked = httpx.get(
        f"{server.url}/api/v1/search?q=in_1",
        headers={"authorization": f"Bearer {TOKEN}", "traceparent": f"00-{TRACE}-{PARENT}-01"},
        timeout=60,
    )
    assert asked.status_code == 200
    deadline = time.monotonic() + server.patience
    with server.client() as client:
        while (answer := client.get(f"/api/v1/traces/{TRACE}")).status_code != 200:
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.2)
    by_name = {span["name"]: span for span in answer.json()["spans"]}
    request = by_name["GET /api/v1/search"]
    assert (request["parent_span_id"], request["kind"], request["service"]) == (PARENT, "server", "controlplane")
    assert request["attributes"]["http.response.status_code"] == "200"
    assert request["attributes"]["http.route"] == "/api/v1/search"


def fetched(server: LiveServer, trace_id: str, name: str) -> dict[str, dict[str, Any]]:
    """The spans of a trace by their names, once there is one of that name."""
    deadline = time.monotonic() + server.patience
    with server.client() as client:
        while True:
            answer = client.get(f"/api/v1/traces/{trace_id}")
            spans = {span["name"]: span for span in answer.json().get("spans", [])}
            if name in spans:
                return spans
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.2)


def ask(server: LiveServer, method: str, path: str, trace: int, **more: Any) -> httpx.Response:
    """A request of a caller who traces."""
    headers = {"authorization": f"Bearer {TOKEN}", "traceparent": f"00-{trace:032x}-{PARENT}-01"}
    return httpx.request(method, f"{server.url}{path}", headers=headers, timeout=60, **more)


@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
def test_traces_go_to_another_server_and_tell_no_secret(
    live_server: LiveServer, own_server: LiveServer, monkeypatch: pytest.MonkeyPatch, protocol: str
) -> None:
    where = f"http://{live_server.otlp_grpc}" if protocol == "grpc" else live_server.otlp_http
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", where)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization=Bearer%20{TOKEN}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    server = own_server.start()
    first = 0x51 if protocol == "grpc" else 0x61
    server.apply(
        "apiVersion: controlplane/v1\nkind: Webhook\nmetadata: {name: chat}\nspec: {url: 'http://127.0.0.1:9/a-secret-path'}"
    )
    assert ask(server, "GET", "/api/v1/collectors/no-such?period=PT6H", first).status_code == 404
    assert ask(server, "POST", "/graphql", first + 1, json={"query": "{ senders { service } }"}).status_code == 200
    assert ask(server, "GET", "/login?link=a-secret-link", first + 5).status_code in (200, 401)
    assert ask(server, "POST", "/api/v1/webhooks/chat/secret", first + 2).status_code == 201
    assert ask(server, "POST", "/api/v1/webhooks/chat/test", first + 3).status_code == 200
    assert ask(server, "GET", "/ccompat/subjects?subjectPrefix=a-secret-value", first + 4).status_code == 200
    rest = fetched(live_server, f"{first:032x}", "GET /api/v1/collectors/{sender}")
    asked = rest["GET /api/v1/collectors/{sender}"]
    assert not any(name.startswith("fastapi") for name in rest)
    assert (asked["parent_span_id"], asked["attributes"]["http.response.status_code"]) == (PARENT, "404")
    assert rest["SELECT"]["parent_span_id"] == asked["span_id"]
    graph = fetched(live_server, f"{first + 1:032x}", "POST /graphql")
    assert graph["SELECT"]["parent_span_id"] == graph["POST /graphql"]["span_id"]
    sent = fetched(live_server, f"{first + 3:032x}", "POST /api/v1/webhooks/{name}/test")
    assert sent["POST"]["parent_span_id"] == sent["POST /api/v1/webhooks/{name}/test"]["span_id"]
    assert (sent["POST"]["kind"], sent["POST"]["status"]) == ("client", "error")
    assert sent["POST"]["attributes"]["server.address"] == "127.0.0.1"
    registry = fetched(live_server, f"{first + 4:032x}", "GET /ccompat/subjects")
    login = fetched(live_server, f"{first + 5:032x}", "GET /login")
    for spans in (rest, graph, sent, registry, login):
        told = str(spans)
        assert not any(secret in told for secret in (TOKEN, "a-secret", "PT6H", "whsec_", "Bearer"))


def test_a_server_that_watches_itself_falls_silent(own_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", own_server.otlp_http)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization=Bearer%20{TOKEN}")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    server = own_server.start()
    assert ask(server, "GET", "/api/v1/me", 0x71).status_code == 200

    def received() -> float:
        text = httpx.get(f"{server.url}/metrics").text
        return next(
            float(line.split()[1]) for line in text.splitlines() if line.startswith("controlplane_spans_received")
        )

    deadline = time.monotonic() + server.patience
    while received() == 0:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    seen = [received()]
    while len(seen) < 3 or seen[-1] != seen[-3]:
        assert time.monotonic() < deadline, f"it goes on: {seen}"
        time.sleep(0.5)
        seen.append(received())


@pytest.mark.parametrize("protocol", ["grpc", "http/protobuf"])
def test_an_endpoint_that_is_away_is_said_once_and_holds_nothing_up(
    own_server: LiveServer, monkeypatch: pytest.MonkeyPatch, protocol: str
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "8")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2")
    server = own_server.start()
    deadline = time.monotonic() + server.patience
    said = "nobody takes the server's own traces"
    while said not in server.log:
        assert time.monotonic() < deadline, server.log
        assert ask(server, "GET", "/api/v1/me", 0x81).status_code == 200
    for number in range(40):
        assert ask(server, "GET", "/api/v1/me", number + 1).status_code == 200
    assert server.end() == 0
    assert server.log.count(said) == 1
    assert not any(word in server.log for word in ("opentelemetry", "Queue full", "Transient", "Failed to export"))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
    ],
)
def test_nothing_is_traced_unless_asked_for(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert tracing.start() is None


def test_the_sdk_is_not_even_loaded_unless_asked_for() -> None:
    script = (
        "import sys, controlplane.server; print([name for name in sys.modules if 'opentelemetry.exporter' in name])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
