"""What a search found, in a sentence and rows; what may have been meant where it found nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from collectors.timelines import money
from collectors.timelines.model import Money
from collectors.timelines.reading import Hit
from collectors.workflows.definition import Definition
from registry.currencies import CODES
from ui import format as fmt
from ui import naming, urls, words
from ui.sentence import Bit

_AMOUNT = re.compile(r"(?:([A-Za-z]{3})\s*)?(-?\d[\d.,'\u2019\u00a0\u202f ]*)(?:\s*([A-Za-z]{3}))?")


def answer(typed: str, hits: Sequence[Hit], trace: str, *, full: bool) -> list[Bit]:
    """What was found: "3 timelines have an id that begins with INV-1."."""
    number = len(hits)
    subject = f"At least {words.quantity(number, 'timeline')}" if full else words.quantity(number, "timeline")
    if trace:
        return [Bit(f"{subject} {words.verb(number, 'goes', 'go')} through "), Bit("this trace", trace), Bit(".")]
    how, text = hits[0].how, f"“{typed.strip()}”"
    if how == "related":
        return [Bit(f"No timeline is of {text}, but {_small(subject)} {words.verb(number, 'names', 'name')} it.")]
    if how == "dimension":
        kinds = words.listing(sorted({words.noun(hit.key.type) for hit in hits}))
        return [Bit(f"{subject} {words.verb(number, 'has', 'have')} {text} in {kinds}.")]
    have, values = words.verb(number, "has", "have"), {hit.key.value.casefold() for hit in hits}
    plain = typed.strip().casefold()
    if values == {plain}:
        return [Bit(f"{subject} {have} the id {text}.")]
    begins = all(value.startswith(plain) for value in values)
    return [Bit(f"{subject} {have} an id that {'begins with' if begins else 'fits'} {text}.")]


def _small(subject: str) -> str:
    return subject[:1].lower() + subject[1:]


def rows(hits: Sequence[Hit], workflows: Mapping[str, Definition]) -> list[dict[str, object]]:
    """A row per timeline that was found."""
    return [
        {
            "key": hit.key,
            "own": hit.how == "id",
            "kind": words.title(hit.key.type) if hit.how == "dimension" else hit.key.type,
            "name": hit.key.value
            if hit.how == "id"
            else naming.display_key(hit.instance, workflows[hit.instance.workflow]).value,
            "href": urls.timeline(hit.instance.workflow, hit.instance.id),
            "workflow": naming.workflow_title(workflows[hit.instance.workflow]),
            "started_at": hit.instance.started_at,
            "state": hit.instance.state,
            "amount": hit.instance.amount,
        }
        for hit in hits
        if hit.instance.workflow in workflows
    ]


def more(hits: Sequence[Hit], workflows: Mapping[str, Definition]) -> list[tuple[str, str]]:
    """(title, address) of the lists that have all of what a value of a dimension was found in."""
    found: dict[str, str] = {}
    for hit in hits:
        definition = workflows.get(hit.instance.workflow)
        if hit.how == "dimension" and definition is not None:
            title = f"{words.title(words.plural(definition.object))} with {words.noun(hit.key.type)} {hit.key.value}"
            found[title] = urls.instances(definition.workflow, {hit.key.type: hit.key.value})
    return list(found.items())


def amounts(typed: str, workflows: Mapping[str, Definition]) -> list[tuple[str, str]]:
    """(title, address) of the lists of what is worth so much, if an amount with its currency was typed."""
    worth = _money(typed)
    if worth is None:
        return []
    value, currency = f"{worth.value:f}", worth.currency
    asked: dict[str, Any] = {"amount_min": value, "amount_max": value, "amount_currency": currency}
    return [
        (f"{words.title(words.plural(one.object))} worth {fmt.money(worth)}", urls.instances(name, asked))
        for name, one in sorted(workflows.items())
        if one.amount
    ]


def _money(typed: str) -> Money | None:
    """The amount in a text such as "EUR 1,250.00", "1.250,00 eur" or "1250 EUR"."""
    found = _AMOUNT.fullmatch(typed.strip())
    code = "" if found is None else (found[1] or found[3] or "").upper()
    if found is None or code not in CODES:
        return None
    whole, mark, rest = re.sub(r"['\u2019\u00a0\u202f ]", "", found[2]), "", ""
    last = max(whole.rfind("."), whole.rfind(","))
    # Three digits behind the only mark are thousands; any other number of them is a fraction.
    if last >= 0 and (len(whole) - last - 1 != 3 or len({".", ","} & set(whole)) == 2):  # noqa: PLR2004 - as it says
        whole, mark, rest = whole[:last], ".", whole[last + 1 :]
    return money.parse(re.sub("[.,]", "", whole) + mark + rest, code)
