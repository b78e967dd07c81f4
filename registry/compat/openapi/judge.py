"""Calling every check with what it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry.compat.model import Change
from registry.compat.openapi.diff.media_types import is_json
from registry.compat.openapi.diff.model import DocumentDiff, MediaDiff, OperationDiff, ParameterDiff, ResponseDiff
from registry.compat.openapi.diff.schema import SchemaDiff
from registry.compat.openapi.found import Found
from registry.compat.openapi.lifecycle import Context, is_unsettled, stability, stability_move
from registry.compat.openapi.load import checks_of, schema_checks
from registry.compat.openapi.place import Place
from registry.compat.openapi.report import SHOWN_OPERATIONS, Reporter, Spot
from registry.compat.openapi.rules import Scope
from registry.compat.openapi.walk import Reached, Tally, Walk

# A body that became one of several is one change: these say the same again.
_SAID_BY_WRAPPED = frozenset({"type", "types", "properties", "required", "oneOf"})


def judge(diff: DocumentDiff, context: Context) -> list[Change]:
    """Every finding of every check, worst first."""
    return _Judge(context).judge(diff)


@dataclass(frozen=True, slots=True)
class _Root:
    """A schema to walk from: the ids' prefixes for it and for what is inside, and how values are written."""

    prefix: str
    inner_prefix: str
    text: bool
    days: int
    location: str = ""
    required: bool = False


class _Judge:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.report = Reporter()
        self.walk = Walk()
        self.told: dict[_Root, Tally] = {}
        self.known: dict[tuple[int, str, bool, str, bool, int], tuple[Found, ...]] = {}

    def judge(self, diff: DocumentDiff) -> list[Change]:
        whole = Spot("", "document", "the document", diff.old, diff.new)
        for check in checks_of(Scope.DOCUMENT):
            self.report.add(check.run(diff, self.context), whole)
        for operation in diff.operations:
            self._operation(operation)
        for check in checks_of(Scope.VERDICT):
            self.report.add(check.run(diff, self.report.breaking()), whole)
        return self.report.changes()

    def _operation(self, diff: OperationDiff) -> None:
        spot = Spot(diff.label, "operation", "the operation", diff.old.node, diff.new.node)
        if diff.inverted:
            self._sent_by_provider(diff)
            return
        checks = checks_of(Scope.OPERATION)
        if _promises_nothing(diff, self.context):
            checks = tuple(check for check in checks if check.name == "operation_stability")
        for check in checks:
            self.report.add(check.run(diff, self.context), spot)
        if _promises_nothing(diff, self.context):
            return
        days = self.context.days(diff.new.node.value)
        for parameter in diff.parameters.common:
            self._parameter(diff.label, parameter, days)
        for media in diff.body.content.common if diff.body else ():
            self._media(diff.label, ("request", "request", "the request body"), media, days)
        for response in diff.responses.common:
            self._response(diff.label, response, days)

    def _sent_by_provider(self, diff: OperationDiff) -> None:
        """Whoever receives a webhook reads its body as one reads a response."""
        for media in diff.body.content.common if diff.body else ():
            self._media(
                diff.label, ("response", "payload", "the payload"), media, self.context.days(diff.new.node.value)
            )

    def _parameter(self, operation: str, diff: ParameterDiff, days: int) -> None:
        old, new = diff.old, diff.new
        spot = Spot(operation, f"{new.location} {new.name}", new.label, old.node, new.node)
        for check in checks_of(Scope.PARAMETER):
            self.report.add(check.run(diff, days, self.context), spot)
        if diff.schema is not None:
            text = not is_json(diff.media_type)
            root = _Root(
                "request-parameter",
                "request-parameter-property",
                text,
                days,
                new.location,
                old.required or new.required,
            )
            self._schema(diff.schema, root, spot)

    def _media(self, operation: str, body: tuple[str, str, str], media: MediaDiff, days: int) -> None:
        """A body is told by the side whose rules it has, its place for a machine, and its name for a person."""
        if media.schema is not None:
            side, place, phrase = body
            spot = Spot(operation, f"{place} {media.new_name}", f"{phrase} ({media.new_name})", media.old, media.new)
            text = not is_json(media.new_name)
            self._schema(media.schema, _Root(f"{side}-body", f"{side}-property", text, days), spot)

    def _response(self, operation: str, diff: ResponseDiff, days: int) -> None:
        phrase = f"the {diff.status} response"
        spot = Spot(operation, f"response {diff.status}", phrase, diff.old, diff.new)
        for check in checks_of(Scope.RESPONSE):
            self.report.add(check.run(diff, self.context), spot)
        for media in diff.content.common:
            self._media(operation, ("response", f"response {diff.status}", phrase), media, days)
        for header in diff.headers:
            if header.schema is not None:
                place = f"response {diff.status} header {header.name}"
                named = Spot(operation, place, f"header `{header.name}` of {phrase}", header.old, header.new)
                self._schema(header.schema, _Root("response-header", "", text=True, days=days), named)

    def _schema(self, diff: SchemaDiff, root: _Root, spot: Spot) -> None:
        for reached in self._reached(diff, root, spot.operation):
            prefix = root.inner_prefix if reached.label else root.prefix
            if not prefix:
                continue
            old, new = reached.diff.old.node, reached.diff.new.node
            label = reached.label.removeprefix(".")
            phrase = f"property `{label}` of {spot.phrase}" if label else spot.phrase
            at = Spot(spot.operation, spot.place, phrase, old, new, label)
            self.report.add(
                self._found(reached.diff, prefix, root, required=reached.required if reached.label else root.required),
                at,
            )

    def _reached(self, diff: SchemaDiff, root: _Root, operation: str) -> Iterable[Reached]:
        """What differs from a root on; without whole labels once all of it was told for enough operations."""
        unit = self.walk.unit(diff)
        own = (Reached("", required=False, diff=diff),) if diff.facets else ()
        beyond = self.walk.beyond(unit)
        tally = self.told.setdefault(root, Tally(SHOWN_OPERATIONS))
        if tally.has_all(beyond):
            return (*own, *unit.items, *self.walk.unnamed(beyond))
        tally.count(beyond, operation)
        return (*own, *self.walk.named(unit))

    def _found(self, diff: SchemaDiff, prefix: str, root: _Root, *, required: bool) -> tuple[Found, ...]:
        """What the checks say of one schema; asked once, however many operations show it."""
        key = (id(diff), prefix, root.text, root.location, required, root.days)
        found = self.known.get(key)
        if found is None:
            place = Place(prefix, diff, root.text, root.location, required, root.days, self.context)
            found = self.known[key] = tuple(_run(place))
        return found


def _run(place: Place) -> Iterator[Found]:
    facets = place.diff.facets
    if place.prefix.endswith("-body") and "wrapped" in facets:
        facets -= _SAID_BY_WRAPPED
    else:
        facets -= {"wrapped"}
    for check in schema_checks(facets):
        yield from check.run(place)


def _promises_nothing(diff: OperationDiff, context: Context) -> bool:
    """Whether it still is a draft or alpha, and was no more than that before, so that nothing in it can break anyone."""
    old, new = diff.old.node.value, diff.new.node.value
    level = stability(new)
    return is_unsettled(context.stability if level == "" else level) and stability_move(old, new) != "decreased"
