"""What ``controlplane collectors`` prints of what the server knows of its senders."""

from __future__ import annotations

from typing import Any

from controlplane.cli.commands.collectors import lines

SENDER: dict[str, Any] = {
    "service": "billing", "token": "edge", "peers": ["10.0.0.1"], "spans": 1200, "requests": 30, "spans_per_second": 2.5,
    "last_seen_at": "2026-05-16T08:30:00Z", "refused": [],
}  # fmt: skip
REFUSED = {
    "reason": "invalid id", "what": "a trace id is all zero", "then": "Mend what makes the ids.", "lost": True, "requests": 2,
    "spans": 7, "last_at": "2026-05-16T08:29:00Z", "example": "trace_id must be 16 bytes",
}  # fmt: skip


def said(*items: dict[str, Any], warnings: tuple[str, ...] = ()) -> list[str]:
    return list(lines({"since": "2026-05-16T08:00:00Z", "attribute_warnings": list(warnings), "items": list(items)}))


def test_a_sender_is_told_with_what_was_refused_and_what_to_do() -> None:
    stranger = {**SENDER, "service": "", "token": "", "refused": [REFUSED, {**REFUSED, "lost": False, "example": ""}]}
    assert said(SENDER, stranger) == [
        "billing of edge: 1,200 spans in 30 requests, 2.5/s now, last 2026-05-16T08:30:00Z",
        "unknown at 10.0.0.1: 1,200 spans in 30 requests, 2.5/s now, last 2026-05-16T08:30:00Z",
        "    refused 2 times: a trace id is all zero (invalid id; 7 spans, gone)",
        "        Mend what makes the ids.",
        "        latest 2026-05-16T08:29:00Z: trace_id must be 16 bytes",
        "    refused 2 times: a trace id is all zero (invalid id; 7 spans, sent again by the sender)",
        "        Mend what makes the ids.",
    ]


def test_nobody_and_warnings_are_told_too() -> None:
    assert said(warnings=("workflow w reads nothing",)) == [
        "warning: workflow w reads nothing",
        "nothing was sent since 2026-05-16T08:00:00Z",
    ]


def test_nothing_refused_is_not_told_as_nobody_there() -> None:
    found = {"since": "2026-05-16T08:00:00Z", "attribute_warnings": [], "items": []}
    assert list(lines(found, refused=True)) == ["nothing was refused since 2026-05-16T08:00:00Z"]
