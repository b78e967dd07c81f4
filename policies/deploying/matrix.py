"""Who relies on whom in an environment, and whether each pair of versions understands one another. Pure.

A provider's version of a document is held against the one that a consumer was built with. For interfaces the consumer
calls and the provider answers, so the provider's document is the newer one whatever its number; for data the provider
writes and the consumer reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from registry.compat.model import Change, Format
from registry.deployments.service import Contract, Used

Outcome = Literal["same version", "compatible", "breaks", "no provider", "from outside", "unreadable"]
#: Outcomes that speak against a deployment.
AGAINST: frozenset[Outcome] = frozenset({"breaks", "no provider", "unreadable"})
#: Formats in which a document describes calls rather than data.
INTERFACES = frozenset({Format.OPENAPI, Format.GRAPHQL, Format.ASYNCAPI})

Compare = Callable[[Used, Used], tuple[Outcome, tuple[Change, ...]]]
"""What a consumer was built with, what the provider has -> how the two get on, and what breaks."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A consumer and the provider of a document that it relies on; no provider's name where there is none."""

    subject: str
    consumer: str
    consumer_version: str
    built_with: int
    provider: str
    provider_version: str
    provided: int | None
    outcome: Outcome
    changes: tuple[Change, ...] = ()

    @property
    def against(self) -> bool:
        """Whether it speaks against the deployment."""
        return self.outcome in AGAINST

    @property
    def sentence(self) -> str:
        """The pair in words."""
        consumer, provider = f"{self.consumer} {self.consumer_version}", f"{self.provider} {self.provider_version}"
        needs = f"{consumer} was built with {self.subject} version {self.built_with}"
        match self.outcome:
            case "no provider":
                return f"{needs}, which nothing in the environment provides"
            case "from outside":
                return f"{needs}, which no recorded application provides: it comes from outside"
            case "same version":
                return f"{needs}, and {provider} provides that very version"
            case "compatible":
                return f"{needs}; {provider} provides version {self.provided}, which breaks nothing for it"
            case "unreadable":
                return f"{needs}; {provider} provides version {self.provided}, and the two can't be compared"
            case "breaks":
                first = f": {self.changes[0].message}" if self.changes else ""
                return f"{needs}; {provider} provides version {self.provided}, which breaks it{first}"


def after(running: Iterable[Contract], coming: Iterable[Contract]) -> dict[str, Contract]:
    """Application -> contract, once what comes has taken the place of what runs."""
    return {one.application: one for one in (*running, *coming)}


def pairs(
    there: Collection[Contract], concerned: Collection[str], provided_anywhere: Collection[str], compare: Compare
) -> Iterator[Pair]:
    """Every pair in an environment that one of the applications concerned is part of.

    A subject that no recorded application provides anywhere comes from outside, and can't be waited for.
    """
    providers = [(one, used) for one in there for used in one.provides]
    for consumer in sorted(there, key=lambda one: one.application):
        for need in consumer.consumes:
            found = [(one, used) for one, used in providers if used.subject == need.subject]
            if not found and consumer.application in concerned:
                outside = need.subject not in provided_anywhere
                yield _pair(consumer, need, None, None, "from outside" if outside else "no provider")
            for provider, used in found:
                if {consumer.application, provider.application} & set(concerned):
                    outcome, changes = ("same version", ()) if used == need else compare(need, used)
                    yield _pair(consumer, need, provider, used, outcome, changes)


def orphaned(
    before: Collection[Contract], there: Collection[Contract], provided_anywhere: Collection[str]
) -> Iterator[Pair]:
    """Consumers that would lose the only provider of something they rely on."""
    had = {used.subject for one in before for used in one.provides}
    has = {used.subject for one in there for used in one.provides}
    for consumer in sorted(there, key=lambda one: one.application):
        for need in consumer.consumes:
            if need.subject in had - has and need.subject in provided_anywhere:
                yield _pair(consumer, need, None, None, "no provider")


def _pair(
    consumer: Contract,
    need: Used,
    provider: Contract | None,
    used: Used | None,
    outcome: Outcome,
    changes: tuple[Change, ...] = (),
) -> Pair:
    return Pair(
        need.subject,
        consumer.application,
        consumer.version,
        need.version,
        provider.application if provider else "",
        provider.version if provider else "",
        used.version if used else None,
        outcome,
        changes,
    )
