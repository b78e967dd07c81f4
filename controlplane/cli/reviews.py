"""``controlplane review``: what it asks a server and what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from controlplane.cli.client import ServerClient
from controlplane.cli.listing import Output, items, lines

_PATH = "/api/v1/reviews"
_JSON = {"Content-Type": "application/json"}
Told = Mapping[str, Any]


def change(client: ServerClient, method: str, path: str, body: Mapping[str, Any]) -> str:
    """Send a change; how the review stands then. Raises ``UserError``."""
    given = {name: value for name, value in body.items() if value is not None}
    answer = client.send(method, f"{_PATH}{path}", content=json.dumps(given).encode(), headers=_JSON)
    return line(answer.json())


def one(client: ServerClient, number: int) -> Told:
    """A review. Raises ``UserError``."""
    told: Told = client.send("GET", f"{_PATH}/{number}").json()
    return told


def listed(client: ServerClient, wanted: Mapping[str, str | None], output: Output) -> Iterator[str]:
    """A line for each. Raises ``UserError``."""
    return lines(items(client, _PATH, wanted), output, line)


def line(told: Told) -> str:
    """A review in a line."""
    due = f"  due {told['due']}{' (overdue)' if told['overdue'] else ''}"
    over = told["state"] in {"published", "withdrawn"}
    came = f" as version {told['published']}" if told["published"] else ""
    missing = [_named(need) for need in told["needs"] if not need["approved_by"]]
    waiting = f"; missing: {', '.join(missing)}" if told["state"] == "open" and missing else ""
    if told["needs_another_person"]:
        waiting = "; missing: somebody who did not propose it"
    head = f"{told['id']}  {told['state']}{came}{waiting}  {told['subject']}{'' if over else due}"
    return f"{head}  {told['title']} (by {told['author']})"


def shown(told: Told) -> Iterator[str]:
    """A review with what it changes, whose word it needs and what was said."""
    yield line(told)
    yield told["url"]
    if told["why"]:
        yield f"\n{told['why']}"
    base = f"version {told['base']}" if told["base"] else "nothing"
    yield f"\nRevision {told['revision']}, in place of {base}; the gate says: {told['verdict']}"
    for each in told["answer"]["changes"]:
        waived = f" ({each['waived']})" if each.get("waived") else ""
        yield f"  {each['level']:<9}{each['rule']}: {each['message']}{waived}"
    for finding in told["answer"]["findings"]:
        if finding["policy"] != "compatibility":
            yield f"  {finding['level']:<9}{finding['policy']}: {finding['message']}"
    for each in told["answer"]["impact"]["consumers"]:
        calls = "unknown" if each["calls_30d"] is None else f"{each['calls_30d']:,} calls in 30 days"
        yield f"  touches  {each['name']} calls {each['api']}: {calls}, last {each['last_call'] or 'not seen'}"
    yield "\nWhose word it needs"
    for need in told["needs"]:
        said = [f"approved by {', '.join(need['approved_by'])}"] if need["approved_by"] else []
        said += [f"refused by {', '.join(need['refused_by'])}"] if need["refused_by"] else []
        yield f"  {_named(need)}: {'; '.join(said) or 'nothing yet'} ({'; '.join(need['because'])})"
    if told["remarks"]:
        yield "\nDiscussion"
    for each in told["remarks"]:
        yield f"  {each['at'][:16]}  {each['person']}{_said(each)}: {each['text']}".rstrip(": ")


def _said(each: Told) -> str:
    if each["decision"] is None:
        return ""
    words = {"approve": "approves", "refuse": "refuses", "take-back": "takes back"}[each["decision"]]
    place = f" for {each['team']}" if each["team"] else ""
    return f" {words}{place}{' (standing in)' if each['standing_in'] else ''}, revision {each['revision']}"


def _named(need: Told) -> str:
    return str(need["team"] or "an architect")
