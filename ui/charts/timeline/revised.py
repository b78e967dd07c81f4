"""What late milestones changed, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from policies.slas.revised import Change, Revision
from ui import format as fmt
from ui import words
from ui.charts.timeline.remarks import Finding


def findings(found: Iterable[Revision], named: Callable[[str], str], slas: Mapping[str, str]) -> Iterator[Finding]:
    """A remark for each; ``named`` gives what people call a step, ``slas`` an SLA by its name."""
    for one in found:
        steps = words.listing(list(dict.fromkeys(named(fact.step) for fact in one.facts)))
        changes = "; ".join(_change(change, slas) for change in one.changes)
        text = f"{steps} came {fmt.duration(one.late)} late, at {fmt.absolute(one.at)}. What was shown until then has changed: {changes}."
        yield Finding(
            min(fact.occurred_at for fact in one.facts),
            "figures changed",
            text,
            tuple(fact.identity for fact in one.facts),
        )


def _change(one: Change, slas: Mapping[str, str]) -> str:
    match one.what:
        case "sla":
            title = slas.get(one.name) or words.title(one.name)
            then, now = (_verdict(*side) for side in zip((one.before, one.after), one.seconds, strict=True))
            return f"{title} was {then} and is {now}"
        case "state":
            then, now = (words.WORKFLOW_STATES.get(state or "", state or "") for state in (one.before, one.after))
            return f"the state was {then} and is {now}"
        case "amount" | "settled":
            noun = "the amount" if one.what == "amount" else "what is settled"
            return f"{noun} was {one.before or 'not known'} and is {one.after or 'not known'}"
        case "dimension":
            return f"{words.noun(one.name)} was {one.before or 'not known'} and is {one.after or 'not known'}"


def _verdict(state: str | None, seconds: float | None) -> str:
    if state is None:
        return "not counted"
    said = {"met": "met", "breached": "missed"}.get(state, state)
    return said if seconds is None else f"{said} in {fmt.seconds(seconds)}"
