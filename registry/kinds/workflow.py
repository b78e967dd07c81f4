"""Workflow: the way of one business object through the systems."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from registry import workflow_order as order
from registry.kinds.base import AttributeName, Finding, Manifest, Name, Part, Reference, Shape, Spec, Text, duplicates

_SLUG = Shape(
    r"[a-z][a-z0-9]*([._-][a-z0-9]+)*",
    "must be lower-case words joined by dots, hyphens or underscores, such as stripe.invoice",
)
Slug = Annotated[str, StringConstraints(max_length=100), AfterValidator(_SLUG)]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""A text to match; each ``*`` in it stands for any run of characters."""

# A dimension is a query parameter beside these of APIs and pages, so it can't share their names.
RESERVED_DIMENSIONS = frozenset({"by", "cursor", "from", "key", "limit", "overdue", "period", "state", "to"})


def _as_text(value: object) -> object:
    """Numbers and booleans as they look in YAML and JSON, since attributes are compared as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


AttributePattern = Annotated[Pattern, BeforeValidator(_as_text)]
"""What the value of an attribute must look like."""


class Key(Part):
    """One kind of id, and the attribute that holds it.

    Ids of the object itself join what carries them. One that does not (``joins: false``) is another object's, such as
    the subscription of an invoice: it relates the two and never makes two invoices one.
    """

    type: Slug
    attribute: AttributeName
    joins: bool = True


class Amount(Part):
    """The attributes that hold the object's amount and its ISO 4217 currency."""

    value: AttributeName
    currency: AttributeName


class Match(Part):
    """What a span or event must look like to reach a step; all that is named must hold."""

    span: Pattern | None = None
    event: Pattern | None = None
    service: Pattern | None = None
    kind: Literal["internal", "server", "client", "producer", "consumer"] | None = None
    status: Literal["ok", "error"] | None = None
    attributes: dict[AttributeName, AttributePattern] = Field(default_factory=dict)


class Settles(Part):
    """The attributes that hold what a milestone settles of the object's amount: a payment, a credit.

    Without ``currency`` it is the workflow's own attribute. ``once_per`` is a type of key: what carries the same id of it is
    the same part, however often it is reported. What ``takes_back`` is subtracted: a refund, reported as a positive amount.
    """

    amount: AttributeName
    currency: AttributeName | None = None
    once_per: Slug | None = None
    takes_back: bool = False


class Step(Part):
    """One milestone on the way. ``at`` says which of a span's times counts; an event has its own.

    ``optional``: an object may do without it. ``repeatable``: it may happen several times (reminders).
    ``instead_of``: it is as good as that other step. ``after``: steps that come before it in the right order.
    ``settles``: it may happen several times, and is reached when all that was settled comes up to the object's amount.
    """

    name: Name
    title: Text | None = None
    system: Name
    match: Match
    at: Literal["start", "end", "observed"] = "end"
    optional: bool = False
    repeatable: bool = False
    instead_of: Name | None = None
    after: tuple[Name, ...] = ()
    settles: Settles | None = None


