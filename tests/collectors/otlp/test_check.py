from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collectors.otlp.check import AHEAD, EARLIEST, InvalidRequestError, check
from tests.collectors.spans import SECOND, T0, SpanData, request

NOW = T0 + 3600 * SECOND


def test_a_clean_body_is_passed_on_byte_for_byte() -> None:
    body = request([SpanData("a", 1), SpanData("b", 2)]).SerializeToString()
    checked = check(body, NOW)
    assert (checked.body, checked.spans, checked.rejected, checked.reason) == (body, 2, 0, "")


def test_an_empty_request_is_fine() -> None:
    assert check(b"", NOW).spans == 0


@given(st.binary(max_size=200))
def test_any_bytes_are_either_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(InvalidRequestError):
        checked = check(body, NOW)
        assert checked.spans >= 0
        assert (checked.rejected == 0) == (checked.reason == "")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("trace_id", b"", "trace_id must be 16 bytes"),
        ("trace_id", b"abc", "trace_id must be 16 bytes"),
        ("trace_id", bytes(16), "not all zero"),
        ("span_id", b"1234567", "span_id must be 8 bytes"),
        ("span_id", bytes(8), "not all zero"),
        ("start_time_unix_nano", 0, "before 1990"),
        ("end_time_unix_nano", 0, "before 1990"),
        ("start_time_unix_nano", 2**63, "a year ahead"),
        ("end_time_unix_nano", 2**64 - 1, "a year ahead"),
    ],
)
def test_a_span_that_can_not_be_stored_is_left_out_alone(field: str, value: object, said: str) -> None:
    message = request([SpanData("good", 1), SpanData("bad", 2), SpanData("good", 3)])
    setattr(message.resource_spans[1].scope_spans[0].spans[0], field, value)
    checked = check(message.SerializeToString(), NOW)
    assert (checked.spans, checked.rejected) == (2, 1)
    assert said in checked.reason
    assert "bad" in checked.reason
    kept = ExportTraceServiceRequest.FromString(checked.body)
    names = [span.name for rs in kept.resource_spans for ss in rs.scope_spans for span in ss.spans]
    assert names == ["good", "good"]


def test_the_bounds_themselves_are_fine() -> None:
    message = request([SpanData("a", 1)])
    span = message.resource_spans[0].scope_spans[0].spans[0]
    span.start_time_unix_nano, span.end_time_unix_nano = EARLIEST, NOW + AHEAD
    assert check(message.SerializeToString(), NOW).rejected == 0


def test_text_that_is_no_utf_8_is_refused() -> None:
    body = request([SpanData("name", 1)]).SerializeToString().replace(b"name", b"\xff\xfe\xfd\xfc")
    with pytest.raises(InvalidRequestError):
        check(body, NOW)
