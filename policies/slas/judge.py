"""One instance against one SLA: pure, with ``now`` as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from collectors.timelines.model import Instance, State
from policies.slas.model import Sla, Verdict

NANOSECONDS = 1_000_000_000


def judge(sla: Sla, reached: Mapping[str, int], state: State, now: int) -> Verdict | None:
    """The verdict, or None while the SLA's first step has not been reached or since the instance was cancelled.

    Args:
        sla: what was promised.
        reached: step -> time of its first milestone without an error.
        state: the instance's own state; one that failed or was cancelled waits for nothing.
        now: nanoseconds.
    """
    start = reached.get(sla.start)
    if start is None:
        return None
    due_at = start + sla.within
    end = min((reached[step] for step in (sla.end, *sla.as_good) if step in reached), default=None)
    if end is not None:
        return Verdict(sla.name, "met" if end <= due_at else "breached", (end - start) / NANOSECONDS, due_at)
    if state == "cancelled":
        return None
    if now < due_at:
        return Verdict(sla.name, "pending", None, due_at)
    return Verdict(sla.name, "breached" if state == "failed" else "overdue", None, due_at)


def judge_all(slas: Iterable[Sla], instance: Instance, now: int) -> list[Verdict]:
    """The verdicts of all SLAs of the instance's workflow that have begun, by name."""
    own = sorted((sla for sla in slas if sla.workflow == instance.workflow), key=lambda sla: sla.name)
    verdicts = (judge(sla, instance.reached, instance.state, now) for sla in own)
    return [verdict for verdict in verdicts if verdict is not None]
