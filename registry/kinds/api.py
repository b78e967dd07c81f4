"""API: an interface that a system offers, its versions, who relies on it, and how its calls look in traces."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from registry.kinds.base import (
    AttributeName,
    Finding,
    Lookup,
    Manifest,
    Name,
    Part,
    Reference,
    Shape,
    Spec,
    Text,
    duplicates,
)
from registry.kinds.dates import Day
from registry.kinds.workflow import AttributePattern, Pattern

Lifecycle = Literal["proposed", "active", "deprecated", "retired"]
STAGES: tuple[Lifecycle, ...] = ("proposed", "active", "deprecated", "retired")
# What people may build on comes first: an API is as alive as its most alive version.
_LIVELIEST: tuple[Lifecycle, ...] = ("active", "deprecated", "proposed", "retired")

Protocol = Literal["rest", "graphql", "grpc", "soap", "odata", "event", "webhook", "file", "database", "other"]
Authentication = Literal[
    "none",
    "basic",
    "api-key",
    "bearer",
    "oauth1",
    "oauth2",
    "openid-connect",
    "mutual-tls",
    "signature",
    "other",
]
Stability = Literal["draft", "alpha", "beta", "stable"]


def _label(value: object) -> object:
    """A whole number as text: ``version: 2`` is plain, while 1.10 as a number would be 1.1."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_LABEL = Shape(r"[A-Za-z0-9]([A-Za-z0-9._+-]*[A-Za-z0-9])?", "must be a version, such as v1, 2 or 2026-04-22")
VersionLabel = Annotated[str, StringConstraints(max_length=60), BeforeValidator(_label), AfterValidator(_LABEL)]
_URL = Shape(r"https?://[^\s]+", "must be an address that starts with https:// or http://")


class Call(Part):
    """How one kind of call is recognised among spans; all that is named must hold, ``*`` is any run of characters.

    ``service`` is the span's own ``service.name``: the provider's where it is traced, the caller's where only callers are.
    ``host`` and ``path`` are looked up wherever HTTP instrumentations put them, ``operation`` is an RPC method, a GraphQL
    operation or the span's name, ``destination`` a queue or topic.
    """

    service: Pattern | None = None
    host: Pattern | None = None
    path: Pattern | None = None
    operation: Pattern | None = None
    destination: Pattern | None = None
    attributes: dict[AttributeName, AttributePattern] = Field(default_factory=dict)


class Dates(Part):
    """When a version entered each stage, or is to enter it."""

    proposed: Day | None = None
    active: Day | None = None
    deprecated: Day | None = None
    retired: Day | None = None

    def of(self, stage: Lifecycle) -> date | None:
        """The date of one stage."""
        found: date | None = getattr(self, stage)
        return found


class Replacement(Part):
    """What to use instead: another version, of the same API unless one is named."""

    api: Name | None = None
    version: VersionLabel | None = None


class Version(Part):
    """One version. ``sunset`` is the day from which it may be gone; ``reinstated`` says why it came back from a later stage."""

    version: VersionLabel
    lifecycle: Lifecycle = "active"
    stability: Stability = "stable"
    dates: Dates = Field(default_factory=Dates)
    sunset: Day | None = None
    replacement: Replacement | None = None
    reinstated: Text | None = None
    schema_: Name | None = Field(default=None, alias="schema")
    calls: tuple[Call, ...] = ()


