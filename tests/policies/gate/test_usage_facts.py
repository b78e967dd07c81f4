from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from policies.gate.consumers import Relying, Status
from policies.gate.facts import usage_facts

NOW = datetime(2026, 5, 16, 12, tzinfo=UTC)


def one(name: str, status: Status, kind: Literal["System", "service"] = "System", *, declared: bool = False) -> Relying:
    calls = None if status == "unknown" else 3
    return Relying("tenants", name, kind, declared, (), calls, NOW if calls else None, status)


def test_undeclared_are_those_that_call_and_are_neither_named_nor_the_provider() -> None:
    consumers = [
        one("hub", "active", declared=True),
        one("billing", "unknown", declared=True),
        one("platform", "active"),
        one("crm", "active"),
        one("script", "active", "service"),
        one("old-script", "quiet", "service"),
    ]
    facts = usage_facts(None, consumers, "platform")
    assert facts["undeclared"] == ["crm", "script"]
    assert facts["consumers"] == ["hub", "platform", "crm", "script"]
    assert usage_facts(None, [], "platform")["undeclared"] == []
