"""Who must agree to a change: the owners of what it hurts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Answer = Mapping[str, Any]
#: Who speaks for what nobody owns: whoever may stand in for teams.
ARCHITECT = ""


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns what, by name: the subject's own team, those of systems and SLAs, and the teams that are still there.

    Mappings and workflows say their owners themselves, in the gate's answer.
    """

    subject: str | None
    systems: Mapping[str, str | None] = field(default_factory=dict)
    slas: Mapping[str, str | None] = field(default_factory=dict)
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Need:
    """A team whose word is needed, and why: a sentence for each thing of theirs. ``ARCHITECT`` is no team."""

    team: str
    because: tuple[str, ...]


def needed(answer: Answer, owners: Owners) -> tuple[Need, ...]:
    """Whose word a change needs, by the gate's answer about it.

    The owner of the schema always. If anything breaks, waived or not, the owners of all that it touches: consumers,
    mappings, workflows and their deadlines. A mapping that breaks asks its owner even where the document breaks nobody.
    What has no owner, or one that is not there any more, an architect speaks for.
    """
    found: dict[str, list[str]] = {}
    for owner, because in _hurt(answer, owners):
        team = owner if owner is not None and owner in owners.teams else ARCHITECT
        sentences = found.setdefault(team, [])
        if because not in sentences:
            sentences.append(because)
    order = sorted(found, key=lambda team: (team == ARCHITECT, team != owners.subject, team))
    return tuple(Need(team, tuple(found[team])) for team in order)


def breaks(answer: Answer) -> bool:
    """Whether a change breaks someone by the schema's own mode, also where that is let pass."""
    return any(_level(change) == "breaking" for change in answer["changes"])


def _level(change: Mapping[str, Any]) -> str:
    """What it is, or would be but for a waiver."""
    waived = change.get("waived")
    return str(waived).partition(" ")[0] if waived else str(change["level"])


def _hurt(answer: Answer, owners: Owners) -> Iterator[tuple[str | None, str]]:
    yield owners.subject, f"owns the schema {answer['subject']}"
    impact, serious = answer["impact"], breaks(answer)
    for mapping in impact["mappings"]:
        if serious or mapping["breaks"]:
            yield (
                mapping["owner"],
                f"owns the mapping {mapping['name']}, which it {'breaks' if mapping['breaks'] else 'touches'}",
            )
    if not serious:
        return
    for consumer in impact["consumers"]:
        yield _consumer(consumer, owners)
    for workflow in impact["workflows"]:
        yield workflow["owner"], f"owns the workflow {workflow['name']}, which reads what changes"
    for sla in impact["slas"]:
        yield owners.slas.get(sla["name"]), f"owns the deadline {sla['name']} of that workflow"


def _consumer(one: Mapping[str, Any], owners: Owners) -> tuple[str | None, str]:
    known = "is declared" if one["declared"] else "was seen calling"
    if one["kind"] == "Team":
        return one["name"], f"{known} as a consumer of {one['api']}"
    owner = owners.systems.get(one["name"]) if one["kind"] == "System" else None
    how = f"{known} as a consumer of {one['api']}" if one["declared"] else f"{known} {one['api']}"
    return owner, f"owns {one['name']}, which {how}" if owner else f"nobody owns {one['name']}, which {how}"


def as_stored(needs: Sequence[Need]) -> list[dict[str, Any]]:
    """As JSON holds it."""
    return [{"team": one.team, "because": list(one.because)} for one in needs]


def from_stored(rows: Sequence[Mapping[str, Any]]) -> tuple[Need, ...]:
    """The same back."""
    return tuple(Need(one["team"], tuple(one["because"])) for one in rows)
