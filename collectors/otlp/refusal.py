"""A request that is refused: for what reason, in what words, and what both transports answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc import code_pb2
from google.rpc.error_details_pb2 import BadRequest, RetryInfo
from google.rpc.status_pb2 import Status

from collectors.senders.reasons import Reason

#: How long a sender should wait after a fault that passes, where nothing better is known.
RETRY_SECONDS = 5


class _Codes(NamedTuple):
    http: int
    grpc: int


#: Retryable are, by the specification, only 429, 502, 503, 504 and their like; so all that passes is 503 / UNAVAILABLE.
_CODES: Mapping[Reason, _Codes] = {
    Reason.UNDECODABLE: _Codes(400, code_pb2.INVALID_ARGUMENT),
    Reason.STORE_REFUSED: _Codes(400, code_pb2.INVALID_ARGUMENT),
    Reason.UNAUTHENTICATED: _Codes(401, code_pb2.UNAUTHENTICATED),
    Reason.DENIED: _Codes(403, code_pb2.PERMISSION_DENIED),
    Reason.MISDIRECTED: _Codes(404, code_pb2.NOT_FOUND),
    Reason.TOO_LARGE: _Codes(413, code_pb2.RESOURCE_EXHAUSTED),
    Reason.UNSUPPORTED: _Codes(415, code_pb2.INVALID_ARGUMENT),
    Reason.OVERLOADED: _Codes(503, code_pb2.UNAVAILABLE),
    Reason.STORE_AWAY: _Codes(503, code_pb2.UNAVAILABLE),
    Reason.CUT_OFF: _Codes(503, code_pb2.UNAVAILABLE),
    Reason.FAULT: _Codes(503, code_pb2.UNAVAILABLE),
}


class Refusal(Exception):  # noqa: N818 - it is an answer
    """``retry_after`` is in seconds, None where coming back would not help; ``http`` stands in for the reason's status."""

    def __init__(self, reason: Reason, message: str, retry_after: int | None = None, http: int | None = None) -> None:
        super().__init__(message)
        self.reason, self.message, self.retry_after = reason, message, retry_after
        self.http = http or _CODES[reason].http

    @property
    def status(self) -> Status:
        """The google.rpc.Status that both transports answer with, details included."""
        status = Status(code=_CODES[self.reason].grpc, message=self.message)
        if self.retry_after is not None:
            status.details.append(_packed(RetryInfo(retry_delay=Duration(seconds=self.retry_after))))
        elif self.reason is Reason.UNDECODABLE:
            violation = BadRequest.FieldViolation(description=self.message)
            status.details.append(_packed(BadRequest(field_violations=[violation])))
        return status


def _packed(message: BadRequest | RetryInfo) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(message)
    return packed
