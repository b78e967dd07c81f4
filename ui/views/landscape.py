"""The map's boxes, lines, rows and sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from policies.impact.graph import Node
from policies.impact.landscape import Flow, Landscape, Site, What
from ui import format as fmt
from ui import words
from ui.charts.landscape import Box, Line
from ui.query import Period
from ui.views import catalogue

_DAY = 86_400 * 10**9
_HOUR = 3_600 * 10**9
#: From which share of failed calls a flow is told as troubled, and as failing.
TROUBLED, FAILING = 0.01, 0.05
_WORDS: Mapping[What, str] = {
    "calls": "calls",
    "messages": "messages",
    "declared": "declared, not seen",
    "offers": "offered by",
    "workflow": "workflow",
}


def href(node: Node) -> str:
    """A declared site's page; "" for what nobody declared."""
    return catalogue.href(node.kind, node.name) if node.kind in {"System", "API"} else ""


def rate(calls: int, length: int) -> str:
    """How many in a time that people can picture: "409 a day", "3 an hour"; a few are counted."""
    if length <= 0 or not calls:
        return ""
    per_hour = calls * _HOUR / length
    if per_hour >= 1:
        return f"{fmt.count(round(per_hour))} an hour"
    per_day = calls * _DAY / length
    return f"{fmt.count(round(per_day))} a day" if per_day >= 1 else f"{fmt.count(calls)} in all"


def look(flow: Flow) -> str:
    """A flow's class."""
    if flow.what in {"calls", "messages"}:
        share = flow.share_failed
        return f"{flow.what} {'failing' if share >= FAILING else 'troubled' if share >= TROUBLED else 'well'}"
    return flow.what


def apart(found: Landscape) -> list[Site]:
    """The sites that nothing leads to or from; they would only take room in the picture."""
    joined = {node for flow in found.flows for node in flow.ends}
    return [site for site in found.sites if site.node not in joined]


def boxes(found: Landscape) -> list[Box]:
    """A box for each site that something leads to or from."""
    alone = {site.node for site in apart(found)}
    return [
        Box(
            key=site.node,
            title=site.title,
            note=site.note,
            href=href(site.node),
            look={"System": "system", "API": f"api {site.stage}"}.get(site.node.kind, "unknown"),
            hover=_hover(site),
        )
        for site in found.sites
        if site.node not in alone
    ]


def _hover(site: Site) -> str:
    owner = f", owned by {site.owner}" if site.owner else ""
    return f"{site.title}: {site.note}{owner}"


def lines(found: Landscape, length: int) -> list[Line]:
    """A line for all that flows from one site to another in one way; hover tells each version, queue and step."""
    titles = {site.node: site.title for site in found.sites}
    together: dict[tuple[Node, Node, What], list[Flow]] = {}
    for flow in found.flows:
        together.setdefault((flow.source, flow.target, flow.what), []).append(flow)
    return [
        Line(
            start=source,
            end=target,
            calls=(whole := _whole(flows)).calls,
            label=_label(whole, length),
            look=look(whole),
            hover=f"{titles[source]} to {titles[target]}: {'; '.join(told(flow, length) for flow in flows)}",
        )
        for (source, target, _), flows in together.items()
    ]


def _whole(flows: Sequence[Flow]) -> Flow:
    calls, errors = (sum(getattr(flow, name) for flow in flows) for name in ("calls", "errors"))
    return replace(flows[0], label="", calls=calls, errors=errors)


def _label(flow: Flow, length: int) -> str:
    if flow.what not in {"calls", "messages"}:
        return ""
    failed = f", {fmt.percent(flow.share_failed)} failed" if flow.share_failed >= TROUBLED else ""
    return f"{rate(flow.calls, length).replace(' an ', '/').replace(' a ', '/')}{failed}"


