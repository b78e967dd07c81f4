"""Calling every check with what it looks at."""

from __future__ import annotations

from registry.compat.model import Change
from registry.compat.openapi.diff.media_types import is_typed
from registry.compat.openapi.diff.model import DocumentDiff, MediaDiff, OperationDiff, ParameterDiff, ResponseDiff
from registry.compat.openapi.judge_schemas import Root, SchemaJudge
from registry.compat.openapi.lifecycle import Context, is_unsettled, stability, stability_move
from registry.compat.openapi.load import checks_of
from registry.compat.openapi.report import Reporter, Spot
from registry.compat.openapi.rules import Scope


def judge(diff: DocumentDiff, context: Context) -> list[Change]:
    """Every finding of every check, worst first."""
    return _Judge(context).judge(diff)


class _Judge:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.report = Reporter()
        self.schemas = SchemaJudge(self.report, context)

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
            text = not is_typed(diff.media_type)
            root = Root(
                "request-parameter",
                "request-parameter-property",
                text,
                days,
                new.location,
                old.required or new.required,
            )
            self.schemas.judge(diff.schema, root, spot)

    def _media(self, operation: str, body: tuple[str, str, str], media: MediaDiff, days: int) -> None:
        """A body is told by the side whose rules it has, its place for a machine, and its name for a person."""
        if media.schema is not None:
            side, place, phrase = body
            spot = Spot(operation, f"{place} {media.new_name}", f"{phrase} ({media.new_name})", media.old, media.new)
            text = not is_typed(media.new_name)
            self.schemas.judge(media.schema, Root(f"{side}-body", f"{side}-property", text, days), spot)

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
                self.schemas.judge(header.schema, Root("response-header", "", text=True, days=days), named)


def _promises_nothing(diff: OperationDiff, context: Context) -> bool:
    """Whether it still is a draft or alpha, and was no more than that before, so that nothing in it can break anyone."""
    old, new = diff.old.node.value, diff.new.node.value
    level = stability(new)
    return is_unsettled(context.stability if level == "" else level) and stability_move(old, new) != "decreased"