class Consumer(Part):
    """Someone who is known to rely on the API: a system or a team, and on which versions (none named: any)."""

    system: Name | None = None
    team: Name | None = None
    versions: tuple[VersionLabel, ...] = ()
    purpose: Text | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name of who it is."""
        return ("System", self.system) if self.system else ("Team", self.team or "")


class APISpec(Spec):
    """``system`` provides it; ``calls`` beside the versions recognises calls that don't say their version."""

    system: Name
    protocol: Protocol
    authentication: tuple[Authentication, ...] = ()
    documentation: Annotated[str, StringConstraints(max_length=2000), AfterValidator(_URL)] | None = None
    versions: tuple[Version, ...]
    calls: tuple[Call, ...] = ()
    consumers: tuple[Consumer, ...] = ()

    @property
    def lifecycle(self) -> Lifecycle:
        """The stage of the version that is most alive."""
        stages = {one.lifecycle for one in self.versions}
        return next(stage for stage in _LIVELIEST if stage in stages)

    def version_named(self, label: str) -> Version | None:
        """The version of that label."""
        return next((one for one in self.versions if one.version == label), None)

    def of_schema(self, subject: str) -> tuple[Version, ...]:
        """The versions that a schema describes."""
        return tuple(one for one in self.versions if one.schema_ == subject)

    def inconsistencies(self) -> Iterator[Finding]:
        """No or repeated versions, dates out of order, consumers of versions that don't exist, matches of everything."""
        if not self.versions:
            yield Finding(("versions",), "an API needs at least one version")
        labels = [one.version for one in self.versions]
        for position, label in duplicates(labels):
            yield Finding(("versions", position, "version"), f"version {label!r} is declared twice")
        for position, one in enumerate(self.versions):
            for finding in (*_date_trouble(one), *_replacement_trouble(one, labels), *_call_trouble(one.calls)):
                yield Finding(("versions", position, *finding.path), finding.message)
        yield from _call_trouble(self.calls)
        yield from self._consumer_trouble(labels)

    def _consumer_trouble(self, labels: list[str]) -> Iterator[Finding]:
        for position, consumer in enumerate(self.consumers):
            if (consumer.system is None) == (consumer.team is None):
                yield Finding(("consumers", position), "a consumer is a system or a team; name one of the two")
            for at, label in enumerate(consumer.versions):
                if label not in labels:
                    sentence = f"there is no version {label!r}; the versions are {', '.join(labels)}"
                    yield Finding(("consumers", position, "versions", at), sentence)
        for position, who in duplicates(" ".join(one.key) for one in self.consumers):
            yield Finding(("consumers", position), f"{who} is declared as a consumer twice")


class APIManifest(Manifest):
    """An interface."""

    kind: Literal["API"] = "API"
    spec: APISpec

    def references(self) -> Iterator[Reference]:
        """The owner, the provider, each version's schema and replacement, the consumers."""
        yield from super().references()
        yield Reference(("spec", "system"), "System", self.spec.system)
        for position, one in enumerate(self.spec.versions):
            place = ("spec", "versions", position)
            if one.schema_ is not None:
                yield Reference((*place, "schema"), "Schema", one.schema_)
            if one.replacement is not None and one.replacement.api is not None:
                yield Reference((*place, "replacement", "api"), "API", one.replacement.api, required=False)
        for position, consumer in enumerate(self.spec.consumers):
            kind, name = consumer.key
            yield Reference(("spec", "consumers", position, kind.lower()), kind, name, required=False)

    def disagreements(self, others: Lookup) -> Iterator[Finding]:
        """Replacements that the other API does not have."""
        for position, one in enumerate(self.spec.versions):
            if one.replacement is None or one.replacement.api is None or one.replacement.version is None:
                continue
            other = others.get("API", one.replacement.api)
            if isinstance(other, APIManifest) and other.spec.version_named(one.replacement.version) is None:
                known = ", ".join(version.version for version in other.spec.versions)
                sentence = f"API {other.name!r} has no version {one.replacement.version!r}; it has {known}"
                yield Finding(("spec", "versions", position, "replacement", "version"), sentence)


def _date_trouble(one: Version) -> Iterator[Finding]:
    told = [(stage, day) for stage in STAGES if (day := one.dates.of(stage)) is not None]
    for (earlier, first), (later, then) in pairwise(told):
        if then < first:
            sentence = f"it can't be {later} on {then}, before it was {earlier} on {first}"
            yield Finding(("dates", later), sentence)
    deprecated = one.dates.deprecated
    if one.sunset is not None and deprecated is not None and one.sunset < deprecated:
        sentence = f"the sunset {one.sunset} is before the deprecation {deprecated}; callers need time between the two"
        yield Finding(("sunset",), sentence)
    if one.sunset is not None and one.lifecycle == "proposed":
        yield Finding(("sunset",), "what is only proposed has no sunset; leave it out until it is deprecated")


def _replacement_trouble(one: Version, labels: list[str]) -> Iterator[Finding]:
    instead = one.replacement
    if instead is None:
        return
    if instead.api is None and instead.version is None:
        yield Finding(("replacement",), "name the version that replaces this one, or the api")
    elif instead.api is None and instead.version == one.version:
        yield Finding(("replacement", "version"), "a version can't replace itself")
    elif instead.api is None and instead.version not in labels:
        sentence = f"there is no version {instead.version!r}; the versions are {', '.join(labels)}"
        yield Finding(("replacement", "version"), sentence)


def _call_trouble(calls: tuple[Call, ...]) -> Iterator[Finding]:
    for position, call in enumerate(calls):
        if not call.model_dump(exclude_defaults=True):
            sentence = (
                "matches every call; name at least one of service, host, path, operation, destination, attributes"
            )
            yield Finding(("calls", position), sentence)
