"""What the company's pipelines asked the gate, and the policies that it judged by: so that the review pages have a life."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from controlplane.demo.client import Client
from policies.pack import shipped

Changed = Callable[[dict[str, Any]], None]
_SOON = timedelta(days=10)
_SCHEMAS = ("mappings", "schemas")
_PEOPLE = ("Integration on duty", "Finance systems on duty", "Billing on duty")


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
    if not client.has_reviews():
        _review(client, folder, today)


def _review(client: Client, folder: Path, today: date) -> None:
    """One change that is talked about and waits for the visitor, one that everyone agreed to, one that was refused."""
    with contextlib.ExitStack() as held:
        people = [held.enter_context(contextlib.closing(client.as_person(name, "operator"))) for name in _PEOPLE]
        integration, finance, billing = people
        objects = integration.propose(
            "stripe-invoice",
            _changed(folder, "stripe-invoice", _customer_object),
            "Customers become objects",
            "Stripe expands them on request, which would save a call for each invoice.",
            today + timedelta(days=2),
        )
        finance.say(objects, "The posting job reads the customer's id as text. When would this ship?")
        integration.say(objects, "Not before the books are closed. The mapping can take both until then.")
        words = integration.propose(
            "netsuite-invoice",
            _changed(folder, "netsuite-invoice", _described_memo),
            "Say what the memo is for",
            "Support asks again and again.",
            today + timedelta(days=5),
        )
        finance.vote(words, "approve", "That is how we use it.")
        client.publish(words)
        amounts = integration.propose(
            "stripe-credit-note",
            _changed(folder, "stripe-credit-note", _optional_everything),
            "Nothing of a credit note is required",
            "Test fixtures get shorter.",
            today + timedelta(days=1),
        )
        billing.vote(amounts, "refuse", "Credits without an amount can't be posted.")


def _changed(folder: Path, subject: str, change: Changed) -> str:
    document: dict[str, Any] = json.loads((folder / f"{subject}.json").read_text(encoding="utf-8"))
    change(document)
    return json.dumps(document, indent=2)


def _ask(client: Client, folder: Path, subject: str, title: str, change: Changed) -> dict[str, Any]:
    context = {"repository": "northwind/interfaces", "branch": subject, "pull_request": title}
    return client.ask(subject, _changed(folder, subject, change), context)


def _longer_memo(document: dict[str, Any]) -> None:
    document["properties"]["memo"] = {"type": "string", "maxLength": 999}


def _described_memo(document: dict[str, Any]) -> None:
    # Taking this back breaks nobody, so that the examples can be applied again.
    document["properties"]["memo"]["description"] = "What the customer reads on the invoice."


def _optional_everything(document: dict[str, Any]) -> None:
    document.pop("required", None)


def _customer_object(document: dict[str, Any]) -> None:
    document["properties"]["customer"] = {"type": "object", "properties": {"id": {"type": "string"}}}
    document["properties"]["customerEmail"] = {"type": "string", "format": "email"}
    document["properties"]["tax_amount"] = {"type": "number"}


def _numbers(document: dict[str, Any]) -> None:
    name = next(iter(document["properties"]))
    document["properties"][name] = {"type": "integer"}
