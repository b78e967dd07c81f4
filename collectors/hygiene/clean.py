"""Applies rules and limits to a request before anything of it is stored; the message is changed in place."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from collectors.hygiene.limits import Limits, bound, may_exceed
from collectors.hygiene.rules import Rules, Where

#: Hexadecimal digits of a hash that are kept: 128 bits.
_DIGITS = 32


@dataclass(slots=True)
class Hygiene:
    """What happens to attributes. ``secret`` keys the hashes; ``changed`` counts attributes by what was done to them."""

    rules: Rules = field(default_factory=Rules)
    secret: bytes = b""
    limits: Limits = field(default_factory=Limits)
    changed: Counter[str] = field(default_factory=Counter)

    def clean(self, request: ExportTraceServiceRequest, body: bytes | None) -> bool:
        """Whether anything was changed. Without rules no attribute is looked at.

        ``body`` is the request serialized, None if it did not come that way.
        """
        before = self.changed.total()
        if self.rules.rules:
            for resource_spans in request.resource_spans:
                self._attributes("resource", resource_spans.resource.attributes)
                for scope_spans in resource_spans.scope_spans:
                    for span in scope_spans.spans:
                        self._span(span)
        if body is None or may_exceed(body, self.limits):
            bound(request, self.limits, self.changed)
        return self.changed.total() != before

    def _span(self, span: Any) -> None:
        self._attributes("span", span.attributes)
        for event in span.events:
            self._attributes("event", event.attributes)
        for link in span.links:
            self._attributes("link", link.attributes)
        if span.status.message:
            self._message(span.status)

    def _message(self, status: Any) -> None:
        """A status message has no name, so rules about any attribute are those that it may meet."""
        fitting = self.rules.fitting("status", "")
        value = AnyValue(string_value=status.message)
        if fitting is None:
            return
        if self._goes(value, fitting.actions):
            status.message = ""
            self.changed["dropped"] += 1
        else:
            status.message = value.string_value

    def _attributes(self, where: Where, attributes: Any, prefix: str = "") -> None:
        known, gone = self.rules.known(where), list[int]()
        for place, attribute in enumerate(attributes):
            name = f"{prefix}{attribute.key}" if prefix else attribute.key
            # Most names mean nothing to any rule, and cost one look-up.
            try:
                fitting = known[name]
            except KeyError:
                fitting = self.rules.learn(where, name)
            if fitting is None:
                continue
            value = attribute.value
            if self._goes(value, fitting.actions):
                gone.append(place)
            elif fitting.deep:
                self._within(where, value, name)
        if gone:
            for place in reversed(gone):
                del attributes[place]
            self.changed["dropped"] += len(gone)

    def _within(self, where: Where, value: Any, name: str) -> None:
        """What has a name of its own within a map, or within the maps of a list, which count from 0."""
        if value.HasField("kvlist_value"):
            self._attributes(where, value.kvlist_value.values, f"{name}.")
        elif value.HasField("array_value"):
            for place, one in enumerate(value.array_value.values):
                self._within(where, one, f"{name}.{place}")

    def _goes(self, value: Any, actions: tuple[tuple[str, Callable[[str], bool] | None], ...]) -> bool:
        """Whether the attribute has to go; a hash is put in its place at once."""
        text: str | None = None
        for action, test in actions:
            if test is not None:
                if text is None:
                    text = value.string_value or _text(value)
                if not test(text):
                    continue
            if action == "hash":
                self._hash(value)
            return action == "drop"
        return False

    def _hash(self, value: Any) -> None:
        value.string_value = self._hashed(_text(value))
        self.changed["hashed"] += 1

    def _hashed(self, text: str) -> str:
        return hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_DIGITS]

    def shown(self, text: str) -> str:
        """A text about attributes as it may be kept: nothing of it, where a rule by their values fits it."""
        return self.rules.about(text) or text

    def hashed(self, text: str) -> str | None:
        """What stands in the place of a text where a rule hashes it, so that it can be found by what it was; None if none does."""
        return self._hashed(text) if self.rules.hashes else None


def _text(value: Any) -> str:
    """A value as a rule sees it; an id that one system sends as a number and another as a text is one and the same."""
    kind = value.WhichOneof("value")
    if kind == "string_value":
        return str(value.string_value)
    if kind == "bytes_value":
        return bytes(value.bytes_value).decode("utf-8", "replace")
    if kind == "bool_value":
        return "true" if value.bool_value else "false"
    if kind == "array_value":
        return "\n".join(_text(one) for one in value.array_value.values)
    if kind == "kvlist_value":
        return "\n".join(_text(one.value) for one in value.kvlist_value.values)
    return "" if kind is None else str(getattr(value, kind))
