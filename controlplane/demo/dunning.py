"""What a dunning tool without traces says of its week, as CloudEvents: one notice has another form than was agreed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

_SOURCE = "https://dunning.northwind.example"
_LEVELS = ("reminder", "reminder", "first", "reminder", "final", "first")


def notices(now: datetime) -> list[dict[str, Any]]:
    """Six notices of the days before ``now``, and a letter of a kind that nobody registered."""
    days = [now - timedelta(days=6 - place) for place in range(len(_LEVELS))]
    listed = [
        _event("northwind.dunning.sent", at, {"invoice": _invoice(place, at), "level": level})
        for place, (at, level) in enumerate(zip(days, _LEVELS, strict=True))
    ]
    return [*listed, _event("northwind.dunning.letter-printed", days[-1], {"pages": 2, "post": "registered"})]


def _invoice(place: int, at: datetime) -> dict[str, Any]:
    invoice = {"number": f"NWDE-{at:%j}{place:02}", "amount": f"{180 + 37 * place}.50", "currency": "EUR"}
    # The tool's newest release writes amounts as people in Germany do.
    return invoice | {"amount": f"{180 + 37 * place},50"} if place == len(_LEVELS) - 1 else invoice


def _event(kind: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{kind}/{at:%Y-%m-%d}",
        "source": _SOURCE,
        "type": kind,
        "time": at.isoformat(timespec="seconds"),
        "data": data,
    }
