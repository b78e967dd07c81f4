"""What the company's pipelines asked the gate, and the policies that it judged by: so that the review pages have a life."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from controlplane.demo.client import Client
from policies.pack import shipped

Changed = Callable[[dict[str, Any]], None]
_SOON = timedelta(days=10)
_SCHEMAS = ("mappings", "schemas")


def govern(client: Client, examples: Path) -> None:
    """Take the house profile (it warns; a company denies once it knows what that would stop), then ask three questions."""
    today = datetime.now(UTC).date()
    client.apply_documents(shipped.manifests(today=today, warn_from=today))
    folder = examples.joinpath(*_SCHEMAS)
    _ask(client, folder, "netsuite-invoice", "Memo may be as long as NetSuite allows", _longer_memo)
    _ask(client, folder, "stripe-invoice", "Customers become objects", _customer_object)
    mended = _ask(client, folder, "netsuite-payment", "Internal ids become numbers", _numbers)
    marks = [one["fingerprint"] for one in mended["findings"] if one["level"] != "allow"]
    if marks:
        client.request_waiver("netsuite-payment", marks, "Only the test account sends it so far", today + _SOON)


def _ask(client: Client, folder: Path, subject: str, title: str, change: Changed) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / f"{subject}.json").read_text(encoding="utf-8"))
    change(document)
    context = {"repository": "northwind/interfaces", "branch": subject, "pull_request": title}
    return client.ask(subject, json.dumps(document, indent=2), context)


def _longer_memo(document: dict[str, Any]) -> None:
    document["properties"]["memo"] = {"type": "string", "maxLength": 999}


def _customer_object(document: dict[str, Any]) -> None:
    document["properties"]["customer"] = {"type": "object", "properties": {"id": {"type": "string"}}}
    document["properties"]["customerEmail"] = {"type": "string", "format": "email"}
    document["properties"]["tax_amount"] = {"type": "number"}


def _numbers(document: dict[str, Any]) -> None:
    name = next(iter(document["properties"]))
    document["properties"][name] = {"type": "integer"}
