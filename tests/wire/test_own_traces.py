from __future__ import annotations

import time

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


@pytest.mark.parametrize(
    "settings", [{}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}]
)
def test_nothing_is_traced_unless_asked_for(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert tracing.start() is None