def told(flow: Flow, length: int) -> str:
    """What flows, in words."""
    label = f" {flow.label}" if flow.label else ""
    if flow.what not in {"calls", "messages"}:
        return f"{_WORDS[flow.what]}{label}"
    count = words.quantity(flow.calls, "call" if flow.what == "calls" else "message")
    by = f" by {flow.label}" if flow.what == "messages" and flow.label else label
    failed = f"{fmt.count(flow.errors)} failed" if flow.errors else "none failed"
    return f"{count}{by}, {rate(flow.calls, length)}, {failed}"


def rows(found: Landscape, length: int) -> list[dict[str, Any]]:
    """A row for each flow, what fails most first."""
    sites = {site.node: site for site in found.sites}
    ordered = sorted(found.flows, key=lambda one: (-one.share_failed, -one.calls, one.what))
    return [
        {
            "source": sites[flow.source].title,
            "source_href": href(flow.source),
            "target": sites[flow.target].title,
            "target_href": href(flow.target),
            "what": _WORDS[flow.what],
            "label": flow.label,
            "rate": rate(flow.calls, length),
            "calls": flow.calls,
            "errors": flow.errors,
            "share": flow.share_failed,
            "state": {"failing": "breached", "troubled": "overdue", "well": "met"}.get(look(flow).split()[-1], ""),
            "last_at": flow.last_at,
        }
        for flow in ordered
    ]


def answer(found: Landscape, period: Period) -> str:
    """How much there is and how it goes, in a sentence."""
    systems = sum(site.node.kind == "System" for site in found.sites)
    apis = sum(site.node.kind == "API" for site in found.sites)
    seen = [flow for flow in found.flows if flow.what in {"calls", "messages"}]
    head = f"{words.quantity(systems, 'system')} and {catalogue.noun('API', apis)}"
    if not seen:
        return f"{head}; nothing was seen to flow between them {period.words}."
    failing = sum(look(flow).endswith("failing") for flow in seen)
    trouble = (
        f"; {words.quantity(failing, 'flow')} {words.verb(failing, 'fails', 'fail')} more often than 1 in 20"
        if failing
        else ""
    )
    calls = sum(flow.calls for flow in seen)
    return f"{head}; {words.quantity(len(seen), 'flow')} with {words.quantity(calls, 'call')} {period.words}{trouble}."


def as_object(found: Landscape, since: int, until: int) -> dict[str, Any]:
    """The map as plain values for programs."""
    return {
        "from": fmt.iso(since),
        "to": fmt.iso(until),
        "observed": found.observed,
        "nodes": [
            {
                "kind": site.node.kind,
                "name": site.node.name,
                "title": site.title,
                "note": site.note,
                "owner": site.owner,
                "lifecycle": site.stage or None,
            }
            for site in found.sites
        ],
        "edges": [
            {
                "source": {"kind": flow.source.kind, "name": flow.source.name},
                "target": {"kind": flow.target.kind, "name": flow.target.name},
                "what": flow.what,
                "label": flow.label or None,
                "calls": flow.calls,
                "errors": flow.errors,
                "error_share": round(flow.share_failed, 6),
                "last_at": fmt.iso(flow.last_at) if flow.last_at else None,
            }
            for flow in found.flows
        ],
    }


def as_dot(found: Landscape, length: int) -> str:
    """The map for GraphViz."""
    shapes = {"System": "box", "API": "oval"}
    out = ["digraph landscape {", "  rankdir=LR;"]
    for site in found.sites:
        style = "" if site.node.kind in shapes else ", style=dashed"
        label = _quoted(f"{site.title}\n{site.note}")
        out.append(f"  {_dot_id(site.node)} [label={label}, shape={shapes.get(site.node.kind, 'box')}{style}];")
    for flow in found.flows:
        style = "solid" if flow.what in {"calls", "messages"} else "dotted" if flow.what == "offers" else "dashed"
        label = _quoted(told(flow, length))
        out.append(f"  {_dot_id(flow.source)} -> {_dot_id(flow.target)} [label={label}, style={style}];")
    return "\n".join([*out, "}", ""])


def _dot_id(node: Node) -> str:
    return _quoted(f"{node.kind}:{node.name}")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
