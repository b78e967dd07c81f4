"""Nobody looks after it: no owner, one that nobody declared, a team that is no more or can't be reached."""

from collections.abc import Iterator
from datetime import date

from registry.findings.model import Catalogue, Finding

#: A team owns, and a waiver says itself who granted it.
_OWN_NOTHING = frozenset({"Team", "Waiver"})


def find(catalogue: Catalogue, _today: date) -> Iterator[Finding]:
    """A finding for each thing without a living owner, and for each team that owns something and can't be reached."""
    for entry in catalogue.entries:
        if entry.kind in _OWN_NOTHING:
            continue
        team = catalogue.teams.get(entry.owner or "")
        if entry.owner is None:
            sentence = "it has no owner; name a team in metadata.owner"
        elif team is None:
            sentence = f"its owner {entry.owner} is no team that is declared"
        elif team.spec.disbanded:
            sentence = f"its owner {team.title} is disbanded; hand it over to another team"
        elif not team.spec.contacts:
            sentence = f"its owner {team.title} can't be reached; give the team a contact"
        else:
            continue
        yield Finding("ownership", "error", entry.kind, entry.name, sentence, entry.owner)
