"""May these versions be deployed to an environment: the matrix over what is recorded and registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from policies.deploying.matrix import INTERFACES, Outcome, Pair, after, orphaned, pairs
from registry.compat.engine import check
from registry.compat.model import Change, DocumentError, Level, Mode, Options
from registry.deployments import service
from registry.deployments.service import Contract, Used
from registry.schemas.bundling.bundle import bundle
from registry.schemas.judge import finder


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the versions may be deployed together, and every pair that was looked at, what speaks against it first."""

    environment: str
    coming: tuple[Contract, ...]
    pairs: tuple[Pair, ...]

    @property
    def deployable(self) -> bool:
        """Whether nothing speaks against it."""
        return not any(pair.against for pair in self.pairs)

    @property
    def sentence(self) -> str:
        """The answer in words."""
        what = " and ".join(f"{one.application} {one.version}" for one in self.coming)
        against = sum(pair.against for pair in self.pairs)
        if against:
            return f"{what} must not go to {self.environment}: {against} of {len(self.pairs)} pairs speak against it"
        fit = "1 pair fits" if len(self.pairs) == 1 else f"{len(self.pairs)} pairs fit"
        held = fit if self.pairs else "it shares no document with what runs there"
        return f"{what} may go to {self.environment}: {held}"


def ask(session: Session, environment: str, wanted: Sequence[tuple[str, str]], today: date) -> Answer:
    """``wanted`` are applications with their versions, all to be deployed at once.

    Raises ``DeploymentError``: a version was never recorded.
    """
    coming = tuple(service.contract_of(session, application, version) for application, version in wanted)
    before = [one.contract for one in service.running(session, environment)]
    there = list(after(before, coming).values())
    concerned = {one.application for one in coming}
    anywhere = service.provided_anywhere(session)
    compare = partial(_compare, session, today)
    found = {
        (not pair.against, pair.subject, pair.consumer, pair.provider): pair
        for pair in (*orphaned(before, there, anywhere), *pairs(there, concerned, anywhere, compare))
    }
    return Answer(environment, coming, tuple(pair for _, pair in sorted(found.items(), key=lambda item: item[0])))


def _compare(session: Session, today: date, need: Used, used: Used) -> tuple[Outcome, tuple[Change, ...]]:
    find = finder(session)
    documents = []
    for one in (need, used):
        known = find(one.subject, one.version)
        if known is None:
            return "unreadable", ()
        documents.append((known.format, bundle(known.format, known.text, known.references, find)))
    (of, built_with), (now_of, provided) = documents
    if of is not now_of:
        return "unreadable", ()
    # Of an interface the provider's document is the one that must still serve; of data the consumer's must still read.
    old, new = (built_with, provided) if of in INTERFACES else (provided, built_with)
    try:
        report = check(of, old, new, mode=Mode.BACKWARD, options=Options(as_of=today))
    except DocumentError:
        return "unreadable", ()
    breaking = tuple(change for change in report.changes if change.level is Level.BREAKING)
    return ("breaks", breaking) if breaking else ("compatible", ())
