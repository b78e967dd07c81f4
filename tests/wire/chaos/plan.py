"""What the senders of the chaos test send, as a function of sender and batch, and what must come of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from collectors.timelines.times import rfc3339
from tests.collectors.spans import SECOND, T0, SpanData

STEPS = ("finalized", "posted", "paid")
NAMES = {"finalized": "stripe.invoice.finalized", "posted": "netsuite.invoice.post", "paid": "stripe.invoice.paid"}
#: Senders: each has one of the steps of one half of the invoices.
SENDERS = 2 * len(STEPS)
INVOICES, NOISE = 8, 3
LIMIT_SECONDS = 15 * 60


class Batch(NamedTuple):
    """The ``number``-th request of a sender."""

    sender: int
    number: int


def invoices(batch: Batch) -> range:
    first = (batch.sender // len(STEPS)) * 1_000_000 + batch.number * INVOICES + 1
    return range(first, first + INVOICES)


def step(batch: Batch) -> str:
    return STEPS[batch.sender % len(STEPS)]


def spans(batch: Batch) -> list[SpanData]:
    """Each invoice's span, a refused attempt before some, and spans that belong to no workflow."""
    found = []
    for invoice in invoices(batch):
        found.append(milestone(invoice, step(batch)))
        if step(batch) == "posted" and invoice % 5 == 0:
            found.append(refusal(invoice))
        found += [SpanData("render.pdf", _ident(invoice, step(batch), 2 + n), invoice, n) for n in range(NOISE)]
    return found


def milestone(invoice: int, name: str) -> SpanData:
    keys, start = {"stripe.invoice.id": f"in_{invoice}", "invoice.number": f"INV-{invoice}"}, float(invoice % 50_000)
    if name == "finalized":
        more = {"invoice.amount": amount(invoice), "invoice.currency": "EUR", "business.entity": f"DE0{invoice % 3}"}
        return SpanData(NAMES[name], _ident(invoice, name), start, 1, {**keys, **more})
    if name == "posted":
        erp = {"netsuite.invoice.internal_id": f"{invoice}", "invoice.number": f"INV-{invoice}"}
        return SpanData(NAMES[name], _ident(invoice, name), start, 1 + latency(invoice), erp)
    return SpanData(NAMES[name], _ident(invoice, name), start, 90_000, {"stripe.invoice.id": f"in_{invoice}"})


def refusal(invoice: int) -> SpanData:
    erp = {"invoice.number": f"INV-{invoice}"}
    start = float(invoice % 50_000)
    return SpanData(NAMES["posted"], _ident(invoice, "posted", 1), start, 1.5, erp, error=True, message="period closed")


def amount(invoice: int) -> str:
    return f"{invoice % 9_973}.{invoice % 90 + 10}"


def latency(invoice: int) -> int:
    """Seconds from finalised to posted; one in seven misses its deadline."""
    return LIMIT_SECONDS + invoice % 400 + 1 if invoice % 7 == 0 else 2 + invoice % 600


def _ident(invoice: int, name: str, more: int = 0) -> int:
    return invoice * 100 + STEPS.index(name) * 10 + more + 1


def expected(batches: Iterable[Batch]) -> dict[str, dict[str, Any]]:
    """The documents of all instances, by their keys as text."""
    reached: defaultdict[int, set[str]] = defaultdict(set)
    for batch in batches:
        for invoice in invoices(batch):
            reached[invoice].add(step(batch))
    found = {}
    for invoice, steps in reached.items():
        # Payment and posting share no id; only the finalised invoice has both.
        for part in [steps] if "finalized" in steps else [{one} for one in steps]:
            document = _document(invoice, part)
            found[keys_text(document)] = document
    return found


def keys_text(document: dict[str, Any]) -> str:
    return ", ".join(f"{key['type']}={key['value']}" for key in document["keys"])


def _document(invoice: int, steps: set[str]) -> dict[str, Any]:
    rows = [(name, milestone(invoice, name), "ok") for name in steps]
    if "posted" in steps and invoice % 5 == 0:
        rows.append(("rejected", refusal(invoice), "error"))
    rows.sort(key=lambda row: (_end(row[1]), row[0], row[1].span_id))
    keys = set()
    if steps & {"finalized", "paid"}:
        keys.add(("stripe.invoice", f"in_{invoice}"))
    if steps & {"finalized", "posted"}:
        keys.add(("invoice.number", f"INV-{invoice}"))
    if "posted" in steps:
        keys.add(("netsuite.invoice", f"{invoice}"))
    finalized = "finalized" in steps
    return {
        "state": "completed" if "paid" in steps else "running",
        "started_at": rfc3339(_end(rows[0][1])),
        "ended_at": rfc3339(_end(milestone(invoice, "paid"))) if "paid" in steps else None,
        "amount": {"value": amount(invoice), "currency": "EUR"} if finalized else None,
        "dimensions": {"entity": f"DE0{invoice % 3}"} if finalized else {},
        "keys": [{"type": kind, "value": value} for kind, value in sorted(keys)],
        "milestones": [
            (name, rfc3339(_end(span)), status, span.trace_id.hex(), span.span_id.hex()) for name, span, status in rows
        ],
        "sla": _sla(invoice, steps),
    }


def _sla(invoice: int, steps: set[str]) -> tuple[str, float | None] | None:
    if "finalized" not in steps:
        return None
    if "posted" not in steps:
        return "overdue", None
    return "breached" if invoice % 7 == 0 else "met", float(latency(invoice))


def _end(span: SpanData) -> int:
    return T0 + round((span.start + span.seconds) * SECOND)
