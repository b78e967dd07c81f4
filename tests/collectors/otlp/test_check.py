from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from collectors.otlp.check import AHEAD, EARLIEST, InvalidRequestError, check, known_throughout
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


@pytest.mark.parametrize(
    ("more", "known"),
    [
        (b"", True),
        (b"\x7a\x00", True),  # a status, empty and sent all the same
        (b"\x78\x01", False),  # one that is a number
        (b"\x4a\x02\x08\x01", False),  # an attribute whose name is one
        (b"\x28\x01", False),  # likewise the span's
        (b"\xba\x3e\x03new", False),
    ],
)
def test_fields_that_nobody_knows_are_found_at_any_depth(more: bytes, known: bool) -> None:
    message = request([SpanData("a", 1)])
    body = message.resource_spans[0].scope_spans[0].spans[0].SerializeToString() + more
    for tag in (b"\x12", b"\x12", b"\x0a"):
        body = tag + bytes([len(body)]) + body
    assert known_throughout(body) is known


def test_the_bounds_themselves_are_fine() -> None:
    message = request([SpanData("a", 1)])
    span = message.resource_spans[0].scope_spans[0].spans[0]
    span.start_time_unix_nano, span.end_time_unix_nano = EARLIEST, NOW + AHEAD
    assert check(message.SerializeToString(), NOW).rejected == 0


def test_text_that_is_no_utf_8_is_refused() -> None:
    body = request([SpanData("name", 1)]).SerializeToString().replace(b"name", b"\xff\xfe\xfd\xfc")
    with pytest.raises(InvalidRequestError):
        check(body, NOW)