class WorkflowSpec(Spec):
    """How to recognise the object and its steps."""

    object: Slug
    keys: tuple[Key, ...]
    dimensions: dict[Slug, AttributeName] = Field(default_factory=dict)
    amount: Amount | None = None
    steps: tuple[Step, ...]
    completes: tuple[Name, ...] = ()
    fails: tuple[Name, ...] = ()
    cancels: tuple[Name, ...] = ()
    reopens: tuple[Name, ...] = ()

    @property
    def step_names(self) -> tuple[str, ...]:
        """The steps' names in their order."""
        return tuple(step.name for step in self.steps)

    def inconsistencies(self) -> Iterator[Finding]:
        """Repeated names, empty matches and steps that don't exist."""
        for field, entries in (("keys", self.keys), ("steps", self.steps)):
            if not entries:
                yield Finding((field,), f"a workflow needs at least one of its {field}")
        yield from self._key_trouble()
        for position, name in duplicates(self.step_names):
            yield Finding(("steps", position, "name"), f"step {name!r} is declared twice")
        for name in sorted(RESERVED_DIMENSIONS & self.dimensions.keys()):
            yield Finding(
                ("dimensions", name), f"{name!r} is a query parameter of its own; name the dimension otherwise"
            )
        for position, step in enumerate(self.steps):
            if message := _match_trouble(step.match):
                yield Finding(("steps", position, "match"), f"step {step.name!r} {message}")
        yield from self._end_trouble()
        yield from self._settling_trouble()
        yield from self._order_trouble()

    def _key_trouble(self) -> Iterator[Finding]:
        for position, place in duplicates(f"{key.type} from {key.attribute}" for key in self.keys):
            yield Finding(("keys", position, "type"), f"key {place} is declared twice")
        kinds = {key.type for key in self.keys if key.joins}
        for position, key in enumerate(self.keys):
            if not key.joins and key.type in kinds:
                yield Finding(("keys", position, "joins"), f"key type {key.type!r} joins elsewhere; it can't do both")
        if self.keys and not kinds:
            yield Finding(("keys",), "no key joins; at least one must be an id of the object itself")

    def _end_trouble(self) -> Iterator[Finding]:
        """Steps that don't exist, and steps that would put an object in two states at once."""
        known, said = self.step_names, dict[str, str]()
        for field in ("completes", "fails", "cancels", "reopens"):
            for position, name in enumerate(getattr(self, field)):
                if name not in known:
                    yield Finding((field, position), _no_step(name, known))
                elif field != "fails" and self.steps[known.index(name)].match.status == "error":
                    yield Finding((field, position), _never(name, field))
                elif said.setdefault(name, field) != field:
                    yield Finding((field, position), f"step {name!r} can't be in both {said[name]} and {field}")

    def _settling_trouble(self) -> Iterator[Finding]:
        """Parts of nothing, parts that failed, and parts that are no progress."""
        settling = {step.name: position for position, step in enumerate(self.steps) if step.settles}
        for name, position in settling.items():
            place, step = ("steps", position, "settles"), self.steps[position]
            if self.amount is None:
                yield Finding(place, f"step {name!r} settles an amount, but the workflow has none; add its amount")
            elif len(settling) == len(self.step_names):
                yield Finding(place, "every step settles a part, so that none can state the whole amount")
            if step.match.status == "error":
                yield Finding(place, f"step {name!r} matches errors only, and what failed settles nothing")
            if step.settles and (message := self._no_id_of_a_part(step.settles.once_per)):
                yield Finding((*place, "once_per"), message)
        for field in ("fails", "cancels", "reopens"):
            for position, name in enumerate(getattr(self, field)):
                if name in settling:
                    message = f"step {name!r} settles a part of the amount; it can't be in {field}"
                    yield Finding((field, position), message)

    def _no_id_of_a_part(self, once_per: str | None) -> str | None:
        """Why parts can't be told apart by a type of key."""
        types = dict.fromkeys(key.type for key in self.keys)
        if once_per is not None and once_per not in types:
            return f"{once_per!r} is not a key type of this workflow; it has {', '.join(types)}"
        if [once_per] == [key.type for key in self.keys if key.joins]:
            return (
                f"all of an object's parts have the same {once_per!r}, which joins them, so only the first would count; "
                "name the id of a part, such as a payment's"
            )
        return None

    def _order_trouble(self) -> Iterator[Finding]:
        known = self.step_names
        for position, step in enumerate(self.steps):
            named = [("instead_of", step.instead_of)] if step.instead_of else []
            named += [("after", name) for name in step.after]
            for field, name in named:
                if name == step.name:
                    yield Finding(("steps", position, field), f"step {name!r} can't refer to itself")
                elif name not in known:
                    yield Finding(("steps", position, field), _no_step(name, known))
        yield from self._contradictions()

    def _contradictions(self) -> Iterator[Finding]:
        """What steps say of their order that can't all hold; the first of each kind."""
        steps = {step.name: step for step in self.steps}
        if circle := order.circle_of_stand_ins(steps):
            said = ", which stands in for ".join(map(repr, [*circle[1:], circle[0]]))
            message = f"step {circle[0]!r} stands in for {said}; one of them must stand for itself"
            yield Finding(("steps", self.step_names.index(circle[0]), "instead_of"), message)
            return
        same = list(order.own_kind(steps))
        for name, other in same:
            message = f"step {name!r} can't come after {other!r}: one stands in for the other, so only one need come"
            yield Finding(("steps", self.step_names.index(name), "after"), message)
        if not same and (circle := order.circle_of_steps(steps)):
            said = ", which comes after ".join(map(repr, [*circle[1:], circle[0]]))
            message = f"step {circle[0]!r} comes after {said}; one of them must give way"
            yield Finding(("steps", self.step_names.index(circle[0]), "after"), message)


class WorkflowManifest(Manifest):
    """A workflow over several systems."""

    kind: Literal["Workflow"] = "Workflow"
    spec: WorkflowSpec

    def references(self) -> Iterator[Reference]:
        """The owner, and the system of each step."""
        yield from super().references()
        for position, step in enumerate(self.spec.steps):
            # A workflow may be read before its systems are described.
            yield Reference(("spec", "steps", position, "system"), "System", step.system, required=False)


def _no_step(name: str, known: tuple[str, ...]) -> str:
    return f"{name!r} is not a step of this workflow; it has {', '.join(known)}"


def _never(name: str, field: str) -> str:
    does = {"completes": "completes", "cancels": "cancels", "reopens": "reopens"}[field]
    return (
        f"step {name!r} matches errors only, and what failed never {does} anything; drop its status or name it in fails"
    )


def _match_trouble(match: Match) -> str | None:
    if not match.model_dump(exclude_defaults=True):
        return "matches everything; name at least one of span, event, service, kind, status, attributes"
    if match.span is not None and match.event is not None:
        return "asks for a span and an event at once; nothing is both, so make it two steps"
    if match.kind is not None and match.event is not None:
        return "asks for an event of a span kind; events have no kind"
    return None
